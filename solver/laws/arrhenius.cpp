#include "solver/laws/arrhenius.hpp"

#include <cmath>

#include "solver/base/constants.hpp"

namespace porelith {

ValueAndSlope arrhenius(double activation_energy, double T_ref, double T) {
  const double factor = std::exp(activation_energy / gas_constant * (1 / T_ref - 1 / T));
  return {factor, factor * activation_energy / (gas_constant * T * T)};
}

void ScaledAt::evaluate(int n, const double* x, double* value, double* by_x) const {
  f_.evaluate(n, x, value, by_x);
  if (factor_.value == 1) return;
  for (int i = 0; i < n; ++i) {
    value[i] *= factor_.value;
    by_x[i] *= factor_.value;
  }
}

void ScaledAt::evaluate(int n, const double* x, double* value, double* by_x, double* by_T) const {
  f_.evaluate(n, x, value, by_x);
  for (int i = 0; i < n; ++i) {
    by_T[i] = value[i] * factor_.slope;
    value[i] *= factor_.value;
    by_x[i] *= factor_.value;
  }
}

}  // namespace porelith
