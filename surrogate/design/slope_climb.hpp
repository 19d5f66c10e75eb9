#pragma once
/// One climb of NLopt's SLSQP or MMA in the unit cube, for whoever can say what a point is worth and how that changes
/// (D10).
#include <Eigen/Core>
#include <functional>
#include <vector>

namespace porelith {

/// Objective and constraints at a point of the unit cube; constraints hold where they are >= 0.
struct ClimbPoint {
  Eigen::VectorXd u;
  bool defined = false, sloped = false;
  double merit = 0;
  Eigen::VectorXd slope, constraints;
  Eigen::MatrixXd constraint_slopes;
};

/// What a search's numbers are measured in, taken where it begins.
struct ClimbUnits {
  double merit = 1;
  Eigen::VectorXd constraints;  ///< the change of each over the cube
};
ClimbUnits climb_units(const ClimbPoint& start);

/// Nobody wants to know any more, or all that may be asked has been: whoever is asked throws it.
struct ClimbOver {};

struct SlopeClimb {
  bool by_slsqp = true;     ///< else by MMA
  double radius = 0.25;     ///< of the first step
  double worth = 1e-5;      ///< gain of a line search, in units of the merit, below which it ends
  double kept_off = 1e-6;   ///< what a constraint keeps from its bound, in its unit
  int most_backward = 0;    ///< steps back in a line search before slopes are said to mislead; 0: any number
  std::vector<bool> stays;  ///< numbers that keep their value; empty: none
  ClimbUnits units;
  /// Of a point, with slopes or at least the values. Nothing else is asked while the reference is in use.
  std::function<const ClimbPoint&(const Eigen::VectorXd& u, bool slope)> at;
};

/// Climbs from a defined point that has its slopes, its curvatures unknown at first. What is found, `at` has seen.
/// @return whether it got stuck: a line search found nothing better. @throws ClimbOver where `at` did
bool climb(const SlopeClimb& how, const ClimbPoint& first);

}  // namespace porelith
