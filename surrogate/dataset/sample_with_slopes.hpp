#pragma once
/// Samples that carry slopes by the design's variables.
#include <vector>

#include "surrogate/dataset/design_space.hpp"

namespace porelith {

/// DesignSpace::solve on the case's mesh, to the bit, and slopes of all scalar results by all variables, exact for the
/// run's own steps (R1)-(R4), with why some are missing; never throws for what the point is.
/// @param curve whether those of the voltage at each share of the charge are wanted, too (R7)
Sample sample_with_slopes(const DesignSpace& space, long index, const std::vector<double>& x, bool curve,
                          Recorder* recorder = nullptr);

}  // namespace porelith
