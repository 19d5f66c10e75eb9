#pragma once
/// Charge transfer of one bed with the particle condensed (E3), whatever its law: the flux and its exact derivatives.
#include <vector>

#include "solver/laws/kinetics_law.hpp"
#include "solver/newman/particles.hpp"

namespace porelith {

/// From this distance to empty and full on, the overpotential goes on along its tangent instead of to infinity (E3): a
/// surface that diffusion keeps full takes any potential, and passes 1 by less than 1e-6.
constexpr double sto_margin = 1e-8;

/// What the global system sees of a bed, linearised: j + dj_dc_e dc_e + dj_dphi (dphi_s - dphi_e). One entry a cell.
struct FluxResponse {
  std::vector<double> j, dj_dc_e, dj_dphi;
};

/// (E3) by its own unknowns, nothing condensed: dphi_s - dphi_e + by_c_e dc_e + by_j dj + by_c_ss dc_ss. One entry a
/// cell.
struct KineticsSlopes {
  std::vector<double> by_c_e, by_j, by_c_ss;
};

class Kinetics {
 public:
  /// @param transfer the law of charge transfer, of the registry @param alpha its transfer coefficient, if it has one
  Kinetics(const MaterialAt& law, const KineticsLaw& transfer, double alpha, double c_e0, double T, int cells);

  /// The same with the material at another temperature.
  void set_law(const MaterialAt& law, double T);

  /// Solves  phi_s - phi_e - U(c_ss) - eta(j, c_e, c_ss) = 0  with  Phi(c_ss) = alpha + beta j
  /// (for constant D_s c_ss itself), cell by cell, in the interval of j that keeps c_ss between empty and full. Where
  /// the last residual is below a thermal voltage (1e-5 of it where D_s varies) the step to the root is left to the
  /// linearisation, which carries it exactly.
  /// @param phi phi_s - phi_e [V]; `j` start value, on return the point of linearisation [mol m-2 s-1]
  /// @param careful no further from the start than 0.02 of stoichiometry, and surfaces are held where the flux would
  /// run away at a fixed potential: the global system finds it (T4)
  /// @return evaluations of the open-circuit law
  int respond(const Particles& particles, const double* c_e, const double* phi, double* j, FluxResponse& response,
              bool careful = false);

  /// The same linearised at exactly the fluxes `j`, which are not moved: response.j is where a Newton step would go.
  void linearise(const Particles& particles, const double* c_e, const double* phi, const double* j,
                 FluxResponse& response);
  /// @param c_ss where the search for the surface's own begins [mol m-3]
  FluxResponse at(const Particles& particles, const double* c_e, const double* phi, const double* j,
                  const double* c_ss);

  /// The slopes at exactly these unknowns.
  void slopes(const double* c_e, const double* j, const double* c_ss, KineticsSlopes& result);

  /// What its law of charge transfer knows of the surface.
  const Interface& interface() const { return interface_; }

 private:
  template <class Surface>
  double evaluate(const Surface& surface, const Particles& particles, const double* c_e, const double* phi,
                  const double* j, FluxResponse& response);
  template <class Surface>
  int respond_with(const Surface& surface, const Particles& particles, const double* c_e, const double* phi, double* j,
                   FluxResponse& response, bool careful);
  template <class Surface>
  void stay_near(const Surface& surface, const Particles& particles, const double* j);
  double hold_surfaces(const double* j, FluxResponse& response);

  MaterialAt law_;
  const KineticsLaw* transfer_;
  Interface interface_;
  double V_T_;
  std::vector<double> sto_, U_, dU_, residual_, beyond_, low_, high_, before_;
  std::vector<double> eta_, by_j_, by_c_e_, by_sto_;  ///< the overpotential and its slopes
  std::vector<char> held_;                            ///< by a careful search
};

}  // namespace porelith
