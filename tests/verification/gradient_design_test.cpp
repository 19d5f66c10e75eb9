/// Studies along the solver's slopes: a real cell, small enough to be held against all its designs.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "solver/base/threads.hpp"
#include "solver/case/reader.hpp"
#include "surrogate/design/gradient_study.hpp"
#include "surrogate/design/solve_store.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/small_campaign.hpp"
#include "tests/support/small_cell_study.hpp"

using namespace porelith;

namespace {

/// The small study with time steps so exact that its results are smooth.
struct Study {
  explicit Study(const std::string& rtol, const std::string& more = "") {
    std::string text = small_cell_study;
    const std::string coarse = "rtol = 1e-3";
    text.replace(text.find(coarse), coarse.size(), "rtol = " + rtol + "\nnewton = 1e-8");
    const std::string design_table = "[design]\n";
    text.replace(text.find(design_table), design_table.size(), design_table + more);
    write_text(scratch / "case.toml", text);
    input = std::make_unique<Case>(read_case(scratch / "case.toml"));
    space = std::make_unique<DesignSpace>(*input, input->design->space);
    goal = std::make_unique<Goal>(*input->design, input->design->space);
  }
  const Design& design() const { return *input->design; }

  Scratch scratch;
  std::unique_ptr<Case> input;
  std::unique_ptr<DesignSpace> space;
  std::unique_ptr<Goal> goal;
};

Eigen::VectorXd as_vector(const std::vector<double>& v) {
  return Eigen::Map<const Eigen::VectorXd>(v.data(), static_cast<Eigen::Index>(v.size()));
}

}  // namespace

TEST_CASE("slopes of objective and constraints are those of differences of exact runs") {
  Study study("1e-7");
  Design design = study.design();
  design.objective = "capacity + 3*a - energy/10";
  design.constraints = {"energy/capacity - 3.5 + a*b", "end_voltage + 0.01*a - capacity"};
  const Goal goal(design, design.space);
  SlopedSolver solver(*study.space, goal.results_read());
  for (const std::vector<double>& x : {std::vector<double>{0.03, -0.02}, {-0.05, 0.06}}) {
    const Sloped at = solver.solve(0, x, true);
    REQUIRE(complete(at.sample));
    REQUIRE(at.slopes.size() > 0);
    CHECK(at.by_differences.empty());
    CHECK(at.linearisations > 10);
    CHECK(at.linearisations < at.sample.newton + 10);
    const JudgementWithSlopes judged = goal.judge(x, as_vector(at.sample.scalars),
                                                  at.slopes.unaryExpr([](double s) { return std::isnan(s) ? 0 : s; }));
    const double h = 2e-3;
    for (int i = 0; i < 2; ++i) {
      std::vector<Judgement> beside;
      for (const int k : {-2, -1, 1, 2}) {
        std::vector<double> y = x;
        y[static_cast<std::size_t>(i)] += k * h;
        beside.push_back(goal.judge(study.space->solve(0, y)));
      }
      const auto difference = [&](const auto& of) {
        return (of(beside[0]) - 8 * of(beside[1]) + 8 * of(beside[2]) - of(beside[3])) / (12 * h);
      };
      const double merit = difference([](const Judgement& j) { return j.merit; });
      INFO("variable " << i << " of " << x[0] << ", " << x[1]);
      CHECK(judged.merit_slope[i] == Approx(merit).epsilon(2e-3));
      for (int k = 0; k < 2; ++k) {
        const double slope = difference([k](const Judgement& j) { return j.constraints[k]; });
        CHECK(judged.constraint_slopes(k, i) == Approx(slope).epsilon(2e-3).margin(1e-6));
      }
    }
  }
}

TEST_CASE("a solve that is asked for slopes later is the solve itself, to the bit, and is solved once") {
  Study study("1e-4");
  SlopedSolver solver(*study.space, study.goal->results_read());
  const std::vector<double> x{0.02, 0.01};
  const Sample plain = study.space->solve(3, x);
  const Sloped without = solver.solve(3, x, false), with = solver.solve(3, x, true);
  CHECK(same_sample(plain, without.sample));
  CHECK(same_sample(plain, with.sample));
  CHECK(with.sample.seconds == without.sample.seconds);  // the clock of the one solve
  CHECK(without.slopes.size() == 0);
  CHECK(with.slopes.cols() == 2);
  const Sloped outside = solver.solve(3, {0.02, 0.5}, true);
  CHECK(outside.sample.status.rfind("infeasible", 0) == 0);
  CHECK(outside.slopes.size() == 0);
}

TEST_CASE("a study along slopes ends at the best of all designs of a fine grid, from every start, in few solves") {
  Study study("1e-5", "strategy = \"gradient\"\n");
  CHECK(study.design().strategy == "gradient");
  constexpr int grid = 21;
  std::vector<Sample> all;
  for (int i = 0; i < grid; ++i)
    for (int k = 0; k < grid; ++k)
      all.push_back({0, {-0.1 + 0.2 * i / (grid - 1), -0.1 + 0.2 * k / (grid - 1)}, "", {}, {}, 0, 0});
  for_all(static_cast<long>(all.size()), 2, [&](long k) { all[k] = study.space->solve(k, all[k].x); });
  double best_on_grid = 0;
  for (const Sample& sample : all)
    if (complete(sample)) best_on_grid = std::max(best_on_grid, study.goal->judge(sample).merit);

  const Physics physics = sloped_physics_of(*study.space, *study.goal, 2);
  GradientSearchOptions options = gradient_options(study.design(), [] { return false; });
  GradientSearch search(*study.goal, physics, options);
  History history;
  pursue(search, sloped_evaluator_of(physics), history, physics.threads);
  for (const Ascent& ascent : search.ascents()) {
    REQUIRE(!ascent.progress.empty());
    std::printf("  best of %d designs %.5f A.h; from (%.3f, %.3f) %.5f A.h: %ld solves, %ld gradients, cost %.1f\n",
                grid * grid, best_on_grid, ascent.start[0], ascent.start[1], ascent.progress.back().merit,
                ascent.solves, ascent.gradients, ascent.cost);
    CHECK(ascent.progress.back().merit > (1 - 1e-3) * best_on_grid);
    CHECK(ascent.progress.back().merit < 1.01 * best_on_grid);  // the same summit
    CHECK(ascent.cost < 60);
  }
  Dataset data;
  data.family = study.space->family();
  DesignOutcome outcome;
  const LoopResult loop = run_gradient_study(study.design(), physics, data, {}, outcome);
  REQUIRE(loop.best.size() == 2);
  CHECK(study.goal->judge(study.space->solve(0, loop.best)).merit >= best_on_grid);
  CHECK(outcome.pole.empty());
  CHECK(outcome.by_gradient.method == "SLSQP");
  CHECK(outcome.solves_of_loop == outcome.by_gradient.solves);
  CHECK(static_cast<long>(data.samples.size()) <= outcome.solves_of_loop);
}
