#pragma once
/// Cheaper members of a design family: the same designs, solved for less.
#include "surrogate/dataset/design_space.hpp"

namespace porelith {

/// The family on a mesh with this part of the control volumes in every direction and of the shells, rounded up; the
/// elements of a mesh file stay as they are. @param part below 1
DesignSpace coarser(const DesignSpace& space, double part);

/// What one linearisation of its baseline works on: concentrations and potentials of all control volumes, and shells.
/// Of a mesh file the shells alone. @throws CaseError
double unknowns_of(const DesignSpace& space);

}  // namespace porelith
