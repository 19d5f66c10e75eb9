#pragma once
#include <string>

#include "solver/case/case.hpp"

namespace porelith {

/// What `check` prints: the cell layer by layer, its figures, the mesh, the protocol step by step, and doubts.
/// @param more sections of who calls, before the doubts
std::string check_page(const Case& input, const std::string& more = "");

}  // namespace porelith
