#pragma once
/// Runs by frozen time steps whose stops are met to rounding: smooth functions of their cases' numbers, to take
/// differences of.
#include <cmath>
#include <stdexcept>
#include <vector>

#include "solver/newman/observables/scalar_results.hpp"
#include "solver/record/last_step.hpp"
#include "solver/simulation.hpp"
#include "solver/taped_run.hpp"

namespace porelith {

struct TakenSteps : Recorder {
  void took(const TakenStep& step) override { taken.push_back(step); }
  std::vector<TakenStep> taken;
};

/// The time steps of a run, their lengths frozen but for the last of each step of the protocol, which meets its stop.
class FrozenRun {
 public:
  /// @param c with a tight solver.newton; its protocol's steps end by stops that are landed on, or in time
  explicit FrozenRun(const Case& c) {
    TakenSteps steps;
    base_ = simulate_taped(c, &steps);
    if (base_.results.status != "complete") throw std::runtime_error(base_.results.status);
    taken_ = with_room(steps.taken);
    const RunTape free = base_.tape;
    base_ = run(c);
    for (std::size_t k = 0; k < free.ends.size(); ++k) {  // a run by frozen steps knows of no stops
      TapedEnd& end = base_.tape.ends.at(k);
      end.by = free.ends[k].by, end.of_protocol = free.ends[k].of_protocol, end.stop = free.ends[k].stop;
      end.observable = free.ends[k].observable, end.sign = free.ends[k].sign;
      end.since_start = free.ends[k].since_start;
    }
  }

  const TapedRun& base() const { return base_; }
  /// The case by the same steps.
  Results solve(const Case& c) const { return run(c).results; }

 private:
  /// Where a step's end lies close behind the time step before it, that one goes: the end may then move to and fro.
  static std::vector<TakenStep> with_room(std::vector<TakenStep> taken) {
    for (std::size_t k = taken.size(); k-- > 2;) {
      const bool last = k + 1 == taken.size() || taken[k + 1].step != taken[k].step;
      if (!last || taken[k - 2].step != taken[k].step) continue;
      if (taken[k].end - taken[k - 1].end < 0.5 * (taken[k - 1].end - taken[k - 2].end))
        taken.erase(taken.begin() + static_cast<long>(k) - 1);
    }
    return taken;
  }

  TapedRun run(const Case& c) const {
    std::vector<TakenStep> taken = taken_;
    for (std::size_t k = 0; k < base_.tape.ends.size(); ++k) meet(c, k, taken);
    TapedRun again = simulate_taped(c, nullptr, Team::alone(), &taken);
    if (again.results.status != "complete") throw std::runtime_error(again.results.status);
    return again;
  }

  /// Moves the end of step k of the protocol to its stop.
  void meet(const Case& c, std::size_t k, std::vector<TakenStep>& taken) const {
    const TapedEnd& end = base_.tape.ends[k];
    if (end.by == TapedEnd::By::nothing) return;
    const Stop& stop = (end.of_protocol ? c.until : c.protocol[k].stops)[end.stop];
    std::size_t last = 0;
    while (last + 1 < taken.size() && taken[last + 1].step <= static_cast<int>(k)) ++last;
    double& length = taken[last].end;
    const std::vector<TakenStep> all = taken;
    const auto missed = [&](double at) {
      std::vector<TakenStep> until(all.begin(), all.begin() + last + 1);
      until.back().end = at;
      Case first = c;
      first.protocol.resize(k + 1);
      const Results results = simulate_taped(first, nullptr, Team::alone(), &until).results;
      const CurveRow& row = results.accepted.back();
      double at_start = 0;
      for (const CurveRow& r : results.accepted)
        if (r.step == row.step) {
          at_start = end.of_protocol ? 0 : end.by == TapedEnd::By::time ? r.time : r.values[end.observable];
          break;
        }
      return left_until(stop, end.by == TapedEnd::By::time ? row.time : row.values[end.observable], at_start);
    };
    double before = length, value_before = missed(before);
    const double start = last > 0 && all[last - 1].step == all[last].step ? all[last - 1].end : 0;
    double now = before + 1e-3 * (before - start);
    for (int i = 0; i < 12; ++i) {
      const double value = missed(now);
      if (value == value_before) break;
      const double next = now - value * (now - before) / (value - value_before);
      before = now, value_before = value, now = next;
      if (std::abs(now - before) < 1e-13 * now) break;
    }
    length = now;
  }

  TapedRun base_;
  std::vector<TakenStep> taken_;
};

/// In the order of scalar_results().
inline std::vector<double> scalars_of(const Results& results) {
  std::vector<double> values;
  const LastStep last = last_step(results);
  for (const ScalarResult& scalar : scalar_results())
    values.push_back(scalar.of_the_run || last.missing.empty() ? scalar.value(results, last) : std::nan(""));
  return values;
}

/// The slopes of those by the accepted states.
inline std::vector<ResultSlope> scalar_slopes_of(const Results& results) {
  std::vector<ResultSlope> slopes;
  const LastStep last = last_step(results);
  for (const ScalarResult& scalar : scalar_results())
    slopes.push_back(scalar.of_the_run || last.missing.empty() ? scalar.slope(results, last) : ResultSlope{});
  return slopes;
}

}  // namespace porelith
