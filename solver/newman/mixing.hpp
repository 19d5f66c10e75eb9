#pragma once
/// Channel and matrix in one control volume (S5). For any kind of number, so that derivatives follow.
#include "meshes/mesh.hpp"

namespace porelith {

/// The part of a control volume that is matrix [1]. Slivers of matrix in a channel's cells are left out: they hold
/// nothing and stiffen everything.
inline double matrix_part(const Mesh& mesh, int P) {
  constexpr double least_matrix = 1e-4;
  const double part = mesh.matrix_of(P);
  return part < least_matrix ? 0 : part;
}

/// What conducts or holds salt, of the matrix `value`, of a channel all: side by side.
template <class Number>
Number side_by_side(double matrix, const Number& value) {
  return (1 - matrix) + matrix * value;
}

/// Transport efficiency of a cell along one axis: in series across the wall of a channel, side by side along it.
/// @param parallel of the cell, side by side; normal the wall normal's square along the axis
template <class Number>
Number B_along(const Number& parallel, double matrix, double normal) {
  const double channel = 1 - matrix;
  const Number series = 1 / (channel + matrix * matrix / (parallel - channel));
  return parallel + normal * (series - parallel);
}

}  // namespace porelith
