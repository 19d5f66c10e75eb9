#pragma once
/// Minimises a smooth function by L-BFGS.
#include <Eigen/Core>
#include <functional>
#include <vector>

namespace porelith {

/// A function's value and its gradient, overwritten; infinite or NaN where it has none.
using Smooth = std::function<double(const Eigen::VectorXd& x, Eigen::VectorXd& gradient)>;

struct Descent {
  int iterations = 200;    ///< at most
  double gradient = 1e-6;  ///< ends below this largest component
  double progress = 1e-9;  ///< ends where an iteration lowers the value by less than this part of it
};

/// J. Nocedal, Math. Comput. 35 (1980) 773, each step with the weak Wolfe conditions by bisection (A. S. Lewis and M.
/// L. Overton, Math. Program. 141 (2013) 135).
/// @param x start, left at the lowest point found
/// @param told the point after each iteration
/// @return the value after each iteration
std::vector<double> descend(
    const Smooth& function, Eigen::VectorXd& x, const Descent& how,
    const std::function<void(const Eigen::VectorXd& x)>& told = [](const Eigen::VectorXd&) {});

}  // namespace porelith
