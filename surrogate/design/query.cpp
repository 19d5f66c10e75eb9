#include "surrogate/design/query.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "surrogate/dataset/points.hpp"
#include "surrogate/design/answers.hpp"
#include "surrogate/design/proposals.hpp"

namespace porelith {
namespace {

constexpr int random_designs = 500;  // that tell the objective's range
constexpr long most_tries = 20000;   // of points for one of them
constexpr double apart = 0.1;        // of a range: nearer designs are one

/// Who says what may be solved, and is never asked to solve.
Physics conditions_of(const Goal& goal) {
  Physics physics;
  physics.family = goal.family();
  physics.solve = [](long, const std::vector<double>&, double) -> Sample {
    throw std::logic_error("a question to a surrogate solves nothing");
  };
  physics.infeasible = [&goal](const std::vector<double>& x) {
    const Eigen::VectorXd kept = goal.feasibility(x);
    const bool may = kept.allFinite() && (kept.size() == 0 || kept.minCoeff() >= 0);
    return std::string(may ? "" : "a condition of the space does not hold");
  };
  return physics;
}

bool within(const DesignFamily& family, const std::vector<double>& x) {
  for (std::size_t k = 0; k < x.size(); ++k)
    if (!(x[k] >= family.variables[k].low && x[k] <= family.variables[k].high)) return false;
  return true;
}

double range_of(const Goal& goal, const Physics& physics, const Surrogate& surrogate, unsigned seed) {
  FeasiblePoints points(goal.family(), evenly(goal.family().variables.size()), random_designs, seed);
  double least = std::numeric_limits<double>::infinity(), most = -least;
  for (int k = 0; k < random_designs; ++k) {
    const auto point = points.next(most_tries);
    if (!point) break;
    if (!physics.infeasible(point->x).empty()) continue;
    const Foreseen seen = foresee(goal, surrogate, point->x);
    if (!seen.defined()) continue;
    least = std::min(least, seen.merit);
    most = std::max(most, seen.merit);
  }
  return most > least ? most - least : 1;
}

/// @param wider what half widths are multiplied by
Foretold told(const Goal& goal, const Surrogate& surrogate, const std::vector<double>& x, double wider) {
  const Foreseen seen = foresee(goal, surrogate, x);
  Foretold it;
  it.x = x;
  it.value = goal.objective(seen.merit);
  it.half_width = wider * seen.half_width;
  it.constraints = seen.constraints;
  it.constraint_half_widths = wider * seen.constraint_half_widths;
  it.distance = seen.distance;
  it.inside = seen.inside;
  return it;
}

/// Those that differ from all before them, so many at most.
std::vector<Foretold> distinct(const UnitCube& cube, const std::vector<Foretold>& all, int most) {
  std::vector<Foretold> some;
  for (const Foretold& it : all) {
    const Eigen::VectorXd u = cube.unit(it.x);
    const auto near = [&](const Foretold& other) { return (cube.unit(other.x) - u).lpNorm<Eigen::Infinity>() < apart; };
    if (static_cast<int>(some.size()) < most && std::none_of(some.begin(), some.end(), near)) some.push_back(it);
  }
  return some;
}

/// How many constraints' intervals reach below 0, and how many stay below it.
struct Doubts {
  long open = 0, broken = 0;
};
Doubts doubts(const Foretold& it) {
  const Eigen::ArrayXd middle = it.constraints.array(), width = it.constraint_half_widths.array();
  return {(middle - width < 0).count(), (middle + width < 0).count()};
}

}  // namespace

Foretold foretold(const Goal& goal, const Surrogate& surrogate, const std::vector<double>& x) {
  return told(goal, surrogate, x, 1);
}

QueryAnswer answered(const Goal& goal, const Surrogate& surrogate, const std::vector<Sample>& solved,
                     const QueryOptions& options) {
  const Physics physics = conditions_of(goal);
  QueryAnswer answer;
  answer.range = range_of(goal, physics, surrogate, options.seed);

  std::vector<Sample> known;
  for (const Sample& sample : solved)
    if (complete(sample) && within(goal.family(), sample.x) && physics.infeasible(sample.x).empty())
      known.push_back(sample);
  const History history = history_of(known);
  double least = -std::numeric_limits<double>::infinity();  // that the best design is worth, as merit
  for (const std::vector<double>& x : best_designs(goal, history, 1)) {
    answer.solved = x;
    for (const Sample& sample : known)
      if (sample.x == x) least = goal.judge(sample).merit;
    answer.solved_value = goal.objective(least);
  }

  ProposerOptions search;
  search.range = answer.range;
  search.seed = options.seed;
  search.threads = options.threads;
  Proposer proposer(goal, physics, surrogate, search);
  for (const Question& question : proposer.ask(history, 4 * options.designs))
    answer.designs.push_back(told(goal, surrogate, question.x, surrogate.picks_widened_by()));
  const auto merit = [&goal](const Foretold& it) { return goal.objective(it.value); };
  std::stable_sort(answer.designs.begin(), answer.designs.end(), [&](const Foretold& a, const Foretold& b) {
    const bool a_may = doubts(a).broken == 0, b_may = doubts(b).broken == 0;
    return a_may != b_may ? a_may : merit(a) > merit(b);
  });
  answer.designs = distinct(UnitCube(goal.family().variables), answer.designs, options.designs);

  for (Foretold& it : answer.designs) {
    it.sure = it.inside && it.half_width <= options.interval * answer.range && doubts(it).open == 0;
    if (doubts(it).open == 0) least = std::max(least, merit(it) - it.half_width);
  }
  for (Foretold& it : answer.designs) it.may_win = doubts(it).broken == 0 && merit(it) + it.half_width > least;
  if (answer.designs.empty() || answer.designs.front().sure) return answer;
  for (std::size_t k = 0; k < answer.designs.size(); ++k)
    if (answer.designs[k].may_win) answer.to_solve.push_back(k);
  return answer;
}

}  // namespace porelith
