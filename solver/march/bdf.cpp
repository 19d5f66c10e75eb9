#include "solver/march/bdf.hpp"

namespace porelith {

BdfFormula bdf_formula(int order, double t_new, const double* past) {
  double derivative = 0;  // of the Lagrange polynomial of y_new at t_new
  for (int i = 0; i < order; ++i) derivative += 1 / (t_new - past[i]);
  BdfFormula formula{1 / derivative, {}};
  for (int i = 0; i < order; ++i) {
    double d = 1 / (past[i] - t_new);
    for (int j = 0; j < order; ++j)
      if (j != i) d *= (t_new - past[j]) / (past[i] - past[j]);
    formula.hat[i] = -d * formula.gamma;
  }
  return formula;
}

Weights interpolation_weights(int n, double t, const double* nodes) {
  Weights w{};
  for (int i = 0; i < n; ++i) {
    w[i] = 1;
    for (int j = 0; j < n; ++j)
      if (j != i) w[i] *= (t - nodes[j]) / (nodes[i] - nodes[j]);
  }
  return w;
}

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
