#include "solver/active_branch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "solver/newman/observables/observables.hpp"
#include "solver/newman/observables/place.hpp"
#include "solver/newman/observables/scalar_results.hpp"
#include "solver/newman/worst.hpp"

namespace porelith {

namespace {

constexpr double volts_as_good = 1e-5, share_as_good = 1e-3;
constexpr double apart = 0.1;   ///< of the mesh's extent, or of the run's time: further off is another minimum
constexpr double equal = 1e-9;  ///< of the range: the same wherever it is

constexpr double infinity = std::numeric_limits<double>::infinity();

/// The sign that makes a result the least of what it is taken of; 0 where it is neither least nor greatest.
double sense_of(const std::string& result) {
  const auto extreme = extreme_called(result);
  return !extreme ? 0 : extreme->how == Reduction::least ? 1 : -1;
}

std::string as_good(const Observable& observable) {
  return observable.unit == "V" ? fmt::format("within {:.0e} V", volts_as_good)
                                : fmt::format("within {:.0e} of the range", share_as_good);
}

/// Least and greatest.
struct Range {
  double least = infinity, most = -infinity;
  void take(double value) { least = std::min(least, value), most = std::max(most, value); }
  double tolerance(const Observable& observable) const {
    return observable.unit == "V" ? volts_as_good : share_as_good * (most - least);
  }
};

std::string step_text(const Results& results, const CurveRow& row) {
  return fmt::format("step {} ({})", row.step + 1, results.steps[row.step].label);
}

/// Where all cells' centres lie.
std::array<Range, 3> reach_of(const Cells& mesh, const Team& team) {
  std::array<Range, 3> reach;
  for (const auto& centre : mesh.centre)
    for (int d = 0; d < 3; ++d) reach[d].take(centre[d]);
  for (Range& r : reach) r.least = team.min(r.least), r.most = team.max(r.most);
  return reach;
}

/// The place where a state has its least value, and how many others are as good.
Branch place_in(const TapedRun& run, const State& state, std::size_t k, double sense) {
  const Team& team = run.model->team();
  const Cells& mesh = run.results.mesh;
  std::vector<PlaceValue> places = run.observers->places(k, state);
  const PlaceValue* best = nullptr;
  Range range;
  for (PlaceValue& place : places) {
    place.value *= sense;
    range.take(place.value);
    if (!best || place.value < best->value) best = &place;
  }
  range.least = team.min(range.least), range.most = team.max(range.most);
  if (!std::isfinite(range.least)) return {};
  const bool here = is_first(best && best->value == range.least, team);
  std::array<double, 3> centre{};
  if (here) centre = mesh.centre[best->cell];
  team.sum(centre.data(), 3);
  const auto reach = reach_of(mesh, team);
  long others = 0;
  for (const PlaceValue& place : places) {
    if (here && place.cell == best->cell) continue;
    if (place.value - range.least > range.tolerance(observables()[k])) continue;
    bool far = place.value - range.least <= equal * (range.most - range.least);
    for (int d = 0; d < 3; ++d)
      far = far || std::abs(mesh.centre[place.cell][d] - centre[d]) > apart * (reach[d].most - reach[d].least);
    others += far;
  }
  others = team.sum(others);
  Branch branch;
  branch.place = team.any(!here ? std::string() : place_of(mesh, best->cell) + (*best->on ? ", " : "") + best->on);
  const long before = team.share(mesh.cells()).before;
  branch.cell = team.sum(here ? before + best->cell : 0L);
  if (others > 0)
    branch.one_sided =
        fmt::format("{} other place{} {}", others, others == 1 ? " is" : "s are", as_good(observables()[k]));
  return branch;
}

/// Another time of the run that is as good.
std::string other_time(const Results& results, std::size_t active, std::size_t k, double sense) {
  Range range;
  for (const CurveRow& row : results.accepted)
    if (std::isfinite(row.values[k])) range.take(sense * row.values[k]);
  const double whole = results.accepted.back().time - results.accepted.front().time;
  const CurveRow* other = nullptr;
  for (const CurveRow& row : results.accepted) {
    if (!(std::abs(row.time - results.accepted[active].time) > apart * whole)) continue;
    if (!(sense * row.values[k] - range.least <= range.tolerance(observables()[k]))) continue;
    if (!other || sense * row.values[k] < sense * other->values[k]) other = &row;
  }
  return other ? fmt::format("the value at t = {:.6g} s is {}", other->time, as_good(observables()[k])) : "";
}

}  // namespace

Branch active_branch(const TapedRun& run, const std::string& result, const ResultSlope& slope) {
  const Results& results = run.results;
  const double sense = sense_of(result);
  if (sense == 0 || slope.values.size() != 1) {
    const CurveRow& last = results.accepted.back();
    Branch branch;
    branch.where = fmt::format("of {}, which ended: {}", step_text(results, last), results.steps[last.step].ended);
    branch.time = last.time, branch.step = last.step, branch.stop = results.steps[last.step].ended;
    return branch;
  }
  const std::size_t active = slope.values.front().row, k = slope.values.front().observable;
  const CurveRow& row = results.accepted[active];
  Branch branch = place_in(run, run.tape.stages.seen(run.model->layout(), run.tape.rows[active]), k, sense);
  const bool ends = active + 1 == results.accepted.size() || results.accepted[active + 1].step != row.step;
  branch.time = row.time, branch.step = row.step;
  if (ends) branch.stop = results.steps[row.step].ended;
  branch.where = fmt::format("at t = {:.6g} s of {}{}{}{}", row.time, step_text(results, row),
                             ends ? ", its end: " + branch.stop : "", branch.place.empty() ? "" : "; ", branch.place);
  const std::string time = other_time(results, active, k, sense);
  if (!time.empty()) branch.one_sided += (branch.one_sided.empty() ? "" : "; ") + time;
  return branch;
}

}  // namespace porelith
