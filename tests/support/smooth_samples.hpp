#pragma once
/// A training set whose truth is a formula: what surrogates are tested on.
#include <fmt/format.h>

#include <cmath>

#include "solver/base/random.hpp"
#include "surrogate/gate/training_set.hpp"

namespace porelith {

/// Two smooth scalars of six inputs; the last input is learned in its logarithm.
inline Eigen::Vector2d smooth_truth(const Eigen::VectorXd& x) {
  const double u = std::log10(x[5]);
  return {10 + std::sin(2 * x[0]) + x[1] * x[2] + std::exp(-x[3] * x[3]) + 0.5 * x[4] + 0.3 * u * x[0],
          5 + std::cos(x[0] + x[1]) + 0.5 * x[2] * x[2] + 0.4 * u * x[4]};
}

/// A curve of three shapes over s in [0, 1].
inline double smooth_curve(const Eigen::VectorXd& x, double s) {
  return 3.5 + 0.5 * s + 0.1 * x[0] * std::exp(-5 * s) + 0.05 * x[1] * x[2] * s * s;
}

inline TrainingSet smooth_samples(long n, unsigned seed, long points = 33) {
  TrainingSet data;
  for (int k = 0; k < 6; ++k) {
    data.inputs.push_back(fmt::format("x{}", k));
    data.input_units.emplace_back("1");
    data.low.push_back(k < 5 ? -1 : 0.1);
    data.high.push_back(k < 5 ? 1 : 10);
    data.log.push_back(k == 5);
  }
  data.scalars = {"first", "second"};
  data.scalar_units = {"A.h", "V"};
  data.curve_name = "voltage";
  data.curve_unit = "V";
  data.coordinate_name = "share of the charge";
  data.cell_hash = "cell";
  data.case_hash = "case";
  data.coordinate.setLinSpaced(points, 0, 1);
  data.X.resize(n, 6);
  data.Y.resize(n, 2);
  data.curves.resize(n, points);
  Random random(seed);
  for (long i = 0; i < n; ++i) {
    Eigen::VectorXd x(6);
    for (double& value : x) value = random.uniform(-1, 1);
    x[5] = std::pow(10, x[5]);
    data.X.row(i) = x;
    data.Y.row(i) = smooth_truth(x);
    for (long p = 0; p < points; ++p) data.curves(i, p) = smooth_curve(x, data.coordinate[p]);
  }
  return data;
}

/// Some of the samples.
inline TrainingSet first_samples(const TrainingSet& all, long n) {
  TrainingSet some = all;
  some.X = all.X.topRows(n);
  some.Y = all.Y.topRows(n);
  some.curves = all.curves.topRows(n);
  return some;
}

}  // namespace porelith
