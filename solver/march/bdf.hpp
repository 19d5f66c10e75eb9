#pragma once
/// Backward differentiation formulas of order 1 to 5 on whatever times the history holds (T1)-(T3).
#include <array>
#include <type_traits>

namespace porelith {

inline constexpr int max_bdf_order = 5;
template <class Number>
using WeightsOf = std::array<Number, max_bdf_order + 3>;
using Weights = WeightsOf<double>;

/// dy/dt(t_new) = (y_new - sum_i hat[i] y(past[i]))/gamma, exact for polynomials of degree `order` (T1).
template <class Number>
struct BdfFormulaOf {
  Number gamma;  ///< [s]
  WeightsOf<Number> hat;
};
using BdfFormula = BdfFormulaOf<double>;
/// Of double, or of Dual<1>, which knows how the weights move with the times.
/// @param past times of the history, latest first; `order` of them are used [s]
template <class Number>
BdfFormulaOf<Number> bdf_formula(int order, std::common_type_t<Number> t_new, const Number* past);

/// Weights w with p(t) = sum_i w[i] y(nodes[i]), p the polynomial through n nodes (T2). t may be any time.
template <class Number>
WeightsOf<Number> interpolation_weights(int n, std::common_type_t<Number> t, const Number* nodes);

/// Weights of the local error of order q at t_new (T3): the error is sum_i w[i] y_i over t_new, past[0], ..., past[q].
Weights error_weights(int q, double t_new, const double* past);

}  // namespace porelith
