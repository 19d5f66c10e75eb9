#pragma once
/// The laws of an active material together, and the same at one temperature.
#include "solver/base/held.hpp"
#include "solver/laws/exchange_current.hpp"
#include "solver/laws/law.hpp"

namespace porelith {

/// Thermodynamics, exchange current and solid diffusion of one active material at one temperature. Cheap to copy.
class MaterialAt {
 public:
  /// The same material at another temperature.
  MaterialAt at(double T) const;

  /// U [V] and its slope at n stoichiometries; these must lie in [0, 1] (L3)
  void potential(int n, const double* sto, double* U, double* slope) const { U_->evaluate(n, sto, U, slope); }
  double potential(double sto) const;
  /// U and, below, D_s with their slopes by T
  void potential(int n, const double* sto, double* U, double* slope, double* by_T) const {
    U_->evaluate(n, sto, U, slope, by_T);
  }
  void diffusivity(int n, const double* sto, double* D_s, double* slope, double* by_T) const {
    D_s_->evaluate(n, sto, D_s, slope, by_T);
  }
  /// D_s [m2 s-1] and dD_s/dsto (L4)
  void diffusivity(int n, const double* sto, double* D_s, double* slope) const { D_s_->evaluate(n, sto, D_s, slope); }
  bool constant_diffusivity() const { return laws_->D_s->is_constant(); }
  /// Stoichiometries at which the slope of D_s jumps
  std::vector<double> diffusivity_kinks() const { return laws_->D_s->kinks(); }

  /// (L5) [A m-2]
  const ExchangeCurrent& exchange_current() const { return i0_; }
  double i0(double c_e_over_c_e0, double sto) const { return i0_(c_e_over_c_e0, sto); }
  double c_s_max() const { return c_s_max_; }

 private:
  friend class MaterialLaw;
  struct Laws {
    Held<ActiveMaterial> material;
    LawPointer U, D_s;
    double T_ref;
  };
  MaterialAt(std::shared_ptr<const Laws> laws, double T);

  std::shared_ptr<const Laws> laws_;
  std::shared_ptr<const LawAt> U_, D_s_;
  ExchangeCurrent i0_;
  double c_s_max_;
};

class MaterialLaw {
 public:
  MaterialLaw(const ActiveMaterial& material, double T_ref);
  MaterialAt at(double T) const;

 private:
  std::shared_ptr<const MaterialAt::Laws> laws_;
};

}  // namespace porelith
