#pragma once
/// The laws of an electrolyte together, and the same at one temperature.
#include <cmath>
#include <memory>

#include "solver/laws/law.hpp"
#include "solver/laws/salt_potential.hpp"

namespace porelith {

struct Electrolyte;

/// D_e(c_e), kappa(c_e), chi(c_e), t_plus of the bulk electrolyte at one temperature (L2, L2b). Cheap to copy.
class ElectrolyteAt {
 public:
  /// The same electrolyte at another temperature.
  ElectrolyteAt at(double T) const;

  /// D_e [m2 s-1] and dD_e/dc_e at n concentrations c_e [mol m-3]
  void diffusivity(int n, const double* c_e, double* D_e, double* slope) const { D_e_->evaluate(n, c_e, D_e, slope); }
  /// kappa [S m-1] and dkappa/dc_e
  void conductivity(int n, const double* c_e, double* kappa, double* slope) const {
    kappa_->evaluate(n, c_e, kappa, slope);
  }
  /// The same two with their slopes by T
  void diffusivity(int n, const double* c_e, double* D_e, double* slope, double* by_T) const {
    D_e_->evaluate(n, c_e, D_e, slope, by_T);
  }
  void conductivity(int n, const double* c_e, double* kappa, double* slope, double* by_T) const {
    kappa_->evaluate(n, c_e, kappa, slope, by_T);
  }

  double t_plus() const { return t_plus_; }
  double c_e0() const { return c_e0_; }
  /// chi, the factor of grad ln c_e in (E2), at c_e0; everywhere where it does not vary [V]
  double chi() const { return chi_; }
  /// nullptr where chi does not vary
  const SaltPotential* varying_chi() const { return varying_chi_.get(); }
  /// X(c_e), what salt adds to the potential phi_e - psi that drives no current, but for a constant [V]
  double salt_potential(double c_e) const {
    double slope;
    return salt_potential(c_e, slope);
  }
  /// The same with dX/dc_e [V m3 mol-1]
  double salt_potential(double c_e, double& slope) const {
    double X = 0, chi = chi_;
    if (varying_chi_)
      varying_chi_->evaluate(1, &c_e, &X, &chi);
    else
      X = chi_ * std::log(c_e);
    slope = chi / c_e;
    return X;
  }

 private:
  friend class ElectrolyteLaw;
  struct Laws {
    LawPointer D_e, kappa, chi;
  };
  ElectrolyteAt(Laws laws, double t_plus, double c_e0, double T);

  Laws laws_;
  std::shared_ptr<const LawAt> D_e_, kappa_;
  std::shared_ptr<const SaltPotential> varying_chi_;
  double t_plus_, c_e0_, chi_ = 0;
};

class ElectrolyteLaw {
 public:
  ElectrolyteLaw(const Electrolyte& electrolyte, double T_ref);
  ElectrolyteAt at(double T) const;

 private:
  ElectrolyteAt::Laws laws_;
  double t_plus_, c_e0_;
};

}  // namespace porelith
