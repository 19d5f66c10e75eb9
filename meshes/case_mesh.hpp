#pragma once
/// What a case is solved on.
#include "meshes/mesh.hpp"
#include "solver/base/team.hpp"
#include "solver/case/case.hpp"

namespace porelith {

/// This rank's part of the case's mesh: of the Gmsh file that it names, else of the grid of its layers and channels.
/// Collective. @throws CaseError for a Gmsh file that does not fit the case
Mesh mesh_of(const Case& input, const Team& team = Team::alone());

}  // namespace porelith
