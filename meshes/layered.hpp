#pragma once
/// The mesh of a layered cell: negative electrode, separator, positive electrode along x.
#include "meshes/mesh.hpp"
#include "meshes/stack.hpp"
#include "solver/case/case.hpp"

namespace porelith {

/// The mesh of a case: 1D. With `across` = {ny} or {ny, nz} the same stack as a plain 2D or 3D block whose
/// footprint is `width` along each of these directions [m].
Mesh layered_mesh(const Cell& cell, const MeshOptions& options, const std::vector<int>& across = {},
                  double width = 1e-4);

}  // namespace porelith
