#pragma once
/// How far a point is from the data (N11).
#include <Eigen/Core>
#include <limits>

namespace porelith {

class Neighbourhood {
 public:
  Neighbourhood() = default;
  /// @param X scaled points, d x n
  explicit Neighbourhood(const Eigen::MatrixXd& X);

  /// To the nearest point, 1 = as far as the data's own points are from each other at most.
  double distance(const Eigen::VectorXd& x) const;
  /// Of values at the points: how much of the variance of their ranks is there already between nearest neighbours;
  /// about 1 for noise, whatever its distribution. @param y n
  double roughness(const Eigen::VectorXd& y) const;

 private:
  /// Distance to the nearest point but `except`, and which it is.
  double nearest(const Eigen::VectorXd& x, long except, long* which = nullptr) const;

  Eigen::ArrayXXd points_;  ///< n x d: a column for each input, so that one sweep is one vector operation
  double unit_ = 1;
};

}  // namespace porelith
