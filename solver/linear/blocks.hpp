#pragma once
/// Arithmetic of the cells' blocks.
#include "solver/linear/block_system.hpp"

namespace porelith {

inline Block inverse(const Block& m) {
  const double c0 = m[4] * m[8] - m[5] * m[7], c1 = m[5] * m[6] - m[3] * m[8], c2 = m[3] * m[7] - m[4] * m[6];
  const double d = 1 / (m[0] * c0 + m[1] * c1 + m[2] * c2);
  return {c0 * d, (m[2] * m[7] - m[1] * m[8]) * d, (m[1] * m[5] - m[2] * m[4]) * d,
          c1 * d, (m[0] * m[8] - m[2] * m[6]) * d, (m[2] * m[3] - m[0] * m[5]) * d,
          c2 * d, (m[1] * m[6] - m[0] * m[7]) * d, (m[0] * m[4] - m[1] * m[3]) * d};
}

inline Triple times(const Block& m, const Triple& v) {
  return {m[0] * v[0] + m[1] * v[1] + m[2] * v[2], m[3] * v[0] + m[4] * v[1] + m[5] * v[2],
          m[6] * v[0] + m[7] * v[1] + m[8] * v[2]};
}

/// Block times the sparse coupling of a face.
inline Block times(const Block& m, const FaceCoupling& f) {
  return {m[0] * f.cc + m[1] * f.ec, m[1] * f.ee, m[2] * f.ss, m[3] * f.cc + m[4] * f.ec, m[4] * f.ee, m[5] * f.ss,
          m[6] * f.cc + m[7] * f.ec, m[7] * f.ee, m[8] * f.ss};
}

inline void subtract(Triple& v, const FaceCoupling& f, const Triple& u) {
  v[0] -= f.cc * u[0];
  v[1] -= f.ec * u[0] + f.ee * u[1];
  v[2] -= f.ss * u[2];
}

/// D - the coupling of a face times U
inline void subtract(Block& D, const FaceCoupling& f, const Block& U) {
  for (int q = 0; q < 3; ++q) {
    D[q] -= f.cc * U[q];
    D[3 + q] -= f.ec * U[q] + f.ee * U[3 + q];
    D[6 + q] -= f.ss * U[6 + q];
  }
}

inline Triple transposed_times(const Block& m, const Triple& v) {
  return {m[0] * v[0] + m[3] * v[1] + m[6] * v[2], m[1] * v[0] + m[4] * v[1] + m[7] * v[2],
          m[2] * v[0] + m[5] * v[1] + m[8] * v[2]};
}

inline void subtract_transposed(Triple& v, const FaceCoupling& f, const Triple& u) {
  v[0] -= f.cc * u[0] + f.ec * u[1];
  v[1] -= f.ee * u[1];
  v[2] -= f.ss * u[2];
}

inline void subtract(Triple& v, const Triple& u) {
  for (int q = 0; q < 3; ++q) v[q] -= u[q];
}

}  // namespace porelith
