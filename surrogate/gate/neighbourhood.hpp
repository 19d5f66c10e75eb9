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

 private:
  double nearest(const Eigen::VectorXd& x, long except) const;

  Eigen::ArrayXXd points_;  ///< n x d: a column for each input, so that one sweep is one vector operation
  double unit_ = 1;
};

}  // namespace porelith
