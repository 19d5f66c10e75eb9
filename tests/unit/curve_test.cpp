#include "solver/results/curve.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>

#include "solver/base/error.hpp"
#include "solver/newman/observables/observables.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/rows.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/sentence.hpp"
#include "tests/support/synthetic_results.hpp"

using namespace porelith;

namespace {

const std::string titles =
    "time [s],current [A],voltage [V],capacity [A.h],energy [W.h],soc,plating margin [V],min c_e [mol.m-3],"
    "max c_e [mol.m-3],reaction uniformity negative,reaction uniformity positive,step\n";

std::string complaint(const Scratch& folder, const std::string& text) {
  write_text(folder / "curve.csv", text);
  const std::string sentence = sentence_of<CaseError>([&] { read_curve_csv(folder / "curve.csv"); });
  const auto start = sentence.find("curve.csv");
  return sentence.substr(start, sentence.find('\n') - start);  // without the path and the count of problems
}

}  // namespace

TEST_CASE("curve.csv counts charge in A.h, energy in W.h and steps from 1, with ten digits") {
  const Scratch folder;
  CurveWriter curve(folder / "curve.csv");
  curve.add(curve_row(1.5, {5, 3.71234567891, 7200, -1800, 0.25, 0.1, 900, 1100, 0.5, 0.75}, 2));
  CHECK(file_text(folder / "curve.csv") == titles + "1.5,5,3.712345679,2,-0.5,0.25,0.1,900,1100,0.5,0.75,3\n");
}

TEST_CASE("a curve read back is the curve written, to ten digits") {
  const Scratch folder;
  Results results = synthetic_results(0, 300);
  for (CurveRow& row : results.curve) at(row, "temperature") = 290 + row.time / 7;  // rare columns, too
  {
    CurveWriter curve(folder / "curve.csv", {"temperature"});
    for (const CurveRow& row : results.curve) curve.add(row);
    curve.close();
  }
  const auto rows = read_curve_csv(folder / "curve.csv");
  REQUIRE(rows.size() == results.curve.size());
  for (std::size_t k = 0; k < rows.size(); ++k) {
    const auto read = all_of(rows[k]), written = all_of(results.curve[k]);
    REQUIRE(read.size() == written.size());
    for (std::size_t i = 0; i < read.size(); ++i) CHECK(read[i] == Approx(written[i]).epsilon(1e-9).margin(1e-300));
  }
}

TEST_CASE("every row of curve.csv outlives a kill that comes right after it") {
  const Scratch folder;
  const Results results = synthetic_results(0, 123);
  const pid_t child = fork();
  if (child == 0) {
    CurveWriter curve(folder / "curve.csv");
    for (const CurveRow& row : results.curve) curve.add(row);
    raise(SIGKILL);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  CHECK(read_curve_csv(folder / "curve.csv").size() == 123);
}

TEST_CASE("reading a curve leaves out a last row that was cut, and takes columns in any order") {
  const Scratch folder;
  write_text(folder / "cut.csv", titles + "1,5,3.7,2,1,0.2,0.1,900,1100,0.5,0.7,1\n2,5,3.6,2,1,0.");
  CHECK(read_curve_csv(folder / "cut.csv").size() == 1);
  write_text(
      folder / "turned.csv",
      "step,time [s],current [A],capacity [A.h],voltage [V],energy [W.h],soc,plating margin [V],min c_e [mol.m-3],"
      "max c_e [mol.m-3],reaction uniformity negative,reaction uniformity positive\n"
      "2,10,5,0.5,3.7,1,0.2,nan,900,1100,0.5,0.7\n");
  const auto rows = read_curve_csv(folder / "turned.csv");
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].charge() == 1800);
  CHECK(rows[0].voltage() == 3.7);
  CHECK(rows[0].step == 1);
  CHECK(std::isnan(observed(rows[0], "plating_margin")));
}

TEST_CASE("a curve that cannot be read says where and why") {
  const Scratch folder;
  const std::string row = "1,5,3.7,2,1,0.2,0.1,900,1100,0.5,0.7,1\n";
  CHECK(complaint(folder, "") == "curve.csv:1:1: the file is empty.");
  CHECK(complaint(folder, "time [s],voltage [v]\n") ==
        "curve.csv:1:10: \"voltage [v]\" is not a column of a curve. Did you mean \"voltage [V]\"?");
  CHECK(complaint(folder, "time [s],time [s]\n") == "curve.csv:1:10: the column \"time [s]\" stands here twice.");
  CHECK(complaint(folder, "time [s]\n") == "curve.csv:1:1: the column \"current [A]\" is missing.");
  CHECK(complaint(folder, titles + row + "1,2\n") == "curve.csv:3:1: 2 values stand here; the titles name 12.");
  CHECK(complaint(folder, titles + "1,5,x,2,1,0.2,0.1,900,1100,0.5,0.7,1\n") ==
        "curve.csv:2:5: \"x\" is not a number.");
  CHECK(complaint(folder, titles + "1,5,3,2,1,0.2,0.1,900,1100,0.5,0.7,0\n") ==
        "curve.csv:2:36: step = 0 is not a whole number from 1.");
}

TEST_CASE("a full disk or a missing folder is told when the curve is started or a row is added") {
  CHECK(sentence_of<WriteError>([] { CurveWriter curve("/dev/full"); }) ==
        "cannot write /dev/full: No space left on device");
  const Scratch folder;
  CHECK(sentence_of<WriteError>([&] { CurveWriter curve(folder / "nowhere/curve.csv"); }) ==
        "cannot write " + folder / "nowhere/curve.csv" + ": No such file or directory");
  CurveWriter curve(folder / "curve.csv");
  std::string sentence;
  {
    const SmallFiles only(1000);
    sentence = sentence_of<WriteError>([&] {
      for (int k = 0; k < 100; ++k) curve.add(curve_row(0, {}));
    });
  }
  CHECK(sentence == "cannot write " + folder / "curve.csv" + ": File too large");
}
