#pragma once
/// The terms of the equations as functions of any kind of number: what `assembly`, `kinetics` and `particles` work out
/// for many cells at once with partials of their own stands here once more, as it is written in EQUATIONS.md. With Dual
/// numbers these give the derivatives by parameters.
#include <cmath>

#include "solver/base/constants.hpp"
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

/// [A]
template <class Number>
Number ionic_current(const Number& conductance, const Number& phi_P, const Number& phi_N, const Number& chi,
                     const Number& c_P, const Number& c_N, const Number& jump) {
  using std::log;
  return conductance * (phi_P - phi_N - chi * (log(c_P) - log(c_N)) + jump);
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

/// (L5) i0 over F K [1]
template <class Number>
Number exchange(const Number& c_e, double c_e0, const Number& sto) {
  using std::sqrt;
  return sqrt(c_e / c_e0 * sto * (1 - sto));
}

/// phi_s - phi_e - U - (2RT/F) arsinh(F j/2 i0) [V]. @param beyond of stoichiometry past the margin of empty and full
template <class Number>
Number overpotential(const Number& phi, const Number& U, const Number& j, const Number& i0, const Number& beyond,
                     double T, double margin) {
  using std::asinh;
  const double V_T = thermal_voltage(T);
  return phi - U - 2 * V_T * asinh(faraday * j / (2 * i0)) + V_T / margin * beyond;
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
