#pragma once
/// (D12) A Gaussian process of one result in the unit cube that knows slopes: Matern 5/2, a length a variable.
#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <vector>

namespace porelith {

/// Known points, a column each.
struct KnownPoints {
  Eigen::MatrixXd u;       ///< d x n
  Eigen::VectorXd values;  ///< n
  Eigen::MatrixXd slopes;  ///< d x n, NaN where there are none
};

/// What covariances are made of; slopes are in units of the values' deviation over the cube.
struct ProcessShape {
  Eigen::VectorXd log_lengths;              ///< d
  double log_noise = std::log(1e-4);        ///< of values, over the process's deviation
  double log_slope_noise = std::log(3e-3);  ///< of slopes, over the same and a length
};

class SlopeProcess {
 public:
  SlopeProcess() = default;
  /// From the shape that makes the points likeliest, near to what is usual of smooth results where they are few.
  /// @param first where to look for it @param search false: as it is
  SlopeProcess(const KnownPoints& known, const ProcessShape& first, bool search = true);

  /// @param slope by u, d; may be null
  double mean(const Eigen::VectorXd& u, Eigen::VectorXd* slope = nullptr) const;
  double deviation(const Eigen::VectorXd& u) const;
  const ProcessShape& shape() const { return shape_; }
  static ProcessShape usual(Eigen::Index dimension);

 private:
  struct Likelihood;
  /// Covariances of all rows of the known points with the value at u.
  Eigen::VectorXd row(const Eigen::VectorXd& u) const;

  KnownPoints known_;
  std::vector<std::pair<Eigen::Index, Eigen::Index>> rows_;  ///< point, and -1 for its value or the slope's variable
  ProcessShape shape_;
  Eigen::VectorXd lengths_;
  double level_ = 0, scale_ = 1, deviation_ = 1;  ///< values are level + scale times the process, which deviates so
  Eigen::VectorXd weights_, ones_;                ///< K^-1 (y - m 1), K^-1 1
  double mean_ = 0;
  Eigen::LLT<Eigen::MatrixXd> factor_;
};

}  // namespace porelith
