#pragma once
/// The variables of a design as numbers that slopes are taken by.
#include <vector>

#include "solver/gradient.hpp"
#include "surrogate/dataset/design_space.hpp"

namespace porelith {

/// One of them at a point that was solved; a whole number has no slopes, and says so. Collective.
Along along_design(const DesignSpace& space, const std::vector<double>& x, std::size_t variable, const TapedRun& run);

/// All of them, in their order. Collective.
std::vector<Along> along_design(const DesignSpace& space, const std::vector<double>& x, const TapedRun& run);

}  // namespace porelith
