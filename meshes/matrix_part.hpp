#pragma once
/// What of a control volume that a channel cuts counts as matrix.

namespace porelith {

/// The part that counts, of the part that is [1]. Slivers of matrix in a channel's cells are left out: they hold
/// nothing and stiffen everything. In between it rises smoothly, as walls move (S5c).
inline double counted_matrix(double part) {
  constexpr double nothing = 1e-7, itself = 2e-6, range = itself - nothing;
  if (part >= itself) return part;
  const double t = (part - nothing) / range;
  return t > 0 ? t * t * (3 * itself - range + t * (range - 2 * itself)) : 0;
}

}  // namespace porelith
