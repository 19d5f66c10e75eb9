#pragma once
/// Diffusion in the particles of one active material (E4), condensed: within an implicit step the potential of
/// diffusion at the surface is Phi(c_ss) = alpha + beta j, so that no shell ever enters the global system.
#include <memory>
#include <vector>

#include "solver/laws/diffusion_potential.hpp"
#include "solver/laws/material.hpp"

namespace porelith {

/// Shells of the unit sphere, the fluxes between them, and the closure that gives the surface value from the two
/// outermost shells and the flux (S2).
struct ShellGeometry {
  /// n shells; the innermost is `grading` times as thick as the outermost.
  ShellGeometry(int n, double grading);

  int shells;
  std::vector<double> edges;   ///< r/R, shells + 1
  std::vector<double> volume;  ///< (r_out^3 - r_in^3)/3
  /// Flux through face k between shells k - 1 and k, times r^2 and inward:
  /// conductance[k] <D_s> (Phi_k - Phi_(k-1)) + lag_in[k] dc_(k-1)/dt + lag_out[k] dc_k/dt, compact for any D_s since
  /// dc/dt = <D_s> div grad Phi; [0] = 0
  std::vector<double> conductance, lag_in, lag_out;
  std::vector<double> storage;  ///< what a shell's own dc/dt counts: volume + lag_out[k] - lag_in[k + 1]
  /// Phi_ss = w_last Phi_N + w_before Phi_(N-1) + w_slope dPhi/d(r/R): the parabola through both shells and the slope
  double w_last, w_before, w_slope;

 private:
  void use_two_points(int k);
  void make_compact(int k);
  void set_storage();
};

/// All particles of one bed at once: shell arrays are [shell][cell] so that every loop runs over cells.
///
/// Everything is written in Phi = c_s_max x DiffusionPotential (L4b) [mol m-3], which for constant D_s is c_s itself:
/// fluxes are <D_s> times differences of Phi, and d(Phi_ss)/dj is negative whatever D_s does.
class Particles {
 public:
  /// @param R particle radius, one a cell [m]
  Particles(const MaterialAt& law, ShellGeometry shells, std::vector<double> R);

  /// The same particles with the material at another temperature; condensed anew before anything is asked of them.
  void set_law(const MaterialAt& law);

  int cells() const { return n_; }
  const ShellGeometry& shells() const { return shells_; }
  /// Does the condensation depend on the concentrations themselves?
  bool nonlinear() const { return !law_.constant_diffusivity(); }

  /// Eliminates the shells of an implicit step c_s = c_hat + gamma dc_s/dt, linearised about c_s where D_s depends on
  /// concentration, exact where it does not. Afterwards Phi(c_ss) = alpha() + beta() j.
  /// @param gamma [s]; c_hat, c_s [shells x cells]
  void condense(double gamma, const double* c_hat, const double* c_s);

  const std::vector<double>& alpha() const { return alpha_; }  ///< [mol m-3]
  const std::vector<double>& beta() const { return beta_; }    ///< [s m-1], negative

  double mean_diffusivity() const { return D_mean_; }  ///< <D_s> [m2 s-1]
  /// nullptr where D_s is constant
  const DiffusionPotential* potential() const { return potential_.get(); }
  /// Phi at a stoichiometry [mol m-3]
  double potential_at(double sto) const { return law_.c_s_max() * (potential_ ? potential_->at(sto) : sto); }
  /// c_ss that belongs to the flux j; c_ss [cells] is where the search starts [mol m-3]
  void surface(const double* j, double* c_ss) const;

  /// The shells that belong to the flux j [mol m-2 s-1]: back substitution into c_s [shells x cells], c_hat as
  /// condensed.
  void expand(const double* j, const double* c_hat, double* c_s) const;

  /// The same as a test: the largest change that it would make to c_s [1, of c_s_max].
  double imbalance(const double* j, const double* c_hat, const double* c_s) const;

  /// Errors of c_ss as those of Phi, where c_ss lies in a dip of D_s: there it swings widely with next to nothing of
  /// Phi. c_N, the outermost shell's, says what D_s is about there. All [cells]
  void weigh_surface(const double* c_ss, const double* c_N, double* error) const;

  /// Moles per unit particle volume: the volume mean of c_s in cell i [mol m-3]
  double mean(const double* c_s, int i) const;

 private:
  void conductances(int from, int cells, const double* c_s);
  void condense_some(int from, int cells, double gamma, const double* c_hat, const double* c_s);
  void close_surface(int from, int cells, const double* c_hat, const double* c_s);

  MaterialAt law_;
  std::shared_ptr<const DiffusionPotential> potential_;  ///< where D_s varies
  ShellGeometry shells_;
  std::vector<double> R_;
  int n_;
  int block_;  ///< cells that are condensed at once: what is needed only then is kept for so many
  // [shell][cell of the block]. Flux through face k, inward positive and divided by R: F = outer c_k - inner c_(k-1) +
  // rest.
  std::vector<double> outer_, inner_, rest_;
  std::vector<double> D_, Phi_, sto_, flux_;  ///< D_s [m2 s-1], Phi [mol m-3]
  // [shell][cell]
  std::vector<double> q_, p_;  ///< d_k = q_k - p_k d_(k+1) after the sweep, d = c_s - c_hat
  // [cell]
  std::vector<double> flux_response_;  ///< dc_N/dj = -gamma/(R m_N)
  std::vector<double> alpha_, beta_;
  double D_mean_ = 0;  ///< <D_s> [m2 s-1]
  mutable std::vector<double> deviation_;
};

}  // namespace porelith
