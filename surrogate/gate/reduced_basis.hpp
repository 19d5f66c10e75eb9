#pragma once
/// Curves as a mean and a few modes found from the data (N6): what a learner is given of a whole curve.
#include <Eigen/Core>

namespace porelith {

struct ReducedBasis {
  Eigen::VectorXd mean;   ///< p
  Eigen::MatrixXd modes;  ///< p x r, orthonormal

  long size() const { return modes.cols(); }
  /// @param curves n x p; @return n x r
  Eigen::MatrixXd coefficients(const Eigen::MatrixXd& curves) const;
  /// @param coefficients n x r; @return n x p
  Eigen::MatrixXd curves(const Eigen::MatrixXd& coefficients) const;
};

/// As many modes as leave the curves a mean absolute error of `error` at most; at most `most`.
/// @param curves n x p; @param error in the curves' unit
ReducedBasis reduced_basis(const Eigen::MatrixXd& curves, double error, long most = 16);

}  // namespace porelith
