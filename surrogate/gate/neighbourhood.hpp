#pragma once
/// How far a point is from the data, and how far into a corner (N11).
#include <Eigen/Core>
#include <limits>

namespace porelith {

/// Inputs within 10 % of their range of a bound. @param x scaled to [-1, 1]
long near_bounds(const Eigen::VectorXd& x);

class Neighbourhood {
 public:
  Neighbourhood() = default;
  /// @param X scaled points, d x n
  explicit Neighbourhood(const Eigen::MatrixXd& X);

  /// To the nearest point, 1 = as far as some of the data's own points are from all others.
  double distance(const Eigen::VectorXd& x) const { return gap(x) / unit_; }
  /// The same in scaled inputs.
  double gap(const Eigen::VectorXd& x) const { return nearest(x, -1); }
  double unit() const { return unit_; }
  /// Whether some of the data are as far from all others, and some have as many inputs near a bound.
  bool has_like(double distance, long near_bounds) const { return distance <= 1 && near_bounds <= most_near_bounds_; }
  /// Of values at the points: how much of the variance of their ranks is there already between nearest neighbours;
  /// about 1 for noise, whatever its distribution. @param y n
  double roughness(const Eigen::VectorXd& y) const;

 private:
  /// Distance to the nearest point but `except`, and which it is.
  double nearest(const Eigen::VectorXd& x, long except, long* which = nullptr) const;

  Eigen::ArrayXXd points_;  ///< n x d: a column for each input, so that one sweep is one vector operation
  double unit_ = 1;
  long most_near_bounds_ = 0;
};

}  // namespace porelith
