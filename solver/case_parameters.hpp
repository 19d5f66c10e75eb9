#pragma once
/// A case's numbers on the control volumes of its mesh.
#include "solver/case/case.hpp"
#include "solver/newman/model.hpp"
#include "solver/newman/parameters.hpp"

namespace porelith {

/// Porosity, transport efficiency and conductivity of own cells and ghosts.
/// @throws CaseError where the mesh has a foil that the case says nothing of
Medium medium_of(const Case& input, const Mesh& mesh);

/// @throws CaseError as medium_of
Parameters parameters_of(const Case& input, const Mesh& mesh);

/// @param team the ranks that `mesh` is spread over. Collective.  @param further fields beside Newman's
/// @throws CaseError as medium_of
Model model_of(const Case& input, Mesh mesh, const Team& team = Team::alone(), std::vector<FurtherField> further = {});

}  // namespace porelith
