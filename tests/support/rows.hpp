#pragma once
/// Rows of a curve, for tests.
#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

#include "solver/newman/observables/observables.hpp"

namespace porelith {

/// Current, voltage, charge, energy, and then as many of the other observables as are given, in their order.
inline CurveRow curve_row(double time, const std::vector<double>& values, int step = 0) {
  CurveRow row{time, step, std::vector<double>(observables().size(), std::nan(""))};
  std::copy(values.begin(), values.end(), row.values.begin());
  return row;
}

inline double& at(CurveRow& row, std::string_view observable) { return row.values.at(observable_called(observable)); }

/// The time, all values, the step.
inline std::vector<double> all_of(const CurveRow& row) {
  std::vector<double> all{row.time, double(row.step)};
  all.insert(all.end(), row.values.begin(), row.values.end());
  return all;
}

}  // namespace porelith
