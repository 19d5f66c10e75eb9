#pragma once
/// The covariance of values and slopes of a Gaussian process: Matern 5/2, a length for each input (N13).
#include <Eigen/Core>
#include <vector>

namespace porelith {

/// Where a process is known. Its rows: the value at each point, then the d slopes of each sloped point.
struct Points {
  Eigen::MatrixXd X;         ///< d x n
  std::vector<long> sloped;  ///< columns of X, ascending

  long d() const { return X.rows(); }
  long n() const { return X.cols(); }
  long rows() const { return n() + d() * static_cast<long>(sloped.size()); }
};

/// Of the rows with the value at u. @param length d; @return rows
Eigen::VectorXd covariances(const Points& points, const Eigen::VectorXd& length, const Eigen::VectorXd& u);
/// Of the rows with the slopes at u: the derivatives of the above. @return rows x d
Eigen::MatrixXd covariance_slopes(const Points& points, const Eigen::VectorXd& length, const Eigen::VectorXd& u);
/// Of the rows with each other. @return rows x rows
Eigen::MatrixXd covariance(const Points& points, const Eigen::VectorXd& length);
/// The variance of the slopes by u. @return d
Eigen::VectorXd slope_variance(const Eigen::VectorXd& length);
/// d tr(W C) / d ln length. @param W symmetric; @param C covariance(), on its diagonal more that falls as the slopes'
/// variance does
Eigen::VectorXd by_length(const Points& points, const Eigen::VectorXd& length, const Eigen::MatrixXd& W,
                          const Eigen::MatrixXd& C);

}  // namespace porelith
