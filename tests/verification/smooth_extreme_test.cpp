/// Least and greatest values made smooth (R8): near the true ones, with exact slopes, and without corners.
#include "solver/smooth_extreme.hpp"

#include <cstdio>

#include "solver/gradient.hpp"
#include "solver/newman/observables/soft_least.hpp"
#include "surrogate/dataset/sloped_solver.hpp"
#include "surrogate/design/gradient_study.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/channelled.hpp"
#include "tests/support/run_slopes.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/small_campaign.hpp"
#include "tests/support/small_cell_study.hpp"

using namespace porelith;

namespace {

Case charge() {
  Case c = thick_charge(1);
  set_mesh(c, 6, 3, 6);
  c.mesh.shells = 5;
  c.solver.rtol = 1e-3;
  return c;
}

std::size_t place_of_result(const std::string& name) {
  std::size_t k = 0;
  while (scalar_results()[k].name != name) ++k;
  return k;
}

}  // namespace

TEST_CASE("the soft least of some values has its closed form, and passes a tie without a corner") {
  const Team alone = Team::alone();
  const SoftLeast two = soft_least({2, 2}, 100, alone);
  CHECK(two.value == Approx(2 - std::log(2.0) / 100).epsilon(1e-14));
  CHECK(two.weights == std::vector<double>{0.5, 0.5});
  CHECK(soft_least({-1e6, 3e5, 1e6}, 1e4, alone).value == -1e6);  // no exponential overflows
  CHECK(soft_least({1, 5}, -50, alone).value == Approx(5).epsilon(1e-14));
  const auto f = [&](double x) { return soft_least({x, -x}, 100, alone).value; };  // -ln(2 cosh 100 x)/100
  for (const double x : {-0.02, -0.003, 0.0, 0.004}) {
    CHECK(f(x) == Approx(-std::log(2 * std::cosh(100 * x)) / 100).epsilon(1e-13));
    const SoftLeast here = soft_least({x, -x}, 100, alone);
    CHECK(here.weights[0] - here.weights[1] == Approx(-std::tanh(100 * x)).margin(1e-14));
  }
}

TEST_CASE("smooth extremes of a run are near the true ones, and their slopes those of differences") {
  Case c = charge();
  cut(c, 2, 60e-6, ChannelForm::groove, 0);  // nothing varies along the separator: its cells are as good
  c.mesh.width = 3;
  const FrozenRun frozen(c);
  const std::vector<std::string> names{"plating_margin", "c_e_min", "c_e_max"};
  const std::vector<double> most{1e-4, 1, -1}, truth = scalars_of(frozen.base().results);
  std::vector<ResultSlope> slopes;
  for (std::size_t k = 0; k < names.size(); ++k) {
    const SmoothExtreme smooth = smooth_extreme(frozen.base(), names[k]).value();
    const double below = (truth[place_of_result(names[k])] - smooth.value) / most[k];
    std::printf("  %s: off by %.2f of what it may be\n", names[k].c_str(), below);
    CHECK(below > 0.05);
    CHECK(below < 1);
    slopes.push_back(smooth.slope);
  }
  CHECK(!smooth_extreme(frozen.base(), "capacity"));
  const auto backward = frozen.base().sensitivity(c).backward(slopes);
  double worst = 0;
  for (const Varied& v : varied_numbers({"porosity", "rate constant", "t_plus", "drive"})) {
    const RunChange along = change_of(c, v, frozen.base());
    std::vector<double> seen(names.size(), 0.0);
    for (const auto& [at, weight] : {std::pair{-2, 1.0 / 12}, {-1, -2.0 / 3}, {1, 2.0 / 3}, {2, -1.0 / 12}}) {
      const TapedRun varied = frozen.taped(v.of(c, 0.1 * at * v.step));  // the smooth corner is 10 uV wide
      for (std::size_t k = 0; k < names.size(); ++k)
        seen[k] += weight / (0.1 * v.step) * smooth_extreme(varied, names[k])->value;
    }
    for (std::size_t k = 0; k < names.size(); ++k) {
      const double off = std::abs(dot(backward[k], along) - seen[k]) /
                         std::max(std::abs(seen[k]), 1e-4 * (k == 0 ? 1 : 1000) / v.step);
      INFO(names[k] << " by " << v.name << ": " << dot(backward[k], along) << ", differences " << seen[k]);
      CHECK(off < 1e-6);
      worst = std::max(worst, off);
    }
  }
  std::printf("  slopes off differences by %.1e\n", worst);
}

TEST_CASE("a smooth extreme and its slopes do not know how near another time step came to it") {
  const Case c = charge();
  struct Steps : Recorder {
    void took(const TakenStep& step) override { taken.push_back(step); }
    std::vector<TakenStep> taken;
  } steps;
  simulate_taped(c, &steps);
  std::vector<TakenStep>& taken = steps.taken;
  const double last = taken.back().end - taken[taken.size() - 2].end;
  const auto margin = [&](double before) {  // with one more step that ends a little before the end, or without
    std::vector<TakenStep> with = taken;
    if (before > 0) with.insert(with.end() - 1, {with.back().step, with.back().end - before, with.back().order});
    const TapedRun run = simulate_taped(c, nullptr, Team::alone(), &with);
    const SmoothExtreme smooth = smooth_extreme(run, "plating_margin").value();
    double of_end = 0;
    for (const ResultSlope::OfValue& value : smooth.slope.values)
      if (value.row + 1 == run.results.accepted.size()) of_end += value.by;
    CHECK(of_end == Approx(1).epsilon(1e-12));
    return smooth.value;
  };
  const double without = margin(0);
  for (const double part : {0.01, 0.1}) CHECK(margin(part * last) == Approx(without).margin(2e-6));
}

TEST_CASE("a search climbs over smooth values, and what it reports and allows are the true ones") {
  const Scratch scratch;
  std::string text = small_cell_study;
  const std::string design = "objective = \"capacity\"\n", stop = "until = { plating_margin = \"0 mV\" }";
  text.replace(text.find(stop), stop.size(), "until = { time = \"400 s\" }");
  text.replace(
      text.find(design), design.size(),
      "objective = \"plating_margin\"\nstrategy = \"gradient\"\nconstraints = [\"c_e_max - 300 + energy/1e9\"]\n");
  write_text(scratch / "case.toml", text);
  const Case input = read_case(scratch / "case.toml");
  const DesignSpace space(input, input.design->space);
  const Goal goal(*input.design, input.design->space);
  SlopedSolver solver(space, goal.results_read());
  const std::vector<double> x{0.03, -0.02};
  const Sloped at = solver.solve(0, x, true);
  const std::size_t margin = place_of_result("plating_margin"), energy = place_of_result("energy");
  CHECK(same_sample(at.sample, space.solve(0, x)));
  REQUIRE(!at.smooth.empty());
  CHECK(at.smooth[margin] <= at.sample.scalars[margin]);
  CHECK(at.smooth[margin] > at.sample.scalars[margin] - 1e-4);
  CHECK(at.smooth[energy] == at.sample.scalars[energy]);
  CHECK(solver.solve(0, x, false).smooth == at.smooth);  // with slopes as without

  const Physics physics = sloped_physics_of(space, goal);
  GradientSearchOptions options = gradient_options(*input.design, [] { return false; });
  options.starts = 1;
  GradientSearch search(goal, physics, options);
  History history;
  pursue(search, sloped_evaluator_of(physics), history, 1);
  REQUIRE(!search.ascents().front().progress.empty());
  const Ascent::Better& best = search.ascents().front().progress.back();
  const Judgement truly = goal.judge(space.solve(0, best.x));
  CHECK(truly.allowed());
  CHECK(truly.merit == best.merit);
  CHECK(best.merit > search.ascents().front().progress.front().merit + 1e-3);
  std::printf("  least plating margin %.5f V, at first %.5f V: %ld solves\n", best.merit,
              search.ascents().front().progress.front().merit, search.ascents().front().solves);
}
