/// Points spread evenly over the unit cube: Sobol's sequence and Latin hypercubes.
#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <random>
#include <stdexcept>

#include "surrogate/dataset/campaign.hpp"
#include "surrogate/dataset/points.hpp"

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
static_assert(most_sobol_variables == 1 + std::size(directions));
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

/// A number in [0, 1) from 53 random bits: the same on every machine, which standard distributions are not.
double uniform(std::mt19937_64& random) { return static_cast<double>(random() >> 11) * 0x1p-53; }

}  // namespace

PointSequence::PointSequence(const std::string& sampling, int n, int d, unsigned seed)
    : sobol_(sampling == "sobol"), n_(n), random_(seed), point_(d) {
  if (!sobol_ && sampling != "latin_hypercube")
    throw std::invalid_argument(fmt::format("sampling = \"{}\" is neither sobol nor latin_hypercube", sampling));
  if (!sobol_) return;
  if (d > most_sobol_variables)
    throw std::invalid_argument(fmt::format(
        "Sobol points are there for at most {} variables, not {}; use latin_hypercube", most_sobol_variables, d));
  for (int i = 0; i < d; ++i) {
    const auto v = direction_numbers(i);
    directions_.insert(directions_.end(), v.begin(), v.end());
    state_.push_back(seed == 0 ? 0 : static_cast<std::uint32_t>(random_() >> 32));
  }
}

/// Sobol's in Gray code order (Antonov and Saleev 1979); the seed shifts every digit of a dimension at random, seed 0
/// none.
const std::vector<double>& PointSequence::next() {
  if (!sobol_) {
    if (at_ == static_cast<int>(hypercube_.size())) next_hypercube();
    return hypercube_[static_cast<std::size_t>(at_++)];
  }
  const int change = __builtin_ctz(~k_++);  // the lowest zero bit
  for (std::size_t i = 0; i < point_.size(); ++i) {
    point_[i] = state_[i] * 0x1p-32;
    state_[i] ^= directions_[i * bits + static_cast<std::size_t>(change)];
  }
  return point_;
}

void PointSequence::next_hypercube() {
  at_ = 0;
  hypercube_.assign(n_, std::vector<double>(point_.size()));
  std::vector<int> strata(n_);
  for (std::size_t i = 0; i < point_.size(); ++i) {
    for (int k = 0; k < n_; ++k) strata[k] = k;
    for (int k = n_ - 1; k > 0; --k) std::swap(strata[k], strata[static_cast<int>(uniform(random_) * (k + 1))]);
    for (int k = 0; k < n_; ++k) hypercube_[k][i] = (strata[k] + uniform(random_)) / n_;
  }
}

std::string evenly(std::size_t variables) { return variables <= most_sobol_variables ? "sobol" : "latin_hypercube"; }

std::vector<std::vector<double>> sample_points(const std::string& sampling, int n, int d, unsigned seed) {
  PointSequence sequence(sampling, n, d, seed);
  std::vector<std::vector<double>> points;
  for (int k = 0; k < n; ++k) points.push_back(sequence.next());
  return points;
}

}  // namespace porelith
