#include "surrogate/design/answers.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "surrogate/design/parallel.hpp"

namespace porelith {
namespace {

constexpr double same_design = 1e-4;  // of the range: nearer designs need no second solve

}  // namespace

Answers::Answers(const Goal& goal, const Physics& physics, Dataset& data, const std::function<bool()>& stop)
    : goal_(goal), physics_(physics), data_(data), stop_(stop), cube_(physics.family.variables) {
  for (const Sample& sample : data_.samples) next_ = std::max(next_, sample.index + 1);
}

std::vector<Sample> Answers::ask(const std::vector<std::vector<double>>& designs) {
  std::vector<Sample> answers(designs.size());
  for_all(static_cast<long>(designs.size()), physics_.threads, [&](long k) {
    if (!stop_()) answers[k] = physics_.solve(next_ + k, designs[k], 1);
  });
  const auto asked = [](const Sample& sample) { return !sample.status.empty(); };
  answers.erase(std::find_if_not(answers.begin(), answers.end(), asked), answers.end());
  for (const Sample& sample : answers) {
    data_.samples.push_back(sample);
    seconds_ += sample.seconds;
  }
  next_ += static_cast<long>(answers.size());
  solves_ += static_cast<long>(answers.size());
  return answers;
}

Sample Answers::known(const std::vector<double>& x) const {
  const Eigen::VectorXd u = cube_.unit(x);
  for (const Sample& sample : data_.samples)
    if (complete(sample) && (cube_.unit(sample.x) - u).lpNorm<Eigen::Infinity>() < same_design) return sample;
  return {};
}

std::vector<long> Answers::ranking() const {
  std::vector<std::pair<double, long>> allowed;
  for (std::size_t k = 0; k < data_.samples.size(); ++k) {
    if (!complete(data_.samples[k])) continue;
    const Judgement judged = goal_.judge(data_.samples[k]);
    if (judged.allowed()) allowed.emplace_back(-judged.merit, static_cast<long>(k));
  }
  std::sort(allowed.begin(), allowed.end());
  std::vector<long> indices;
  for (const auto& [merit, k] : allowed) indices.push_back(k);
  return indices;
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

double Answers::merit_range() const {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const Sample& sample : data_.samples) {
    if (!complete(sample)) continue;
    const double merit = goal_.judge(sample).merit;
    low = std::min(low, merit), high = std::max(high, merit);
  }
  return std::max(high - low, 1e-12 * std::max(std::abs(high), 1e-300));
}

}  // namespace porelith
