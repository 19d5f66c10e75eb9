#include "surrogate/design/answers.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>

#include "solver/base/threads.hpp"

namespace porelith {
namespace {

constexpr double same_design = 1e-4;  // of the range: nearer designs need no second solve

/// Which of n answers are allowed, best first; of equals the first. @param judged of number k, as std::optional
template <class Judged>
std::vector<long> ranked(std::size_t n, const Judged& judged) {
  std::vector<std::pair<double, long>> allowed;
  for (std::size_t k = 0; k < n; ++k)
    if (const auto judgement = judged(k); judgement && judgement->allowed())
      allowed.emplace_back(-judgement->merit, static_cast<long>(k));
  std::sort(allowed.begin(), allowed.end());
  std::vector<long> indices;
  indices.reserve(allowed.size());
  for (const auto& [merit, k] : allowed) indices.push_back(k);
  return indices;
}

}  // namespace

Answers::Answers(const Goal& goal, const Physics& physics, Dataset& data, const std::function<bool()>& stop)
    : goal_(goal), physics_(physics), data_(data), stop_(stop), cube_(physics.family.variables) {
  for (const Sample& sample : data_.samples) next_ = std::max(next_, sample.index + 1);
}

std::vector<Sample> Answers::ask(const std::vector<std::vector<double>>& designs) {
  std::map<std::vector<double>, long> places;  // in the data, where the answers are or will be
  for (std::size_t k = 0; k < data_.samples.size(); ++k) places.emplace(data_.samples[k].x, static_cast<long>(k));
  std::vector<const std::vector<double>*> open;
  for (const auto& design : designs)
    if (places.emplace(design, static_cast<long>(data_.samples.size() + open.size())).second) open.push_back(&design);
  std::vector<Sample> fresh(open.size());
  for_all(static_cast<long>(open.size()), physics_.threads, [&](long k) {
    if (!stop_()) fresh[k] = physics_.solve(next_ + k, *open[k], 1);
  });
  for (const Sample& sample : fresh) {
    if (sample.status.empty()) break;  // somebody wants to stop
    data_.samples.push_back(sample);
    data_.samples.back().chosen = true;
    seconds_ += sample.seconds;
    ++next_, ++solves_;
  }
  std::vector<Sample> answers;
  for (const auto& design : designs) {
    const auto place = static_cast<std::size_t>(places.at(design));
    if (place >= data_.samples.size()) break;
    answers.push_back(data_.samples[place]);
  }
  return answers;
}

std::optional<Judgement> Answers::judged(const Sample& sample) const {
  if (!complete(sample)) return std::nullopt;
  Judgement judgement = goal_.judge(sample);
  if (!judgement.defined() || judgement.merit > most_) return std::nullopt;
  return judgement;
}

Sample Answers::known(const std::vector<double>& x) const {
  const Eigen::VectorXd u = cube_.unit(x);
  for (const Sample& sample : data_.samples)
    if (complete(sample) && (cube_.unit(sample.x) - u).lpNorm<Eigen::Infinity>() < same_design) return sample;
  return {};
}

Evaluator Answers::evaluator() {
  return [this](const std::vector<Question>& questions) {
    std::vector<std::vector<double>> designs;
    designs.reserve(questions.size());
    for (const Question& question : questions) {
      if (question.finer != 1) throw std::logic_error("the loop's answers are those of the case's own mesh");
      designs.push_back(question.x);
    }
    return history_of(ask(designs));
  };
}

std::vector<long> Answers::ranking() const {
  return ranked(data_.samples.size(), [&](std::size_t k) { return judged(data_.samples[k]); });
}

std::vector<std::vector<double>> best_designs(const Goal& goal, const History& history, std::size_t count) {
  const std::vector<long> order = ranked(history.size(), [&](std::size_t k) -> std::optional<Judgement> {
    if (!complete(history[k].sample)) return std::nullopt;
    return goal.judge(history[k].sample);
  });
  std::vector<std::vector<double>> designs;
  for (std::size_t k = 0; k < std::min(count, order.size()); ++k)
    designs.push_back(history[static_cast<std::size_t>(order[k])].sample.x);
  return designs;
}

std::vector<std::vector<double>> Answers::best_designs(std::size_t count, double apart) const {
  std::vector<std::vector<double>> designs;
  for (const long k : ranking()) {
    if (designs.size() == count) break;
    const Eigen::VectorXd u = cube_.unit(sample(k).x);
    const auto near = [&](const auto& x) { return (cube_.unit(x) - u).template lpNorm<Eigen::Infinity>() < apart; };
    if (std::none_of(designs.begin(), designs.end(), near)) designs.push_back(sample(k).x);
  }
  return designs;
}

double Answers::best_merit() const {
  const auto all = ranking();
  return all.empty() ? -std::numeric_limits<double>::infinity() : goal_.judge(sample(all.front())).merit;
}

Scale Answers::scale() const {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const Sample& sample : data_.samples)
    if (const auto judgement = judged(sample))
      low = std::min(low, judgement->merit), high = std::max(high, judgement->merit);
  return {high, std::max(high - low, 1e-12 * std::max(std::abs(high), 1e-300))};
}

std::vector<LeftOut> left_out(const Design& design, const Goal& goal, const Dataset& data) {
  std::vector<LeftOut> list{{"objective", design.objective, 0}}, some;
  for (const std::string& constraint : design.constraints) list.push_back({"constraint", constraint, 0});
  for (const Sample& sample : data.samples) {
    if (!complete(sample)) continue;
    const Judgement judged = goal.judge(sample);
    list[0].designs += !std::isfinite(judged.merit);
    for (std::size_t k = 1; k < list.size(); ++k)
      list[k].designs += !std::isfinite(judged.constraints[static_cast<Eigen::Index>(k) - 1]);
  }
  for (std::size_t k = 0; k < data.undefined.size(); ++k)
    list.push_back({"condition", goal.family().feasible[k], data.undefined[k]});
  for (const LeftOut& left : list)
    if (left.designs > 0) some.push_back(left);
  return some;
}

}  // namespace porelith
