#include "surrogate/grading/field_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "surrogate/design/slope_climb.hpp"

namespace porelith {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kept_off = 1e-5;      // of a constraint's change over the range: what it keeps from its bound
constexpr double least_radius = 1e-3;  // of a search's first step, over the first one
constexpr double nearer = 0.1;         // of the least gain where there are constraints: to end on their right side

VectorXd as_vector(const std::vector<double>& v) {
  return Eigen::Map<const VectorXd>(v.data(), static_cast<Index>(v.size()));
}

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
      units_ = climb_units(last_);
      int idle = 0;
      double radius = o_.radius;
      while (radius > least_radius * o_.radius) {
        const double before = found_.merit;
        climb(u, radius);
        if (best_.defined) u = best_.u;
        idle = found_.merit - before > o_.worth * units_.merit ? 0 : idle + 1;
        if (idle > (goal_.constraints().empty() ? 0 : 1)) break;  // with constraints it may have ended just outside
        radius *= o_.shorter;
      }
    } catch (const ClimbOver&) {
    }
    return found_;
  }

 private:
  bool by_slsqp() const { return choice_.dimension() <= o_.most_variables; }

  void climb(const VectorXd& from, double radius) {
    const ClimbPoint first = best_.defined && best_.u == from ? best_ : at(from, true);
    last_ = first;
    SlopeClimb how;
    how.by_slsqp = by_slsqp();
    how.radius = radius;
    how.worth = (goal_.constraints().empty() ? 1 : nearer) * o_.worth;
    how.kept_off = kept_off;
    how.units = units_;
    how.at = [this](const VectorXd& u, bool slope) -> const ClimbPoint& { return at(u, slope); };
    porelith::climb(how, first);
  }

  /// Asks where the last answer was another point's, or had no slopes.
  const ClimbPoint& at(const VectorXd& u, bool slope) {
    const bool same = last_.u.size() == u.size() && last_.u == u;
    if (same && (last_.sloped || !slope || !last_.defined)) return last_;
    last_ = {};
    last_.u = u;
    const GradedChoice::Made made = choice_.make(u);
    if (!made.refused.empty() || !physics_.infeasible(made.x).empty()) return last_;
    found_.used_up = !same && found_.solves >= o_.budget;
    if (found_.used_up || o_.stop()) throw ClimbOver();
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
    const bool allowed = last_.defined && direct.value.allowed() &&
                         (last_.constraints.size() == 0 || last_.constraints.minCoeff() >= -1e-9);
    if (!allowed || !(last_.merit > found_.merit)) return;
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

  const GradedChoice& choice_;
  const Goal& goal_;
  const Physics& physics_;
  const FieldSearchOptions& o_;
  std::vector<std::size_t> read_;
  ClimbPoint last_, best_;
  ClimbUnits units_;
  FieldFound found_;
};

}  // namespace

FieldFound search_fields(const GradedChoice& choice, const Goal& goal, const Physics& physics,
                         const std::vector<double>& start, const FieldSearchOptions& options) {
  return FieldSearch(choice, goal, physics, options).from(start);
}

}  // namespace porelith
