#include "solver/frozen_run.hpp"

#include <algorithm>
#include <cmath>

#include "solver/base/error.hpp"
#include "solver/newman/observables/scalar_results.hpp"
#include "solver/record/last_step.hpp"
#include "solver/simulation.hpp"
#include "solver/taped_run.hpp"

namespace porelith {

namespace {

constexpr double tight_newton = 1e-9;  ///< of rtol

struct TakenSteps : Recorder {
  void took(const TakenStep& step) override { taken.push_back(step); }
  std::vector<TakenStep> taken;
};

TapedRun complete_run(const Case& c, Recorder* recorder, const std::vector<TakenStep>* replay, const Team& team) {
  Case tight = c;
  tight.solver.newton = std::min(tight_newton, c.solver.newton_leaves());
  TapedRun run = simulate_taped(tight, recorder, team, replay);
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

}  // namespace

TapedRun FrozenRun::complete(const Case& c, Recorder* recorder, const std::vector<TakenStep>* replay) const {
  return complete_run(c, recorder, replay, team_);
}

FrozenRun::FrozenRun(const Case& c, const Team& team) : team_(team) {
  TakenSteps steps;
  base_ = std::make_shared<TapedRun>(complete(c, &steps, nullptr));
  ends_ = std::make_shared<std::vector<TapedEnd>>(base_->tape.ends);
  taken_ = with_room(steps.taken);
  find_speeds(c);
  *base_ = run(c, &met_);
  tell_ends(*base_);
}

/// A run by frozen steps knows of no stops.
void FrozenRun::tell_ends(TapedRun& run) const {
  for (std::size_t k = 0; k < ends_->size(); ++k) {
    TapedEnd end = (*ends_)[k];
    end.first = run.tape.ends.at(k).first, end.last = run.tape.ends.at(k).last;
    run.tape.ends.at(k) = end;
  }
}

double FrozenRun::seconds() const { return base_->results.seconds; }

Results FrozenRun::solve(const Case& c) const { return run(c).results; }

TapedRun FrozenRun::taped(const Case& c) const {
  TapedRun run = this->run(c);
  tell_ends(run);
  return run;
}

TapedRun FrozenRun::on(const Case& c, const Team& team) const {
  TapedRun run = complete_run(c, nullptr, &met_, team);
  tell_ends(run);
  return run;
}

TakenStep& FrozenRun::last_of(std::size_t k, std::vector<TakenStep>& taken) const {
  std::size_t last = 0;
  while (last + 1 < taken.size() && taken[last + 1].step <= static_cast<int>(k)) ++last;
  return taken[last];
}

/// How far the end of step k of the protocol is from its stop.
double FrozenRun::missed(const Results& results, const Case& c, std::size_t k) const {
  const TapedEnd& end = (*ends_)[k];
  const Stop& stop = (end.of_protocol ? c.until : c.protocol[k].stops)[end.stop];
  const bool in_time = end.by == TapedEnd::By::time;
  const auto seen = [&](const CurveRow& row) { return in_time ? row.time : row.values[end.observable]; };
  const CurveRow *first = nullptr, *last = nullptr;
  for (const CurveRow& row : results.accepted) {
    if (row.step != static_cast<int>(k)) continue;
    if (!first) first = &row;
    last = &row;
  }
  return left_until(stop, seen(*last), end.of_protocol ? 0 : seen(*first));
}

/// By a run whose end is a little later, a step of the protocol.
void FrozenRun::find_speeds(const Case& c) {
  constexpr double later = 1e-4;  // of the last time step
  const TapedRun whole = complete(c, nullptr, &taken_);
  speeds_.assign(ends_->size(), 0.0);
  for (std::size_t k = 0; k < ends_->size(); ++k) {
    speeds_[k] = -1;
    if ((*ends_)[k].by != TapedEnd::By::observable) continue;  // a time is met by itself
    std::vector<TakenStep> taken = taken_;
    TakenStep& last = last_of(k, taken);
    const double before = &last != taken.data() && (&last - 1)->step == last.step ? (&last - 1)->end : 0;
    const double move = later * (last.end - before);
    last.end += move;
    taken.resize(static_cast<std::size_t>(&last - taken.data()) + 1);
    Case first = c;
    first.protocol.resize(k + 1);
    speeds_[k] = (missed(complete(first, nullptr, &taken).results, c, k) - missed(whole.results, c, k)) / move;
  }
}

/// All steps of the protocol meet their stops at once: each end by its own speed, which follows where what came before
/// it lies still.
TapedRun FrozenRun::run(const Case& c, std::vector<TakenStep>* by) const {
  constexpr int most_runs = 40;
  constexpr double met = 1e-13, still = 1e-3, rounding = 1e-10;  // of the time at which a step ends
  std::vector<TakenStep> taken = taken_;
  std::vector<double> speeds = speeds_, missed_before(ends_->size(), 0.0), moves(ends_->size(), 0.0);
  double largest_before = 1;
  for (int n = 0; n < most_runs; ++n) {
    if (by) *by = taken;
    TapedRun again = complete(c, nullptr, &taken);
    double largest = 0, disturbed = 0;
    for (std::size_t k = 0; k < ends_->size(); ++k) {
      if ((*ends_)[k].by == TapedEnd::By::nothing) continue;
      const double now = missed(again.results, c, k);
      const bool follows = (*ends_)[k].by == TapedEnd::By::observable;
      if (follows && moves[k] != 0 && now != missed_before[k] && disturbed <= still * std::abs(moves[k]))
        speeds[k] = (now - missed_before[k]) / moves[k];
      disturbed = std::max(disturbed, std::abs(moves[k]));
      TakenStep& last = last_of(k, taken);
      missed_before[k] = now, moves[k] = -now / speeds[k];
      last.end += moves[k];
      largest = std::max(largest, std::abs(moves[k]) / last.end);
    }
    if (largest < met || (largest < rounding && largest > 0.5 * largest_before)) return again;
    largest_before = largest;
  }
  throw SolveFailure("the stops of its steps are not met by frozen time steps");
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
