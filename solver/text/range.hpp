#pragma once
/// The values that a number may take, in words and in a test.
#include <limits>
#include <string>

namespace porelith {

/// Values from low to high; an end that is not included is round in print.
struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_included = true, high_included = true;

  bool holds(double v) const { return (low_included ? v >= low : v > low) && (high_included ? v <= high : v < high); }
  /// "(0, 1]"; where one end is open to infinity "> 0"; "" where every number is allowed
  std::string text() const;
  /// What is to be said of a value that does not hold: "outside (0, 1]", "not > 0"
  std::string violation() const;
};

/// (low, high]
inline Range above(double low, double high = std::numeric_limits<double>::infinity()) {
  return {low, high, false, true};
}
/// (low, high)
inline Range inside(double low, double high) { return {low, high, false, false}; }

}  // namespace porelith
