#pragma once
/// Numbers that carry their slopes by k variables (forward differentiation): a relation that is written for any kind of
/// number gives with these its derivatives, exactly.
#include <array>
#include <cmath>

namespace porelith {

template <int k>
struct Dual {
  double value = 0;
  std::array<double, k> slope{};

  Dual() = default;
  Dual(double constant) : value(constant) {}  // NOLINT: a number is one without slopes
  Dual(double value_, const std::array<double, k>& slope_) : value(value_), slope(slope_) {}

  /// f(x) whose value and derivative at x are known.
  friend Dual chained(const Dual& x, double f, double by_x) {
    Dual y(f);
    for (int i = 0; i < k; ++i) y.slope[i] = by_x * x.slope[i];
    return y;
  }
  /// f(x, y) likewise
  friend Dual chained(const Dual& x, const Dual& y, double f, double by_x, double by_y) {
    Dual z(f);
    for (int i = 0; i < k; ++i) z.slope[i] = by_x * x.slope[i] + by_y * y.slope[i];
    return z;
  }

  friend Dual operator-(const Dual& x) { return chained(x, -x.value, -1); }
  friend Dual operator+(const Dual& x, const Dual& y) { return chained(x, y, x.value + y.value, 1, 1); }
  friend Dual operator-(const Dual& x, const Dual& y) { return chained(x, y, x.value - y.value, 1, -1); }
  friend Dual operator*(const Dual& x, const Dual& y) { return chained(x, y, x.value * y.value, y.value, x.value); }
  friend Dual operator/(const Dual& x, const Dual& y) {
    return chained(x, y, x.value / y.value, 1 / y.value, -x.value / y.value / y.value);
  }
  Dual& operator+=(const Dual& y) { return *this = *this + y; }
  Dual& operator-=(const Dual& y) { return *this = *this - y; }
  Dual& operator*=(const Dual& y) { return *this = *this * y; }

  friend bool operator<(const Dual& x, const Dual& y) { return x.value < y.value; }
  friend bool operator>(const Dual& x, const Dual& y) { return x.value > y.value; }

  friend Dual sqrt(const Dual& x) {
    const double root = std::sqrt(x.value);
    return chained(x, root, 0.5 / root);
  }
  friend Dual log(const Dual& x) { return chained(x, std::log(x.value), 1 / x.value); }
  friend Dual asinh(const Dual& x) { return chained(x, std::asinh(x.value), 1 / std::sqrt(1 + x.value * x.value)); }
  friend double value_of(const Dual& x) { return x.value; }
};

// The same for plain numbers.
inline double chained(double, double f, double) { return f; }
inline double value_of(double x) { return x; }

}  // namespace porelith
