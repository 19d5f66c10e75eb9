#pragma once
/// The integral of D_s over stoichiometry (L4b), G. Kirchhoff's transformation: in it the flux of a particle is linear,
/// however D_s varies.
#include <vector>

#include "solver/laws/material.hpp"

namespace porelith {

/// Phi(sto) = 1/<D_s> int_0^sto D_s dsto, strictly rising, with <D_s> the mean of D_s over [0, 1]; beyond 0 and 1 D_s
/// goes on as it ends there. D_s is a chain of cubics that meet the law to 1e-7 of itself (a table is met exactly),
/// made once a law; Phi is their integral, so that D_s/<D_s> is the slope of the very Phi. Safe to share.
class DiffusionPotential {
 public:
  explicit DiffusionPotential(const MaterialAt& law);

  double mean() const { return mean_; }  ///< <D_s> [m2 s-1]
  /// Phi [1] and D = D_s/<D_s> [1] at n stoichiometries, any
  void evaluate(int n, const double* sto, double* Phi, double* D) const;
  double at(double sto) const;
  double slope(double sto) const;
  /// The stoichiometry at a potential. @param guess where the search starts
  double sto_at(double Phi, double guess) const;

  /// False where D_s is somewhere not positive; there the chain holds a trace of D_s, so that Phi rises all the same.
  bool positive() const { return positive_; }
  int pieces() const { return static_cast<int>(pieces_.size()); }

 private:
  struct Piece {
    double from;        ///< stoichiometry
    double Phi;         ///< at `from`
    double a, b, c, d;  ///< D = a + b t + c t^2 + d t^3, t = sto - from

    double D_at(double t) const { return a + t * (b + t * (c + t * d)); }
    double Phi_at(double t) const { return Phi + t * (a + t * (b / 2 + t * (c / 3 + t * (d / 4)))); }
  };
  const Piece& piece_of(double sto) const;
  double end_of(const Piece& piece) const;

  std::vector<Piece> pieces_;       ///< the first begins at 0
  std::vector<int> bins_;           ///< evenly over [0, 1]: the piece in which each begins
  double end_Phi_ = 0, end_D_ = 0;  ///< at 1
  double mean_ = 0;
  bool positive_ = true;
};

}  // namespace porelith
