#pragma once
/// The laws of a cell at its temperature: electrolyte, open-circuit potential, solid diffusion, kinetics.
/// Each gives value and derivative, for many points at once; symbols as in EQUATIONS.md.
#include <vector>

#include "solver/cell/cell.hpp"

namespace porelith {

/// Factor exp(Ea/R (1/T_ref - 1/T)) on a rate given at T_ref (L1) [1]
double arrhenius(double activation_energy, double T_ref, double T);

/// D_e(c_e), kappa(c_e), t_plus of the bulk electrolyte at T (L2).
class ElectrolyteLaw {
 public:
  ElectrolyteLaw(const Electrolyte& electrolyte, double T_ref, double T);

  /// D_e [m2 s-1] and dD_e/dc_e at n concentrations c_e [mol m-3]
  void diffusivity(int n, const double* c_e, double* D_e, double* slope) const;
  /// kappa [S m-1] and dkappa/dc_e
  void conductivity(int n, const double* c_e, double* kappa, double* slope) const;

  double t_plus() const { return t_plus_; }
  double c_e0() const { return c_e0_; }
  /// chi = 2 (1 - t_plus) RT/F, the factor of grad ln c_e in (E2) [V]
  double chi() const { return chi_; }

 private:
  Function D_e_, kappa_;
  double D_e_factor_, kappa_factor_, t_plus_, c_e0_, chi_;
};

/// Thermodynamics, kinetics and solid diffusion of one active material at T.
class MaterialLaw {
 public:
  MaterialLaw(const ActiveMaterial& material, double T_ref, double T);

  /// U + (T - T_ref) dU/dT [V] and its slope at n stoichiometries; these must lie in [0, 1] (L3)
  void potential(int n, const double* sto, double* U, double* slope) const;
  double potential(double sto) const;
  /// D_s [m2 s-1] and dD_s/dsto (L4)
  void diffusivity(int n, const double* sto, double* D_s, double* slope) const;
  bool constant_diffusivity() const { return D_s_.is_constant(); }
  /// Stoichiometries at which the slope of D_s jumps
  std::vector<double> diffusivity_kinks() const { return D_s_.kinks(); }

  /// F K at T: the exchange-current density is i0_scale sqrt(c_e/c_e0 sto (1 - sto)) (L5) [A m-2]
  double i0_scale() const { return i0_scale_; }
  double i0(double c_e_over_c_e0, double sto) const;
  double c_s_max() const { return c_s_max_; }

 private:
  Function U_, dUdT_, D_s_;
  double T_minus_T_ref_, D_s_factor_, i0_scale_, c_s_max_;
};

}  // namespace porelith
