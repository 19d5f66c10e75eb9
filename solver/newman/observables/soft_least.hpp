#pragma once
/// The least of many values, made smooth (R8).
#include <vector>

#include "solver/base/team.hpp"

namespace porelith {

struct SoftLeast {
  double value;                 ///< below the least, by ln(count)/sharpness at most; the same on every rank
  std::vector<double> weights;  ///< d(value)/d(each of this rank's); their sum over all ranks is 1
};

/// -1/sharpness ln(sum exp(-sharpness value)) over all ranks' values. With sharpness < 0 the greatest, from above.
/// Without any values not a number. Collective. After G. Kreisselmeier and R. Steinhauser, Proc. IFAC Symp. on Computer
/// Aided Design of Control Systems (1979) 113.
SoftLeast soft_least(const std::vector<double>& values, double sharpness, const Team& team);

}  // namespace porelith
