#pragma once
#include <string>

#include "solver/case/case.hpp"

namespace porelith {

/// What `check` prints: the cell layer by layer, its figures, the mesh, the protocol step by step, and doubts.
std::string check_page(const Case& input);

}  // namespace porelith
