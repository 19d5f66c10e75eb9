#include "solver/smooth_extreme.hpp"

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

}  // namespace

std::optional<SmoothExtreme> smooth_extreme(const TapedRun& run, const std::string& result) {
  const std::optional<Extreme> extreme = extreme_called(result);
  if (!extreme) return std::nullopt;
  const std::size_t k = extreme->observable;
  const Layout& layout = run.model->layout();
  const CurveRow* active = extreme_row(run.results.accepted, k, extreme->how);
  if (!active) return std::nullopt;
  const double rows = static_cast<double>(run.results.accepted.size());
  const auto places =
      static_cast<long>(run.observers->places(k, run.tape.stages.seen(layout, run.tape.ends.front().first)).size());
  const double count = rows * static_cast<double>(run.model->team().sum(places));
  if (!(count > 1)) return std::nullopt;  // it tells no places, or there is one alone
  const double sense = extreme->how == Reduction::least ? 1 : -1;
  const double sharpness = sense * std::log(count) / (landings * observables()[k].landing);
  SmoothExtreme smooth{};
  std::vector<double> values;
  for (std::size_t row = 0; row < run.results.accepted.size(); ++row) {
    const int stage = run.tape.rows[row];
    if (stage < 0 || !(sharpness * (run.results.accepted[row].values[k] - active->values[k]) < nothing)) continue;
    values.push_back(run.observers->smooth(k, run.tape.stages.seen(layout, stage), sharpness));
    smooth.slope.values.push_back({row, k, 0, sharpness});
  }
  const SoftLeast soft = soft_least(values, sharpness, Team::alone());
  smooth.value = soft.value;
  for (std::size_t i = 0; i < values.size(); ++i) smooth.slope.values[i].by = soft.weights[i];
  return smooth;
}

}  // namespace porelith
