#include "solver/accuracy.hpp"

#include <cmath>

#include "solver/base/error.hpp"
#include "solver/case/reader.hpp"
#include "solver/recorded_run.hpp"
#include "solver/results/curve.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sample_cells.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/sentence.hpp"

using namespace porelith;

namespace {

/// A current of 1 A for `duration`, its voltage 4 V - slope * share of the charge.
std::vector<StepTrace> falling(double duration, double slope, bool by_time = false) {
  StepTrace step;
  step.ended_by_time = by_time;
  step.duration = duration;
  step.charge = step.throughput = duration;
  for (int k = 0; k <= 500; ++k) {
    const double share = k / 500.0;
    step.time.push_back(share * duration);
    step.passed.push_back(share * duration);
    step.voltage.push_back(4 - slope * share);
  }
  return {step};
}

Case case_with(const std::string& mesh) {
  return parse_case("[cell]\nfile = \"lgm50_chen2020\"\n[[step]]\ndischarge = \"3C\"\n" + mesh, "case.toml");
}

/// A discharge in which the salt runs out, recorded as the verb does it.
struct JudgedRun {
  JudgedRun(const std::string& rate, const std::string& mesh) {
    input =
        parse_case("[cell]\nfile = \"lgm50_chen2020\"\n[[step]]\ndischarge = \"" + rate + "\"\n" + mesh, "case.toml");
    options.folder = scratch / "run";
    options.progress = false;
    options.stop = [this] { return stop && stop(); };
    around.judge.emplace();
    around.judge->stop = options.stop;
    around.resolved = [this](const Resolution& finer) { return changed(input, changes_of(finer)).resolved; };
  }
  int run() {
    RunRecorder recorder(input, options);
    return run_recorded(input, recorder, results, around);
  }

  Scratch scratch;
  Case input;
  RunOptions options;
  Around around;
  Results results;
  std::function<bool()> stop;
};

}  // namespace

TEST_CASE("two steps differ by their charge or time at the end, and by their voltage at equal share of the charge") {
  // 1 % longer; V differs by 0.1 V times the share, from 1 s to 99 %: the mean square of a ramp.
  const auto run = falling(1000, 1), longer = falling(1010, 1.1);
  const Uncertainty u = apart(run, longer, 1000).at(0);
  CHECK(u.end == Approx(0.01));
  const double from = 0.001, to = 0.99;
  CHECK(u.voltage == Approx(0.1 * std::sqrt((std::pow(to, 3) - std::pow(from, 3)) / 3 / (to - from))).epsilon(1e-5));
  CHECK(apart(run, run, 1000).at(0).end == 0);
  CHECK(apart(run, run, 1000).at(0).voltage == 0);
}

TEST_CASE("a step that hardly passes charge is measured by a hundredth of the cell's") {
  CHECK(apart(falling(1, 1, true), falling(1.5, 1, true), 1000).at(0).end == Approx(0.05));
}

TEST_CASE("a rest is followed by its time, a current by its charge") {
  Results results;
  results.steps = {{"discharge", "time", 0, 10, 20, 0}, {"rest", "time", 10, 30, 1e-17, 0}};
  std::vector<Step> protocol(2);
  protocol[0].value = 2;
  protocol[0].stops = {{Quantity::time, 10}};
  protocol[1] = rest_for(20);
  const std::vector<TracePoint> points = {
      {0, 2, 4, 0, 0}, {10, 2, 3.5, 20, 0}, {10, 0, 3.6, 20, 1}, {20, 0, 3.7, 20, 1}, {30, 0, 3.8, 20 + 1e-17, 1}};
  const auto steps = steps_of(points, results, protocol);
  REQUIRE(steps.size() == 2);
  CHECK_FALSE(steps[0].by_time);
  CHECK(steps[0].passed == std::vector<double>{0, 20});
  CHECK(steps[0].ended_by_time);
  CHECK(steps[1].by_time);
  CHECK(steps[1].time == std::vector<double>{0, 10, 20});
}

TEST_CASE("steps that another run did not come to differ by all there is") {
  const auto none = apart(falling(1000, 1), {}, 1000);
  CHECK(none.at(0).end == 1);
  CHECK(none.at(0).voltage == 1);
}

TEST_CASE("[mesh] accuracy is a share, \"0.1 %\" or \"off\"") {
  CHECK_FALSE(case_with("").mesh.accuracy.has_value());
  CHECK(case_with("[mesh]\naccuracy = \"0.1 %\"\n").mesh.accuracy->share == Approx(0.001));
  CHECK(case_with("[mesh]\naccuracy = 0.01\n").mesh.accuracy->share == 0.01);
  CHECK(case_with("[mesh]\naccuracy = \"off\"\n").mesh.accuracy->share == 0);
  CHECK(parse_case(case_with("[mesh]\naccuracy = \"off\"\n").resolved, "resolved.toml").mesh.accuracy->share == 0);
  CHECK_THAT(sentence_of<CaseError>([] { case_with("[mesh]\naccuracy = 0.5\n"); }),
             says("[mesh] accuracy = 0.5 is outside [1e-05, 0.1]; or write \"off\""));
  CHECK_THAT(sentence_of<CaseError>([] { case_with("[mesh]\naccuracy = \"of\"\n"); }),
             says("[mesh] accuracy = \"of\"") && says("or write \"off\""));
}

TEST_CASE("cells, shells or fineness in a case fix its mesh; gradings and rtol do not") {
  for (const char* key : {"negative = 20", "separator = 10", "positive = 20", "shells = 15", "fineness = \"medium\""})
    CHECK(case_with(std::string("[mesh]\n") + key + "\n").mesh.fixed);
  for (const char* key : {"grading = 1", "shell_grading = 20", "accuracy = 0.01"})
    CHECK_FALSE(case_with(std::string("[mesh]\n") + key + "\n").mesh.fixed);
  const Case with_rtol = case_with("[solver]\nrtol = 1e-5\n");
  CHECK_FALSE(with_rtol.mesh.fixed);
  CHECK(with_rtol.solver.fixed);
}

TEST_CASE("overrides give a case the resolution that they were made of") {
  const Resolution wanted{41, 7, 33, 0, 0, 21, 3e-6};
  const Case c = changed(case_with(""), changes_of(wanted));
  const Resolution r = resolution_of(c);
  CHECK(r.negative == 41);
  CHECK(r.separator == 7);
  CHECK(r.positive == 33);
  CHECK(r.shells == 21);
  CHECK(r.rtol == 3e-6);
  CHECK(text_of(r) == "41/7/33 cells, 21 shells, rtol 3e-06");
}

TEST_CASE("what is judged without being asked for: lines on a grid with error control, unless the case says off") {
  CHECK(may_be_judged(case_with("")));
  CHECK_FALSE(may_be_judged(case_with("[mesh]\naccuracy = \"off\"\n")));
  CHECK_FALSE(may_be_judged(case_with("[solver]\nfixed_step = 10\n")));
  const std::string plane = "[geometry]\ndimension = 2\nwidth = 5e-5\n";
  CHECK_FALSE(may_be_judged(case_with(plane)));
  CHECK(may_be_judged(case_with(plane + "[mesh]\naccuracy = 0.01\n")));
}

TEST_CASE("a run in which the salt runs out is refined, says so, and leaves the case that repeats it") {
  JudgedRun run("3C", "");
  CHECK(run.run() == exit_ok);
  REQUIRE(run.results.accuracy);
  const AccuracyEstimate& j = *run.results.accuracy;
  CHECK(j.levels > 1);
  CHECK(j.work <= most_work);
  CHECK(j.resolution.negative > 20);
  CHECK(read_curve_csv(run.scratch / "run/curve.csv").size() == run.results.curve.size());
  const Case again = parse_case(file_text(run.scratch / "run/case.resolved.toml"), "case.resolved.toml");
  CHECK(again.mesh.negative == j.resolution.negative);
  CHECK(again.mesh.fixed);
  const Results repeated = simulate(again);
  CHECK(repeated.steps.at(0).end == run.results.steps.at(0).end);
  const std::string manifest = file_text(run.scratch / "run/manifest.json");
  CHECK_THAT(manifest, says("\"accuracy\": {") && says("\"negative\": " + std::to_string(j.resolution.negative)));
  CHECK_THAT(manifest, says("the salt ran out locally: c_e fell below 1 % of its start (10 mol/m3)"));
}

TEST_CASE("a run with salt enough is judged and stays on the default mesh") {
  JudgedRun run("1C", "");
  CHECK(run.run() == exit_ok);
  REQUIRE(run.results.accuracy);
  CHECK(run.results.accuracy->within);
  CHECK(run.results.accuracy->levels == 1);
  CHECK(run.results.accuracy->resolution.negative == 20);
  CHECK(run.results.accuracy->work < 5);
  CHECK(run.results.warnings.empty());
  CHECK_THAT(accuracy_sentence(*run.results.accuracy), says("estimated errors on 20/10/20 cells, 15 shells"));
}

TEST_CASE("where the case gives the mesh it stays, and a large estimate says why") {
  JudgedRun run("3C", "[mesh]\nfineness = \"medium\"\n");
  CHECK(run.run() == exit_ok);
  REQUIRE(run.results.accuracy);
  CHECK_FALSE(run.results.accuracy->within);
  CHECK(run.results.accuracy->levels == 1);
  CHECK_THAT(accuracy_sentence(*run.results.accuracy),
             says("on 20/10/20 cells, 15 shells, rtol 0.0001 the errors may be larger than 0.1 % and 1 mV") &&
                 says("not refined any further: the case gives the mesh"));
}

TEST_CASE("a run that is stopped while it is refined keeps its last complete level, and is complete") {
  JudgedRun run("3C", "");
  bool first_level_over = false;
  run.around.judge->say = [&](const std::string&) { first_level_over = true; };  // said before a finer level
  run.stop = [&] { return first_level_over; };
  CHECK(run.run() == exit_ok);
  CHECK(run.results.status == "complete");
  REQUIRE(run.results.accuracy);
  CHECK(run.results.accuracy->levels == 1);
  CHECK(run.results.accuracy->verdict == "stopped on request");
  CHECK(run.results.accuracy->worst().end > 1e-3);
  CHECK(read_curve_csv(run.scratch / "run/curve.csv").size() == run.results.curve.size());
}

TEST_CASE("a level that fails leaves the one before, with its estimate and the reason") {
  Results results;
  JudgeOptions options;
  int levels = 0;
  options.say = [&](const std::string&) { ++levels; };
  options.stop = [&]() -> bool {
    if (levels > 0) throw CaseError({{{"case.toml", 0, 0}, "the law ends here"}});
    return false;
  };
  Trace trace;
  const Case input = case_with("");
  simulate(input, results, &trace);
  judge(input, trace, results, options);
  REQUIRE(results.accuracy);
  CHECK(results.status == "complete");
  CHECK(results.accuracy->levels == 1);
  CHECK_THAT(results.accuracy->verdict,
             says("the finer level, 40/20/40 cells, 15 shells, rtol 0.0001, failed: ") && says("the law ends here"));
}
