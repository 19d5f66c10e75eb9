#include "solver/recorded_run.hpp"

#include <new>
#include <stdexcept>

#include "solver/base/error.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sample_cells.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/sentence.hpp"

using namespace porelith;

namespace {

/// A discharge of a small cell into a folder; after some time steps `trouble` is asked whether to stop.
struct TroubledRun {
  explicit TroubledRun(std::function<bool()> trouble) {
    input = shipped_case("lgm50_chen2020");
    set_mesh(input, 5, 3, 5);
    input.protocol = {at_rate(*input.cell, 1)};
    options.folder = scratch / "run";
    options.progress = false;
    options.stop = [this, trouble] { return ++asked > 20 && trouble(); };
  }
  int run() {
    RunRecorder recorder(input, options);
    return run_recorded(input, recorder, results);
  }
  std::string manifest() const { return file_text(scratch / "run/manifest.json"); }

  Scratch scratch;
  Case input;
  RunOptions options;
  Results results;
  int asked = 0;
};

}  // namespace

TEST_CASE("whatever a solve throws ends the manifest with its reason and exit code 2, and keeps the curve") {
  struct {
    std::function<bool()> trouble;
    std::string status;
  } const cases[] = {
      {[]() -> bool { throw std::runtime_error("PETSc failed while solving"); }, "failed: PETSc failed while solving"},
      {[]() -> bool { throw std::bad_alloc(); },
       "failed: there is not enough memory; fewer cells, shells or snapshots need less"},
      {[]() -> bool { throw SolveFailure("the step fell"); }, "failed: step 1 (discharge at 1C): the step fell"},
  };
  for (const auto& c : cases) {
    TroubledRun troubled(c.trouble);
    INFO(c.status);
    CHECK(troubled.run() == exit_solve_failed);
    CHECK(troubled.results.status == c.status);
    CHECK_THAT(troubled.manifest(), says("\"status\": \"" + c.status + "\"") && says("\"exit code\": 2"));
    CHECK_THAT(troubled.manifest(), says("\"name\": \"results.h5\""));
    CHECK(read_curve_csv(troubled.scratch / "run/curve.csv").size() > 10);
  }
}

TEST_CASE("a run that is stopped, and one that is not, say so") {
  TroubledRun stopped([] { return true; });
  CHECK(stopped.run() == exit_stopped);
  CHECK_THAT(stopped.manifest(), says("\"status\": \"stopped\"") && says("\"exit code\": 75"));
  TroubledRun whole([] { return false; });
  CHECK(whole.run() == exit_ok);
  CHECK_THAT(whole.manifest(), says("\"status\": \"complete\"") && says("\"exit code\": 0"));
  CHECK_FALSE(whole.results.figures.empty());
}

TEST_CASE("a run whose results cannot be written any more says that in its manifest") {
  TroubledRun troubled([] { return false; });
  troubled.options.more = [](const Results&, bool) -> std::vector<std::string> {
    throw WriteError("cannot write fields.pvd: No space left on device");
  };
  CHECK(sentence_of<WriteError>([&] { troubled.run(); }) == "cannot write fields.pvd: No space left on device");
  CHECK_THAT(troubled.manifest(), says("\"status\": \"failed: cannot write fields.pvd") && says("\"exit code\": 74"));
}
