#pragma once
/// Slopes of a run against differences of runs by the same time steps: what `check --gradient-test` tells.
#include <string>
#include <vector>

#include "solver/frozen_run.hpp"
#include "solver/gradient.hpp"

namespace porelith {

/// One slope, backward along the tape, beside its difference of fourth order.
struct CheckedSlope {
  enum class Verdict {
    agrees,
    differs,
    unsettled,  ///< the differences themselves are not sure: a kink lies among their points
  };
  std::string result, number;
  double slope, difference;
  double deviation;  ///< relative; where both are near what rounding makes of a difference, in relation to that
  double doubt;      ///< likewise: what half the step makes of the difference, and how it jumps at the point itself
  Verdict verdict;
};

/// As near as a slope and its difference have to be, relative.
inline constexpr double slope_tolerance = 1e-5;

/// Of all scalar results by the numbers that have slopes and cases. Results that neither moves are left out. Six runs
/// a number, and some more to meet stops.
/// @param base the case that the run is of  @throws SolveFailure where a run gives up
std::vector<CheckedSlope> checked_slopes(const FrozenRun& frozen, const Case& base, const std::vector<Along>& by);

}  // namespace porelith
