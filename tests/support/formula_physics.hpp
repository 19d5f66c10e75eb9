#pragma once
/// Formulas in the solver's place, with slopes: for searches whose end is known.
#include <atomic>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "surrogate/design/goal.hpp"

namespace porelith {

inline std::size_t place_of(const std::string& name) {
  for (std::size_t k = 0; k < scalar_results().size(); ++k)
    if (scalar_results()[k].name == name) return k;
  return scalar_results().size();
}

/// "capacity" and "energy" of a design with their slopes; NaN of both is a failed solve.
struct Values {
  double capacity, energy;
  std::vector<double> capacity_slope, energy_slope;
};
using Formula = std::function<Values(const std::vector<double>&)>;

inline Physics physics_of(const Formula& f, const DesignFamily& family, std::atomic<long>* asked = nullptr) {
  Physics p;
  p.family = family;
  p.infeasible = [family](const std::vector<double>& x) {
    Design design;
    design.objective = "capacity";
    const Eigen::VectorXd values = Goal(design, family).feasibility(x);
    return std::string(values.size() > 0 && values.minCoeff() < 0 ? "outside" : "");
  };
  p.solve = [f](long index, const std::vector<double>& x, double) {
    const Values v = f(x);
    const auto n = scalar_results().size();
    Sample s{index, x, "complete", std::vector<double>(n, 0.0), std::vector<double>(curve_points, 4.0), 0.001, 10};
    s.scalars[place_of("capacity")] = v.capacity, s.scalars[place_of("energy")] = v.energy;
    if (!std::isfinite(v.capacity)) s.status = "failed: of itself";
    return s;
  };
  p.sloped_results = {place_of("capacity"), place_of("energy")};
  p.sloped = [=](long index, const std::vector<double>& x, bool slope) {
    if (asked) ++*asked;
    const Values v = f(x);
    const auto n = scalar_results().size();
    Sloped s{{index, x, "complete", std::vector<double>(n, 0.0), std::vector<double>(curve_points, 4.0), 0.001, 10}};
    if (!std::isfinite(v.capacity)) {
      s.sample.status = "failed: of itself";
      return s;
    }
    s.sample.scalars[p.sloped_results[0]] = v.capacity, s.sample.scalars[p.sloped_results[1]] = v.energy;
    if (!slope) return s;
    s.slopes =
        Eigen::MatrixXd::Constant(static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(x.size()), std::nan(""));
    for (std::size_t i = 0; i < x.size(); ++i) {
      s.slopes(static_cast<Eigen::Index>(p.sloped_results[0]), static_cast<Eigen::Index>(i)) = v.capacity_slope[i];
      s.slopes(static_cast<Eigen::Index>(p.sloped_results[1]), static_cast<Eigen::Index>(i)) = v.energy_slope[i];
    }
    s.linearisations = 5;
    return s;
  };
  return p;
}

inline DesignFamily box(int d, double low, double high, double start, const std::vector<std::string>& feasible = {}) {
  DesignFamily family{"box", {}, {}, feasible};
  for (int i = 0; i < d; ++i) family.variables.push_back({"x" + std::to_string(i + 1), low, high, false, false, start});
  return family;
}

/// capacity = 100 - (1 - x)^2 - 5 (y - x^2)^2, energy = x + y
inline Values valley(const std::vector<double>& x) {
  const double a = 1 - x[0], b = x[1] - x[0] * x[0];
  return {100 - a * a - 5 * b * b, x[0] + x[1], {2 * a + 20 * b * x[0], -10 * b}, {1, 1}};
}

}  // namespace porelith
