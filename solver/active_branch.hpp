#pragma once
/// Which of many values a least or greatest one is, when and where, and whether another is as good (R3).
#include <string>

#include "solver/record/branch.hpp"
#include "solver/taped_run.hpp"

namespace porelith {

/// Of a scalar result: of a least or greatest one where its slope is taken; of the others the step that they are of,
/// and how that ended. Two values are as good within 1e-5 V, or 1e-3 of the range of other units; what lies within a
/// tenth of the mesh or of the run is the same minimum. Collective.
Branch active_branch(const TapedRun& run, const std::string& result, const ResultSlope& slope);

}  // namespace porelith
