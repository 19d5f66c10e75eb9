#include "surrogate/design/gradient_study.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <set>

#include "surrogate/design/answers.hpp"
#include "surrogate/design/effort.hpp"
#include "surrogate/design/pole.hpp"

namespace porelith {
namespace {

using Clock = std::chrono::steady_clock;

/// Each design once, in the order in which they were asked for.
void add_samples(const History& history, Dataset& data) {
  std::set<std::vector<double>> known;
  for (const Sample& sample : data.samples) known.insert(sample.x);
  auto next = static_cast<long>(data.samples.size());
  for (const Evaluation& answer : history) {
    if (!known.insert(answer.sample.x).second) continue;
    data.samples.push_back(answer.sample);
    data.samples.back().index = next++;
  }
}

/// What the starts alone say of the objective: what a pole is held against.
Scale scale_of_starts(const Goal& goal, const GradientSearch& search, const History& history) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const Ascent& ascent : search.ascents())
    for (const Evaluation& answer : history) {
      if (answer.sample.x != ascent.start || !complete(answer.sample)) continue;
      const Judgement judged = goal.judge(answer.sample);
      if (judged.defined()) low = std::min(low, judged.merit), high = std::max(high, judged.merit);
    }
  return {high, std::max(high - low, 1e-12 * std::max(std::abs(high), 1e-300))};
}

}  // namespace

GradientSearchOptions gradient_options(const Design& design, const std::function<bool()>& stop) {
  GradientSearchOptions options;
  options.starts = slope_starts;
  options.budget = slope_solves_a_variable * (1 + static_cast<long>(design.space.variables.size()));
  options.seed = design.seed;
  options.first = {design.space.start()};
  options.stop = stop;
  return options;
}

LoopResult run_gradient_study(const Design& design, const Physics& physics, Dataset& data, const LoopOptions& options,
                              DesignOutcome& outcome) {
  outcome.objective = design.objective;
  outcome.maximise = design.maximise;
  outcome.constraints = design.constraints;
  outcome.finer = design.finer;
  outcome.strategy = design.strategy;
  const auto begun = Clock::now();
  const Goal goal(design, physics.family);
  const GradientSearchOptions o = gradient_options(design, options.stop);
  GradientSearch search(goal, physics, o);
  History history;
  pursue(search, sloped_evaluator_of(physics), history, physics.threads);
  add_samples(history, data);
  Answers answers(goal, physics, data, options.stop);
  outcome.scale = answers.scale();
  outcome.by_gradient = found_by(search, goal, goal.objective(answers.best_merit()));
  GradientFound& found = outcome.by_gradient;
  for (const auto& [cost, value] : found.progress) outcome.progress.emplace_back(std::lround(cost), value);
  outcome.solves_of_loop = found.solves;
  outcome.before_last_steps = found.best;
  outcome.converged = !options.stop();
  outcome.ended = options.stop() ? "stopped on request" : "no climb gains any more";
  options.say(fmt::format("{} from {} starts: {} after {} solves and {} gradients", found.method, found.starts,
                          found.x.empty() ? "nothing that keeps the constraints" : fmt::format("{:.6g}", found.best),
                          found.solves, found.gradients));
  outcome.left_out = left_out(design, goal, data);
  for (const LeftOut& left : outcome.left_out) options.say(left.sentence());
  if (!found.by_differences.empty())
    outcome.notes.push_back(fmt::format("slopes by {} are differences of solves: the solver has no exact ones by them",
                                        fmt::join(found.by_differences, ", ")));
  if (found.gradients == 0 && !found.missing.empty()) outcome.notes.push_back("no slopes: " + found.missing);
  const auto best = answers.best_designs(1);
  if (!best.empty() && !options.stop()) {
    const auto pole = pole_at(goal, physics, answers.evaluator(), scale_of_starts(goal, search, history), best.front(),
                              answers.best_merit(), physics.family.start());
    if (pole) {
      outcome.pole = *pole;
      options.say(outcome.pole);
      answers.leave_out_above(scale_of_starts(goal, search, history).best);
    }
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - begun).count();
  outcome.costs.push_back(
      {"search along slopes", found.solves + answers.solves(), seconds, found.seconds + answers.solver_seconds()});
  const auto ranking = answers.best_designs(20);
  return {std::nullopt, {}, ranking.empty() ? std::vector<double>{} : ranking.front(), ranking};
}

}  // namespace porelith
