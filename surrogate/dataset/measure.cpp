/// From a run to what a campaign records of it: scalars, and the voltage on the common coordinate.
#include <fmt/format.h>

#include <cmath>

#include "solver/newman/observables/observables.hpp"
#include "solver/newman/observables/scalar_results.hpp"
#include "solver/record/last_step.hpp"
#include "surrogate/dataset/sample.hpp"

namespace porelith {

void measure(const Results& results, Sample& sample) {
  const LastStep last = last_step(results);
  if (!last.missing.empty()) {
    sample.status = "failed: " + last.missing;
    return;
  }
  sample.scalars.clear();
  for (const ScalarResult& scalar : scalar_results()) sample.scalars.push_back(scalar.value(results, last));
  const std::size_t voltage = observable_called("voltage");
  for (int k = 0; k < curve_points; ++k) sample.curve[k] = last.at(k / (curve_points - 1.0), voltage);
  for (std::size_t k = 0; k < sample.scalars.size(); ++k) {
    if (std::isfinite(sample.scalars[k])) continue;
    sample.status = fmt::format("failed: {} is not a finite number", scalar_results()[k].name);
    return;
  }
}

}  // namespace porelith
