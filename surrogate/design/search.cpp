#include "surrogate/design/search.hpp"

#include <algorithm>
#include <cmath>
#include <deque>

#include "solver/base/threads.hpp"

namespace porelith {
namespace {

Eigen::VectorXd in_cube(const Eigen::VectorXd& u) { return u.cwiseMax(0.0).cwiseMin(1.0); }

/// Whether all of it are finite numbers: where they are not, a climb does not go.
bool defined(const Local& local) {
  return std::isfinite(local.value) && local.slope.allFinite() && local.constraints.allFinite() &&
         local.constraint_slopes.allFinite();
}

/// The augmented Lagrangian that is made small: -value/scale + sum(max(0, lambda - mu c)^2 - lambda^2)/(2 mu).
class Lagrangian {
 public:
  Lagrangian(const Landscape& landscape, double scale, const Local& start)
      : landscape_(landscape), scale_(scale), lambda_(Eigen::VectorXd::Zero(start.constraints.size())) {
    // Each constraint in units of its own slope, so that one mu suits all.
    unit_ = start.constraint_slopes.rowwise().norm();
    for (auto& unit : unit_) unit = std::max(unit, 1e-12);
  }

  double operator()(const Eigen::VectorXd& u, Eigen::VectorXd& slope) const {
    const Local local = landscape_(u);
    if (!defined(local)) {
      slope = Eigen::VectorXd::Zero(u.size());
      return INFINITY;
    }
    double f = -local.value / scale_;
    slope = -local.slope / scale_;
    for (Eigen::Index k = 0; k < lambda_.size(); ++k) {
      const double push = std::max(0.0, lambda_[k] - mu_ * local.constraints[k] / unit_[k]);
      f += (push * push - lambda_[k] * lambda_[k]) / (2 * mu_);
      slope -= push / unit_[k] * local.constraint_slopes.row(k).transpose();
    }
    return f;
  }

  double violation(const Local& local) const {
    double worst = 0;
    for (Eigen::Index k = 0; k < lambda_.size(); ++k) worst = std::max(worst, -local.constraints[k] / unit_[k]);
    return worst;
  }

  /// New multipliers; a stronger penalty where the violation has not fallen to a quarter.
  void update(const Local& local) {
    for (Eigen::Index k = 0; k < lambda_.size(); ++k)
      lambda_[k] = std::max(0.0, lambda_[k] - mu_ * local.constraints[k] / unit_[k]);
    const double now = violation(local);
    if (now > 0.25 * last_violation_) mu_ *= 5;
    last_violation_ = now;
  }

 private:
  const Landscape& landscape_;
  double scale_, mu_ = 10, last_violation_ = INFINITY;
  Eigen::VectorXd lambda_, unit_;
};

/// Spectral projected gradient with a line search against the worst of the last ten values
/// (E. G. Birgin, J. M. Martinez and M. Raydan, SIAM J. Optim. 10 (2000) 1196).
Eigen::VectorXd descend(const Lagrangian& f, Eigen::VectorXd u, int steps, double tolerance) {
  Eigen::VectorXd g, g_new;
  double value = f(u, g);
  std::deque<double> last{value};
  Eigen::VectorXd best = u;
  double best_value = value, alpha = 0.1 / std::max(g.lpNorm<Eigen::Infinity>(), 1e-12);
  for (int n = 0; n < steps; ++n) {
    if ((in_cube(u - g) - u).lpNorm<Eigen::Infinity>() < tolerance) break;
    const Eigen::VectorXd d = in_cube(u - alpha * g) - u;
    const double along = g.dot(d), worst = *std::max_element(last.begin(), last.end());
    double step = 1, value_new = 0;
    Eigen::VectorXd u_new;
    for (int halved = 0; halved < 30; ++halved, step *= 0.5) {
      u_new = in_cube(u + step * d);
      value_new = f(u_new, g_new);
      if (value_new <= worst + 1e-4 * step * along) break;
    }
    if (!std::isfinite(value_new)) break;
    const Eigen::VectorXd s = u_new - u, y = g_new - g;
    const double curvature = s.dot(y), length = s.squaredNorm();
    if (length < 1e-20) break;
    alpha = curvature > 0 ? std::clamp(length / curvature, 1e-8, 1e8) : 1 / std::max(g_new.norm(), 1e-12);
    u = u_new, g = g_new, value = value_new;
    if (value < best_value) best_value = value, best = u;
    last.push_back(value);
    if (last.size() > 10) last.pop_front();
  }
  return best;
}

Summit climb_from(const Landscape& landscape, const Eigen::VectorXd& start, const ClimbOptions& o) {
  Eigen::VectorXd u = in_cube(start);
  Local local = landscape(u);
  if (!defined(local)) return {u, std::nan(""), INFINITY};
  Lagrangian lagrangian(landscape, o.scale, local);
  for (int n = 0; n < o.outer; ++n) {
    const Eigen::VectorXd before = u;
    u = descend(lagrangian, u, o.inner, o.tolerance);
    local = landscape(u);
    const bool moved = (u - before).lpNorm<Eigen::Infinity>() > o.tolerance;
    if (local.constraints.size() == 0 || (!moved && lagrangian.violation(local) < o.tolerance)) break;
    lagrangian.update(local);
  }
  const double violation = lagrangian.violation(local);
  return {u, local.value, violation < 10 * o.tolerance ? 0 : violation};
}

}  // namespace

std::vector<Summit> climb(const Landscape& landscape, const std::vector<Eigen::VectorXd>& starts,
                          const ClimbOptions& options) {
  std::vector<Summit> all(starts.size());
  for_all(static_cast<long>(starts.size()), options.threads,
          [&](long k) { all[k] = climb_from(landscape, starts[k], options); });
  const auto nowhere = [](const Summit& summit) { return !std::isfinite(summit.value); };
  all.erase(std::remove_if(all.begin(), all.end(), nowhere), all.end());
  std::stable_sort(all.begin(), all.end(), [](const Summit& a, const Summit& b) {
    return a.violation != b.violation ? a.violation < b.violation : a.value > b.value;
  });
  std::vector<Summit> distinct;
  for (const Summit& summit : all) {
    const auto near = [&](const Summit& other) {
      return (summit.u - other.u).lpNorm<Eigen::Infinity>() < options.apart;
    };
    if (std::none_of(distinct.begin(), distinct.end(), near)) distinct.push_back(summit);
  }
  return distinct;
}

}  // namespace porelith
