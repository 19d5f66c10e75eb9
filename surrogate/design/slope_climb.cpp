#include "surrogate/design/slope_climb.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlopt.hpp>

namespace porelith {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

constexpr double far_worse = 10;  // than where a climb begins, in units of its first step's gain

/// What NLopt's callbacks know.
class Climb {
 public:
  Climb(const SlopeClimb& how, const ClimbPoint& first)
      : how_(how),
        first_(first),
        search_(how.by_slsqp ? nlopt::LD_SLSQP : nlopt::LD_MMA, static_cast<unsigned>(first.u.size())),
        unit_(std::max(first.slope.lpNorm<Eigen::Infinity>() / how.radius, 1e-12 * how.units.merit)),
        // where there is nothing SLSQP halves its step; MMA is told that it is far worse than hoped for
        undefined_(how.by_slsqp ? std::numeric_limits<double>::quiet_NaN() : -first.merit / unit_ + far_worse) {}

  bool run() {
    const auto d = static_cast<std::size_t>(first_.u.size());
    std::vector<double> u(d), low(d, 0.0), high(d, 1.0);
    std::copy_n(first_.u.data(), d, u.begin());
    for (std::size_t i = 0; i < how_.stays.size(); ++i)
      if (how_.stays[i]) low[i] = high[i] = u[i];
    search_.set_lower_bounds(low);
    search_.set_upper_bounds(high);
    search_.set_min_objective(&Climb::objective, this);
    const auto m = static_cast<unsigned>(first_.constraints.size());
    if (m > 0)
      search_.add_inequality_mconstraint(&Climb::constraints, this, std::vector<double>(m, 0.5 * how_.kept_off));
    search_.set_ftol_abs(how_.worth * how_.units.merit / unit_);
    search_.set_xtol_abs(1e-7);
    double value = 0;
    try {
      search_.optimize(u, value);
    } catch (const nlopt::forced_stop&) {
    } catch (const nlopt::roundoff_limited&) {
    } catch (const std::runtime_error&) {  // NLopt's "generic failure"
      stuck_ = true;
    }
    if (over_) throw ClimbOver();
    return stuck_;
  }

 private:
  static double objective(const std::vector<double>& u, std::vector<double>& slope, void* self) {
    auto& climb = *static_cast<Climb*>(self);
    const ClimbPoint* here = climb.at(u, !slope.empty());
    climb.steps_back_ = slope.empty() ? climb.steps_back_ + 1 : 0;
    if (climb.how_.most_backward > 0 && climb.steps_back_ > climb.how_.most_backward)
      climb.stuck_ = true, climb.search_.force_stop();
    for (std::size_t i = 0; i < slope.size(); ++i)
      slope[i] = here ? -here->slope[static_cast<Index>(i)] / climb.unit_ : 0;
    return here ? -here->merit / climb.unit_ : climb.undefined_;
  }

  static void constraints(unsigned m, double* values, unsigned d, const double* u, double* slopes, void* self) {
    auto& climb = *static_cast<Climb*>(self);
    const ClimbPoint* here = climb.at({u, u + d}, slopes != nullptr);
    for (unsigned k = 0; k < m; ++k) {
      const double unit = climb.how_.units.constraints[k];
      values[k] = here ? climb.how_.kept_off - here->constraints[k] / unit : 0;
      for (unsigned i = 0; slopes && i < d; ++i) slopes[k * d + i] = here ? -here->constraint_slopes(k, i) / unit : 0;
    }
  }

  /// Null where it is nothing; what is thrown must not pass through NLopt.
  const ClimbPoint* at(const std::vector<double>& u, bool slope) {
    if (over_) return nullptr;
    try {
      const ClimbPoint& here = how_.at(Eigen::Map<const VectorXd>(u.data(), static_cast<Index>(u.size())), slope);
      return here.defined ? &here : nullptr;
    } catch (const ClimbOver&) {
      over_ = true;
      search_.force_stop();
      return nullptr;
    }
  }

  const SlopeClimb& how_;
  const ClimbPoint& first_;
  nlopt::opt search_;
  double unit_;       ///< of what NLopt sees, so that its first step is as long as wished
  double undefined_;  ///< what it is told where there is nothing
  bool over_ = false, stuck_ = false;
  int steps_back_ = 0;
};

}  // namespace

ClimbUnits climb_units(const ClimbPoint& start) {
  ClimbUnits units;
  units.merit = std::max(std::abs(start.merit), 1e-6 * start.slope.lpNorm<Eigen::Infinity>());
  if (!(units.merit > 0)) units.merit = 1;
  units.constraints = start.constraint_slopes.rowwise().norm();
  for (Index k = 0; k < units.constraints.size(); ++k)
    if (!(units.constraints[k] > 0)) units.constraints[k] = std::max(std::abs(start.constraints[k]), 1e-12);
  return units;
}

bool climb(const SlopeClimb& how, const ClimbPoint& first) { return Climb(how, first).run(); }

}  // namespace porelith
