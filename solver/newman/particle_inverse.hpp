#pragma once
/// The rows of one bed's particles, shells (E4) and surface (S2), inverted for right-hand sides of any kind: what
/// Particles condenses for the residual at hand, for derivatives.
#include <vector>

#include "solver/newman/particles.hpp"

namespace porelith {

/// P [c_s; c_ss] + b j = r, P lower in c_ss and tridiagonal in the shells, which are factored from the centre outward.
/// Shells are [shell][cell]. A solve comes in two halves: between them the flux is found, or of the transpose what
/// the rows that feel c_ss count.
class ParticleInverse {
 public:
  /// @param particles live as long, their law may change  @param R their radii [m]  @param c_s_max [mol m-3]
  ParticleInverse(const Particles& particles, const std::vector<double>& R, double c_s_max);

  /// Linearises at c_s [shells x cells] and c_ss [mol m-3], of a step y' = (y - hat)/gamma.
  void take(double gamma, const double* c_s, const double* c_ss);

  /// dc_ss/dj of P [c_s; c_ss] + b j = 0 [s m-1], negative
  const std::vector<double>& surface_by_j() const { return surface_by_j_; }

  /// r -> the shells halfway, and c_ss without flux.
  void eliminate(double* c_s, double* c_ss) const;
  /// From there to the solution.
  void substitute(const double* dj, double* c_s, double* c_ss) const;

  /// The same of the transpose: right side -> the shells' rows halfway; `by_j` += what b says of it all.
  void eliminate_transposed(double* c_s, const double* c_ss, double* by_j) const;
  /// From there to the solution. @param c_ss right side less what the other rows have of c_ss
  void substitute_transposed(double* c_s, double* c_ss) const;

 private:
  void take_law();
  void slopes(const double* c, double* D);

  const Particles& particles_;
  const ShellGeometry& shells_;
  const DiffusionPotential* potential_ = nullptr;
  double c_s_max_, D_mean_ = 0;
  int n_;
  std::vector<double> rate_, closure_;  ///< <D_s>/R^2 [s-1], w_slope R/<D_s> [s m-1]
  std::vector<double> R_;
  // [shell][cell]: L has `sub_` beside 1/`pivot_`, U has `over_` beside 1
  std::vector<double> sub_, pivot_, over_;
  std::vector<double> D_in_, D_, D_out_, sto_, Phi_;            ///< dPhi/dc of a shell and of its neighbours [1]
  std::vector<double> weight_last_, weight_before_, D_ss_;      ///< dPhi_ss by the outermost two shells; dPhi/dc there
  std::vector<double> last_by_j_, before_by_j_, surface_by_j_;  ///< shells and surface by the flux
};

}  // namespace porelith
