#pragma once
/// Slopes of whole runs' scalar results, backward and forward, against differences of runs by frozen time steps.
#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "solver/case/echo.hpp"
#include "solver/case/reader.hpp"
#include "solver/case_change.hpp"
#include "solver/case_plan.hpp"
#include "solver/frozen_run.hpp"
#include "solver/newman/observables/scalar_results.hpp"
#include "tests/support/sample_cells.hpp"

namespace porelith {

/// A number of a case that slopes are taken by.
struct Varied {
  std::string name;
  double step;  ///< of differences
  std::function<void(Case&, double by)> change;

  Case of(const Case& base, double by) const {
    Case c = base;
    change(c, by);
    return c;
  }
};

/// A key of a case that was read, which holds one number.
inline Varied by_key(const Case& base, const std::string& key, double relative_step = 1e-4) {
  double value = 0;
  for (const KeyValue& each : values_of(base))
    if (each.key == key) value = std::stod(each.value);
  if (value == 0) throw std::invalid_argument(key + " is no number to vary");
  const auto change = [base, key, value, plan = plan_of(base, Layers::as_valued)](Case& c, double by) {
    const auto protocol = c.protocol;  // may be the first steps alone
    const SolverOptions solver = c.solver;
    std::vector<CaseChange> changes = plan;
    changes.push_back({key, {value + by}});
    c = changed(base, changes, Care::variant);
    c.protocol = protocol, c.solver = solver;
  };
  return {key, relative_step * std::abs(value), change};
}

/// Numbers of every kind that all cells have.
inline std::vector<Varied> varied_numbers() {
  const auto electrode = [](Case& c) -> Electrode& { return c.cell->negative; };
  return {
      {"porosity", 3e-4,
       [=](Case& c, double by) { electrode(c).porosity = Profile(electrode(c).porosity->at(0.5) + by); }},
      {"particle radius", 1e-8,
       [=](Case& c, double by) {
         auto& R = electrode(c).materials[0].R;
         R = R->scaled(1 + by / R->at(0.5));
       }},
      {"thickness", 1e-7, [](Case& c, double by) { c.cell->positive.thickness.value += by; }},
      {"separator", 1e-7, [](Case& c, double by) { c.cell->separator.thickness.value += by; }},
      {"rate constant", 1e-3, [=](Case& c, double by) { electrode(c).materials[0].K *= 1 + by; }},
      {"t_plus", 1e-3, [](Case& c, double by) { c.cell->electrolyte.t_plus.value += by; }},
      {"salt", 1, [](Case& c, double by) { c.cell->electrolyte.c_e0.value += by; }},
      {"temperature", 0.1, [](Case& c, double by) { c.temperature += by; }},
      {"area", 1e-5, [](Case& c, double by) { c.cell->area.value += by; }},
      {"state of charge", 1e-4, [](Case& c, double by) { *c.initial.soc += by; }},
      {"drive", 3e-4, [](Case& c, double by) { c.protocol[0].value *= 1 + by; }},
      {"stop", 1e-4, [](Case& c, double by) { c.protocol[0].stops[0].value += by; }},
  };
}

/// Those of them that have these names.
inline std::vector<Varied> varied_numbers(const std::vector<std::string>& names) {
  std::vector<Varied> list;
  for (const Varied& v : varied_numbers())
    if (std::find(names.begin(), names.end(), v.name) != names.end()) list.push_back(v);
  return list;
}

/// Of fourth order, of results that are sums over rows: their own second derivatives by rows do not count.
inline std::vector<double> differences(const FrozenRun& frozen, const Case& base, const Varied& v,
                                       const std::vector<ResultSlope>& slopes) {
  std::vector<double> sum(slopes.size(), 0.0);
  for (const auto& [at, weight] : {std::pair{-2, 1.0 / 12}, {-1, -2.0 / 3}, {1, 2.0 / 3}, {2, -1.0 / 12}}) {
    const Results varied = frozen.solve(v.of(base, at * v.step));
    for (std::size_t r = 0; r < sum.size(); ++r)
      sum[r] += weight / v.step * moved_by(slopes[r], frozen.base().results, varied);
  }
  return sum;
}

inline RunChange change_of(const Case& base, const Varied& v, const TapedRun& run) {
  return change_along([&](double by) { return v.of(base, by); }, v.step, run);
}

/// Slopes of the results in scalar_results() by each of some numbers.
struct RunSlopes {
  struct One {
    std::string result, number;
    double backward, forward, differences;
    double scale;  ///< of differences: below it they are rounding of what they are taken of
    /// A mean of a largest rate has a kink wherever the place changes, somewhere in nearly every step of a difference.
    bool kinked;

    double off() const { return std::abs(backward - differences) / scale; }
    double apart() const { return std::abs(backward - forward) / scale; }
  };
  std::vector<One> all;

  double most_apart() const {
    double most = 0;
    for (const One& one : all) most = std::max(most, one.apart());
    return most;
  }
  const One& worst() const {
    return *std::max_element(all.begin(), all.end(), [](const One& a, const One& b) {
      return (a.kinked ? 0 : a.off()) < (b.kinked ? 0 : b.off());
    });
  }
  /// Those that are not as differences say.
  std::vector<One> wrong(double tolerance) const {
    std::vector<One> list;
    for (const One& one : all)
      if (!(one.off() < (one.kinked ? 0.1 : tolerance))) list.push_back(one);
    return list;
  }
};

/// @param spoil changes the slopes as they come from the run, for a test of the test
inline RunSlopes run_slopes(const Case& base, const std::vector<Varied>& numbers,
                            const std::function<void(std::vector<RunChange>&)>& spoil = {}) {
  const FrozenRun frozen(base);
  const TapedRun& run = frozen.base();
  const std::vector<ResultSlope> results = scalar_slopes_of(run.results);
  const std::vector<double> values = scalars_of(run.results);
  Sensitivity sensitivity = run.sensitivity(base);
  std::vector<RunChange> backward = sensitivity.backward(results), directions;
  if (spoil) spoil(backward);
  for (const Varied& v : numbers) directions.push_back(change_of(base, v, run));
  const auto forward = sensitivity.forward(results, directions);
  RunSlopes slopes;
  for (std::size_t d = 0; d < directions.size(); ++d) {
    const std::vector<double> seen = differences(frozen, base, numbers[d], results);
    for (std::size_t r = 0; r < results.size(); ++r) {
      const std::string& name = scalar_results()[r].name;
      if (!std::isfinite(values[r])) continue;
      const double size = std::max(std::abs(values[r]), std::string(scalar_results()[r].unit) == "V" ? 1.0 : 0.0);
      const double scale = std::max(std::abs(seen[r]), 1e-5 * size / numbers[d].step);
      slopes.all.push_back({name, numbers[d].name, dot(backward[r], directions[d]), forward[d][r], seen[r], scale,
                            name.rfind("uniformity", 0) == 0});
    }
  }
  return slopes;
}

}  // namespace porelith
