#include "surrogate/design/verification.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "solver/base/error.hpp"
#include "surrogate/dataset/points.hpp"
#include "surrogate/dataset/tables_left.hpp"
#include "surrogate/design/answers.hpp"
#include "surrogate/design/effort.hpp"
#include "surrogate/design/pole.hpp"
#include "surrogate/design/proposals.hpp"
#include "surrogate/design/solver_search.hpp"
#include "surrogate/design/trust_region.hpp"

namespace porelith {
namespace {

constexpr long most_tries = 20000;     // of points for a fresh design
constexpr double on_the_bound = 1e-6;  // of a range
constexpr int tried_on_finer = 8;      // designs of a ranking at most

std::vector<double> values_of(const Eigen::VectorXd& v) { return {v.data(), v.data() + v.size()}; }

/// @throws SolveFailure naming the design if it could not be solved
const Sample& solved(const std::string& name, const Evaluation& answer, bool finer) {
  if (complete(answer.sample)) return answer.sample;
  throw SolveFailure(fmt::format("{}{}: {}", name, finer ? " on the finer mesh" : "", answer.sample.status));
}

}  // namespace

Confirmed confirm(const std::string& name, const Goal& goal, const Physics& physics, const std::vector<double>& x,
                  double finer) {
  std::vector<Question> questions{{x}};
  if (finer != 1) questions.push_back({x, finer});
  const std::vector<Evaluation> answers = evaluator_of(goal, physics)(questions);
  const Sample &coarse = solved(name, answers.front(), false), &fine = solved(name, answers.back(), finer != 1);
  const Judgement on_case = goal.judge(coarse), on_finer = goal.judge(fine);
  Confirmed c;
  c.name = name;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const DesignVariable& variable = physics.family.variables[i];
    c.variables.push_back(variable.name);
    if (std::min(x[i] - variable.low, variable.high - x[i]) <= on_the_bound * (variable.high - variable.low))
      c.on_bounds.push_back(variable.name);
  }
  c.x = x;
  c.value = goal.objective(on_case.merit);
  c.value_finer = goal.objective(on_finer.merit);
  c.constraints = values_of(on_case.constraints);
  c.constraints_finer = values_of(on_finer.constraints);
  c.scalars = coarse.scalars;
  c.scalars_finer = fine.scalars;
  c.allowed = on_finer.allowed();
  c.left_tables = widest({&coarse.left_tables, &fine.left_tables});
  return c;
}

std::string nothing_allowed(const Goal& goal, const std::vector<Sample>& samples) {
  const auto count = static_cast<Eigen::Index>(goal.constraints().size());
  Eigen::VectorXd most = Eigen::VectorXd::Constant(count, -std::numeric_limits<double>::infinity());
  std::vector<long> kept(goal.constraints().size(), 0);
  long judged = 0;
  for (const Sample& sample : samples) {
    if (!complete(sample)) continue;
    const Judgement judgement = goal.judge(sample);
    if (!judgement.defined()) continue;
    ++judged;
    most = most.cwiseMax(judgement.constraints);
    for (Eigen::Index k = 0; k < count; ++k) kept[static_cast<std::size_t>(k)] += judgement.constraints[k] >= 0;
  }
  std::string text = fmt::format("none of {} designs that have been solved keeps the constraints", judged);
  for (std::size_t k = 0; k < kept.size() && judged > 0; ++k)
    text += fmt::format("{} {} >= 0 holds at {} of them{}", k == 0 ? ":" : ",", goal.constraints()[k].text(), kept[k],
                        kept[k] > 0 ? "" : fmt::format(" and is {:.4g} at best", most[static_cast<Eigen::Index>(k)]));
  return text;
}

Confirmed confirm_best(const Goal& goal, const Physics& physics, const std::vector<std::vector<double>>& ranking,
                       double finer) {
  Confirmed first;
  for (std::size_t k = 0; k < std::min<std::size_t>(ranking.size(), tried_on_finer); ++k) {
    Confirmed tried = confirm("optimum", goal, physics, ranking[k], finer);
    if (tried.allowed) return tried;
    if (k == 0) first = tried;
  }
  return first;
}

Confirmed best_of_family(const Design& design, const Physics& physics, const Scale& scale,
                         const std::function<bool()>& stop) {
  const Goal goal(design, physics.family);
  SolverSearchOptions options;
  const auto d = static_cast<long>(physics.family.variables.size());
  options.budget = rival_solves_a_variable * std::max(1L, d);
  options.seed = design.seed;
  options.stop = stop;
  options.starts = {physics.family.start()};
  const SolverSearch found = search_on_solver(goal, physics, options);
  if (d > 0 && found.x.empty() && !stop())
    throw SolveFailure(fmt::format("no electrode of the rival family {} keeps the constraints", physics.family.name));
  Dataset data;
  data.family = physics.family;
  Answers answers(goal, physics, data, stop);
  answers.ask({found.x});
  TrustRegionOptions steps;
  steps.budget = steps_a_variable * d;
  std::vector<double> x = found.x;
  if (d > 0 && !stop()) {
    TrustRegion ascent(goal, physics, found.x, steps);
    History history = answers.history();
    pursue(ascent, answers.evaluator(), history, static_cast<int>(d));
    x = ascent.best();
  }
  const Sample at_end = d > 0 && !stop() ? physics.solve(-1, x, 1) : Sample{};
  if (complete(at_end))
    if (const auto pole =
            pole_at(goal, physics, answers.evaluator(), scale, x, goal.judge(at_end).merit, physics.family.start()))
      throw SolveFailure(fmt::format("the rival family {}: {}", physics.family.name, *pole));
  Confirmed best = confirm(physics.family.name, goal, physics, x, design.finer);
  best.meaning = physics.family.meaning;
  best.against = physics.family.against;
  best.solves = found.solves + answers.solves();
  return best;
}

GateCheck check_gate(const Design& design, const Physics& physics, const Surrogate& surrogate, double range,
                     double widening, int count) {
  const Goal goal(design, physics.family);
  FeasiblePoints points(physics.family, "latin_hypercube", 40 * count, design.seed + 4242);
  std::vector<std::vector<double>> fresh;
  while (static_cast<int>(fresh.size()) < count && points.tried() < most_tries * count) {
    const auto point = points.next(most_tries * count - points.tried());
    if (!point) break;
    if (physics.infeasible(point->x).empty()) fresh.push_back(point->x);
  }
  const std::vector<Sample> truth = samples_at(evaluator_of(goal, physics), fresh);

  GateCheck check;
  double sum = 0;
  for (std::size_t k = 0; k < fresh.size(); ++k) {
    if (!complete(truth[k])) continue;
    const Judgement judged = goal.judge(truth[k]);
    const Foreseen seen = foresee(goal, surrogate, fresh[k]);
    if (!judged.defined() || !seen.defined()) continue;
    const double error = std::abs(seen.merit - judged.merit);
    ++check.fresh;
    sum += error;
    check.covered += error <= seen.half_width;
    for (const bool wide : {false, true}) {
      const double half_width = wide ? widening * seen.half_width : seen.half_width;
      if (!seen.inside || half_width > design.interval * range) continue;
      GateCount& count = wide ? check.widened : check.plain;
      ++count.accepted;
      count.outside += error > half_width;
      count.wrong += error > design.interval * range;
      count.worst = std::max(count.worst, error);
    }
  }
  check.mean_error = sum / static_cast<double>(std::max(1L, check.fresh));
  return check;
}

}  // namespace porelith
