#pragma once
/// The mesh of a layered cell: negative electrode, separator, positive electrode along x.
#include "meshes/mesh.hpp"
#include "solver/case/case.hpp"

namespace porelith {

/// Edges of n cells over [0, 1], the first `grading` times as thick as the last, geometric in between. [1]
std::vector<double> graded_edges(int n, double grading);

/// Edges of the cells through an electrode, xi = 0 at the collector, 1 at the separator. Cells thin toward the
/// separator
/// (`grading`); a face stands on every jump of a property, each layer between two jumps gets at least one cell.
std::vector<double> electrode_edges(const Electrode& electrode, int cells, double grading);

/// The mesh of a case: 1D. With `across` = {ny} or {ny, nz} the same stack as a plain 2D or 3D block whose
/// footprint is `width` along each of these directions [m].
Mesh layered_mesh(const Cell& cell, const MeshOptions& options, const std::vector<int>& across = {},
                  double width = 1e-4);

}  // namespace porelith
