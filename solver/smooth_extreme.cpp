#include "solver/smooth_extreme.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "solver/newman/observables/observables.hpp"
#include "solver/newman/observables/scalar_results.hpp"
#include "solver/newman/observables/soft_least.hpp"
#include "solver/taped_run.hpp"

namespace porelith {

namespace {

constexpr double landings = 10;  ///< that it may be off
constexpr double nothing = 50;   ///< beyond so many e-foldings a state's places do not count
constexpr double moments = 10;   ///< as many times that are as good it has room for, at least

/// The rows before and behind which a value is greater (less, where `sense` is negative), and which have a stage: how
/// near another time step came to them is none of their value's matter.
std::vector<std::size_t> turns_of(const TapedRun& run, std::size_t k, double sense) {
  std::vector<std::size_t> turns;
  std::size_t before = 0;  // the latest row with another value, and whether it was greater
  bool falls = true, any = false;
  const std::vector<CurveRow>& rows = run.results.accepted;
  const auto value = [&](std::size_t row) { return sense * rows[row].values[k]; };
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (run.tape.rows[row] < 0 || !std::isfinite(value(row))) continue;
    if (any && value(row) == value(before)) continue;
    if (any && falls && value(row) > value(before)) turns.push_back(before);
    falls = !any || value(row) < value(before);
    before = row, any = true;
  }
  if (any && falls) turns.push_back(before);
  return turns;
}

}  // namespace

std::optional<SmoothExtreme> smooth_extreme(const TapedRun& run, const std::string& result) {
  const std::optional<Extreme> extreme = extreme_called(result);
  if (!extreme) return std::nullopt;
  const std::size_t k = extreme->observable;
  const Layout& layout = run.model->layout();
  const auto places =
      static_cast<long>(run.observers->places(k, run.tape.stages.seen(layout, run.tape.ends.front().first)).size());
  const double sense = extreme->how == Reduction::least ? 1 : -1;
  const std::vector<std::size_t> turns = turns_of(run, k, sense);
  if (turns.empty()) return std::nullopt;
  const auto value = [&](std::size_t row) { return run.results.accepted[row].values[k]; };
  const auto beats = [&](std::size_t a, std::size_t b) { return sense * value(a) < sense * value(b); };
  const std::size_t active = *std::min_element(turns.begin(), turns.end(), beats);
  const double count =
      std::max(moments, static_cast<double>(turns.size())) * static_cast<double>(run.model->team().sum(places));
  if (!(count > 1)) return std::nullopt;  // it tells no places
  const double sharpness = sense * std::log(count) / (landings * observables()[k].landing);
  SmoothExtreme smooth{};
  std::vector<double> values;
  for (const std::size_t row : turns) {
    if (!(sharpness * (value(row) - value(active)) < nothing)) continue;
    values.push_back(run.observers->smooth(k, run.tape.stages.seen(layout, run.tape.rows[row]), sharpness));
    smooth.slope.values.push_back({row, k, 0, sharpness});
  }
  const SoftLeast soft = soft_least(values, sharpness, Team::alone());
  smooth.value = soft.value;
  for (std::size_t i = 0; i < values.size(); ++i) smooth.slope.values[i].by = soft.weights[i];
  return smooth;
}

}  // namespace porelith
