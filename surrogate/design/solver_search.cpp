#include "surrogate/design/solver_search.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <mutex>
#include <nlopt.hpp>

#include "surrogate/dataset/campaign.hpp"
#include "surrogate/design/parallel.hpp"

namespace porelith {
namespace {

using Clock = std::chrono::steady_clock;
constexpr double bad = -1e30;  // merit of what cannot be solved before anything could

/// What all streams of a search know together.
struct Board {
  std::mutex lock;
  long solves = 0, reached = -1;
  double best = -std::numeric_limits<double>::infinity();
  double seconds = 0;
  bool capped = false;
  std::vector<double> x;
  std::vector<std::pair<long, double>> progress;
};

/// The whole of one stream's budget, spent on one local search after the other.
class Stream {
 public:
  Stream(const Goal& goal, const Physics& physics, const SolverSearchOptions& options, long budget, Board& board)
      : goal_(goal),
        physics_(physics),
        o_(options),
        budget_(budget),
        board_(board),
        cube_(goal.family().variables),
        begun_(Clock::now()) {}

  bool over() const {
    if (solves_ >= budget_ || tries_ > 20 * budget_ + 100 || o_.stop()) return true;
    const std::lock_guard<std::mutex> guard(board_.lock);
    if (std::chrono::duration<double>(Clock::now() - begun_).count() > o_.seconds) return board_.capped = true;
    return o_.stop_at_target && board_.reached >= 0;
  }

  void climb_from(const std::vector<double>& start) {
    const auto d = static_cast<unsigned>(cube_.dimension());
    const auto constraints = goal_.constraints().size() + goal_.family().feasible.size();
    const bool free = constraints == 0 && d > 1;  // BOBYQA wants two variables
    nlopt::opt local(free ? nlopt::LN_BOBYQA : nlopt::LN_COBYLA, d);
    local.set_lower_bounds(0);
    local.set_upper_bounds(1);
    local.set_initial_step(o_.radius);
    local.set_xtol_abs(o_.finest);
    local.set_max_objective(&Stream::merit, this);
    if (constraints > 0)
      local.add_inequality_mconstraint(&Stream::broken, this, std::vector<double>(constraints, 1e-9));
    local_ = &local;
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

 private:
  static double merit(const std::vector<double>& u, std::vector<double>&, void* self) {
    return static_cast<Stream*>(self)->ask(u).merit;
  }
  static void broken(unsigned m, double* c, unsigned d, const double* u, double*, void* self) {
    const Judgement& j = static_cast<Stream*>(self)->ask({u, u + d});
    for (unsigned k = 0; k < m; ++k) c[k] = -j.constraints[k];
  }

  /// Merit, constraints on results, then feasibility; the last point is remembered, as NLopt asks for each in turn.
  const Judgement& ask(const std::vector<double>& u) {
    if (u == asked_) return answer_;
    if (over()) {
      local_->force_stop();
      return answer_ = nothing(goal_.feasibility(point(u)));
    }
    asked_ = u;
    ++tries_;
    const std::vector<double> x = point(u);
    const Eigen::VectorXd feasible = goal_.feasibility(x);
    answer_ = nothing(feasible);
    if (!physics_.infeasible(x).empty()) return answer_;
    ++solves_;
    const Sample sample = physics_.solve(-1, x, 1);
    const std::lock_guard<std::mutex> guard(board_.lock);
    ++board_.solves;
    board_.seconds += sample.seconds;
    if (sample.status != "complete") return answer_;
    const Judgement judged = goal_.judge(sample);
    answer_.merit = judged.merit;
    answer_.constraints.head(judged.constraints.size()) = judged.constraints;
    worst_ = std::min(worst_, judged.merit);
    if (judged.allowed() && judged.merit > board_.best) {
      board_.best = judged.merit;
      board_.x = x;
      board_.progress.emplace_back(board_.solves, judged.merit);
      if (board_.reached < 0 && judged.merit >= o_.target) board_.reached = board_.solves;
    }
    return answer_;
  }

  /// No merit; the feasibility's own values lead back.
  Judgement nothing(const Eigen::VectorXd& feasible) const {
    const auto m = static_cast<Eigen::Index>(goal_.constraints().size());
    Judgement j{std::isfinite(worst_) ? worst_ : bad, Eigen::VectorXd::Constant(m + feasible.size(), -1)};
    j.constraints.tail(feasible.size()) = feasible;
    return j;
  }

  std::vector<double> point(const std::vector<double>& u) const {
    return cube_.rounded(cube_.point(Eigen::Map<const Eigen::VectorXd>(u.data(), static_cast<Eigen::Index>(u.size()))));
  }

  const Goal& goal_;
  const Physics& physics_;
  const SolverSearchOptions& o_;
  long budget_, solves_ = 0, tries_ = 0;
  double worst_ = std::numeric_limits<double>::infinity();  ///< of this stream alone: its way depends on no other
  Board& board_;
  UnitCube cube_;
  Clock::time_point begun_;
  nlopt::opt* local_ = nullptr;
  std::vector<double> asked_;
  Judgement answer_;
};

/// The given starts, then points spread over the space, those left out that must not be solved.
std::vector<std::vector<double>> starts_of(const Physics& physics, const SolverSearchOptions& o, int d) {
  std::vector<std::vector<double>> starts = o.starts;
  if (o.local) return starts;
  const UnitCube cube(physics.family.variables);
  for (const auto& u : sample_points("sobol", 1024, d, o.seed + 77)) {
    const auto x = cube.rounded(cube.point(Eigen::Map<const Eigen::VectorXd>(u.data(), d)));
    if (physics.infeasible(x).empty()) starts.push_back(x);
  }
  return starts;
}

}  // namespace

SolverSearch search_on_solver(const Goal& goal, const Physics& physics, const SolverSearchOptions& options) {
  const int d = static_cast<int>(physics.family.variables.size());
  const bool bounds_only = goal.constraints().empty() && physics.family.feasible.empty() && d > 1;
  Board board;
  const int streams = std::max(1, options.threads);
  if (d == 0) {  // a family without freedom: its one design
    const Sample only = physics.solve(-1, {}, 1);
    board.solves = 1;
    board.seconds = only.seconds;
    if (only.status == "complete" && goal.judge(only).allowed()) board.best = goal.judge(only).merit;
  } else {
    const auto starts = starts_of(physics, options, d);
    for_all(streams, streams, [&](long stream) {
      Stream search(goal, physics, options, options.budget / streams, board);
      for (std::size_t k = stream; k < starts.size() && !search.over(); k += streams) search.climb_from(starts[k]);
    });
  }
  SolverSearch found;
  found.method = bounds_only ? "BOBYQA" : "COBYLA";
  found.budget = options.budget;
  found.solves = board.solves;
  found.solves_to_reach = board.reached;
  found.target = goal.objective(options.target);
  found.best = goal.objective(board.best);
  found.x = board.x;
  found.seconds = board.seconds;
  found.capped = board.capped;
  for (const auto& [solve, merit] : board.progress) found.progress.emplace_back(solve, goal.objective(merit));
  return found;
}

}  // namespace porelith
