#pragma once
/// The terms of the equations as functions of any kind of number: what `assembly`, `kinetics` and `particles` work out
/// for many cells at once with partials of their own stands here once more, as it is written in EQUATIONS.md. With Dual
/// numbers these give the derivatives by parameters.
#include <cmath>

#include "solver/base/constants.hpp"
#include "solver/laws/kinetics_law.hpp"
#include "solver/newman/particles.hpp"

namespace porelith::relations {

/// A law of one variable that gives value and slope for many points: diffusivity, conductivity, open-circuit potential.
template <class Number, class Law>
Number at(const Law& law, const Number& x) {
  const double point = value_of(x);
  double value, slope;
  law(1, &point, &value, &slope);
  return chained(x, value, slope);
}

// (E1) and (E2) through the face between P and N, (S1)

/// A/(d_P/(B law)_P + d_N/(B law)_N), the harmonic mean of a conductivity. @param way d/B [m]
template <class Number>
Number conductance(const Number& area, const Number& way_P, const Number& law_P, const Number& way_N,
                   const Number& law_N) {
  return area / (way_P / law_P + way_N / law_N);
}

/// [mol s-1]. @param jump what the fall lacks on a skew face (S4)
template <class Number>
Number salt_flux(const Number& conductance, const Number& c_P, const Number& c_N, const Number& jump) {
  return conductance * (c_P - c_N + jump);
}

/// [A]. @param X the integral of chi over ln c_e (L2b) [V]
template <class Number>
Number ionic_current(const Number& conductance, const Number& phi_P, const Number& phi_N, const Number& X_P,
                     const Number& X_N, const Number& jump) {
  return conductance * (phi_P - phi_N - (X_P - X_N) + jump);
}

/// (E5) through the face between P and N, and (B1) through a collector's with phi_N that of the terminal [A]
template <class Number>
Number electronic_current(const Number& conductance, const Number& phi_P, const Number& phi_N, const Number& jump) {
  return conductance * (phi_P - phi_N + jump);
}

/// (E1) what a control volume stores more of [mol s-1]
template <class Number>
Number salt_stored(const Number& volume, const Number& eps, const Number& dcdt) {
  return volume * eps * dcdt;
}

/// (E1), (E2), (E5) what leaves all particles of a control volume [mol s-1]
template <class Number>
Number reaction(const Number& volume, const Number& a, const Number& j) {
  return volume * a * j;
}

// (E3)

/// phi_s - phi_e - U - eta [V]. @param beyond of stoichiometry past the margin of empty and full
template <class Number>
Number kinetics(const Number& phi, const Number& U, const Number& eta, const Number& beyond, const Number& T,
                double margin) {
  return phi - U - eta + gas_constant / faraday / margin * T * beyond;
}

/// eta of a law of charge transfer (L6 to L8) [V]. @param ln_i0 a change of ln i0 beside that by c_e and sto [1]
/// @param T what it is beside i0 [K]
template <class Number>
Number overpotential(const KineticsLaw& law, const Interface& at, const Number& j, const Number& c_e, const Number& sto,
                     const Number& ln_i0, const Number& T) {
  const double j_at = value_of(j), c_at = value_of(c_e), sto_at = value_of(sto);
  Overpotential o{};
  law.overpotential(at, 1, &j_at, &c_at, &sto_at, {&o.eta, &o.by_j, &o.by_c_e, &o.by_sto, &o.by_T, &o.by_ln_i0});
  return o.eta + o.by_j * (j - j_at) + o.by_c_e * (c_e - c_at) + o.by_sto * (sto - sto_at) +
         o.by_ln_i0 * (ln_i0 - value_of(ln_i0)) + (o.by_T - o.by_ln_i0 * at.i0.dln_dT) * (T - value_of(T));
}

/// U (L3) [V]
template <class Number>
Number open_circuit(const MaterialAt& law, const Number& sto, const Number& T) {
  const double point = value_of(sto);
  double U, slope, by_T;
  law.potential(1, &point, &U, &slope, &by_T);
  return chained(sto, U, slope) + by_T * (T - value_of(T));
}

// (E4) in shells, (S2)

/// Flux through the face under shell k, inward, over R: r^2 <D_s> dPhi/dr [mol m-3 s-1]
template <class Number>
Number shell_flux(const ShellGeometry& shells, int k, const Number& D, const Number& R, const Number& Phi_in,
                  const Number& Phi_out, const Number& dcdt_in, const Number& dcdt_out) {
  return shells.conductance[k] * D / (R * R) * (Phi_out - Phi_in) + shells.lag_in[k] * dcdt_in +
         shells.lag_out[k] * dcdt_out;
}

/// What a shell stores less what comes to it [mol m-3 s-1]. @param flux_in, flux_out through its faces, inward
template <class Number>
Number shell_balance(const ShellGeometry& shells, int k, const Number& dcdt, const Number& flux_in,
                     const Number& flux_out) {
  return shells.volume[k] * dcdt - (flux_out - flux_in);
}

/// Phi at the surface from both outermost shells and the flux [mol m-3]
template <class Number>
Number surface_potential(const ShellGeometry& shells, const Number& D, const Number& R, const Number& Phi_last,
                         const Number& Phi_before, const Number& j) {
  return shells.w_last * Phi_last + shells.w_before * Phi_before - shells.w_slope * R * j / D;
}

}  // namespace porelith::relations
