#pragma once
/// (D1) Multistart projected gradient ascent: summits of a smooth landscape under bounds and constraints.
#include <Eigen/Core>
#include <functional>
#include <vector>

namespace porelith {

/// A landscape on the unit cube, at one point. Constraints hold where they are >= 0.
struct Local {
  double value = 0;
  Eigen::VectorXd slope;              ///< d
  Eigen::VectorXd constraints;        ///< m
  Eigen::MatrixXd constraint_slopes;  ///< m x d
};
using Landscape = std::function<Local(const Eigen::VectorXd& u)>;

struct ClimbOptions {
  double scale = 1;         ///< what counts as a large difference of the value
  int outer = 8;            ///< updates of the multipliers at most
  int inner = 60;           ///< steps between them at most
  double tolerance = 1e-5;  ///< of the projected slope, and of violated constraints relative to their slopes
  int threads = 1;          ///< starts climbed at once; the result does not depend on it
  double apart = 0.02;      ///< summits nearer than this in every coordinate are one
};

struct Summit {
  Eigen::VectorXd u;
  double value = 0;
  double violation = 0;  ///< largest violated constraint, in units of its slope over the cube; 0 = all hold
};

/// Climbs from every start, but not where the landscape is no finite number; distinct summits, those that keep all
/// constraints first, best first.
std::vector<Summit> climb(const Landscape& landscape, const std::vector<Eigen::VectorXd>& starts,
                          const ClimbOptions& options);

}  // namespace porelith
