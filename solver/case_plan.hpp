#pragma once
/// One mesh for many cases.
#include <vector>

#include "solver/case/case.hpp"

namespace porelith {

/// Which layers a plan of a mesh tells apart.
enum class Layers {
  as_valued,   ///< those with another value than their neighbours; an electrode that has others is not planned
  as_declared  ///< all, so that each may get a value of its own
};

/// The changes that fix how many control volumes each piece of the case's grid has: with them it keeps its control
/// volumes, and its edges follow smoothly, while lengths change. None of what the case gives already, or of a mesh
/// file.
/// @throws CaseError
std::vector<CaseChange> plan_of(const Case& input, Layers layers);

}  // namespace porelith
