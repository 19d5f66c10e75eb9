#pragma once
/// A law of one variable as BPX writes it: a number, an expression in x, or a table. Value and exact derivative
/// together.
#include <memory>
#include <string>
#include <vector>

#include "solver/text/range.hpp"

namespace porelith {

/// f(x) and df/dx at one point.
struct ValueAndSlope {
  double value;
  double slope;
};

/// Immutable, cheap to copy, safe to share between threads. The unit is the caller's.
class Function {
 public:
  Function() : Function(0.0) {}
  Function(double constant);  // NOLINT: a number is a function

  /// Parses an expression in `x` (grammar: docs of expression.hpp).
  /// @throws ExpressionError with the column and a sentence
  static Function expression(const std::string& text);

  /// Linear interpolation, constant beyond the ends; x is sorted here, and a point that is there twice counts once.
  /// @throws std::invalid_argument with a sentence: sizes differ, fewer than two points, equal x with unequal y, not
  /// finite
  static Function table(std::vector<double> x, std::vector<double> y);

  /// (a + b)/2
  static Function mean_of(const Function& a, const Function& b);

  bool is_constant() const;
  /// Where the law is known: from end to end of a table, everywhere else without ends. In the unit of x.
  Range range() const;
  ValueAndSlope operator()(double x) const;

  /// f[i], df[i] = f(x[i]), f'(x[i]) for i < n; vectorised, no allocation in the steady state (thread-local scratch).
  void evaluate(int n, const double* x, double* f, double* df) const;

  /// Where a table's slope jumps, rising; none in an expression.
  std::vector<double> kinks() const;

  /// As the user wrote it ("0.4", "1.9 - x", "table of 21 points").
  const std::string& text() const;

  struct Impl;

 private:
  explicit Function(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<const Impl> impl_;
};

}  // namespace porelith
