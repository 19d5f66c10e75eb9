#pragma once
/// Backward differentiation formulas of order 1 to 5 on whatever times the history holds (T1)-(T3).
#include <array>

namespace porelith {

inline constexpr int max_bdf_order = 5;
using Weights = std::array<double, max_bdf_order + 3>;

/// dy/dt(t_new) = (y_new - sum_i hat[i] y(past[i]))/gamma, exact for polynomials of degree `order` (T1).
struct BdfFormula {
  double gamma;  ///< [s]
  Weights hat;
};
/// @param past times of the history, latest first; `order` of them are used [s]
BdfFormula bdf_formula(int order, double t_new, const double* past);

/// Weights w with p(t) = sum_i w[i] y(nodes[i]), p the polynomial through n nodes (T2). t may be any time.
Weights interpolation_weights(int n, double t, const double* nodes);

/// Weights of the local error of order q at t_new (T3): the error is sum_i w[i] y_i over t_new, past[0], ..., past[q].
Weights error_weights(int q, double t_new, const double* past);

}  // namespace porelith
