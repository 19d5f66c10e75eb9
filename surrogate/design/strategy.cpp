#include "surrogate/design/strategy.hpp"

#include <stdexcept>

#include "solver/base/threads.hpp"

namespace porelith {

History history_of(const std::vector<Sample>& samples) {
  History history;
  for (const Sample& sample : samples) history.push_back({sample});
  return history;
}

namespace {

/// Against the coarsest other mesh in the same call.
double error_of(const Goal& goal, const std::vector<Evaluation>& all, const std::vector<Question>& questions,
                std::size_t k) {
  if (!complete(all[k].sample)) return std::nan("");
  for (std::size_t other = 0; other < all.size(); ++other)
    if (questions[other].x == questions[k].x && questions[other].finer < questions[k].finer &&
        complete(all[other].sample))
      return std::abs(goal.judge(all[k].sample).merit - goal.judge(all[other].sample).merit);
  return std::nan("");
}

}  // namespace

Evaluator evaluator_of(const Goal& goal, const Physics& physics, bool booked) {
  return [&goal, &physics, booked](const std::vector<Question>& questions) {
    std::vector<Evaluation> all(questions.size());
    for_all(static_cast<long>(questions.size()), physics.threads, [&](long k) {
      const Question& q = questions[static_cast<std::size_t>(k)];
      const bool attempt = !booked && physics.attempt && q.finer == 1;
      all[static_cast<std::size_t>(k)].sample = attempt ? physics.attempt(q.x) : physics.solve(-1, q.x, q.finer);
    });
    for (std::size_t k = 0; k < all.size(); ++k) all[k].error = error_of(goal, all, questions, k);
    return all;
  };
}

Evaluator sloped_evaluator_of(const Physics& physics) {
  return [&physics](const std::vector<Question>& questions) {
    std::vector<Evaluation> all(questions.size());
    for_all(static_cast<long>(questions.size()), physics.threads, [&](long k) {
      const Question& q = questions[static_cast<std::size_t>(k)];
      if (q.finer != 1) throw std::logic_error("slopes are those of the case's own mesh");
      Sloped sloped = physics.sloped(-1, q.x, q.slope);
      Evaluation& e = all[static_cast<std::size_t>(k)];
      e.sample = std::move(sloped.sample);
      e.slopes = std::move(sloped.slopes);
      e.linearisations = sloped.linearisations;
      e.missing = std::move(sloped.missing);
      e.by_differences = std::move(sloped.by_differences);
      e.smooth = std::move(sloped.smooth);
    });
    return all;
  };
}

std::vector<Sample> samples_at(const Evaluator& evaluator, const std::vector<std::vector<double>>& designs) {
  std::vector<Question> questions;
  questions.reserve(designs.size());
  for (const auto& x : designs) questions.push_back({x});
  std::vector<Sample> samples;
  for (Evaluation& evaluation : evaluator(questions)) samples.push_back(std::move(evaluation.sample));
  return samples;
}

void pursue(Strategy& strategy, const Evaluator& evaluator, History& history, int n) {
  for (auto questions = strategy.ask(history, n); !questions.empty(); questions = strategy.ask(history, n)) {
    const std::vector<Evaluation> replies = evaluator(questions);
    history.insert(history.end(), replies.begin(), replies.end());
    if (replies.size() < questions.size()) {  // what was still answered is not lost to the strategy
      strategy.ask(history, 0);
      return;
    }
  }
}

}  // namespace porelith
