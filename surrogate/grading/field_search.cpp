#include "surrogate/grading/field_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlopt.hpp>

namespace porelith {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kept_off = 1e-5;      // of a constraint's change over the range: what it keeps from its bound
constexpr double least_radius = 1e-3;  // of a search's first step, over the first one
constexpr double nearer = 0.1;         // of the least gain where there are constraints: to end on their right side
constexpr double far_worse = 10;       // than where it begins, in units of its first step's gain

VectorXd as_vector(const std::vector<double>& v) {
  return Eigen::Map<const VectorXd>(v.data(), static_cast<Index>(v.size()));
}

/// Objective and constraints, which hold where they are >= 0, and their slopes.
struct Local {
  VectorXd u;
  bool defined = false, sloped = false, allowed = false;
  double merit = 0;
  VectorXd slope, constraints;
  MatrixXd constraint_slopes;
  std::vector<double> x;
};

class FieldSearch {
 public:
  FieldSearch(const GradedChoice& choice, const Goal& goal, const Physics& physics, const FieldSearchOptions& options)
      : choice_(choice), goal_(goal), physics_(physics), o_(options), read_(goal.results_read()) {
    found_.method = by_slsqp() ? "SLSQP" : "MMA";
    found_.merit = -std::numeric_limits<double>::infinity();
  }

  FieldFound from(const std::vector<double>& start) {
    try {
      VectorXd u = choice_.nearest(start);
      if (!at(u, true).defined) return found_;
      set_units();
      int idle = 0;
      for (double radius = o_.radius; radius > least_radius * o_.radius; radius *= o_.shorter) {
        const double before = found_.merit;
        climb(u, radius);
        if (best_.defined) u = best_.u;
        idle = found_.merit - before > o_.worth * merit_unit_ ? 0 : idle + 1;
        if (idle > (goal_.constraints().empty() ? 0 : 1)) break;  // with constraints it may have ended just outside
      }
    } catch (const Over&) {
    }
    return found_;
  }

 private:
  /// Nobody wants to know any more, or all that may be asked has been.
  struct Over {};

  bool by_slsqp() const { return choice_.dimension() <= o_.most_variables; }

  void climb(const VectorXd& from, double radius) {
    const Local first = best_.defined && best_.u == from ? best_ : at(from, true);
    last_ = first;
    const auto d = static_cast<unsigned>(from.size());
    nlopt::opt search(by_slsqp() ? nlopt::LD_SLSQP : nlopt::LD_MMA, d);
    search.set_lower_bounds(0);
    search.set_upper_bounds(1);
    unit_ = std::max(first.slope.lpNorm<Eigen::Infinity>() / radius, 1e-12 * merit_unit_);
    undefined_ = by_slsqp() ? std::numeric_limits<double>::quiet_NaN() : -first.merit / unit_ + far_worse;
    search.set_min_objective(&FieldSearch::objective, this);
    const auto m = static_cast<unsigned>(first.constraints.size());
    if (m > 0) search.add_inequality_mconstraint(&FieldSearch::constraints, this, std::vector<double>(m, kept_off / 2));
    search.set_ftol_abs((goal_.constraints().empty() ? 1 : nearer) * o_.worth * merit_unit_ / unit_);
    search.set_xtol_abs(1e-7);
    search_ = &search;
    over_ = false;
    std::vector<double> u(from.data(), from.data() + from.size());
    double value = 0;
    try {
      search.optimize(u, value);
    } catch (const nlopt::forced_stop&) {
    } catch (const nlopt::roundoff_limited&) {
    } catch (const std::runtime_error&) {  // NLopt's "generic failure": a line search found nothing better
    }
    if (over_) throw Over();
  }

  static double objective(const std::vector<double>& u, std::vector<double>& slope, void* self) {
    auto& search = *static_cast<FieldSearch*>(self);
    const Local* local = search.at_point(u, !slope.empty());
    for (std::size_t i = 0; i < slope.size(); ++i)
      slope[i] = local ? -local->slope[static_cast<Index>(i)] / search.unit_ : 0;
    return local ? -local->merit / search.unit_ : search.undefined_;
  }

  static void constraints(unsigned m, double* values, unsigned d, const double* u, double* slopes, void* self) {
    auto& search = *static_cast<FieldSearch*>(self);
    const Local* local = search.at_point({u, u + d}, slopes != nullptr);
    for (unsigned k = 0; k < m; ++k) {
      const double unit = search.constraint_unit_[k];
      values[k] = local ? kept_off - local->constraints[k] / unit : 0;
      for (unsigned i = 0; slopes && i < d; ++i) slopes[k * d + i] = local ? -local->constraint_slopes(k, i) / unit : 0;
    }
  }

  /// Null where it is nothing; what is thrown must not pass through NLopt.
  const Local* at_point(const std::vector<double>& u, bool slope) {
    if (over_) return nullptr;
    try {
      const Local& local = at(as_vector(u), slope);
      return local.defined ? &local : nullptr;
    } catch (const Over&) {
      over_ = true;
      search_->force_stop();
      return nullptr;
    }
  }

  /// Asks where the last answer was another point's, or had no slopes.
  const Local& at(const VectorXd& u, bool slope) {
    const bool same = last_.u.size() == u.size() && last_.u == u;
    if (same && (last_.sloped || !slope || !last_.defined)) return last_;
    last_ = {};
    last_.u = u;
    const GradedChoice::Made made = choice_.make(u);
    if (!made.refused.empty() || !physics_.infeasible(made.x).empty()) return last_;
    found_.used_up = !same && found_.solves >= o_.budget;
    if (found_.used_up || o_.stop()) throw Over();
    const Sloped reply = physics_.sloped(-1, made.x, slope);
    const auto newton = static_cast<double>(std::max(1L, reply.sample.newton));
    if (!same) ++found_.solves, found_.cost += 1, found_.seconds += reply.sample.seconds;
    last_.sloped = slope && reply.slopes.size() > 0;
    if (last_.sloped) ++found_.gradients, found_.cost += static_cast<double>(reply.linearisations) / newton;
    if (slope && !last_.sloped) found_.missing = reply.missing;
    if (complete(reply.sample) && (!slope || last_.sloped)) take(reply, made, u);
    return last_;
  }

  void take(const Sloped& reply, const GradedChoice::Made& made, const VectorXd& u) {
    last_.x = made.x;
    const std::vector<double> z(made.x.begin(),
                                made.x.begin() + static_cast<std::ptrdiff_t>(goal_.family().variables.size()));
    const VectorXd scalars = as_vector(reply.sample.scalars);
    const auto n = static_cast<Index>(z.size());
    const JudgementWithSlopes direct = goal_.judge(z, scalars, MatrixXd::Zero(scalars.size(), n));
    const VectorXd feasibility = goal_.feasibility(z);
    const Index on_results = direct.value.constraints.size(), on_steps = steps();
    MatrixXd by_x = MatrixXd::Zero(1 + on_results + feasibility.size(), static_cast<Index>(made.x.size()));
    by_x.topLeftCorner(1, n) = direct.merit_slope.transpose();
    by_x.block(1, 0, on_results, n) = direct.constraint_slopes;
    by_x.block(1 + on_results, 0, feasibility.size(), n) = goal_.feasibility_slopes(z);
    if (last_.sloped) {
      const MatrixXd by_scalars = goal_.by_scalars(z, scalars);
      for (const std::size_t k : read_)
        by_x.topRows(1 + on_results) += by_scalars.col(static_cast<Index>(k)) * reply.slopes.row(static_cast<Index>(k));
    }
    last_.merit = direct.value.merit;
    last_.constraints.resize(on_results + feasibility.size() + on_steps);
    last_.constraints.head(on_results + feasibility.size()) << direct.value.constraints, feasibility;
    last_.constraint_slopes.resize(last_.constraints.size(), u.size());
    if (last_.sloped) {
      last_.slope = choice_.pull(made, by_x.row(0).transpose());
      for (Index k = 0; k < on_results + feasibility.size(); ++k)
        last_.constraint_slopes.row(k) = choice_.pull(made, by_x.row(1 + k).transpose()).transpose();
    } else {
      last_.slope = VectorXd::Zero(u.size());
      last_.constraint_slopes.topRows(on_results + feasibility.size()).setZero();
    }
    add_steps(u, on_results + feasibility.size());
    last_.defined = direct.value.defined() && last_.slope.allFinite() && last_.constraint_slopes.allFinite();
    last_.allowed = last_.defined && direct.value.allowed() &&
                    (last_.constraints.size() == 0 || last_.constraints.minCoeff() >= -1e-9);
    if (!last_.allowed || !(last_.merit > found_.merit)) return;
    found_.merit = last_.merit;
    found_.x = made.x;
    found_.progress.emplace_back(found_.solves, last_.merit);
    if (last_.sloped) best_ = last_;
  }

  /// Constraints on steps between neighbours, up and down.
  Index steps() const {
    Index n = 0;
    for (std::size_t g = 0; g < o_.largest_steps.size(); ++g) n += 2 * (choice_.maps()[g].numbers() - 1);
    return n;
  }

  void add_steps(const VectorXd& u, Index row) {
    for (std::size_t g = 0; g < o_.largest_steps.size(); ++g)
      for (Index k = 0; k + 1 < choice_.maps()[g].numbers(); ++k) {
        const GradedChoice::Step step = choice_.step(u, g, k);
        for (const double sign : {1.0, -1.0}) {
          last_.constraints[row] = o_.largest_steps[g] - sign * step.value;
          last_.constraint_slopes.row(row++) = -sign * step.slope.transpose();
        }
      }
  }

  /// Of the start: a constraint counts in units of its change over the range.
  void set_units() {
    merit_unit_ = std::max(std::abs(last_.merit), 1e-6 * last_.slope.lpNorm<Eigen::Infinity>());
    if (!(merit_unit_ > 0)) merit_unit_ = 1;
    constraint_unit_ = last_.constraint_slopes.rowwise().norm();
    for (Index k = 0; k < constraint_unit_.size(); ++k)
      if (!(constraint_unit_[k] > 0)) constraint_unit_[k] = std::max(std::abs(last_.constraints[k]), 1e-12);
  }

  const GradedChoice& choice_;
  const Goal& goal_;
  const Physics& physics_;
  const FieldSearchOptions& o_;
  std::vector<std::size_t> read_;
  nlopt::opt* search_ = nullptr;
  bool over_ = false;
  Local last_, best_;
  double undefined_ = 0, merit_unit_ = 1, unit_ = 1;
  VectorXd constraint_unit_;
  FieldFound found_;
};

}  // namespace

FieldFound search_fields(const GradedChoice& choice, const Goal& goal, const Physics& physics,
                         const std::vector<double>& start, const FieldSearchOptions& options) {
  return FieldSearch(choice, goal, physics, options).from(start);
}

}  // namespace porelith
