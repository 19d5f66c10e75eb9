#include "surrogate/dataset/sample_with_slopes.hpp"

#include <chrono>
#include <limits>

#include "solver/base/clock.hpp"
#include "solver/base/error.hpp"
#include "solver/newman/observables/scalar_results.hpp"
#include "surrogate/dataset/along_design.hpp"
#include "surrogate/dataset/taped_solve.hpp"

namespace porelith {
namespace {

void add_reason(std::string& missing, const std::string& what, const std::string& why) {
  missing += (missing.empty() ? "" : "; ") + what + ": " + why;
}

/// [variable][number] as row-major [number][variable]
void transpose_into(std::vector<double>& to, const std::vector<std::vector<double>>& from) {
  const std::size_t d = from.size();
  for (std::size_t i = 0; i < d; ++i)
    for (std::size_t k = 0; k < from[i].size(); ++k) to[k * d + i] = from[i][k];
}

void take_slopes(const Case& input, const TapedRun& run, const std::vector<Along>& by, bool curve,
                 SampleSlopes& slopes) {
  for (const Along& variable : by)
    if (!variable.missing.empty()) add_reason(slopes.missing, variable.name, variable.missing);
  std::vector<CurveWanted> curves;
  if (curve) curves.push_back({"voltage", Coordinate::share, {}, curve_points});
  const AllGradients all = gradients(input, run, scalar_result_names(), curves, by);
  for (std::size_t r = 0; r < all.results.size(); ++r) {
    const Gradient& result = all.results[r];
    for (std::size_t i = 0; i < by.size(); ++i) slopes.scalars[r * by.size() + i] = result.slopes[i];
    slopes.one_sided[r] = result.branch.one_sided.empty() ? 0 : 1;
    if (!result.missing.empty()) add_reason(slopes.missing, result.name, result.missing);
  }
  if (curve) transpose_into(slopes.curve, all.curves.front().slopes);
}

}  // namespace

Sample sample_with_slopes(const DesignSpace& space, long index, const std::vector<double>& x, bool curve,
                          Recorder* recorder) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  TapedSolve taped;
  Sample sample = space.solve(index, x, [&](const Case& at) { return taped.solve(at, recorder); });
  SampleSlopes& slopes = sample.slopes.emplace();
  const std::size_t scalars = scalar_results().size(), d = x.size();
  slopes.scalars.assign(scalars * d, nan);
  slopes.one_sided.assign(scalars, 0);
  if (curve) slopes.curve.assign(curve_points * d, nan);
  if (!complete(sample) || !taped.run) {
    slopes.missing = complete(sample) ? taped.refused : sample.status;
    return sample;
  }
  const auto begun = std::chrono::steady_clock::now();
  try {
    take_slopes(*taped.input, taped.run->taped(), along_design(space, x, taped.run->taped()), curve, slopes);
  } catch (const SolveFailure& failure) {
    slopes.missing = failure.what();
  }
  slopes.seconds = seconds_since(begun);
  return sample;
}

}  // namespace porelith
