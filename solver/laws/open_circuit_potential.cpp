/// (L3) Open-circuit potential of an active material.
#include <algorithm>

#include "solver/cell/cell.hpp"
#include "solver/laws/registry.hpp"
#include "solver/text/function.hpp"

namespace porelith {

namespace {

class PotentialAt : public LawAt {
 public:
  PotentialAt(Function U, Function dUdT, double T_minus_T_ref)
      : U_(std::move(U)), dUdT_(std::move(dUdT)), T_minus_T_ref_(T_minus_T_ref) {}

  void evaluate(int n, const double* sto, double* U, double* slope) const override {
    U_.evaluate(n, sto, U, slope);
    if (T_minus_T_ref_ == 0) return;
    thread_local std::vector<double> entropic;
    entropic.resize(n);
    add_entropic(n, sto, U, slope, entropic.data());
  }
  void evaluate(int n, const double* sto, double* U, double* slope, double* by_T) const override {
    U_.evaluate(n, sto, U, slope);
    add_entropic(n, sto, U, slope, by_T);
  }

 private:
  void add_entropic(int n, const double* sto, double* U, double* slope, double* dUdT) const {
    thread_local std::vector<double> dUdT_slope;
    dUdT_slope.resize(n);
    dUdT_.evaluate(n, sto, dUdT, dUdT_slope.data());
    for (int i = 0; i < n; ++i) {
      U[i] += T_minus_T_ref_ * dUdT[i];
      slope[i] += T_minus_T_ref_ * dUdT_slope[i];
    }
  }

  Function U_, dUdT_;
  double T_minus_T_ref_;
};

class Potential : public Law {
 public:
  Potential(const ActiveMaterial& m, double T_ref) : U_(m.U), dUdT_(m.dUdT), T_ref_(T_ref) {}

  LawFacts facts() const override {
    return {"U",
            "V",
            "sto",
            "1",
            "open-circuit potential: the cell's function of stoichiometry, U + (T - T_ref) dU/dT",
            "the cell's file; J. Newman and K. E. Thomas-Alyea, Electrochemical Systems, 3rd ed. (2004), ch. 2"};
  }
  std::shared_ptr<const LawAt> at(double T) const override {
    return std::make_shared<PotentialAt>(U_, dUdT_, T - T_ref_);
  }
  Range range() const override {  // of any material's stoichiometry, and of both tables
    const Range a = U_.range(), b = dUdT_.range();
    return {std::max({0.0, a.low, b.low}), std::min({1.0, a.high, b.high})};
  }
  bool is_constant() const override { return U_.is_constant() && dUdT_.is_constant(); }
  std::vector<double> kinks() const override { return Function::mean_of(U_, dUdT_).kinks(); }

 private:
  Function U_, dUdT_;
  double T_ref_;
};

}  // namespace

LawPointer open_circuit_potential(const ActiveMaterial& m, double T_ref) {
  return std::make_shared<Potential>(m, T_ref);
}

}  // namespace porelith
