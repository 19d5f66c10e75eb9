/// Runs that are refused leave the folder as it was; runs that go on find their files by what is in them.
#include <algorithm>
#include <filesystem>
#include <map>

#include "solver/results/curve.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/interrupted.hpp"
#include "tests/support/program.hpp"

using namespace porelith;

namespace {

namespace fs = std::filesystem;

const std::string source = PORELITH_SOURCE_DIR;

const std::string short_case = R"(
cell.file = "lgm50_chen2020"
[mesh]
negative = 5
separator = 3
positive = 5
shells = 5
[output]
pictures = false
vtk = false
)";

const std::string two_steps = short_case + R"(
[[step]]
discharge = "1C"
until = { time = "200 s" }
[[step]]
rest = "100 s"
)";

/// Every file below a folder with its content.
std::map<std::string, std::string> content_of_folder(const std::string& folder) {
  std::map<std::string, std::string> all;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) all[entry.path().string()] = file_text(entry.path().string());
  return all;
}

/// Leaves the checkpoint of a run that was stopped within its second step.
void stop_in_rest(const std::string& case_file, const std::string& folder) {
  const Case input = read_case(case_file);
  const std::vector<CurveRow> rows = simulate(input).accepted;
  const long first = std::count_if(rows.begin(), rows.end(), [](const CurveRow& row) { return row.step == 0; });
  REQUIRE(solve_leg(input, folder, Team::alone(), first + 4).results.status == "stopped");
}

}  // namespace

TEST_CASE("a refused run exits with 65 and leaves an earlier run's folder as it was") {
  const Scratch scratch;
  write_text(scratch / "case.toml", two_steps);
  REQUIRE(run(scratch, {"run", scratch / "case.toml", "--out", scratch / "run"}).first == 0);
  const auto before = content_of_folder(scratch / "run");
  REQUIRE(before.size() >= 4);
  write_text(scratch / "broken.msh", "$MeshFormat\n2.2 0 8\n$EndMeshFormat\n$Nodes\n0\n$EndNodes\n");
  const std::vector<std::vector<std::string>> refused = {
      {"--set", "mesh.file=" + scratch / "broken.msh", "--set", "geometry.dimension=2"},
      {"--set", "mesh.file=" + scratch / "none.msh", "--set", "geometry.dimension=2"},
      {"--set", "negative.porosity=1.3"},
      {"--set", "cell.file=no_such_cell"},
      {"--set", "initial.voltage=9 V"},
      {"--set", "step.1.until.tme=3"},
      {"--set", "solver.linear=chain", "--set", "geometry.dimension=2", "--set", "geometry.width=50 um"}};
  for (const auto& more : refused) {
    std::vector<std::string> words{"run", scratch / "case.toml", "--out", scratch / "run"};
    words.insert(words.end(), more.begin(), more.end());
    const auto [code, said] = run(scratch, words);
    INFO(more[1] << ": " << said);
    CHECK(code == 65);
    CHECK(content_of_folder(scratch / "run") == before);
    words[3] = scratch / "fresh";
    CHECK(run(scratch, words).first == 65);
    CHECK_FALSE(fs::exists(scratch / "fresh"));
  }
}

TEST_CASE("a resume that is refused leaves the stopped run, which goes on afterwards") {
  const Scratch scratch;
  write_text(scratch / "case.toml", two_steps);
  stop_in_rest(scratch / "case.toml", scratch / "run");
  const auto before = content_of_folder(scratch / "run");
  const std::pair<std::vector<std::string>, std::string> refused[] = {
      {{"solver.rtol=1e-5"}, "solver.rtol differs"},
      {{"mesh.shells=6"}, "mesh.shells differs"},
      {{"step.1.until.time=150 s"}, "step 1 (discharge at 1C) has run already, with another value or end"},
      {{"step.1.discharge=2C"}, "step 1 (discharge at 2C) has run already, as discharge at 1C"},
      {{"step.2.rest=1e-6 s"}, "has passed that at t = "}};
  for (const auto& [sets, sentence] : refused) {
    std::vector<std::string> words{"run", scratch / "case.toml", "--out", scratch / "run", "--resume"};
    for (const auto& set : sets) words.insert(words.end(), {"--set", set});
    const auto [code, said] = run(scratch, words);
    INFO(sets[0] << ": " << said);
    CHECK(code == 65);
    CHECK_THAT(said, says(sentence));
    CHECK(content_of_folder(scratch / "run") == before);
  }
  CHECK(run(scratch, {"run", scratch / "case.toml", "--out", scratch / "run", "--resume"}).first == 0);
}

TEST_CASE("a resume with another end of the whole protocol is judged by what the run has passed") {
  const Scratch scratch;
  write_text(scratch / "case.toml", "protocol.until = { time = \"280 s\" }\n" + two_steps);
  stop_in_rest(scratch / "case.toml", scratch / "run");
  const auto resume = [&](const std::string& set) {
    return run(scratch, {"run", scratch / "case.toml", "--out", scratch / "run", "--resume", "--set", set});
  };
  const auto before = content_of_folder(scratch / "run");
  for (const auto& [set, sentence] : std::map<std::string, std::string>{
           {"protocol.until.time=150 s", "the protocol until time [s] = 150 has passed that at t = "},
           {"protocol.until.voltage_below=4.1 V", "the protocol until voltage [V] = 4.1 has passed that at t = "}}) {
    const auto [code, said] = resume(set);
    INFO(set << ": " << said);
    CHECK(code == 65);
    CHECK_THAT(said, says(sentence));
    CHECK(content_of_folder(scratch / "run") == before);
  }
  const auto [code, said] = resume("protocol.until.time=290 s");
  INFO(said);
  CHECK(code == 0);
  CHECK_THAT(said, says("going on from t = "));
  CHECK(read_curve_csv(scratch / "run/curve.csv").back().time == Approx(290));
}

TEST_CASE("a resume to a later end of a complete run says that nothing was kept to go on from, and solves it anew") {
  const Scratch scratch;
  write_text(scratch / "case.toml", two_steps);
  REQUIRE(run(scratch, {"run", scratch / "case.toml", "--out", scratch / "run"}).first == 0);
  const auto [code, said] =
      run(scratch, {"run", scratch / "case.toml", "--out", scratch / "run", "--resume", "--set", "step.2.rest=250 s"});
  INFO(said);
  CHECK(code == 0);
  CHECK_THAT(said,
             says("holds a complete run of another case, which keeps no state to go on from: the run begins anew"));
  CHECK(read_curve_csv(scratch / "run/curve.csv").back().time == Approx(450));
}

TEST_CASE("a stopped run goes on to a later end, after its folder, its case and its cell have moved") {
  const Scratch scratch;
  fs::create_directory(scratch / "there");
  fs::copy(source + "/cases/cells/lgm50_chen2020.json", scratch / "there/mine.json");
  std::string text = two_steps;
  text.replace(text.find("lgm50_chen2020"), 14, "mine.json");
  write_text(scratch / "there/case.toml", text);
  stop_in_rest(scratch / "there/case.toml", scratch / "run");
  fs::rename(scratch / "there", scratch / "here");
  fs::rename(scratch / "run", scratch / "moved");
  fs::rename(scratch / "here/mine.json", scratch / "here/renamed.json");
  text.replace(text.find("mine.json"), 9, "renamed.json");
  text.replace(text.find("rest = \"100 s\""), 14, "rest = \"250 s\"");
  text += "[[step]]\ncharge = \"C/20\"\nuntil = { time = \"60 s\" }\n";
  write_text(scratch / "here/case.toml", text);
  const auto [code, said] = run(scratch, {"run", scratch / "here/case.toml", "--out", scratch / "moved", "--resume"});
  INFO(said);
  REQUIRE(code == 0);
  CHECK_THAT(said, says("going on from t = "));
  REQUIRE(run(scratch, {"run", scratch / "here/case.toml", "--out", scratch / "whole"}).first == 0);
  const auto resumed = read_curve_csv(scratch / "moved/curve.csv"), whole = read_curve_csv(scratch / "whole/curve.csv");
  CHECK(resumed.back().time == Approx(510));
  CHECK(resumed.back().voltage() == Approx(whole.back().voltage()).margin(2e-5));
  CHECK(resumed.back().charge() == Approx(whole.back().charge()).epsilon(1e-9));
}

TEST_CASE("whatever prints into a full disk ends with exit code 74") {
  const Scratch scratch;
  write_text(scratch / "case.toml", two_steps);
  REQUIRE(run(scratch, {"run", scratch / "case.toml", "--out", scratch / "run"}).first == 0);
  const std::vector<std::vector<std::string>> verbs = {
      {"check", scratch / "case.toml"},
      {"mesh", scratch / "case.toml", "--out", scratch / "mesh"},
      {"schema"},
      {"explain"},
      {"explain", "--markdown"},
      {"--version"},
      {"--help"},
      {"compare", scratch / "run", scratch / "run", "--out", scratch / "two.png"},
      {"run", scratch / "case.toml", "--out", scratch / "again"}};
  for (const auto& words : verbs) {
    const int full = open("/dev/full", O_WRONLY),
              said = open((scratch / "said").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
    const int code = end_of(start(words, full, said));
    close(full), close(said);
    INFO(words[0]);
    CHECK(code == 74);
    CHECK_THAT(file_text(scratch / "said"),
               says("porelith: cannot write to the standard output: No space left on device"));
  }
}

TEST_CASE("predict says which file was meant where it is given a folder, or one that is no model") {
  const Scratch scratch;
  fs::create_directory(scratch / "campaign");
  const auto said = [&](const std::string& model) {
    const auto [code, text] = run(scratch, {"predict", model, "x=1"});
    CHECK(code == 65);
    return text;
  };
  CHECK_THAT(said(scratch / "campaign"), says("campaign: is a folder where a model's file is expected; it holds none: "
                                              "`porelith train` makes a model.h5 of a dataset"));
  write_text(scratch / "campaign/model.h5", "no model, but of that name");
  CHECK_THAT(said(scratch / "campaign"),
             says("is a folder where a model's file is expected. Did you mean " + scratch / "campaign/model.h5" + "?"));
  write_text(scratch / "campaign/dataset.h5", "no dataset either");
  CHECK_THAT(said(scratch / "campaign/dataset.h5"), says("Did you mean " + scratch / "campaign/model.h5" + "?"));
  CHECK_THAT(said(scratch / "campaign/none.h5"), says("Did you mean " + scratch / "campaign/model.h5" + "?"));
}

TEST_CASE("times are read as people and as Slurm write them") {
  const Scratch scratch;
  write_text(scratch / "case.toml", two_steps);
  int n = 0;
  for (const std::string time : {"1-12:30:15", "1-12:30", "1-12", "0-00:10:00", "12:30:15", "55:30", "125:00:00",
                                 "3h55m", "10min", "90s", "90"}) {
    const auto [code, said] =
        run(scratch, {"run", scratch / "case.toml", "--out", scratch / std::to_string(n++), "--max-walltime", time});
    INFO(time << ": " << said);
    CHECK(code == 0);
  }
  for (const std::string time :
       {"1-", "-12", "1-12:60", "1-1:2:3:4", "10:60", ":30", "30:", "1--2", "1.5-12", "a-12", "0-0", "00:00"}) {
    const auto [code, said] =
        run(scratch, {"run", scratch / "case.toml", "--out", scratch / "wrong", "--max-walltime=" + time});
    INFO(time << ": " << said);
    CHECK(code == 64);
    CHECK_THAT(said, says("--max-walltime " + time + " is no duration"));
    CHECK_FALSE(fs::exists(scratch / "wrong"));
  }
}
