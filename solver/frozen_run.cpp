#include "solver/frozen_run.hpp"

#include <cmath>

#include "solver/base/error.hpp"
#include "solver/newman/observables/scalar_results.hpp"
#include "solver/record/last_step.hpp"
#include "solver/simulation.hpp"

namespace porelith {

namespace {

constexpr double tight_newton = 1e-9;  ///< of rtol

struct TakenSteps : Recorder {
  void took(const TakenStep& step) override { taken.push_back(step); }
  std::vector<TakenStep> taken;
};

TapedRun complete(const Case& c, Recorder* recorder, const std::vector<TakenStep>* replay) {
  Case tight = c;
  tight.solver.newton = tight_newton;
  TapedRun run = simulate_taped(tight, recorder, Team::alone(), replay);
  if (run.results.status != "complete") throw SolveFailure(run.results.status);
  return run;
}

/// Where a step's end lies close behind the time step before it, that one goes: the end may then move to and fro.
std::vector<TakenStep> with_room(std::vector<TakenStep> taken) {
  for (std::size_t k = taken.size(); k-- > 2;) {
    const bool last = k + 1 == taken.size() || taken[k + 1].step != taken[k].step;
    if (!last || taken[k - 2].step != taken[k].step) continue;
    if (taken[k].end - taken[k - 1].end < 0.5 * (taken[k - 1].end - taken[k - 2].end))
      taken.erase(taken.begin() + static_cast<long>(k) - 1);
  }
  return taken;
}

/// How far the end of step k, a run's last one, is from its stop.
double missed_stop(const Results& results, const TapedEnd& end, const Stop& stop) {
  const CurveRow& last = results.accepted.back();
  const bool in_time = end.by == TapedEnd::By::time;
  const auto seen = [&](const CurveRow& row) { return in_time ? row.time : row.values[end.observable]; };
  double at_start = 0;
  for (const CurveRow& row : results.accepted)
    if (row.step == last.step) {
      at_start = end.of_protocol ? 0 : seen(row);
      break;
    }
  return left_until(stop, seen(last), at_start);
}

}  // namespace

FrozenRun::FrozenRun(const Case& c) {
  TakenSteps steps;
  base_ = complete(c, &steps, nullptr);
  taken_ = with_room(steps.taken);
  const RunTape free = base_.tape;
  base_ = run(c);
  for (std::size_t k = 0; k < free.ends.size(); ++k) {  // a run by frozen steps knows of no stops
    TapedEnd end = free.ends[k];
    end.first = base_.tape.ends.at(k).first, end.last = base_.tape.ends.at(k).last;
    base_.tape.ends.at(k) = end;
  }
}

TapedRun FrozenRun::run(const Case& c) const {
  std::vector<TakenStep> taken = taken_;
  for (std::size_t k = 0; k < base_.tape.ends.size(); ++k) meet(c, k, taken);
  return complete(c, nullptr, &taken);
}

/// Moves the end of step k of the protocol to its stop, by secants.
void FrozenRun::meet(const Case& c, std::size_t k, std::vector<TakenStep>& taken) const {
  const TapedEnd& end = base_.tape.ends[k];
  if (end.by == TapedEnd::By::nothing) return;
  const Stop& stop = (end.of_protocol ? c.until : c.protocol[k].stops)[end.stop];
  std::size_t last = 0;
  while (last + 1 < taken.size() && taken[last + 1].step <= static_cast<int>(k)) ++last;
  Case first = c;
  first.protocol.resize(k + 1);
  std::vector<TakenStep> until(taken.begin(), taken.begin() + static_cast<long>(last) + 1);
  const auto missed = [&](double at) {
    until.back().end = at;
    return missed_stop(complete(first, nullptr, &until).results, end, stop);
  };
  double before = taken[last].end, value_before = missed(before);
  const double start = last > 0 && taken[last - 1].step == taken[last].step ? taken[last - 1].end : 0;
  double now = before + 1e-3 * (before - start);
  for (int i = 0; i < 12; ++i) {
    const double value = missed(now);
    if (value == value_before) break;
    const double next = now - value * (now - before) / (value - value_before);
    before = now, value_before = value, now = next;
    if (std::abs(now - before) < 1e-13 * now) break;
  }
  taken[last].end = now;
}

std::vector<double> scalars_of(const Results& results) {
  std::vector<double> values;
  const LastStep last = last_step(results);
  for (const ScalarResult& scalar : scalar_results())
    values.push_back(scalar.of_the_run || last.missing.empty() ? scalar.value(results, last) : std::nan(""));
  return values;
}

std::vector<ResultSlope> scalar_slopes_of(const Results& results) {
  std::vector<ResultSlope> slopes;
  const LastStep last = last_step(results);
  for (const ScalarResult& scalar : scalar_results())
    slopes.push_back(scalar.of_the_run || last.missing.empty() ? scalar.slope(results, last) : ResultSlope{});
  return slopes;
}

double moved_by(const ResultSlope& slope, const Results& base, const Results& varied) {
  double moved = slope.by_area * (varied.area - base.area);
  for (const auto& of : slope.values)
    moved += of.by * (varied.accepted[of.row].values[of.observable] - base.accepted[of.row].values[of.observable]);
  for (const auto& of : slope.times) moved += of.by * (varied.accepted[of.row].time - base.accepted[of.row].time);
  return moved;
}

}  // namespace porelith
