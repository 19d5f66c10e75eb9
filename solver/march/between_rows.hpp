#pragma once
/// Where between two accepted states the curve needs rows, so that straight lines between them are true.
#include <functional>

#include "solver/march/stepper.hpp"

namespace porelith {

/// How far a straight line between two rows may lie from the step's polynomial.
inline constexpr double row_voltage = 0.4e-3;  ///< [V]
inline constexpr double row_part = 0.8e-3;     ///< of the larger of the two currents [1]

/// Calls `add` with the times, in order, inside of the step that `stepper` has found and not committed.
void between_rows(const Stepper& stepper, const Layout& l, const std::function<void(double t)>& add);

}  // namespace porelith
