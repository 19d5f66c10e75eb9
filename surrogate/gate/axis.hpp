#pragma once
/// The one map between a variable x in [low, high] and its place u in [0, 1].
#include <cmath>

namespace porelith {

struct Axis {
  double low = 0, high = 1;
  bool log = false;  ///< even in its logarithm

  double point(double u) const { return log ? low * std::pow(high / low, u) : low + u * (high - low); }
  double unit(double x) const { return log ? std::log(x / low) / std::log(high / low) : (x - low) / (high - low); }
  /// dx/du
  double slope(double x) const { return log ? x * std::log(high / low) : high - low; }
};

}  // namespace porelith
