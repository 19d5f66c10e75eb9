#pragma once
/// (L1) What temperature does to rates.
#include "solver/laws/law.hpp"
#include "solver/text/function.hpp"

namespace porelith {

/// exp(Ea/R (1/T_ref - 1/T)), the factor on a rate given at T_ref [1], and its slope by T [K-1]
ValueAndSlope arrhenius(double activation_energy, double T_ref, double T);

/// f(x) times a factor of T.
class ScaledAt : public LawAt {
 public:
  ScaledAt(Function f, ValueAndSlope factor) : f_(std::move(f)), factor_(factor) {}
  void evaluate(int n, const double* x, double* value, double* by_x) const override;
  void evaluate(int n, const double* x, double* value, double* by_x, double* by_T) const override;

 private:
  Function f_;
  ValueAndSlope factor_;
};

/// f(x) at T_ref, times (L1).
class ActivatedLaw : public Law {
 public:
  /// @param activation_energy [J mol-1]
  ActivatedLaw(LawFacts facts, Function f, double activation_energy, double T_ref)
      : facts_(std::move(facts)), f_(std::move(f)), activation_energy_(activation_energy), T_ref_(T_ref) {}

  LawFacts facts() const override { return facts_; }
  std::shared_ptr<const LawAt> at(double T) const override {
    return std::make_shared<ScaledAt>(f_, arrhenius(activation_energy_, T_ref_, T));
  }
  Range range() const override { return f_.range(); }
  bool is_constant() const override { return f_.is_constant(); }
  std::vector<double> kinks() const override { return f_.kinks(); }

 private:
  LawFacts facts_;
  Function f_;
  double activation_energy_, T_ref_;
};

}  // namespace porelith
