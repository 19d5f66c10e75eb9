/// Points spread evenly over the unit cube: Sobol's sequence and Latin hypercubes.
#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <random>
#include <stdexcept>

#include "surrogate/dataset/campaign.hpp"

namespace porelith {
namespace {

/// A primitive polynomial and the first direction numbers of one dimension.
struct Direction {
  int degree;
  std::uint32_t polynomial;  ///< its inner coefficients as bits
  std::array<std::uint32_t, 8> m;
};

/// S. Joe and F. Y. Kuo, SIAM J. Sci. Comput. 30 (2008) 2635, doi:10.1137/070709359, table new-joe-kuo-6: dimensions 2
/// to
/// 41. The first dimension is van der Corput's.
constexpr Direction directions[] = {
    {1, 0, {1}},
    {2, 1, {1, 3}},
    {3, 1, {1, 3, 1}},
    {3, 2, {1, 1, 1}},
    {4, 1, {1, 1, 3, 3}},
    {4, 4, {1, 3, 5, 13}},
    {5, 2, {1, 1, 5, 5, 17}},
    {5, 4, {1, 1, 5, 5, 5}},
    {5, 7, {1, 1, 7, 11, 19}},
    {5, 11, {1, 1, 5, 1, 1}},
    {5, 13, {1, 1, 1, 3, 11}},
    {5, 14, {1, 3, 5, 5, 31}},
    {6, 1, {1, 3, 3, 9, 7, 49}},
    {6, 13, {1, 1, 1, 15, 21, 21}},
    {6, 16, {1, 3, 1, 13, 27, 49}},
    {6, 19, {1, 1, 1, 15, 7, 5}},
    {6, 22, {1, 3, 1, 15, 13, 25}},
    {6, 25, {1, 1, 5, 5, 19, 61}},
    {7, 1, {1, 3, 7, 11, 23, 15, 103}},
    {7, 4, {1, 3, 7, 13, 13, 15, 69}},
    {7, 7, {1, 1, 3, 13, 7, 35, 63}},
    {7, 8, {1, 3, 5, 9, 1, 25, 53}},
    {7, 14, {1, 3, 1, 13, 9, 35, 107}},
    {7, 19, {1, 3, 1, 5, 27, 61, 31}},
    {7, 21, {1, 1, 5, 11, 19, 41, 61}},
    {7, 28, {1, 3, 5, 3, 3, 13, 69}},
    {7, 31, {1, 1, 7, 13, 1, 19, 1}},
    {7, 32, {1, 3, 7, 5, 13, 19, 59}},
    {7, 37, {1, 1, 3, 9, 25, 29, 41}},
    {7, 41, {1, 3, 5, 13, 23, 1, 55}},
    {7, 42, {1, 3, 7, 3, 13, 59, 17}},
    {7, 50, {1, 3, 1, 3, 5, 53, 69}},
    {7, 55, {1, 1, 5, 5, 23, 33, 13}},
    {7, 56, {1, 1, 7, 7, 1, 61, 123}},
    {7, 59, {1, 1, 7, 9, 13, 61, 49}},
    {7, 62, {1, 3, 3, 5, 3, 55, 33}},
    {8, 14, {1, 3, 1, 15, 31, 13, 49, 245}},
    {8, 21, {1, 3, 5, 15, 31, 59, 63, 97}},
    {8, 22, {1, 3, 1, 11, 11, 11, 77, 249}},
    {8, 38, {1, 3, 1, 11, 27, 43, 71, 9}},
};
constexpr int most_dimensions = 1 + static_cast<int>(std::size(directions));
constexpr int bits = 32;

/// Direction numbers v_1 ... v_32 of one dimension, leading bit first.
std::array<std::uint32_t, bits> direction_numbers(int dimension) {
  std::array<std::uint32_t, bits> v{};
  if (dimension == 0) {
    for (int k = 0; k < bits; ++k) v[k] = 1u << (bits - 1 - k);
    return v;
  }
  const Direction& d = directions[dimension - 1];
  for (int k = 0; k < d.degree; ++k) v[k] = d.m[k] << (bits - 1 - k);
  for (int k = d.degree; k < bits; ++k) {
    v[k] = v[k - d.degree] ^ (v[k - d.degree] >> d.degree);
    for (int j = 1; j < d.degree; ++j)
      if ((d.polynomial >> (d.degree - 1 - j)) & 1u) v[k] ^= v[k - j];
  }
  return v;
}

/// In Gray code order (Antonov and Saleev 1979); the seed shifts every digit of a dimension at random, seed 0 none.
std::vector<std::vector<double>> sobol(int n, int d, unsigned seed) {
  std::vector<std::vector<double>> points(n, std::vector<double>(d));
  std::mt19937_64 random(seed);
  for (int i = 0; i < d; ++i) {
    const auto v = direction_numbers(i);
    std::uint32_t at = seed == 0 ? 0 : static_cast<std::uint32_t>(random() >> 32);
    for (int k = 0; k < n; ++k) {
      points[k][i] = at * 0x1p-32;
      at ^= v[__builtin_ctz(~static_cast<unsigned>(k))];  // the lowest zero bit of k
    }
  }
  return points;
}

/// A number in [0, 1) from 53 random bits: the same on every machine, which standard distributions are not.
double uniform(std::mt19937_64& random) { return static_cast<double>(random() >> 11) * 0x1p-53; }

std::vector<std::vector<double>> latin_hypercube(int n, int d, unsigned seed) {
  std::vector<std::vector<double>> points(n, std::vector<double>(d));
  std::mt19937_64 random(seed);
  std::vector<int> strata(n);
  for (int i = 0; i < d; ++i) {
    for (int k = 0; k < n; ++k) strata[k] = k;
    for (int k = n - 1; k > 0; --k) std::swap(strata[k], strata[static_cast<int>(uniform(random) * (k + 1))]);
    for (int k = 0; k < n; ++k) points[k][i] = (strata[k] + uniform(random)) / n;
  }
  return points;
}

}  // namespace

std::vector<std::vector<double>> sample_points(const std::string& sampling, int n, int d, unsigned seed) {
  if (sampling == "latin_hypercube") return latin_hypercube(n, d, seed);
  if (sampling != "sobol")
    throw std::invalid_argument(fmt::format("sampling = \"{}\" is neither sobol nor latin_hypercube", sampling));
  if (d > most_dimensions)
    throw std::invalid_argument(fmt::format(
        "Sobol points are there for at most {} variables, not {}; use latin_hypercube", most_dimensions, d));
  return sobol(n, d, seed);
}

}  // namespace porelith
