/// Slopes of curves at fixed time, charge and share (R7), against differences of runs by the same time steps.
#include <cstdio>

#include "solver/gradient.hpp"
#include "solver/newman/observables/curve_over.hpp"
#include "solver/newman/observables/observables.hpp"
#include "solver/record/last_step.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/run_slopes.hpp"

using namespace porelith;

namespace {

Case line() {
  Case c = shipped_case("lgm50_chen2020");
  set_mesh(c, 6, 3, 6);
  c.mesh.shells = 6;
  c.solver.rtol = 1e-3;
  return c;
}

/// A charge that ends at a voltage, behind it a hold that ends at a current: all times of the second step move.
Case charge_and_hold() {
  Case c = line();
  c.initial.soc = 0.6;
  c.protocol = {at_rate(*c.cell, -1), hold_at(4.2, 0.5)};
  return c;
}

struct Wanted {
  Coordinate over;
  std::string curve;
};

/// Of all curves at all their points by each number, forward and backward, against differences of fourth order.
/// @return the largest deviation from them
/// @param points none of them where a time step ends, as it moves: there the cubic becomes another one
double off_differences(const Case& c, const std::vector<Varied>& numbers, const std::vector<Wanted>& wanted,
                       int points) {
  const FrozenRun frozen(c);
  const TapedRun& run = frozen.base();
  struct Point {
    Wanted of;
    double at;
  };
  std::vector<Point> all;
  std::vector<ResultSlope> slopes;
  for (const Wanted& w : wanted) {
    const CurveOver curve(run.results, w.over, run.tape.rows);
    REQUIRE(curve.missing().empty());
    for (const double at : curve.points(points)) {
      all.push_back({w, at});
      slopes.push_back(curve.slope(at, observable_called(w.curve)));
    }
  }
  std::vector<RunChange> directions;
  for (const Varied& v : numbers) directions.push_back(change_of(c, v, run));
  Sensitivity sensitivity = run.sensitivity(c);
  const auto forward = sensitivity.forward(slopes, directions);
  const auto backward = sensitivity.backward(slopes);
  double worst = 0, apart = 0;
  for (std::size_t d = 0; d < numbers.size(); ++d) {
    std::vector<double> seen(all.size(), 0.0);
    for (const auto& [step, weight] : {std::pair{-2, 1.0 / 12}, {-1, -2.0 / 3}, {1, 2.0 / 3}, {2, -1.0 / 12}}) {
      const Results varied = frozen.solve(numbers[d].of(c, step * numbers[d].step));
      for (std::size_t k = 0; k < all.size(); ++k) {
        const CurveOver curve(varied, all[k].of.over, run.tape.rows);
        seen[k] += weight / numbers[d].step * curve.value(all[k].at, observable_called(all[k].of.curve));
      }
    }
    for (std::size_t k = 0; k < all.size(); ++k) {
      const bool salt = all[k].of.curve == "c_e_min";
      const double scale = std::max(std::abs(seen[k]), 1e-5 * (salt ? 1000 : 1) / numbers[d].step);
      const double off = std::abs(forward[d][k] - seen[k]) / scale;
      INFO(all[k].of.curve << " over " << name_of(all[k].of.over).name << " at " << all[k].at << " by "
                           << numbers[d].name << ": " << forward[d][k] << ", differences " << seen[k]);
      CHECK(off < 1e-6);
      worst = std::max(worst, off);
      apart = std::max(apart, std::abs(dot(backward[k], directions[d]) - forward[d][k]) / scale);
    }
  }
  CHECK(apart < 1e-9);
  std::printf("  %zu slopes: off differences by %.1e, forward off backward by %.1e\n", all.size() * numbers.size(),
              worst, apart);
  return worst;
}

}  // namespace

TEST_CASE("slopes of curves are those of differences at the same time, also behind a step that ends earlier") {
  const std::vector<Varied> numbers = varied_numbers({"porosity", "rate constant", "state of charge", "drive", "stop"});
  off_differences(charge_and_hold(), numbers,
                  {{Coordinate::time, "voltage"}, {Coordinate::time, "current"}, {Coordinate::time, "plating_margin"}},
                  17);
}

TEST_CASE("slopes of curves are those of differences at the same charge, and at the same share of it") {
  const std::vector<Varied> numbers = varied_numbers({"particle radius", "thickness", "t_plus", "stop"});
  Case c = line();
  c.protocol = {at_rate(*c.cell, 1)};
  off_differences(c, numbers,
                  {{Coordinate::charge, "voltage"}, {Coordinate::share, "voltage"}, {Coordinate::share, "c_e_min"}},
                  18);
}

TEST_CASE("a curve over the share of the charge is the one that datasets hold, and over the charge the same") {
  Case c = line();
  c.protocol = {at_rate(*c.cell, 1)};
  const TapedRun run = simulate_taped(c);
  const CurveOver share(run.results, Coordinate::share, run.tape.rows);
  const CurveOver charge(run.results, Coordinate::charge, run.tape.rows);
  const LastStep last = last_step(run.results);
  const std::size_t voltage = observable_called("voltage");
  for (const double at : share.points(65)) {
    CHECK(share.value(at, voltage) == last.at(at, voltage));
    CHECK(charge.value(at * charge.end(), voltage) == Approx(share.value(at, voltage)).epsilon(1e-13));
  }
  CHECK(charge.end() == Approx(std::abs(run.results.steps.back().charge) / 3600));
  CHECK(share.value(0, voltage) == run.results.accepted.front().voltage());
}

TEST_CASE("a rest has no charge to draw its curve over, and says so") {
  Case c = line();
  c.protocol = {rest_for(100)};
  const TapedRun run = simulate_taped(c);
  CHECK(CurveOver(run.results, Coordinate::share, run.tape.rows).missing().find("passed no charge") !=
        std::string::npos);
  CHECK(CurveOver(run.results, Coordinate::time, run.tape.rows).missing().empty());
  CHECK_THROWS_WITH(gradients(c, run, {}, {{"voltage", Coordinate::share}}, {}),
                    says("voltage over share has no slopes: the last step passed no charge"));
}
