#include "surrogate/design/proposals.hpp"

#include <algorithm>
#include <cmath>

#include "solver/base/normal.hpp"
#include "surrogate/dataset/points.hpp"
#include "surrogate/design/answers.hpp"
#include "surrogate/design/search.hpp"

namespace porelith {
namespace {

constexpr int spread_starts = 24;        // of the climbs, besides the best known designs
constexpr long most_tries = 20000;       // of points for such a start
constexpr std::size_t known_starts = 8;  // the best known designs, of the climbs
constexpr int drawn_scouts = 200;        // of which the most promising are proposed
constexpr double apart = 0.01;           // of the range: nearer candidates are one

Eigen::VectorXd as_vector(const std::vector<double>& x) {
  return Eigen::Map<const Eigen::VectorXd>(x.data(), static_cast<Eigen::Index>(x.size()));
}

}  // namespace

Foreseen foresee(const Goal& goal, const Surrogate& surrogate, const std::vector<double>& x) {
  const Prediction said = surrogate.predict(as_vector(x));
  const Judgement judged = goal.judge(x, said.scalars);
  const Eigen::VectorXd widths = goal.half_widths(x, said.scalars, said.half_width);
  return {judged.merit, widths[0], said.distance, said.inside, judged.constraints, widths.tail(widths.size() - 1)};
}

Proposer::Proposer(const Goal& goal, const Physics& physics, const Surrogate& surrogate, const ProposerOptions& options)
    : goal_(goal), physics_(physics), surrogate_(surrogate), cube_(physics.family.variables), o_(options) {}

std::vector<Question> Proposer::ask(const History& history, int n) {
  if (!candidates_.empty()) return {};
  candidates_ = propose(best_designs(goal_, history, known_starts), n);
  std::vector<Question> questions;
  for (const Candidate& candidate : candidates_) questions.push_back({candidate.x});
  return questions;
}

/// Summits of the surrogate. `cautious` asks constraints on results to hold by their half width as well.
std::vector<std::vector<double>> Proposer::summits(const std::vector<std::vector<double>>& known, bool cautious) const {
  if (!surrogate_.has_gradient()) return {};
  const int d = cube_.dimension();
  Eigen::VectorXd margin = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(goal_.constraints().size()));
  if (cautious && !known.empty()) margin = foresee(goal_, surrogate_, known.front()).constraint_half_widths;

  const Landscape landscape = [&](const Eigen::VectorXd& u) {
    const std::vector<double> x = cube_.point(u);
    const Eigen::VectorXd at = as_vector(x), dx = cube_.slope(x);
    const JudgementWithSlopes seen = goal_.judge(x, surrogate_.scalars(at), surrogate_.gradient(at));
    const Eigen::VectorXd feasible = goal_.feasibility(x);
    Local local;
    local.value = seen.value.merit;
    local.slope = seen.merit_slope.cwiseProduct(dx);
    local.constraints.resize(margin.size() + feasible.size());
    local.constraints << seen.value.constraints - margin, feasible;
    local.constraint_slopes.resize(local.constraints.size(), d);
    if (margin.size() > 0) local.constraint_slopes.topRows(margin.size()) = seen.constraint_slopes * dx.asDiagonal();
    if (feasible.size() > 0)
      local.constraint_slopes.bottomRows(feasible.size()) = goal_.feasibility_slopes(x) * dx.asDiagonal();
    return local;
  };

  std::vector<Eigen::VectorXd> starts;
  starts.reserve(known.size() + spread_starts);
  for (const auto& x : known) starts.push_back(cube_.unit(x));
  FeasiblePoints points(physics_.family, evenly(d), 4 * spread_starts, o_.seed);
  for (int tried = 0; tried < 4 * spread_starts && starts.size() < known.size() + spread_starts; ++tried) {
    const auto point = points.next(most_tries);
    if (!point) break;
    if (physics_.infeasible(point->x).empty()) starts.push_back(cube_.unit(point->x));
  }
  ClimbOptions options;
  options.scale = o_.range;
  options.threads = o_.threads;
  std::vector<std::vector<double>> found;
  for (const Summit& summit : climb(landscape, starts, options))
    if (summit.violation < 0.05) found.push_back(cube_.rounded(cube_.point(summit.u)));
  return found;
}

/// Random designs near one, those that the surrogate hopes most of.
std::vector<std::vector<double>> Proposer::scouts(const std::vector<double>& around, int count) const {
  NormalNumbers normal(o_.seed, 0, o_.reach);
  const Eigen::VectorXd centre = cube_.unit(around);
  std::vector<std::pair<double, std::vector<double>>> drawn;
  for (int n = 0; n < drawn_scouts; ++n) {
    Eigen::VectorXd u = centre;
    for (auto& value : u) value = std::clamp(value + normal.next(), 0.0, 1.0);
    const std::vector<double> x = cube_.rounded(cube_.point(u));
    if (!physics_.infeasible(x).empty()) continue;
    const Foreseen seen = foresee(goal_, surrogate_, x);
    const bool hopeless = ((seen.constraints + seen.constraint_half_widths).array() < 0).any();
    if (!hopeless && seen.defined()) drawn.emplace_back(-seen.merit - seen.half_width, x);
  }
  std::sort(drawn.begin(), drawn.end());
  std::vector<std::vector<double>> best;
  for (const auto& [hope, x] : drawn) {
    if (static_cast<int>(best.size()) == count) break;
    const auto near = [&, &x = x](const std::vector<double>& other) {
      return (cube_.unit(x) - cube_.unit(other)).lpNorm<Eigen::Infinity>() < 0.5 * o_.reach;
    };
    if (std::none_of(best.begin(), best.end(), near)) best.push_back(x);
  }
  return best;
}

Candidate Proposer::candidate(const std::vector<double>& x, const std::string& origin) const {
  const Foreseen seen = foresee(goal_, surrogate_, x);
  Candidate c;
  c.origin = origin;
  c.x = x;
  c.predicted = goal_.objective(seen.merit);
  c.half_width = seen.half_width;
  c.distance = seen.distance;
  c.inside = seen.inside;
  c.value = std::nan("");
  return c;
}

std::vector<Candidate> Proposer::propose(const std::vector<std::vector<double>>& known, int count) const {
  std::vector<Candidate> chosen;
  const auto add = [&](const std::vector<double>& x, const char* origin) {
    const auto near = [&](const Candidate& c) {
      return (cube_.unit(c.x) - cube_.unit(x)).lpNorm<Eigen::Infinity>() < apart;
    };
    if (static_cast<int>(chosen.size()) < count && physics_.infeasible(x).empty() &&
        std::none_of(chosen.begin(), chosen.end(), near) && foresee(goal_, surrogate_, x).defined())
      chosen.push_back(candidate(x, origin));
  };
  const auto bold = summits(known, false);
  const auto cautious = goal_.constraints().empty() ? bold : summits(known, true);
  for (std::size_t k = 0; k < std::max(bold.size(), cautious.size()); ++k) {
    if (2 * static_cast<int>(chosen.size()) >= count) break;
    for (const auto* list : {&bold, &cautious})
      if (k < list->size())
        add(known.empty() ? (*list)[k] : drawn_inside(physics_, cube_, (*list)[k], known.front()), "climb");
  }
  if (!known.empty())
    for (const auto& x : scouts(known.front(), count - static_cast<int>(chosen.size()))) add(x, "scout");
  return chosen;
}

}  // namespace porelith
