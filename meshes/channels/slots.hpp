#pragma once
/// Slots with round ends in the plane, as branches are in two dimensions: what they cover of a rectangle, in closed
/// form.
#include <array>
#include <vector>

namespace porelith {

/// All points that are no further than `radius` from the line between two points.
struct RoundSlot {
  std::array<double, 2> start, end;  ///< [m]
  double radius;                     ///< [m], > 0
};

/// Part of the rectangle from `low` to `high` that any of the slots covers [1]; exact to rounding (G3).
double covered_by_slots(const std::vector<RoundSlot>& slots, const std::array<double, 2>& low,
                        const std::array<double, 2>& high);

}  // namespace porelith
