#pragma once
/// The variables of a design family on [0, 1] each; logarithmic ones evenly in their logarithm.
#include <Eigen/Core>
#include <utility>
#include <vector>

#include "solver/case/design.hpp"

namespace porelith {

class UnitCube {
 public:
  explicit UnitCube(std::vector<DesignVariable> variables) : variables_(std::move(variables)) {}
  int dimension() const { return static_cast<int>(variables_.size()); }
  /// Within the bounds; nothing is rounded.
  std::vector<double> point(const Eigen::VectorXd& u) const;
  /// Within [0, 1].
  Eigen::VectorXd unit(const std::vector<double>& x) const;
  /// dx/du, variable by variable
  Eigen::VectorXd slope(const std::vector<double>& x) const;
  /// Integers to the nearest whole number within the bounds.
  std::vector<double> rounded(std::vector<double> x) const;
  /// A design of u in [0, 1)^d: of integers, every whole number has the same share.
  std::vector<double> design(const std::vector<double>& u) const;

 private:
  std::vector<DesignVariable> variables_;
};

}  // namespace porelith
