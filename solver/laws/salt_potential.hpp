#pragma once
/// (L2b) The integral of chi over ln c_e: psi = phi_e - X(c_e) is what drives the ionic current (E2).
#include <vector>

#include "solver/laws/law.hpp"

namespace porelith {

/// X(c_e) = int chi dln c_e from c_e0, for a chi that varies. chi is a chain of cubics in ln c_e, evenly 4096 from a
/// millionth of c_e0 to 50 c_e0, which meet the law's value and slope where they join; beyond, chi stays as it is at
/// the ends. X is their integral, so that chi/c_e is the slope of the very X. Safe to share.
class SaltPotential {
 public:
  SaltPotential(const LawAt& chi, double c_e0);

  /// X [V] and chi [V] at n concentrations c_e > 0 [mol m-3]
  void evaluate(int n, const double* c_e, double* X, double* chi) const;

 private:
  struct Piece {
    double X, a, b, c, d;  ///< X at its beginning; chi = a + b t + c t^2 + d t^3, t = 0 to 1
  };
  double c_e0_;
  std::vector<Piece> pieces_;
  double X_low_ = 0, X_high_ = 0, chi_low_ = 0, chi_high_ = 0;  ///< at the ends [V]
};

}  // namespace porelith
