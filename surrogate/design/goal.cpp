#include "surrogate/design/goal.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>

#include "solver/base/error.hpp"
#include "solver/newman/observables/scalar_results.hpp"

namespace porelith {
namespace {

/// Variables and results, as the expressions of a study may name them.
std::vector<std::string> names_of(const DesignFamily& family) {
  std::vector<std::string> names = family.names();
  for (const ScalarResult& result : scalar_results()) names.push_back(result.name);
  return names;
}

/// @throws CaseError
NamedExpression read_expression(const std::string& text, const DesignFamily& family) {
  try {
    return {text, names_of(family), family.let};
  } catch (const std::invalid_argument& error) {
    throw CaseError({{{}, text + ": " + error.what()}});
  }
}

std::vector<NamedExpression> read_expressions(const std::vector<std::string>& texts, const DesignFamily& family) {
  std::vector<NamedExpression> list;
  list.reserve(texts.size());
  for (const std::string& text : texts) list.push_back(read_expression(text, family));
  return list;
}

Eigen::VectorXd as_vector(const std::vector<double>& values) {
  return Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Eigen::Index>(values.size()));
}

}  // namespace

Physics physics_of(const DesignSpace& space, int threads) {
  return {space.family(),
          [&space](long index, const std::vector<double>& x, double finer) { return space.solve(index, x, finer); },
          [&space](const std::vector<double>& x) { return space.infeasible(x); },
          space.may_share_threads() ? threads : 1};
}

Physics sloped_physics_of(const DesignSpace& space, const Goal& goal, int threads) {
  Physics physics = physics_of(space, threads);
  physics.sloped_results = goal.results_read();
  const auto solver = std::make_shared<SlopedSolver>(space, physics.sloped_results, physics.threads);
  physics.sloped = [solver](long index, const std::vector<double>& x, bool slope) {
    return solver->solve(index, x, slope);
  };
  return physics;
}

std::vector<double> drawn_inside(const Physics& physics, const UnitCube& cube, const std::vector<double>& x,
                                 const std::vector<double>& inside) {
  const Eigen::VectorXd from = cube.unit(x), to = cube.unit(inside);
  constexpr int doublings = 30;  // of 1e-9, as long as that is less than the whole way
  for (int k = -1; k < doublings; ++k) {
    const double part = k < 0 ? 0 : std::ldexp(1e-9, k);
    std::vector<double> tried = cube.rounded(cube.point(from + part * (to - from)));
    if (physics.infeasible(tried).empty()) return tried;
  }
  return inside;
}

Goal::Goal(const Design& design, const DesignFamily& family)
    : family_(family),
      objective_(read_expression(design.objective, family)),
      maximise_(design.maximise),
      constraints_(read_expressions(design.constraints, family)),
      feasible_(read_expressions(family.feasible, family)) {}

std::vector<std::size_t> Goal::results_read() const {
  std::vector<std::size_t> read;
  for (std::size_t k = 0; k < scalar_results().size(); ++k) {
    const auto reads = [&](const NamedExpression& e) { return e.reads(family_.variables.size() + k); };
    if (reads(objective_) || std::any_of(constraints_.begin(), constraints_.end(), reads)) read.push_back(k);
  }
  return read;
}

Goal::Values Goal::values(const std::vector<double>& x, const Eigen::VectorXd& scalars) const {
  Values all = x;
  all.insert(all.end(), scalars.begin(), scalars.end());
  all.resize(x.size() + scalar_results().size());  // where there are no results, nothing asks for them
  return all;
}

Judgement Goal::judge(const std::vector<double>& x, const Eigen::VectorXd& scalars) const {
  const Values all = values(x, scalars);
  const double objective = objective_.value(all);
  Judgement judgement{maximise_ ? objective : -objective, Eigen::VectorXd(constraints_.size())};
  for (std::size_t k = 0; k < constraints_.size(); ++k) judgement.constraints[k] = constraints_[k].value(all);
  return judgement;
}

Judgement Goal::judge(const Sample& sample) const { return judge(sample.x, as_vector(sample.scalars)); }

/// d expression / d scalars at held x.
Eigen::VectorXd Goal::scalar_slopes(const NamedExpression& expression, const Values& values) const {
  const std::size_t variables = family_.variables.size();
  Eigen::VectorXd slopes = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(scalar_results().size()));
  for (Eigen::Index k = 0; k < slopes.size(); ++k)
    if (expression.reads(variables + k)) slopes[k] = expression.slope(values, variables + k);
  return slopes;
}

/// (D2) d expression / d x: through the scalars and directly.
Eigen::VectorXd Goal::total_slope(const NamedExpression& expression, const Values& values,
                                  const Eigen::MatrixXd& slopes) const {
  Eigen::VectorXd total = slopes.transpose() * scalar_slopes(expression, values);
  for (std::size_t i = 0; i < family_.variables.size(); ++i)
    if (expression.reads(i)) total[i] += expression.slope(values, i);
  return total;
}

JudgementWithSlopes Goal::judge(const std::vector<double>& x, const Eigen::VectorXd& scalars,
                                const Eigen::MatrixXd& slopes) const {
  const Values all = values(x, scalars);
  JudgementWithSlopes result{judge(x, scalars), total_slope(objective_, all, slopes),
                             Eigen::MatrixXd(constraints_.size(), family_.variables.size())};
  if (!maximise_) result.merit_slope = -result.merit_slope;
  for (std::size_t k = 0; k < constraints_.size(); ++k)
    result.constraint_slopes.row(k) = total_slope(constraints_[k], all, slopes).transpose();
  return result;
}

Eigen::MatrixXd Goal::by_scalars(const std::vector<double>& x, const Eigen::VectorXd& scalars) const {
  const Values all = values(x, scalars);
  Eigen::MatrixXd by(1 + constraints_.size(), scalar_results().size());
  by.row(0) = scalar_slopes(objective_, all).transpose() * (maximise_ ? 1 : -1);
  for (std::size_t k = 0; k < constraints_.size(); ++k) by.row(1 + k) = scalar_slopes(constraints_[k], all).transpose();
  return by;
}

Eigen::VectorXd Goal::half_widths(const std::vector<double>& x, const Eigen::VectorXd& scalars,
                                  const Eigen::VectorXd& half_width) const {
  const Values all = values(x, scalars);
  Eigen::VectorXd widths(1 + constraints_.size());
  widths[0] = scalar_slopes(objective_, all).cwiseAbs().dot(half_width);
  for (std::size_t k = 0; k < constraints_.size(); ++k)
    widths[1 + k] = scalar_slopes(constraints_[k], all).cwiseAbs().dot(half_width);
  return widths;
}

Eigen::VectorXd Goal::feasibility(const std::vector<double>& x) const {
  const Values all = values(x, {});
  Eigen::VectorXd feasibility(feasible_.size());
  for (std::size_t k = 0; k < feasible_.size(); ++k) feasibility[k] = feasible_[k].value(all);
  return feasibility;
}

Eigen::MatrixXd Goal::feasibility_slopes(const std::vector<double>& x) const {
  const Values all = values(x, {});
  Eigen::MatrixXd slopes = Eigen::MatrixXd::Zero(feasible_.size(), family_.variables.size());
  for (std::size_t k = 0; k < feasible_.size(); ++k)
    for (std::size_t i = 0; i < family_.variables.size(); ++i)
      if (feasible_[k].reads(i)) slopes(k, i) = feasible_[k].slope(all, i);
  return slopes;
}

}  // namespace porelith
