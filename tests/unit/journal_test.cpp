#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <memory>

#include "solver/base/error.hpp"
#include "solver/base/tell.hpp"
#include "solver/cell/cell.hpp"
#include "solver/newman/observables/observables.hpp"
#include "solver/results/run_recorder.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/rows.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/sentence.hpp"
#include "tests/support/synthetic_results.hpp"

using namespace porelith;
namespace fs = std::filesystem;

namespace {

Case small_case() {
  Case from;
  from.title = "a case";
  from.resolved = "title = \"a case\"\n";
  from.output.max_snapshots = 10;
  from.protocol.resize(2);
  return from;
}

RunOptions into(const std::string& folder) {
  RunOptions options;
  options.folder = folder;
  options.progress = false;
  return options;
}

/// Tells a recorder what a solve would; returns what the solve would have filled meanwhile.
std::unique_ptr<Results> replay(const Results& results, Recorder& recorder) {
  auto growing = std::make_unique<Results>(results);
  Results& so_far = *growing;
  so_far.status = "running";
  so_far.curve.clear();
  so_far.steps.clear();
  recorder.begin(so_far);
  for (const CurveRow& row : results.curve) {
    so_far.curve.push_back(row);
    recorder.row(row);
  }
  for (const StepSummary& step : results.steps) {
    so_far.steps.push_back(step);
    recorder.step_ended(step);
  }
  return growing;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a run leaves its curve, results, resolved case and manifest in a folder made for it") {
  const Scratch scratch;
  const Results results = synthetic_results(10, 30);
  RunRecorder recorder(small_case(), into(scratch / "a/b"));
  CHECK_FALSE(fs::exists(scratch / "a"));  // not before the solve begins
  recorder.begin(results);
  CHECK(contains(file_text(scratch / "a/b/manifest.json"), R"("status": "running")"));
  replay(results, recorder);
  recorder.finish(results, 0);
  CHECK(read_curve_csv(scratch / "a/b/curve.csv").size() == 30);
  CHECK(fs::file_size(scratch / "a/b/results.h5") > 10000);
  CHECK(file_text(scratch / "a/b/case.resolved.toml") == "title = \"a case\"\n");
  const std::string manifest = file_text(scratch / "a/b/manifest.json");
  CHECK(contains(manifest, R"("status": "complete")"));
  CHECK(contains(manifest, R"("exit code": 0)"));
  CHECK(contains(manifest, R"("name": "results.h5")"));
}

TEST_CASE("a killed run keeps every row, and a manifest that says it was running") {
  const Scratch scratch;
  const Results results = synthetic_results(10, 77);
  const pid_t child = fork();
  if (child == 0) {
    RunRecorder recorder(small_case(), into(scratch / "run"));
    replay(results, recorder);
    raise(SIGKILL);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  CHECK(read_curve_csv(scratch / "run/curve.csv").size() == 77);
  CHECK(contains(file_text(scratch / "run/manifest.json"), R"("status": "running")"));
  CHECK_FALSE(contains(file_text(scratch / "run/manifest.json"), "exit code"));
}

TEST_CASE("a solve that threw leaves what it had got, with its reason") {
  const Scratch scratch;
  const Results results = synthetic_results(10, 40);
  RunRecorder recorder(small_case(), into(scratch / "run"));
  const auto so_far = replay(results, recorder);
  so_far->status = "failed: the step became too small";
  recorder.abandon(*so_far, exit_solve_failed);
  CHECK(fs::exists(scratch / "run/results.h5"));
  const std::string manifest = file_text(scratch / "run/manifest.json");
  CHECK(contains(manifest, R"("status": "failed: the step became too small")"));
  CHECK(contains(manifest, R"("exit code": 2)"));
  CHECK(contains(manifest, R"("label": "rest")"));
}

TEST_CASE("results can be looked at while a long run goes") {
  const Scratch scratch;
  const Results results = synthetic_results(5, 20);
  std::vector<std::size_t> rows_seen;
  RunOptions options = into(scratch / "run");
  options.rewrite_every = 0;
  options.more = [&](const Results& so_far, bool over) {
    CHECK(fs::exists(scratch / "run/results.h5"));
    CHECK(so_far.status == (over ? "complete" : "running"));
    rows_seen.push_back(so_far.curve.size());
    return std::vector<std::string>{"curve.csv"};
  };
  RunRecorder recorder(small_case(), options);
  replay(results, recorder);
  REQUIRE_FALSE(rows_seen.empty());
  CHECK(rows_seen.front() < 20);
  recorder.finish(results, 0);
  CHECK(rows_seen.back() == 20);
}

TEST_CASE("an earlier run's files are replaced; other files are left alone") {
  const Scratch scratch;
  const std::string run = scratch / "run";
  {
    RunRecorder recorder(small_case(), into(run));
    replay(synthetic_results(3, 9), recorder);
    recorder.finish(synthetic_results(3, 9), 0);
  }
  fs::create_directory(run + "/fields");
  write_text(run + "/fields/fields_0001.vtu", "old");
  write_text(run + "/fields/mine.vtu", "mine");
  write_text(run + "/profiles.png", "old");
  write_text(run + "/results.h5.4711.tmp", "cut by a kill");
  write_text(run + "/fields/fields_0002.vtu.4711.tmp", "cut by a kill");
  write_text(run + "/mine.tmp", "mine");
  write_text(run + "/notes.txt", "mine");
  RunRecorder recorder(small_case(), into(run));
  CHECK(fs::exists(run + "/fields/fields_0001.vtu"));  // until the case is judged and the solve begins
  CHECK(fs::exists(run + "/results.h5"));
  recorder.begin(synthetic_results(3, 9));
  CHECK_FALSE(fs::exists(run + "/fields/fields_0001.vtu"));
  CHECK_FALSE(fs::exists(run + "/profiles.png"));
  CHECK_FALSE(fs::exists(run + "/results.h5.4711.tmp"));
  CHECK_FALSE(fs::exists(run + "/fields/fields_0002.vtu.4711.tmp"));
  CHECK(file_text(run + "/mine.tmp") == "mine");
  CHECK_FALSE(fs::exists(run + "/results.h5"));
  CHECK(file_text(run + "/fields/mine.vtu") == "mine");
  CHECK(file_text(run + "/notes.txt") == "mine");
}

TEST_CASE("a folder in which somebody else's curve.csv stands is refused and left as it is") {
  const Scratch scratch;
  write_text(scratch / "curve.csv", "measured");
  const std::string sentence = sentence_of<WriteError>([&] { RunRecorder(small_case(), into(scratch.path())); });
  CHECK(sentence ==
        scratch / "curve.csv" +
            " is there already and no manifest.json says that a run left it; name another folder, or remove it");
  CHECK(file_text(scratch / "curve.csv") == "measured");
  CHECK(scratch.entries() == 1);
}

TEST_CASE("a second run into the same folder is refused while the first one lives") {
  const Scratch scratch;
  {
    RunRecorder first(small_case(), into(scratch / "run"));
    first.begin(synthetic_results(3, 9));
    CHECK(sentence_of<WriteError>([&] { RunRecorder(small_case(), into(scratch / "run")); }) ==
          "another run is writing into " + scratch / "run" + "; wait for it, or name another folder");
    replay(synthetic_results(3, 9), first);
    first.finish(synthetic_results(3, 9), 0);
    CHECK(read_curve_csv(scratch / "run/curve.csv").size() == 9);
  }
  RunRecorder(small_case(), into(scratch / "run"));
}

TEST_CASE("a file where the folder should be is named") {
  const Scratch scratch;
  write_text(scratch / "results", "a file");
  CHECK(sentence_of<WriteError>([&] { RunRecorder(small_case(), into(scratch / "results")); }) ==
        "cannot make the folder " + scratch / "results" + ": " + scratch / "results" + " is a file");
  CHECK(sentence_of<WriteError>([&] { RunRecorder(small_case(), into(scratch / "results/deep/er")); }) ==
        "cannot make the folder " + scratch / "results/deep/er" + ": " + scratch / "results" + " is a file");
}

TEST_CASE("a request to stop is passed on") {
  const Scratch scratch;
  bool stop = false;
  RunOptions options = into(scratch / "run");
  options.stop = [&] { return stop; };
  RunRecorder recorder(small_case(), options);
  CHECK_FALSE(recorder.stop_requested());
  stop = true;
  CHECK(recorder.stop_requested());
}

TEST_CASE("progress counts a step by its stops, and by the charge left where no stop tells") {
  Step step;
  CurveRow start = curve_row(0, {0, 0, 0, 0, 1}), now = curve_row(90, {5, 0, -30, 0, 0.75});
  CHECK(fraction_done(step, start, now) == Approx(0.25));  // toward empty
  at(now, "current") = -5;
  at(start, "soc") = 0.5;
  CHECK(fraction_done(step, start, now) == Approx(0.5));  // toward full
  step.stops = {{Quantity::time, 100}};
  CHECK(fraction_done(step, start, now) == Approx(0.9));
  step.stops = {{Quantity::capacity, 60}};
  CHECK(fraction_done(step, start, now) == Approx(0.5));
  step.stops = {{Quantity::soc_above, 0.8}};
  CHECK(fraction_done(step, start, now) == Approx(0.25 / 0.3));
}

TEST_CASE("progress that does not go to a terminal is a line at each step's end, without control characters") {
  const Scratch scratch;
  const int file = open((scratch / "log").c_str(), O_WRONLY | O_CREAT, 0666);
  {
    Progress progress(small_case().protocol, file);
    for (const CurveRow& row : synthetic_results(0, 50).curve) progress.row(row);
    progress.step_ended({"discharge at 1C", "voltage fell to 2.5 V", 0, 3500, 17500, 61200});
  }
  close(file);
  CHECK(file_text(scratch / "log") ==
        "step 1 of 2, discharge at 1C: voltage fell to 2.5 V after 58 min 20 s; 4.861 A.h, 17 W.h\n");
}

TEST_CASE("on a terminal of 80 columns progress shows step, time, voltage, current and charge in one line") {
  const Scratch scratch;
  const int file = open((scratch / "screen").c_str(), O_WRONLY | O_CREAT, 0666);
  Progress progress(std::vector<Step>(400), file, 80);
  const CurveRow row = curve_row(3600, {-5, 3.2458, 0, 0, 0.0412}, 123);
  progress.row(row);
  usleep(120'000);
  progress.row(row);
  close(file);
  const std::string text = file_text(scratch / "screen");
  CHECK(text.rfind("\rstep 124/400  1 h 00 min  3.2458 V        -5 A  SOC   4.1 %  ", 0) == 0);
  CHECK(text.size() < 80 + std::string("\r\033[K").size());
}

TEST_CASE("durations are told in the unit that fits") {
  CHECK(duration_text(0.0123) == "0.01 s");
  CHECK(duration_text(12.34) == "12.3 s");
  CHECK(duration_text(125.4) == "2 min 05 s");
  CHECK(duration_text(4800) == "1 h 20 min");
}
