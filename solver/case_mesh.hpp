#pragma once
/// What a case is solved on.
#include "meshes/grid.hpp"
#include "meshes/layers.hpp"
#include "solver/base/team.hpp"
#include "solver/case/case.hpp"
#include "solver/region_side.hpp"

namespace porelith {

/// The coatings and the separator of a cell as its meshes need them: a face on every jump of a property; where the case
/// says how many control volumes a piece has, on the borders of all its layers.
LayerSpecs layer_specs_of(const Cell& cell, const MeshOptions& options);
LayerThicknesses thicknesses_of(const Cell& cell);

/// The grid of a case's layers and channels.
Grid grid_of(const Case& input);

/// This rank's part of the case's mesh: of the Gmsh file that it names, else of the grid of its layers and channels.
/// Collective. @throws CaseError for a Gmsh file that does not fit the case
Mesh mesh_of(const Case& input, const Team& team = Team::alone());

}  // namespace porelith
