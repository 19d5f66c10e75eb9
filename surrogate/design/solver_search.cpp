#include "surrogate/design/solver_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <nlopt.hpp>
#include <numeric>
#include <optional>

#include "surrogate/dataset/points.hpp"
#include "surrogate/design/inquiry.hpp"
#include "surrogate/design/side_by_side.hpp"
#include "surrogate/design/strategy.hpp"

namespace porelith {
namespace {

constexpr double far_below = 1e3;   // of the start's merit: below what breaks no constraint
constexpr double unknown = -1e100;  // where nothing has been answered yet
constexpr int most_starts = 1024;   // points tried, and more where so few may be solved
constexpr std::size_t few_starts = 8;
constexpr long most_tries = 1L << 20;

/// Where a climb improved.
struct Better {
  long solve;  ///< counted from 1
  double merit;
  std::vector<double> x;
};

/// What a climb left.
struct Trace {
  std::vector<std::vector<double>> solved;
  std::vector<double> seconds;  ///< of each of these solves
  std::vector<Better> progress;
};

/// BOBYQA, which knows bounds only, wants two variables.
bool bounds_only(const Goal& goal) {
  return goal.constraints().empty() && goal.family().feasible.empty() && goal.family().variables.size() > 1;
}

/// One local search from one point.
class Climb {
 public:
  Climb(const Goal& goal, const Physics& physics, const SolverSearchOptions& options, long budget,
        const std::vector<double>& start)
      : goal_(goal),
        physics_(physics),
        o_(options),
        budget_(budget),
        cube_(goal.family().variables),
        inquiry_([this, start](const Inquiry::Ask& ask) { from(start, ask); }) {}

  std::optional<Question> wants() { return inquiry_.wants(); }
  void answer(const Evaluation& evaluation) { inquiry_.answer(evaluation); }
  /// Of a climb that has ended.
  const Trace& trace() const { return trace_; }

 private:
  void from(const std::vector<double>& start, const Inquiry::Ask& ask) {
    ask_ = &ask;
    const auto d = static_cast<unsigned>(cube_.dimension());
    nlopt::opt local(bounds_only(goal_) ? nlopt::LN_BOBYQA : nlopt::LN_SBPLX, d);
    local.set_lower_bounds(0);
    local.set_upper_bounds(1);
    local.set_initial_step(o_.radius);
    local.set_xtol_abs(o_.finest);
    local.set_max_objective(&Climb::value, this);
    local_ = &local;
    set_units(start);
    const Eigen::VectorXd u0 = cube_.unit(start);
    std::vector<double> u(u0.data(), u0.data() + d);
    double value = 0;
    try {
      local.optimize(u, value);
    } catch (const nlopt::forced_stop&) {
    } catch (const nlopt::roundoff_limited&) {
    } catch (const std::runtime_error&) {  // NLopt's "generic failure": this climb has ended, others go on
    }
  }

  static double value(const std::vector<double>& u, std::vector<double>&, void* self) {
    return static_cast<Climb*>(self)->value_at(u);
  }

  /// Broken conditions count in units of their change over the space; broken constraints, later, in units of the first
  /// answer's.
  void set_units(const std::vector<double>& start) {
    feasible_unit_ = (goal_.feasibility_slopes(start) * cube_.slope(start).asDiagonal()).rowwise().norm();
    for (double& unit : feasible_unit_) unit = std::isfinite(unit) ? std::max(unit, 1e-300) : 1;
  }

  /// By how much conditions are broken, in their units; what is no finite number counts as one.
  static double broken_by(const Eigen::VectorXd& values, const Eigen::VectorXd& units) {
    double sum = 0;
    for (Eigen::Index k = 0; k < values.size(); ++k)
      sum += std::isfinite(values[k]) ? std::max(0.0, -values[k] / units[k]) : 1;
    return sum;
  }

  double value_at(const std::vector<double>& u) {
    if (static_cast<long>(trace_.seconds.size()) >= budget_ || ++tries_ > 20 * budget_ + 100 || o_.stop()) {
      local_->force_stop();
      return unknown;
    }
    const std::vector<double> x =
        cube_.rounded(cube_.point(Eigen::Map<const Eigen::VectorXd>(u.data(), static_cast<Eigen::Index>(u.size()))));
    const double broken = broken_by(goal_.feasibility(x), feasible_unit_);
    if (broken > 0 || !physics_.infeasible(x).empty()) return nothing(1 + broken);
    const std::optional<Evaluation> reply = (*ask_)({x});
    if (!reply) {
      local_->force_stop();
      return unknown;
    }
    trace_.solved.push_back(x);
    trace_.seconds.push_back(reply->sample.seconds);
    return complete(reply->sample) ? judged(x, goal_.judge(reply->sample)) : nothing(1);
  }

  double judged(const std::vector<double>& x, const Judgement& judgement) {
    if (!judgement.defined()) return nothing(1);
    if (!answered_) {
      answered_ = true;
      constraint_unit_ = judgement.constraints.cwiseAbs().cwiseMax(1e-300);
      merit_unit_ = std::max(std::abs(judgement.merit), 1e-300);
      floor_ = judgement.merit - far_below * merit_unit_;
    }
    const double broken = broken_by(judgement.constraints, constraint_unit_);
    if (broken > 0) return nothing(broken / (1 + broken));
    if (trace_.progress.empty() || judgement.merit > trace_.progress.back().merit)
      trace_.progress.push_back({static_cast<long>(trace_.seconds.size()), judgement.merit, x});
    return judgement.merit;
  }

  /// Value of a design that will not do: below all that will, and the lower the more it breaks.
  double nothing(double broken) const { return answered_ ? floor_ - merit_unit_ * broken : unknown; }

  const Goal& goal_;
  const Physics& physics_;
  const SolverSearchOptions& o_;
  long budget_;
  UnitCube cube_;
  nlopt::opt* local_ = nullptr;
  long tries_ = 0;
  Trace trace_;
  Eigen::VectorXd feasible_unit_, constraint_unit_;
  bool answered_ = false;
  double merit_unit_ = 1, floor_ = 0;
  const Inquiry::Ask* ask_ = nullptr;
  Inquiry inquiry_;  // last: its thread uses all the others
};

/// The given starts, then points spread over the space, those left out that must not be solved.
std::vector<std::vector<double>> starts_of(const Physics& physics, const SolverSearchOptions& o, int d) {
  std::vector<std::vector<double>> starts = o.starts;
  FeasiblePoints points(physics.family, evenly(d), most_starts, o.seed + 77);
  std::size_t found = 0;
  while (points.tried() < most_starts || (found < few_starts && points.tried() < most_tries)) {
    const long left = (found < few_starts ? most_tries : most_starts) - points.tried();
    const auto point = points.next(left);
    if (!point) break;
    if (!physics.infeasible(point->x).empty()) continue;
    starts.push_back(point->x);
    ++found;
  }
  return starts;
}

/// Climbs from many points, as if one followed the other: a climb is left out once those before it have spent the
/// budget.
class Climbs : public Strategy {
 public:
  Climbs(const Goal& goal, const Physics& physics, const SolverSearchOptions& options)
      : goal_(goal), physics_(physics), o_(options), starts_(starts_of(physics, options, dimension())) {
    traces_.resize(starts_.size());
  }
  std::string name() const override { return bounds_only(goal_) ? "BOBYQA" : "SBPLX"; }

  std::vector<Question> ask(const History& history, int n) override {
    return climbs_.ask(
        history, n, [this] { return begin_next(); },
        [this](std::size_t number, const Climb& climb) { traces_[number] = climb.trace(); });
  }

  /// Of each climb, in their order, once all has been asked.
  const std::vector<Trace>& traces() const { return traces_; }

 private:
  int dimension() const { return static_cast<int>(physics_.family.variables.size()); }

  /// @returns whether there is another climb to begin
  bool begin_next() {
    long left = o_.budget;  // at most: some of those before may not have ended yet
    for (const Trace& trace : traces_) left -= static_cast<long>(trace.seconds.size());
    if (next_ == starts_.size() || left <= 0 || o_.stop()) return false;
    climbs_.begin(next_, std::make_unique<Climb>(goal_, physics_, o_, left, starts_[next_]));
    ++next_;
    return true;
  }

  const Goal& goal_;
  const Physics& physics_;
  const SolverSearchOptions& o_;
  std::vector<std::vector<double>> starts_;
  std::vector<Trace> traces_;
  SideBySide<Climb> climbs_;  ///< by the numbers of their starts
  std::size_t next_ = 0;
};

/// The traces of all climbs; of a family without freedom its one design.
std::vector<Trace> traces_of(const Goal& goal, const Physics& physics, const SolverSearchOptions& o) {
  const Evaluator evaluator = evaluator_of(goal, physics, false);
  if (!physics.family.variables.empty()) {
    Climbs climbs(goal, physics, o);
    History history;
    pursue(climbs, evaluator, history, physics.threads);
    return climbs.traces();
  }
  const Sample only = samples_at(evaluator, {{}}).front();
  Trace trace{{{}}, {only.seconds}, {}};
  if (complete(only) && goal.judge(only).allowed()) trace.progress = {{1, goal.judge(only).merit, {}}};
  return {trace};
}

}  // namespace

SolverSearch search_on_solver(const Goal& goal, const Physics& physics, const SolverSearchOptions& options) {
  const std::vector<Trace> traces = traces_of(goal, physics, options);
  SolverSearch found;
  found.method = bounds_only(goal) ? "BOBYQA" : "SBPLX";
  found.budget = options.budget;
  found.target = goal.objective(options.target);
  double best = -std::numeric_limits<double>::infinity();
  for (const Trace& trace : traces) {
    const auto counted = std::min(static_cast<long>(trace.seconds.size()), options.budget - found.solves);
    for (const Better& better : trace.progress) {
      if (better.solve > counted || better.merit <= best) continue;
      best = better.merit;
      found.x = better.x;
      found.progress.emplace_back(found.solves + better.solve, goal.objective(best));
      if (found.solves_to_reach < 0 && best >= options.target) found.solves_to_reach = found.solves + better.solve;
    }
    if (physics.book) std::for_each(trace.solved.begin(), trace.solved.begin() + counted, physics.book);
    found.climbs += counted > 0;
    found.solves += counted;
    found.seconds += std::accumulate(trace.seconds.begin(), trace.seconds.begin() + counted, 0.0);
  }
  found.best = goal.objective(best);
  return found;
}

}  // namespace porelith
