#pragma once
/// Arithmetic of the cells' blocks: of three unknowns entry by entry, in which what is nothing takes no time, and of
/// any.
#include <cmath>
#include <utility>

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

/// Of the salt balance on c_e, the ionic current on c_e and on phi_e, the electronic current on phi_s.
inline const std::array<double, 4>& entries_of(const FaceCoupling& f) { return f; }

/// Block times the sparse coupling of a face.
inline Block times(const Block& m, const FaceCoupling& f) {
  const auto [cc, ec, ee, ss] = entries_of(f);
  return {m[0] * cc + m[1] * ec, m[1] * ee, m[2] * ss, m[3] * cc + m[4] * ec, m[4] * ee, m[5] * ss,
          m[6] * cc + m[7] * ec, m[7] * ee, m[8] * ss};
}

inline void subtract(Triple& v, const FaceCoupling& f, const Triple& u) {
  const auto [cc, ec, ee, ss] = entries_of(f);
  v[0] -= cc * u[0];
  v[1] -= ec * u[0] + ee * u[1];
  v[2] -= ss * u[2];
}

/// D - the coupling of a face times U
inline void subtract(Block& D, const FaceCoupling& f, const Block& U) {
  const auto [cc, ec, ee, ss] = entries_of(f);
  for (int q = 0; q < 3; ++q) {
    D[q] -= cc * U[q];
    D[3 + q] -= ec * U[q] + ee * U[3 + q];
    D[6 + q] -= ss * U[6 + q];
  }
}

inline Triple transposed_times(const Block& m, const Triple& v) {
  return {m[0] * v[0] + m[3] * v[1] + m[6] * v[2], m[1] * v[0] + m[4] * v[1] + m[7] * v[2],
          m[2] * v[0] + m[5] * v[1] + m[8] * v[2]};
}

inline void subtract_transposed(Triple& v, const FaceCoupling& f, const Triple& u) {
  const auto [cc, ec, ee, ss] = entries_of(f);
  v[0] -= cc * u[0] + ec * u[1];
  v[1] -= ee * u[1];
  v[2] -= ss * u[2];
}

/// By Gauss with pivots; what is not finite where the block is singular.
template <class U>
BlockOf<U> inverse(BlockOf<U> m) {
  constexpr int n = U::n;
  BlockOf<U> out{};
  for (int p = 0; p < n; ++p) out(p, p) = 1;
  for (int k = 0; k < n; ++k) {
    int best = k;
    for (int i = k + 1; i < n; ++i)
      if (std::abs(m(i, k)) > std::abs(m(best, k))) best = i;
    for (int q = 0; q < n; ++q) std::swap(m(k, q), m(best, q)), std::swap(out(k, q), out(best, q));
    const double pivot = 1 / m(k, k);
    for (int q = 0; q < n; ++q) m(k, q) *= pivot, out(k, q) *= pivot;
    for (int i = 0; i < n; ++i) {
      if (i == k) continue;
      const double factor = m(i, k);
      for (int q = 0; q < n; ++q) m(i, q) -= factor * m(k, q), out(i, q) -= factor * out(k, q);
    }
  }
  return out;
}

template <class U, std::size_t n = U::n>
std::array<double, n> times_any(const BlockOf<U>& m, const std::array<double, n>& v, bool transposed) {
  std::array<double, n> out{};
  for (std::size_t p = 0; p < n; ++p)
    for (std::size_t q = 0; q < n; ++q) out[p] += (transposed ? m(int(q), int(p)) : m(int(p), int(q))) * v[q];
  return out;
}
template <class U>
ValuesOf<U> times(const BlockOf<U>& m, const std::array<double, U::n>& v) {
  return times_any<U>(m, v, false);
}
template <class U>
ValuesOf<U> transposed_times(const BlockOf<U>& m, const std::array<double, U::n>& v) {
  return times_any<U>(m, v, true);
}

template <class U>
BlockOf<U> times(const BlockOf<U>& m, const FaceCouplingOf<U>& f) {
  BlockOf<U> out{};
  for (int p = 0; p < U::n; ++p)
    for (std::size_t i = 0; i < f.size(); ++i) out(p, U::across[i].column) += m(p, U::across[i].row) * f[i];
  return out;
}

template <class U>
void subtract(BlockOf<U>& D, const FaceCouplingOf<U>& f, const BlockOf<U>& B) {
  for (std::size_t i = 0; i < f.size(); ++i)
    for (int q = 0; q < U::n; ++q) D(U::across[i].row, q) -= f[i] * B(U::across[i].column, q);
}

template <class U>
void subtract(std::array<double, U::n>& v, const FaceCouplingOf<U>& f, const std::array<double, U::n>& u) {
  for (std::size_t i = 0; i < f.size(); ++i) v[U::across[i].row] -= f[i] * u[U::across[i].column];
}

template <class U>
void subtract_transposed(std::array<double, U::n>& v, const FaceCouplingOf<U>& f, const std::array<double, U::n>& u) {
  for (std::size_t i = 0; i < f.size(); ++i) v[U::across[i].column] -= f[i] * u[U::across[i].row];
}

template <std::size_t n>
void subtract(std::array<double, n>& v, const std::array<double, n>& u) {
  for (std::size_t q = 0; q < n; ++q) v[q] -= u[q];
}

}  // namespace porelith
