#include "surrogate/network/lbfgs.hpp"

#include <cmath>
#include <deque>
#include <limits>

namespace porelith {
namespace {

constexpr std::size_t memory = 12;             // pairs that the Hessian is told from
constexpr double decrease = 1e-4, turn = 0.9;  // of the slope at the start: J. Nocedal and S. J. Wright, Numerical
                                               // Optimization (2006), 3.1
constexpr int most_trials = 30;

struct Pair {
  Eigen::VectorXd s, y;  // change of the point and of the gradient
  double rho;
};

/// The two loops: -H g.
Eigen::VectorXd direction(const std::deque<Pair>& pairs, const Eigen::VectorXd& gradient) {
  Eigen::VectorXd q = -gradient;
  std::vector<double> alpha(pairs.size());
  for (std::size_t k = pairs.size(); k-- > 0;) {
    alpha[k] = pairs[k].rho * pairs[k].s.dot(q);
    q -= alpha[k] * pairs[k].y;
  }
  if (!pairs.empty()) q /= pairs.back().rho * pairs.back().y.squaredNorm();
  for (std::size_t k = 0; k < pairs.size(); ++k) q += (alpha[k] - pairs[k].rho * pairs[k].y.dot(q)) * pairs[k].s;
  return q;
}

struct Place {
  Eigen::VectorXd x, gradient;
  double value;
};

/// One step along p from `at`; false where none lowers the value.
bool step(const Smooth& function, const Eigen::VectorXd& p, double length, Place& at) {
  const double slope = at.gradient.dot(p);
  if (!(slope < 0)) return false;
  double low = 0, high = std::numeric_limits<double>::infinity();
  Place trial, lower;
  bool found = false;
  for (int k = 0; k < most_trials; ++k) {
    trial.x = at.x + length * p;
    trial.value = function(trial.x, trial.gradient);
    if (!(trial.value <= at.value + decrease * length * slope) || !trial.gradient.allFinite()) {
      high = length;
    } else {
      std::swap(trial, lower);
      found = true;
      if (!(lower.gradient.dot(p) < turn * slope)) break;
      low = length;
    }
    length = std::isfinite(high) ? 0.5 * (low + high) : 2 * length;
  }
  if (found) std::swap(at, lower);
  return found;
}

}  // namespace

std::vector<double> descend(const Smooth& function, Eigen::VectorXd& x, const Descent& how,
                            const std::function<void(const Eigen::VectorXd& x)>& told) {
  std::vector<double> values;
  std::deque<Pair> pairs;
  Place at{x, {}, 0};
  at.value = function(at.x, at.gradient);
  while (static_cast<int>(values.size()) < how.iterations && at.gradient.cwiseAbs().maxCoeff() > how.gradient) {
    const Place before = at;
    const double length = pairs.empty() ? 1 / std::max(1.0, at.gradient.norm()) : 1;
    if (!step(function, direction(pairs, at.gradient), length, at)) {
      if (pairs.empty()) break;
      pairs.clear();  // what is known of the curvature misleads: along the gradient once more
      continue;
    }
    Pair pair{at.x - before.x, at.gradient - before.gradient, 0};
    const double curvature = pair.s.dot(pair.y);
    if (curvature > 1e-14 * pair.s.norm() * pair.y.norm()) {
      pair.rho = 1 / curvature;
      pairs.push_back(std::move(pair));
      if (pairs.size() > memory) pairs.pop_front();
    }
    values.push_back(at.value);
    told(at.x);
    if (before.value - at.value < how.progress * std::abs(at.value)) break;
  }
  x = at.x;
  return values;
}

}  // namespace porelith
