#include "solver/laws/laws.hpp"

#include <cmath>
#include <vector>

#include "solver/base/constants.hpp"

namespace porelith {

double arrhenius(double activation_energy, double T_ref, double T) {
  return std::exp(activation_energy / gas_constant * (1 / T_ref - 1 / T));
}

namespace {
void scaled(const Function& law, double factor, int n, const double* x, double* value, double* slope) {
  law.evaluate(n, x, value, slope);
  if (factor == 1) return;
  for (int i = 0; i < n; ++i) {
    value[i] *= factor;
    slope[i] *= factor;
  }
}
}  // namespace

ElectrolyteLaw::ElectrolyteLaw(const Electrolyte& e, double T_ref, double T)
    : D_e_(e.D_e),
      kappa_(e.kappa),
      D_e_factor_(arrhenius(e.D_e_activation, T_ref, T)),
      kappa_factor_(arrhenius(e.kappa_activation, T_ref, T)),
      t_plus_(e.t_plus),
      c_e0_(e.c_e0),
      chi_(2 * (1 - e.t_plus) * thermal_voltage(T)) {}

void ElectrolyteLaw::diffusivity(int n, const double* c_e, double* D_e, double* slope) const {
  scaled(D_e_, D_e_factor_, n, c_e, D_e, slope);
}

void ElectrolyteLaw::conductivity(int n, const double* c_e, double* kappa, double* slope) const {
  scaled(kappa_, kappa_factor_, n, c_e, kappa, slope);
}

MaterialLaw::MaterialLaw(const ActiveMaterial& m, double T_ref, double T)
    : U_(m.U),
      dUdT_(m.dUdT),
      D_s_(m.D_s),
      T_minus_T_ref_(T - T_ref),
      D_s_factor_(arrhenius(m.D_s_activation, T_ref, T)),
      i0_scale_(faraday * m.K * arrhenius(m.K_activation, T_ref, T)),
      c_s_max_(m.c_s_max) {}

void MaterialLaw::potential(int n, const double* sto, double* U, double* slope) const {
  U_.evaluate(n, sto, U, slope);
  if (T_minus_T_ref_ == 0) return;
  thread_local std::vector<double> entropic, entropic_slope;
  entropic.resize(n);
  entropic_slope.resize(n);
  dUdT_.evaluate(n, sto, entropic.data(), entropic_slope.data());
  for (int i = 0; i < n; ++i) {
    U[i] += T_minus_T_ref_ * entropic[i];
    slope[i] += T_minus_T_ref_ * entropic_slope[i];
  }
}

double MaterialLaw::potential(double sto) const {
  double U, slope;
  potential(1, &sto, &U, &slope);
  return U;
}

void MaterialLaw::diffusivity(int n, const double* sto, double* D_s, double* slope) const {
  scaled(D_s_, D_s_factor_, n, sto, D_s, slope);
}

double MaterialLaw::i0(double c_e_over_c_e0, double sto) const {
  return i0_scale_ * std::sqrt(c_e_over_c_e0 * sto * (1 - sto));
}

}  // namespace porelith
