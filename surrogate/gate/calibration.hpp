#pragma once
/// How wide an interval must be to hold 90 % of what nobody has seen (N8 to N10), from data that all were trained on.
#include <Eigen/Core>

namespace porelith {

/// For each output: half width = factor sqrt(floor^2 + variance of the members).
struct Calibration {
  Eigen::VectorXd factor, floor;  ///< m

  /// @param variance of the members, m; @return m
  Eigen::VectorXd half_width(const Eigen::VectorXd& variance) const {
    return (factor.array() * (floor.array().square() + variance.array()).sqrt()).matrix();
  }
};

/// @param unseen errors of single members on samples that they have not seen, m x n
/// @param variance of the members at points that none has seen, m x points
/// @param share that the intervals are to hold
Calibration calibrate(const Eigen::MatrixXd& unseen, const Eigen::MatrixXd& variance, double share = 0.9);

}  // namespace porelith
