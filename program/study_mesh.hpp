#pragma once
/// A study's case, on the one mesh of all its solves.
#include "program/verb.hpp"
#include "solver/base/team.hpp"
#include "solver/case/case.hpp"

namespace porelith {

/// The case as typed. Where it asks for an accuracy and gives no mesh, the baseline is solved and refined until it has
/// it, and the mesh is given as if it had been typed: all samples, every later call and the optimum then have the same.
/// Every rank comes to the same by itself; the first says what it finds. Collective.
/// @throws CaseError if the case cannot be read or has no [design]
Case study_of(const CaseLine& typed, const Team& team);

}  // namespace porelith
