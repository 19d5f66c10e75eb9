#include "surrogate/design/goal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <stdexcept>

#include "solver/case/scalar_results.hpp"

namespace porelith {
namespace {

/// Whether a name stands in an expression, as a word of its own.
bool mentions(const std::string& expression, const std::string& name) {
  const auto in_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; };
  for (auto at = expression.find(name); at != std::string::npos; at = expression.find(name, at + 1)) {
    const auto end = at + name.size();
    if ((at == 0 || !in_word(expression[at - 1])) && (end == expression.size() || !in_word(expression[end])))
      return true;
  }
  return false;
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

std::vector<double> UnitCube::point(const Eigen::VectorXd& u) const {
  std::vector<double> x;
  for (int i = 0; i < dimension(); ++i) {
    const DesignVariable& v = variables_[i];
    const double value = v.log ? v.low * std::pow(v.high / v.low, u[i]) : v.low + u[i] * (v.high - v.low);
    x.push_back(std::clamp(value, v.low, v.high));
  }
  return x;
}

Eigen::VectorXd UnitCube::unit(const std::vector<double>& x) const {
  Eigen::VectorXd u(dimension());
  for (int i = 0; i < dimension(); ++i) {
    const DesignVariable& v = variables_[i];
    const double value = v.log ? std::log(x[i] / v.low) / std::log(v.high / v.low) : (x[i] - v.low) / (v.high - v.low);
    u[i] = v.high > v.low ? std::clamp(value, 0.0, 1.0) : 0;
  }
  return u;
}

Eigen::VectorXd UnitCube::slope(const std::vector<double>& x) const {
  Eigen::VectorXd slope(dimension());
  for (int i = 0; i < dimension(); ++i) {
    const DesignVariable& v = variables_[i];
    slope[i] = v.log ? x[i] * std::log(v.high / v.low) : v.high - v.low;
  }
  return slope;
}

std::vector<double> UnitCube::rounded(std::vector<double> x) const {
  for (int i = 0; i < dimension(); ++i)
    if (variables_[i].integer)
      x[i] = std::clamp(std::round(x[i]), std::ceil(variables_[i].low), std::floor(variables_[i].high));
  return x;
}

std::vector<double> drawn_inside(const Physics& physics, const UnitCube& cube, const std::vector<double>& x,
                                 const std::vector<double>& inside) {
  const Eigen::VectorXd from = cube.unit(x), to = cube.unit(inside);
  for (double part = 0; part < 1; part = part == 0 ? 1e-9 : 2 * part) {
    const std::vector<double> tried = cube.rounded(cube.point(from + part * (to - from)));
    if (physics.infeasible(tried).empty()) return tried;
  }
  return inside;
}

Goal::Goal(const Design& design, const DesignFamily& family)
    : family_(family), objective_(design.objective), maximise_(design.maximise), constraints_(design.constraints) {}

Goal::Names Goal::names(const std::vector<double>& x, const Eigen::VectorXd& scalars) const {
  Names names;
  for (std::size_t i = 0; i < family_.variables.size(); ++i) names[family_.variables[i].name] = x[i];
  for (Eigen::Index k = 0; k < scalars.size(); ++k)
    names[scalar_results()[static_cast<std::size_t>(k)].name] = scalars[k];
  return names;
}

Judgement Goal::judge(const std::vector<double>& x, const Eigen::VectorXd& scalars) const {
  const Names all = names(x, scalars);
  const double objective = evaluate_expression(objective_, all);
  Judgement judgement{maximise_ ? objective : -objective, Eigen::VectorXd(constraints_.size())};
  for (std::size_t k = 0; k < constraints_.size(); ++k)
    judgement.constraints[k] = evaluate_expression(constraints_[k], all);
  return judgement;
}

Judgement Goal::judge(const Sample& sample) const { return judge(sample.x, as_vector(sample.scalars)); }

/// d expression / d scalars at held x.
Eigen::VectorXd Goal::scalar_slopes(const std::string& expression, const Names& names) const {
  const auto& results = scalar_results();
  Eigen::VectorXd slopes = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(results.size()));
  for (std::size_t k = 0; k < results.size(); ++k)
    if (mentions(expression, results[k].name)) slopes[k] = expression_slope(expression, names, results[k].name);
  return slopes;
}

/// (D2) d expression / d x: through the scalars and directly.
Eigen::VectorXd Goal::total_slope(const std::string& expression, const Names& names,
                                  const Eigen::MatrixXd& slopes) const {
  Eigen::VectorXd total = slopes.transpose() * scalar_slopes(expression, names);
  for (std::size_t i = 0; i < family_.variables.size(); ++i)
    if (mentions(expression, family_.variables[i].name))
      total[i] += expression_slope(expression, names, family_.variables[i].name);
  return total;
}

JudgementWithSlopes Goal::judge(const std::vector<double>& x, const Eigen::VectorXd& scalars,
                                const Eigen::MatrixXd& slopes) const {
  const Names all = names(x, scalars);
  JudgementWithSlopes result{judge(x, scalars), total_slope(objective_, all, slopes),
                             Eigen::MatrixXd(constraints_.size(), family_.variables.size())};
  if (!maximise_) result.merit_slope = -result.merit_slope;
  for (std::size_t k = 0; k < constraints_.size(); ++k)
    result.constraint_slopes.row(k) = total_slope(constraints_[k], all, slopes).transpose();
  return result;
}

Eigen::VectorXd Goal::half_widths(const std::vector<double>& x, const Eigen::VectorXd& scalars,
                                  const Eigen::VectorXd& half_width) const {
  const Names all = names(x, scalars);
  Eigen::VectorXd widths(1 + constraints_.size());
  widths[0] = scalar_slopes(objective_, all).cwiseAbs().dot(half_width);
  for (std::size_t k = 0; k < constraints_.size(); ++k)
    widths[1 + k] = scalar_slopes(constraints_[k], all).cwiseAbs().dot(half_width);
  return widths;
}

Eigen::VectorXd Goal::feasibility(const std::vector<double>& x) const {
  const Names all = names(x, {});
  Eigen::VectorXd values(family_.feasible.size());
  for (std::size_t k = 0; k < family_.feasible.size(); ++k) values[k] = evaluate_expression(family_.feasible[k], all);
  return values;
}

Eigen::MatrixXd Goal::feasibility_slopes(const std::vector<double>& x) const {
  const Names all = names(x, {});
  Eigen::MatrixXd slopes = Eigen::MatrixXd::Zero(family_.feasible.size(), family_.variables.size());
  for (std::size_t k = 0; k < family_.feasible.size(); ++k)
    for (std::size_t i = 0; i < family_.variables.size(); ++i)
      if (mentions(family_.feasible[k], family_.variables[i].name))
        slopes(k, i) = expression_slope(family_.feasible[k], all, family_.variables[i].name);
  return slopes;
}

}  // namespace porelith
