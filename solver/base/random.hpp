#pragma once
/// Random numbers that are the same on every machine: the standard fixes its generators, but not its distributions.
#include <cmath>
#include <cstdint>
#include <numeric>
#include <random>
#include <utility>
#include <vector>

namespace porelith {

class Random {
 public:
  /// Streams of one seed are independent of each other, so that threads may draw in any order.
  explicit Random(std::uint64_t seed, std::uint64_t stream = 0) {
    std::seed_seq words{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32),
                        static_cast<std::uint32_t>(stream), static_cast<std::uint32_t>(stream >> 32)};
    engine_.seed(words);
  }

  /// In [0, 1): the upper 53 bits.
  double uniform() { return static_cast<double>(engine_() >> 11) * 0x1.0p-53; }
  double uniform(double low, double high) { return low + (high - low) * uniform(); }

  /// Mean 0, deviation 1: G. E. P. Box and M. E. Muller, Ann. Math. Statist. 29 (1958) 610.
  double normal() {
    constexpr double two_pi = 6.283185307179586476925;
    const double radius = std::sqrt(-2 * std::log(1 - uniform()));
    return radius * std::cos(two_pi * uniform());
  }

  /// In [0, n), without bias.
  std::uint64_t below(std::uint64_t n) {
    const std::uint64_t limit = n * (UINT64_MAX / n);
    std::uint64_t draw = engine_();
    while (draw >= limit) draw = engine_();
    return draw % n;
  }

  template <class T>
  void shuffle(std::vector<T>& values) {
    for (std::size_t k = values.size(); k > 1; --k) std::swap(values[k - 1], values[below(k)]);
  }

  /// 0, ..., n - 1 in random order.
  std::vector<long> permutation(long n) {
    std::vector<long> order(static_cast<std::size_t>(n));
    std::iota(order.begin(), order.end(), 0L);
    shuffle(order);
    return order;
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace porelith
