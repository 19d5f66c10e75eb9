#pragma once
/// How wide an interval must be to hold 90 % of what nobody has seen (N9), from errors on samples that were not seen.
#include <Eigen/Core>
#include <deque>

namespace porelith {

/// For each output: half width = factor sqrt(floor^2 + variance of the members).
struct Calibration {
  Eigen::VectorXd factor, floor;  ///< m

  /// @param variance of the members, m; @return m
  Eigen::VectorXd half_width(const Eigen::VectorXd& variance) const {
    return (factor.array() * (floor.array().square() + variance.array()).sqrt()).matrix();
  }
};

/// Of the floors that do, the one with the narrowest intervals in the mean.
/// @param error of an ensemble on samples that none of its members has seen, m x n
/// @param variance of its members there, m x n
/// @param share that the intervals are to hold
Calibration calibrate(const Eigen::MatrixXd& error, const Eigen::MatrixXd& variance, double share = 0.9);

/// (N12) A search goes where a network errs in its favour, so its proposals err more than random samples do. By how
/// much, their own answers tell.
class Widening {
 public:
  /// @param ratio of a proposal's error to the half width that calibration gave it
  void add(double ratio);
  void forget() { ratios_.clear(); }
  /// Whether there are answers enough to tell.
  bool known() const;
  /// What to multiply half widths of proposals by, so that 90 % hold; at least 1.
  double factor() const;

 private:
  std::deque<double> ratios_;  ///< the last ones
};

}  // namespace porelith
