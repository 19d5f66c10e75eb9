#pragma once
/// How a scalar result follows the accepted states of its run (R3).
#include <cstddef>
#include <vector>

namespace porelith {

/// d(result)/d(rows of Results::accepted), those that are not 0.
struct ResultSlope {
  struct OfValue {
    std::size_t row;
    std::size_t observable;  ///< its place in observables()
    double by;               ///< [its unit over the observable's]
    double sharpness = 0;    ///< of the smooth extreme of its places that stands in its place (R8); 0: itself
  };
  struct OfTime {
    std::size_t row;
    double by;  ///< [its unit s-1]
  };
  std::vector<OfValue> values;
  std::vector<OfTime> times;
  double by_area = 0;  ///< explicitly, by that of the whole cell [its unit m-2]
};

}  // namespace porelith
