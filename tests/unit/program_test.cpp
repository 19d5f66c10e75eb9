/// The program as a user meets it: exit codes, signals, terminals that go away.
#include "tests/support/program.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>

#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"

using namespace porelith;

namespace {

const std::string quickstart = std::string(PORELITH_SOURCE_DIR) + "/cases/quickstart";

/// Charged and discharged for longer than any test lasts.
const char* const endless = R"(
cell.file = "lgm50_chen2020"
initial.soc = 0.5
output.pictures = false
output.vtk = false
[protocol]
repeat = 100000
[[step]]
discharge = "1C"
until = { time = "10 min" }
[[step]]
charge = "1C"
until = { time = "10 min" }
)";

bool runs(const Scratch& scratch) {
  std::error_code none;
  return std::filesystem::file_size(scratch / "run/curve.csv", none) > 2000 && !none;
}

}  // namespace

TEST_CASE("an error of PETSc in the middle of a run ends with exit code 2 and a manifest that says so") {
  const Scratch scratch;
  const auto [code, said] = run(scratch, {"run", quickstart, "--set", "solver.linear=petsc", "--petsc",
                                          "-newton_pc_type nonsense", "--out", scratch / "run"});
  INFO(said);
  CHECK(code == 2);
  CHECK_THAT(said, says("porelith: failed: --petsc \"-newton_pc_type nonsense\": PETSc failed while "));
  const std::string manifest = file_text(scratch / "run/manifest.json");
  CHECK_THAT(manifest, says("\"status\": \"failed: --petsc ") && says("\"exit code\": 2"));
}

TEST_CASE("a closed terminal asks a run to stop: exit code 75, the curve kept") {
  for (const int signal : {SIGHUP, SIGTERM}) {
    const Scratch scratch;
    write_text(scratch / "case.toml", endless);
    const int nowhere = open("/dev/null", O_WRONLY);
    const pid_t child = start({"run", scratch.path(), "--out", scratch / "run"}, nowhere);
    for (int i = 0; i < 3000 && !runs(scratch); ++i) usleep(10'000);
    REQUIRE(runs(scratch));
    kill(child, signal);
    if (signal == SIGHUP) kill(child, signal);  // the shell and the system both tell
    CHECK(end_of(child) == 75);
    close(nowhere);
    const std::string manifest = file_text(scratch / "run/manifest.json");
    CHECK_THAT(manifest, says("\"status\": \"stopped\"") && says("\"exit code\": 75"));
  }
}

TEST_CASE("a run goes on to its end when nobody reads what it says") {
  const Scratch scratch;
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  close(ends[0]);
  const pid_t child = start({"run", quickstart, "--set", "output.pictures=false", "--out", scratch / "run"}, ends[1]);
  CHECK(end_of(child) == 0);
  close(ends[1]);
  CHECK_THAT(file_text(scratch / "run/manifest.json"), says("\"status\": \"complete\""));
}

TEST_CASE(
    "a whole run that advanced no time exits 3, says so on stderr and in its manifest; one that goes on does not") {
  const Scratch scratch;
  // The full cell's voltage lies above the upper cut-off, to which a charge leads.
  const std::string charge =
      "cell.file = \"nmc111_pouch\"\noutput.vtk = false\noutput.pictures = false\n"
      "[[step]]\ncurrent_table = { time = [0, 600], current = [-5, -5] }\n";
  write_text(scratch / "case.toml", charge);
  const auto [code, said] = run(scratch, {"run", scratch / "case.toml", "--out", scratch / "run"});
  INFO(said);
  CHECK(code == 3);
  CHECK_THAT(said, says("porelith: nothing was simulated, no time passed: voltage rose to 4.2 V"));
  const std::string manifest = file_text(scratch / "run/manifest.json");
  CHECK_THAT(manifest, says("\"status\": \"no time passed: voltage rose to 4.2 V") && says("\"exit code\": 3"));

  write_text(scratch / "case.toml", charge + "[[step]]\nrest = \"10 s\"\n");  // one step of two without a length
  const auto [goes_on, says_so] = run(scratch, {"run", scratch / "case.toml", "--out", scratch / "rest"});
  INFO(says_so);
  CHECK(goes_on == 0);
  CHECK_THAT(says_so, says(": no time passed"));
}

TEST_CASE("a mistyped option and a count that is none are told in a sentence, with the nearest right name") {
  const Scratch scratch;
  const auto told = [&](const std::vector<std::string>& words) {
    const auto [code, said] = run(scratch, words);
    CHECK(code == 64);
    return said;
  };
  const std::string study = std::string(PORELITH_SOURCE_DIR) + "/cases/graded_fast_charge";
  CHECK_THAT(told({"run", quickstart, "--resmue"}), says("--resmue is not an option of run. Did you mean --resume?"));
  CHECK_THAT(told({"run", quickstart, "--ste=mesh.shells=9"}),
             says("--ste is not an option of run. Did you mean --set?"));
  CHECK_THAT(told({"design", study, "--sampels", "40"}),
             says("--sampels is not an option of design. Did you mean --samples?"));
  CHECK_THAT(told({"mesh", quickstart, "--xyz"}),
             says("--xyz is not an option of mesh. porelith mesh --help lists them."));
  for (const char* none : {"0", "-3", "1.5", "many", "007x"})
    CHECK_THAT(told({"sample", study, "--samples", none}), says(std::string(none) + " is no whole number above 0"));
}
