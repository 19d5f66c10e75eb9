#pragma once
/// Channel and matrix in one control volume (S5). For any kind of number, so that derivatives follow.
#include <cmath>

#include "meshes/matrix_part.hpp"
#include "meshes/mesh.hpp"

namespace porelith {

/// The part of a control volume that counts as matrix [1].
inline double matrix_part(const Mesh& mesh, int P) { return counted_matrix(mesh.matrix_of(P)); }

/// What conducts or holds salt, of the matrix `value`, of a channel all: side by side.
template <class Number>
Number side_by_side(double matrix, const Number& value) {
  return (1 - matrix) + matrix * value;
}

/// Transport efficiency of a cell along one axis: in series across the wall of a channel, side by side along it.
/// @param parallel of the cell, side by side; normal the wall normal's square along the axis
template <class Number>
Number B_along(const Number& parallel, const Number& matrix, const Number& normal) {
  const Number channel = 1 - matrix;
  const Number series = 1 / (channel + matrix * matrix / (parallel - channel));
  return parallel + normal * (series - parallel);
}

/// Along which axis of a grid a face's two cells lie.
inline int direction_of(const Mesh& mesh, const Face& f) {
  int d = 0;
  const auto apart = [&](int k) { return std::abs(mesh.centre[f.neighbour][k] - mesh.centre[f.owner][k]); };
  for (int k = 1; k < 3; ++k)
    if (apart(k) > apart(d)) d = k;
  return d;
}

/// The same for any cell, of the transport efficiency `B` side by side. Through a foil next to nothing passes, so that
/// a face of it has a flux of nothing rather than a division by nothing.
/// @param matrix,normal those of the cell, where a channel cuts it
template <class Number>
Number B_through(const Mesh& mesh, int P, const Number& B, const Number& matrix, const Number& normal) {
  const Number no_electrolyte(1e-60);
  if (B < no_electrolyte) return no_electrolyte;
  const double part = matrix_part(mesh, P);
  const bool cut = !mesh.wall_normal.empty() && is_electrode(mesh.region[P]) && part > 0 && part < 1;
  return cut ? B_along(B, matrix, normal) : B;
}

/// Square of the wall's normal in a cell along an axis; 0 where no channel cuts any.
inline double wall_normal(const Mesh& mesh, int P, int axis) {
  return mesh.wall_normal.empty() ? 0 : mesh.wall_normal[P][axis];
}

}  // namespace porelith
