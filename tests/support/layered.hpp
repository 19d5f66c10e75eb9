#pragma once
/// The mesh of a layered cell, put together by itself: what the program's own grids are held against.
#include "meshes/mesh.hpp"
#include "meshes/stack.hpp"
#include "solver/case/case.hpp"
#include "solver/case_mesh.hpp"
#include "solver/cell/cell.hpp"

namespace porelith {

/// Corners of cell (i, j, k) among points numbered x fastest, in VTK's order.
inline std::vector<int> corners(int dimension, int i, int j, int k, int nx, int ny) {
  const auto point = [&](int di, int dj, int dk) { return (i + di) + (nx + 1) * ((j + dj) + (ny + 1) * (k + dk)); };
  if (dimension == 1) return {i, i + 1};
  std::vector<int> v{point(0, 0, 0), point(1, 0, 0), point(1, 1, 0), point(0, 1, 0)};
  if (dimension == 3) v.insert(v.end(), {point(0, 0, 1), point(1, 0, 1), point(1, 1, 1), point(0, 1, 1)});
  return v;
}

/// The mesh of a case: 1D. With `across` = {ny} or {ny, nz} the same stack as a plain 2D or 3D block whose
/// footprint is `width` along each of these directions [m].
inline Mesh layered_mesh(const Cell& cell, const MeshOptions& options, const std::vector<int>& across = {},
                         double width = 1e-4) {
  const auto slices = stack_of(layer_specs_of(cell, options));
  const int nx = static_cast<int>(slices.size());
  const int ny = across.size() > 0 ? across[0] : 1;
  const int nz = across.size() > 1 ? across[1] : 1;

  Mesh mesh;
  mesh.dimension = 1 + static_cast<int>(across.size());
  const double dy = mesh.dimension > 1 ? width / ny : 1;
  const double dz = mesh.dimension > 2 ? width / nz : 1;
  mesh.footprint = ny * dy * nz * dz;
  const auto id = [&](int i, int j, int k) { return i + nx * (j + ny * k); };
  const auto x_half = [&](int i) { return (slices[i].x_to - slices[i].x_from) / 2; };

  for (int k = 0; k < nz; ++k)
    for (int j = 0; j < ny; ++j)
      for (int i = 0; i < nx; ++i) {
        const auto& s = slices[i];
        const double dx = s.x_to - s.x_from;
        mesh.volume.push_back(dx * dy * dz);
        mesh.region.push_back(s.region);
        mesh.centre.push_back({(s.x_from + s.x_to) / 2, mesh.dimension > 1 ? (j + 0.5) * dy : 0,
                               mesh.dimension > 2 ? (k + 0.5) * dz : 0});
        mesh.xi_from.push_back(s.xi_from);
        mesh.xi_to.push_back(s.xi_to);
        mesh.vertices.push_back(corners(mesh.dimension, i, j, k, nx, ny));
        const int P = id(i, j, k);
        if (i + 1 < nx) mesh.faces.push_back({P, id(i + 1, j, k), dy * dz, x_half(i), x_half(i + 1)});
        if (j + 1 < ny) mesh.faces.push_back({P, id(i, j + 1, k), dx * dz, dy / 2, dy / 2});
        if (k + 1 < nz) mesh.faces.push_back({P, id(i, j, k + 1), dx * dy, dz / 2, dz / 2});
        if (i == 0) mesh.negative_collector.push_back({P, dy * dz, x_half(i)});
        if (i == nx - 1) mesh.positive_collector.push_back({P, dy * dz, x_half(i)});
      }

  for (int k = 0; k <= (mesh.dimension > 2 ? nz : 0); ++k)
    for (int j = 0; j <= (mesh.dimension > 1 ? ny : 0); ++j)
      for (int i = 0; i <= nx; ++i)
        mesh.points.push_back({i < nx ? slices[i].x_from : slices[nx - 1].x_to, j * (mesh.dimension > 1 ? dy : 0),
                               k * (mesh.dimension > 2 ? dz : 0)});
  return mesh;
}

}  // namespace porelith
