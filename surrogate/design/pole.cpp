#include "surrogate/design/pole.hpp"

#include <fmt/format.h>

#include <cmath>

namespace porelith {
namespace {

constexpr double beyond = 10;     // ranges above the best sample
constexpr double farthest = 0.1;  // first distance, of each variable's range
constexpr int halvings = 17;      // down to 1e-6
constexpr double growth = 1.3;    // of the merit above the best sample, at a halving
constexpr int telling = 4;        // halvings in a row that grow so

/// "n = 0.3, p = 0.335"
std::string named(const std::vector<DesignVariable>& variables, const std::vector<double>& x) {
  std::string text;
  for (std::size_t i = 0; i < x.size(); ++i)
    text += fmt::format("{}{} = {:.6g}", i == 0 ? "" : ", ", variables[i].name, x[i]);
  return text;
}

}  // namespace

std::optional<std::string> pole_at(const Goal& goal, const Physics& physics, const Evaluator& evaluator,
                                   const Scale& scale, const std::vector<double>& x, double merit,
                                   const std::vector<double>& toward) {
  if (!(merit > scale.best + beyond * scale.range)) return std::nullopt;
  const UnitCube cube(physics.family.variables);
  const Eigen::VectorXd summit = cube.unit(x), away = cube.unit(toward) - summit;
  const double length = away.size() == 0 ? 0 : away.lpNorm<Eigen::Infinity>();
  if (!(length > 0)) return std::nullopt;
  std::vector<std::vector<double>> designs;
  for (int k = 0; k < halvings; ++k) {
    const auto design = cube.rounded(cube.point(summit + std::ldexp(farthest, -k) / length * away));
    if (physics.infeasible(design).empty()) designs.push_back(design);
  }
  double before = 0;
  int grown = 0, most = 0;
  for (const Sample& sample : samples_at(evaluator, designs)) {
    const Judgement judged = complete(sample) ? goal.judge(sample) : Judgement{std::nan(""), {}};
    const double above = judged.merit - scale.best;
    grown = before > 0 && above > growth * before ? grown + 1 : 0;
    most = std::max(most, grown);
    before = above;
  }
  if (most < telling) return std::nullopt;
  return fmt::format(
      "{} has a pole near {}: {:.4g} there, {:.3g} times the samples' range beyond the best of them, and growing each "
      "time the distance to it halves. This is no optimum; write an objective that stays finite, or keep away by a "
      "feasible condition",
      goal.expression(), named(physics.family.variables, x), goal.objective(merit), (merit - scale.best) / scale.range);
}

}  // namespace porelith
