#pragma once
/// exp and log without branches or tables, so that a compiler turns a loop over them into vector instructions
/// (g++ 12 has vector forms of them only under -ffast-math). Errors below 2 units in the last place; tested.
#include <cstdint>
#include <cstring>

namespace porelith::vector_math {

inline std::uint64_t to_bits(double d) {
  std::uint64_t u;
  std::memcpy(&u, &d, sizeof u);
  return u;
}
inline double from_bits(std::uint64_t u) {
  double d;
  std::memcpy(&d, &u, sizeof d);
  return d;
}

inline constexpr double largest_exponent = 690;  ///< e^690, and e^690 times any sane slope, are finite
inline constexpr double smallest_base = 1e-300;  ///< stands for 0 under a logarithm and under a slope of infinity

/// ln 2 in two parts: the first has 32 zero bits at its end, so that whole multiples of it are exact.
inline constexpr double ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33;

/// e^u, u held within +-690. With k = u/ln 2 rounded, e^u = 2^k e^r, |r| <= ln 2/2, and e^r is its Taylor series to
/// r^13.
inline double exp(double u) {
  u = u > largest_exponent ? largest_exponent : u;  // a NaN stays one
  u = u < -largest_exponent ? -largest_exponent : u;
  constexpr double log2_e = 1.4426950408889634;
  constexpr double round = 0x1.8p52;  // adding it leaves the whole part in the lowest bits
  const double shifted = u * log2_e + round;
  const double k = shifted - round;
  const double r = (u - k * ln2_high) - k * ln2_low;
  const double r2 = r * r, r4 = r2 * r2, r8 = r4 * r4;
  const double c01 = 1 + r, c23 = 1.0 / 2 + r * (1.0 / 6), c45 = 1.0 / 24 + r * (1.0 / 120);
  const double c67 = 1.0 / 720 + r * (1.0 / 5040), c89 = 1.0 / 40320 + r * (1.0 / 362880);
  const double c1011 = 1.0 / 3628800 + r * (1.0 / 39916800), c1213 = 1.0 / 479001600 + r * (1.0 / 6227020800);
  const double high = (c89 + r2 * c1011) + r4 * c1213;
  const double series = ((c45 + r2 * c67) * r4 + r8 * high) + r2 * c23 + c01;
  return from_bits(to_bits(series) + (to_bits(shifted) << 52));
}

/// ln a for a >= 1e-300; what is below counts as 1e-300. With a = 2^k m, sqrt(1/2) <= m < sqrt 2, and s = (m - 1)/(m +
/// 1): ln m = 2 (s + s^3/3 + s^5/5 + ...), |s| < 0.172.
inline double log(double a) {
  a = a < smallest_base ? smallest_base : a;
  constexpr std::uint64_t sqrt_half = 0x3fe6a09e667f3bcd;
  const std::uint64_t offset = to_bits(a) - sqrt_half;
  const std::uint64_t exponent = ((offset >> 52) + 1024) & 0xfff;  // k + 1024, of which only 12 bits mean anything
  const double m = from_bits((offset & 0x000fffffffffffff) + sqrt_half);
  const double k = (from_bits(0x4330000000000000 | exponent) - 0x1p52) - 1024;
  const double s = (m - 1) / (m + 1), z = s * s;
  double series = 1.0 / 23;
  series = series * z + 1.0 / 21;
  series = series * z + 1.0 / 19;
  series = series * z + 1.0 / 17;
  series = series * z + 1.0 / 15;
  series = series * z + 1.0 / 13;
  series = series * z + 1.0 / 11;
  series = series * z + 1.0 / 9;
  series = series * z + 1.0 / 7;
  series = series * z + 1.0 / 5;
  series = series * z + 1.0 / 3;
  return k * ln2_high + (2 * s + (2 * s * z * series + k * ln2_low));
}

}  // namespace porelith::vector_math
