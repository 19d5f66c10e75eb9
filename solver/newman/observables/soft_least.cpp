#include "solver/newman/observables/soft_least.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace porelith {

SoftLeast soft_least(const std::vector<double>& values, double sharpness, const Team& team) {
  double least = std::numeric_limits<double>::infinity();  // of sharpness x value, so that no exponential overflows
  for (const double value : values) least = std::min(least, sharpness * value);
  least = team.min(least);
  SoftLeast soft{0, {}};
  double sum = 0;
  for (const double value : values) sum += soft.weights.emplace_back(std::exp(least - sharpness * value));
  sum = team.sum(sum);
  for (double& weight : soft.weights) weight /= sum;
  soft.value = (least - std::log(sum)) / sharpness;
  return soft;
}

}  // namespace porelith
