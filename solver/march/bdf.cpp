#include "solver/march/bdf.hpp"

#include "solver/base/dual.hpp"

namespace porelith {

template <class Number>
BdfFormulaOf<Number> bdf_formula(int order, std::common_type_t<Number> t_new, const Number* past) {
  Number derivative = 0;  // of the Lagrange polynomial of y_new at t_new
  for (int i = 0; i < order; ++i) derivative += 1 / (t_new - past[i]);
  BdfFormulaOf<Number> formula{1 / derivative, {}};
  for (int i = 0; i < order; ++i) {
    Number d = 1 / (past[i] - t_new);
    for (int j = 0; j < order; ++j)
      if (j != i) d *= (t_new - past[j]) / (past[i] - past[j]);
    formula.hat[i] = -d * formula.gamma;
  }
  return formula;
}

template <class Number>
WeightsOf<Number> interpolation_weights(int n, std::common_type_t<Number> t, const Number* nodes) {
  WeightsOf<Number> w{};
  for (int i = 0; i < n; ++i) {
    w[i] = 1;
    for (int j = 0; j < n; ++j)
      if (j != i) w[i] *= (t - nodes[j]) / (nodes[i] - nodes[j]);
  }
  return w;
}

template BdfFormula bdf_formula(int, double, const double*);
template BdfFormulaOf<Dual<1>> bdf_formula(int, Dual<1>, const Dual<1>*);
template Weights interpolation_weights(int, double, const double*);
template WeightsOf<Dual<1>> interpolation_weights(int, Dual<1>, const Dual<1>*);

Weights error_weights(int q, double t_new, const double* past) {
  std::array<double, max_bdf_order + 3> nodes{t_new};
  for (int i = 0; i <= q; ++i) nodes[i + 1] = past[i];
  double scale = bdf_formula(q, t_new, past).gamma;
  for (int i = 0; i < q; ++i) scale *= t_new - past[i];
  Weights w{};
  for (int i = 0; i < q + 2; ++i) {  // a divided difference of order q + 1: y^(q+1)/(q+1)!
    w[i] = scale;
    for (int j = 0; j < q + 2; ++j)
      if (j != i) w[i] /= nodes[i] - nodes[j];
  }
  return w;
}

}  // namespace porelith
