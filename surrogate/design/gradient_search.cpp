#include "surrogate/design/gradient_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "surrogate/dataset/points.hpp"
#include "surrogate/design/inquiry.hpp"
#include "surrogate/design/slope_climb.hpp"

namespace porelith {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kept_off = 1e-6;      // of a constraint's change over the cube: what it keeps from its bound
constexpr double least_radius = 1e-3;  // of a climb's first steps, over the first one
constexpr int most_idle = 2;           // climbs one after the other that gain nothing for slopes that mislead
constexpr int most_backward = 3;       // steps back in a line search: where more are needed the slopes mislead
constexpr int drawn = 6;               // times that a start which has no slopes is drawn half way to the first start
constexpr double patience = 0.3;  // climbs go on for this part of a gain; not the first that begins anew, which tries
constexpr long most_tries = 1L << 20;

VectorXd as_vector(const std::vector<double>& v) {
  return Eigen::Map<const VectorXd>(v.data(), static_cast<Index>(v.size()));
}

bool by_slsqp(const DesignFamily& family, const GradientSearchOptions& o) {
  return static_cast<int>(family.variables.size()) <= o.most_variables;
}

}  // namespace

/// One start.
class GradientSearch::Climb {
 public:
  Climb(const Goal& goal, const Physics& physics, const GradientSearchOptions& options,
        const std::vector<double>& start, const std::vector<double>& safe)
      : goal_(goal),
        physics_(physics),
        o_(options),
        cube_(goal.family().variables),
        read_(goal.results_read()),
        inquiry_([this, start, safe](const Inquiry::Ask& ask) {
          ascent_.start = start;
          from(cube_.unit(start), cube_.unit(safe), ask);
        }) {}

  std::optional<Question> wants() { return inquiry_.wants(); }
  void answer(const Evaluation& evaluation) { inquiry_.answer(evaluation); }
  /// Of a climb that has ended.
  const Ascent& ascent() const { return ascent_; }

 private:
  void from(VectorXd u, const VectorXd& safe, const Inquiry::Ask& ask) try {
    ask_ = &ask;
    for (int k = 0; !at(u, true).defined; ++k) {
      if (k == drawn || u == safe) return;
      u = 0.5 * (u + safe);
    }
    units_ = climb_units(last_);
    int idle = 0;
    double radius = o_.radius;
    while (radius > least_radius * o_.radius) {
      const double before = best_merit();
      climb(u, radius);
      if (best_) u = best_->u;
      const bool gained = best_merit() - before > o_.worth * units_.merit;
      idle = gained || !best_ ? 0 : idle + 1;
      if (idle > (stuck_ ? most_idle : 0)) return;
      ++ascent_.restarts;
      radius *= o_.shorter;
    }
  } catch (const ClimbOver&) {
  }

  /// The first step goes so far.
  void climb(const VectorXd& from, double radius) {
    const ClimbPoint first = best_ && best_->sloped && best_->u == from ? *best_ : at(from, true);
    last_ = first;
    if (!first.defined) return;
    SlopeClimb how;
    how.by_slsqp = by_slsqp(goal_.family(), o_);
    how.radius = radius;
    how.worth = (ascent_.restarts == 1 ? 1 : patience) * o_.worth;
    how.kept_off = kept_off;
    how.most_backward = most_backward;
    for (const DesignVariable& variable : goal_.family().variables) how.stays.push_back(variable.integer);
    how.units = units_;
    how.at = [this](const VectorXd& u, bool slope) -> const ClimbPoint& { return at(u, slope); };
    stuck_ = porelith::climb(how, first);
  }

  /// Asks where the last answer was another point's, or had no slopes.
  const ClimbPoint& at(const VectorXd& u, bool slope) {
    if (last_.u.size() == u.size() && last_.u == u && (last_.sloped || !slope || !last_.defined)) return last_;
    last_ = {};
    last_.u = u;
    const std::vector<double> x = cube_.rounded(cube_.point(u));
    const VectorXd feasibility = goal_.feasibility(x);
    if (++tries_ > 20 * o_.budget + 100) throw ClimbOver();
    if (feasibility.allFinite() && feasibility.size() > 0 && feasibility.minCoeff() < 0) return beyond(u, x, slope);
    if (!physics_.infeasible(x).empty() || !feasibility.allFinite()) return last_;
    if (ascent_.solves >= o_.budget || o_.stop()) throw ClimbOver();
    const bool same = asked_.size() == u.size() && asked_ == u;
    asked_ = u;
    const std::optional<Evaluation> reply = (*ask_)({x, 1, slope});
    if (!reply) throw ClimbOver();
    count(*reply, same, slope);
    if (complete(reply->sample)) take(*reply, x, feasibility, slope);
    return last_;
  }

  /// Where a condition does not hold nothing is solved. There, results go on straight from the nearest point where it
  /// does: a search along a bent bound would else be thrown back again and again, by ever shorter steps.
  const ClimbPoint& beyond(const VectorXd& u, const std::vector<double>& x, bool slope) {
    const std::optional<VectorXd> within = restored(u);
    if (!within) return last_;
    ClimbPoint there = at(*within, slope);
    if (there.defined && slope_.size() == u.size()) {
      const VectorXd on = u - *within;
      there.u = u;
      there.merit += slope_.dot(on);
      there.constraints.head(result_slopes_.rows()) += result_slopes_ * on;
      there.constraints.tail(conditions()) = goal_.feasibility(x);
      if (there.sloped)
        there.constraint_slopes.bottomRows(conditions()) = goal_.feasibility_slopes(x) * cube_.slope(x).asDiagonal();
    } else {
      there = {};
      there.u = u;
    }
    return last_ = there;
  }

  Index conditions() const { return static_cast<Index>(goal_.family().feasible.size()); }

  /// The nearest point, to first order, at which all conditions hold; nothing where there is none close by.
  std::optional<VectorXd> restored(VectorXd u) const {
    constexpr int most = 20;
    for (int k = 0; k < most; ++k) {
      const std::vector<double> x = cube_.rounded(cube_.point(u));
      const VectorXd feasibility = goal_.feasibility(x);
      const MatrixXd slopes = goal_.feasibility_slopes(x) * cube_.slope(x).asDiagonal();
      if (!feasibility.allFinite() || !slopes.allFinite()) return {};
      VectorXd step = VectorXd::Zero(u.size());
      bool holds = true;
      for (Index c = 0; c < feasibility.size(); ++c) {
        const double unit = slopes.row(c).norm();
        if (feasibility[c] >= 0 || !(unit > 0)) continue;
        holds = false;
        step += (kept_off - feasibility[c] / unit) / unit * slopes.row(c).transpose();
      }
      if (holds) return physics_.infeasible(x).empty() ? std::optional<VectorXd>(u) : std::nullopt;
      for (Index i = 0; i < u.size(); ++i)
        if (!goal_.family().variables[static_cast<std::size_t>(i)].integer) u[i] = std::clamp(u[i] + step[i], 0.0, 1.0);
    }
    return {};
  }

  void count(const Evaluation& reply, bool same, bool slope) {
    const bool sloped = slope && reply.slopes.size() > 0;
    const double solve = static_cast<double>(std::max(1L, reply.sample.newton));
    if (!same) ++ascent_.solves, ascent_.cost += 1, ascent_.seconds += reply.sample.seconds;
    if (sloped) ++ascent_.gradients, ascent_.cost += static_cast<double>(reply.linearisations) / solve;
    if (slope && !sloped && complete(reply.sample)) ascent_.missing = reply.missing;
    for (const std::string& name : reply.by_differences)
      if (std::find(ascent_.by_differences.begin(), ascent_.by_differences.end(), name) == ascent_.by_differences.end())
        ascent_.by_differences.push_back(name);
  }

  void take(const Evaluation& reply, const std::vector<double>& x, const VectorXd& feasibility, bool slope) {
    const auto d = static_cast<Index>(x.size());
    MatrixXd slopes = MatrixXd::Zero(static_cast<Index>(reply.sample.scalars.size()), d);
    last_.sloped = slope && reply.slopes.size() > 0;
    if (last_.sloped)
      for (const std::size_t k : read_) slopes.row(static_cast<Index>(k)) = reply.slopes.row(static_cast<Index>(k));
    const std::vector<double>& smooth = reply.smooth.empty() ? reply.sample.scalars : reply.smooth;
    const JudgementWithSlopes judged = goal_.judge(x, as_vector(smooth), slopes);
    const Judgement truly = goal_.judge(reply.sample);
    const VectorXd by_u = cube_.slope(x);
    const Index on_results = judged.value.constraints.size();
    last_.merit = judged.value.merit;
    last_.slope = judged.merit_slope.cwiseProduct(by_u);
    last_.constraints.resize(on_results + feasibility.size());
    last_.constraints << judged.value.constraints, feasibility;
    last_.constraint_slopes.resize(last_.constraints.size(), d);
    last_.constraint_slopes << judged.constraint_slopes * by_u.asDiagonal(),
        goal_.feasibility_slopes(x) * by_u.asDiagonal();
    last_.defined = judged.value.defined() && (!slope || last_.sloped) && last_.slope.allFinite() &&
                    last_.constraint_slopes.allFinite();
    if (last_.sloped) slope_ = last_.slope, result_slopes_ = last_.constraint_slopes.topRows(on_results);
    if (!truly.allowed() || !(truly.merit > best_merit())) return;
    ascent_.progress.push_back({ascent_.cost, truly.merit, x});
    best_ = last_;
  }

  double best_merit() const {
    return ascent_.progress.empty() ? -std::numeric_limits<double>::infinity() : ascent_.progress.back().merit;
  }

  const Goal& goal_;
  const Physics& physics_;
  const GradientSearchOptions& o_;
  UnitCube cube_;
  std::vector<std::size_t> read_;
  bool stuck_ = false;  ///< a line search found nothing better
  ClimbPoint last_;
  VectorXd asked_;  ///< where the physics was asked last
  std::optional<ClimbPoint> best_;
  VectorXd slope_;          ///< of the merit, where it was asked for last
  MatrixXd result_slopes_;  ///< and of the constraints on results
  long tries_ = 0;
  ClimbUnits units_;
  Ascent ascent_;
  const Inquiry::Ask* ask_ = nullptr;
  Inquiry inquiry_;  // last: its thread uses all the others
};

GradientSearch::GradientSearch(const Goal& goal, const Physics& physics, const GradientSearchOptions& options)
    : goal_(goal), physics_(physics), o_(options) {
  const auto add = [&](const std::vector<double>& x) {
    ascents_.emplace_back();
    ascents_.back().start = x;
  };
  for (const auto& x : o_.first) add(x);
  FeasiblePoints points(physics.family, evenly(physics.family.variables.size()), std::max(o_.starts, 1), o_.seed + 77);
  while (static_cast<int>(ascents_.size()) < o_.starts && points.tried() < most_tries) {
    const auto point = points.next(most_tries - points.tried());
    if (!point) break;
    if (physics.infeasible(point->x).empty()) add(point->x);
  }
}

GradientSearch::~GradientSearch() = default;

std::string GradientSearch::name() const { return by_slsqp(goal_.family(), o_) ? "SLSQP" : "MMA"; }

bool GradientSearch::begin_next() {
  if (next_ == ascents_.size() || o_.stop()) return false;
  climbs_.begin(next_, std::make_unique<Climb>(goal_, physics_, o_, ascents_[next_].start, physics_.family.start()));
  ++next_;
  return true;
}

std::vector<Question> GradientSearch::ask(const History& history, int n) {
  return climbs_.ask(
      history, n, [this] { return begin_next(); },
      [this](std::size_t number, const Climb& climb) { ascents_[number] = climb.ascent(); });
}

GradientFound found_by(const GradientSearch& search, const Goal& goal, double target) {
  GradientFound found;
  found.method = search.name();
  found.target = goal.objective(target);
  double best = -std::numeric_limits<double>::infinity();
  for (const Ascent& ascent : search.ascents()) {
    for (const Ascent::Better& better : ascent.progress) {
      if (better.merit <= best) continue;
      best = better.merit;
      found.x = better.x;
      found.progress.emplace_back(found.cost + better.cost, goal.objective(best));
      if (found.cost_to_reach < 0 && best >= target) found.cost_to_reach = found.cost + better.cost;
    }
    found.starts += ascent.solves > 0;
    found.solves += ascent.solves;
    found.gradients += ascent.gradients;
    found.cost += ascent.cost;
    found.seconds += ascent.seconds;
    for (const std::string& name : ascent.by_differences)
      if (std::find(found.by_differences.begin(), found.by_differences.end(), name) == found.by_differences.end())
        found.by_differences.push_back(name);
    if (!ascent.missing.empty()) found.missing = ascent.missing;
  }
  found.best = goal.objective(best);
  return found;
}

GradientFound search_by_gradient(const Goal& goal, const Physics& physics, const GradientSearchOptions& options,
                                 History& history) {
  GradientSearch search(goal, physics, options);
  pursue(search, sloped_evaluator_of(physics), history, physics.threads);
  return found_by(search, goal, options.target);
}

}  // namespace porelith
