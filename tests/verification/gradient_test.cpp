/// Derivatives of whole runs (R1)-(R4), against differences of runs by the same time steps.
#include <cmath>
#include <cstdio>

#include "solver/case_change.hpp"
#include "solver/frozen_run.hpp"
#include "solver/newman/observables/scalar_results.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sample_cells.hpp"

using namespace porelith;

namespace {

struct Varied {
  const char* name;
  double step;  ///< of differences
  std::function<void(Case&, double by)> change;
};

Electrode& negative(Case& c) { return c.cell.negative; }

const std::vector<Varied>& varied() {
  static const std::vector<Varied> all{
      {"porosity", 3e-4, [](Case& c, double by) { negative(c).porosity = Profile(negative(c).porosity.at(0.5) + by); }},
      {"particle radius", 1e-8,
       [](Case& c, double by) {
         auto& R = negative(c).materials[0].R;
         R = R.scaled(1 + by / R.at(0.5));
       }},
      {"thickness", 1e-7, [](Case& c, double by) { c.cell.positive.thickness += by; }},
      {"separator", 1e-7, [](Case& c, double by) { c.cell.separator.thickness += by; }},
      {"rate constant", 1e-3, [](Case& c, double by) { negative(c).materials[0].K *= 1 + by; }},
      {"t_plus", 1e-3, [](Case& c, double by) { c.cell.electrolyte.t_plus += by; }},
      {"salt", 1, [](Case& c, double by) { c.cell.electrolyte.c_e0 += by; }},
      {"temperature", 0.1, [](Case& c, double by) { c.temperature += by; }},
      {"area", 1e-5, [](Case& c, double by) { c.cell.electrode_area += by; }},
      {"state of charge", 1e-4, [](Case& c, double by) { *c.initial.soc += by; }},
      {"drive", 3e-4, [](Case& c, double by) { c.protocol[0].value *= 1 + by; }},
      {"stop", 1e-4, [](Case& c, double by) { c.protocol[0].stops[0].value += by; }},
  };
  return all;
}

/// Of fourth order, of results that are sums over rows: their own second derivatives by rows do not count.
std::vector<double> differences(const FrozenRun& frozen, const Case& base, const Varied& v,
                                const std::vector<ResultSlope>& slopes) {
  std::vector<double> sum(slopes.size(), 0.0);
  for (const auto& [at, weight] : {std::pair{-2, 1.0 / 12}, {-1, -2.0 / 3}, {1, 2.0 / 3}, {2, -1.0 / 12}}) {
    Case c = base;
    v.change(c, at * v.step);
    const Results varied = frozen.solve(c);
    for (std::size_t r = 0; r < sum.size(); ++r)
      sum[r] += weight / v.step * moved_by(slopes[r], frozen.base().results, varied);
  }
  return sum;
}

void same_as_differences(const Case& base, double tolerance) {
  const FrozenRun frozen(base);
  const TapedRun& run = frozen.base();
  const std::vector<ResultSlope> results = scalar_slopes_of(run.results);
  const std::vector<double> values = scalars_of(run.results);
  Sensitivity sensitivity = run.sensitivity(base);
  const std::vector<RunChange> backward = sensitivity.backward(results);
  std::vector<RunChange> directions;
  for (const Varied& v : varied())
    directions.push_back(change_along(
        [&](double by) {
          Case c = base;
          v.change(c, by);
          return c;
        },
        v.step, run));
  const auto forward = sensitivity.forward(results, directions);
  double worst = 0, apart = 0;
  std::string where;
  for (std::size_t d = 0; d < directions.size(); ++d) {
    const std::vector<double> seen = differences(frozen, base, varied()[d], results);
    for (std::size_t r = 0; r < results.size(); ++r) {
      if (!std::isfinite(values[r])) continue;
      const double by_adjoint = dot(backward[r], directions[d]);
      // below it a difference is the rounding of what it is taken of
      const double scale = std::max(std::abs(seen[r]), 1e-5 * std::abs(values[r]) / varied()[d].step);
      const double error = std::abs(by_adjoint - seen[r]) / scale;
      apart = std::max(apart, std::abs(by_adjoint - forward[d][r]) / scale);
      INFO(varied()[d].name << ", " << scalar_results()[r].name << ": " << by_adjoint << ", forward " << forward[d][r]
                            << ", differences " << seen[r]);
      // a mean of a largest rate has a kink wherever the place changes, somewhere in nearly every step of a difference
      const bool kinked = scalar_results()[r].name.rfind("uniformity", 0) == 0;
      if (!kinked && error > worst)
        worst = error, where = std::string(varied()[d].name) + ", " + scalar_results()[r].name;
      CHECK(error < (kinked ? 0.1 : tolerance));
    }
  }
  CHECK(apart < 1e-9);
  std::printf("  %zu results by %zu numbers: off differences by %.1e at most (%s), forward off backward by %.1e\n",
              results.size(), directions.size(), worst, where.c_str(), apart);
}

Case line(const std::string& cell = "lgm50_chen2020") {
  Case c = shipped_case(cell);
  set_mesh(c, 8, 4, 8);
  c.mesh.shells = 8;
  c.solver.rtol = 1e-4;
  return c;
}

}  // namespace

TEST_CASE("slopes of a discharge to a voltage") {
  Case c = line();
  c.protocol = {at_rate(c.cell, 1)};
  same_as_differences(c, 1e-7);
}

TEST_CASE("slopes of a charge with a hold and a rest") {
  Case c = line();
  c.initial.soc = 0.2;
  c.protocol = {at_rate(c.cell, -1), hold_at(4.2, 0.5), rest_for(600)};
  same_as_differences(c, 1e-7);
}

TEST_CASE("slopes where the diffusivity in the particles varies") {
  Case c = line("kokam_ecker2015");
  c.protocol = {at_rate(c.cell, 1)};
  c.protocol[0].stops.push_back({Quantity::capacity, 0.6 * 3600 * c.cell.nominal_capacity});
  std::rotate(c.protocol[0].stops.begin(), c.protocol[0].stops.begin() + 1, c.protocol[0].stops.end());
  same_as_differences(c, 1e-7);
}

TEST_CASE("slopes at constant power, and to a charge after another step") {
  Case c = line();
  Step power = at_rate(c.cell, 1);
  power.control = Control::power;
  power.value = 15;
  power.stops = {{Quantity::voltage_below, 3.4}};
  Step on = at_rate(c.cell, 0.5);
  on.stops.insert(on.stops.begin(), {Quantity::capacity, 1800});
  c.protocol = {power, on};
  same_as_differences(c, 1e-7);
}

TEST_CASE("slopes of a blend") {
  Case c = blended_case();
  set_mesh(c, 6, 3, 6);
  c.mesh.shells = 8;
  c.solver.rtol = 1e-4;
  c.protocol = {at_rate(c.cell, 1)};
  c.protocol[0].stops = {{Quantity::time, 1500}};
  same_as_differences(c, 1e-7);
}

TEST_CASE("slopes of a drive that is a function of time") {
  Case c = line();
  c.initial.soc = 0.6;
  auto drive = std::make_shared<DriveFunction>(DriveFunction{NamedExpression("2 + 3*sin(t/200)", {"t"}), {}, 5});
  Step step;
  step.label = "a wave";
  step.function = drive;
  step.stops = {{Quantity::voltage_below, 3.55}};
  c.protocol = {step};
  same_as_differences(c, 1e-6);
}

TEST_CASE("slopes of a table with a jump and kinks") {
  Case c = line();
  c.initial.soc = 0.6;
  auto rows = std::make_shared<DriveTable>();
  rows->time = {0, 60, 60, 200, 300, 400};
  rows->value = {2, 5, -1, -4, 3, 3};
  Step step;
  step.label = "a table";
  step.control = Control::table;
  step.table = rows;
  step.stops = {{Quantity::time, 380}};
  c.protocol = {step};
  same_as_differences(c, 1e-7);
}
