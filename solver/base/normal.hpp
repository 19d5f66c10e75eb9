#pragma once
/// Normal numbers of one seed, the same on every machine: the standard's generator, whose distributions are anybody's.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>

namespace porelith {

/// By the polar method, two at a time: G. Marsaglia and T. A. Bray, SIAM Rev. 6 (1964) 260.
class NormalNumbers {
 public:
  explicit NormalNumbers(std::uint64_t seed, double mean = 0, double deviation = 1)
      : engine_(seed), mean_(mean), deviation_(deviation) {}

  double next() { return standard() * deviation_ + mean_; }

 private:
  double standard() {
    waiting_ = !waiting_;
    if (!waiting_) return other_;
    double x = 0, y = 0, square = 0;
    do {
      x = 2 * uniform() - 1;
      y = 2 * uniform() - 1;
      square = x * x + y * y;
    } while (square > 1 || square == 0);
    const double stretch = std::sqrt(-2 * std::log(square) / square);
    other_ = x * stretch;
    return y * stretch;
  }

  /// In [0, 1): all 64 bits, rounded.
  double uniform() { return std::min(static_cast<double>(engine_()) * 0x1.0p-64, 1 - 0x1.0p-53); }

  std::mt19937_64 engine_;
  double mean_, deviation_;
  double other_ = 0;
  bool waiting_ = false;  ///< the pair's second
};

}  // namespace porelith
