#include "surrogate/dataset/unit_cube.hpp"

#include <algorithm>
#include <cmath>

#include "surrogate/gate/axis.hpp"

namespace porelith {
namespace {

Axis axis_of(const DesignVariable& v) { return {v.low, v.high, v.log}; }

}  // namespace

std::vector<double> UnitCube::point(const Eigen::VectorXd& u) const {
  std::vector<double> x;
  x.reserve(variables_.size());
  for (int i = 0; i < dimension(); ++i)
    x.push_back(std::clamp(axis_of(variables_[i]).point(u[i]), variables_[i].low, variables_[i].high));
  return x;
}

Eigen::VectorXd UnitCube::unit(const std::vector<double>& x) const {
  Eigen::VectorXd u(dimension());
  for (int i = 0; i < dimension(); ++i) {
    const DesignVariable& v = variables_[i];
    u[i] = v.high > v.low ? std::clamp(axis_of(v).unit(x[i]), 0.0, 1.0) : 0;
  }
  return u;
}

Eigen::VectorXd UnitCube::slope(const std::vector<double>& x) const {
  Eigen::VectorXd slope(dimension());
  for (int i = 0; i < dimension(); ++i) slope[i] = axis_of(variables_[i]).slope(x[i]);
  return slope;
}

std::vector<double> UnitCube::rounded(std::vector<double> x) const {
  for (int i = 0; i < dimension(); ++i)
    if (variables_[i].integer)
      x[i] = std::clamp(std::round(x[i]), std::ceil(variables_[i].low), std::floor(variables_[i].high));
  return x;
}

std::vector<double> UnitCube::design(const std::vector<double>& u) const {
  std::vector<double> x;
  for (std::size_t i = 0; i < variables_.size(); ++i) {
    const DesignVariable& v = variables_[i];
    Axis axis = axis_of(v);
    if (v.integer) axis.high += 1;
    const double value = axis.point(u[i]);
    x.push_back(std::clamp(v.integer ? std::floor(value) : value, v.low, v.high));
  }
  return x;
}

}  // namespace porelith
