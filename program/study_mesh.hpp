#pragma once
/// The one mesh of a study.
#include "program/verb.hpp"

namespace porelith {

/// Where the case asks for an accuracy and gives no mesh, the baseline is solved and refined until it has it, and the
/// mesh is given as if it had been typed: all samples, every later call and the optimum then have the same. Elsewhere
/// what was typed. Every rank comes to the same by itself.
/// @param tells whether this rank says what it finds
/// @throws CaseError if the case cannot be read
CaseLine on_baselines_mesh(CaseLine typed, bool tells);

}  // namespace porelith
