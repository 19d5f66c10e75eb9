#pragma once
/// Laws of charge transfer: the overpotential that a flux asks for (E3). One law a file; registry.cpp lists all.
#include <string>

#include "solver/laws/exchange_current.hpp"
#include "solver/laws/law.hpp"

namespace porelith {

/// What a law of charge transfer is told of a material beside its points.
struct Interface {
  ExchangeCurrent i0;  ///< at T
  double c_e0;         ///< [mol m-3]
  double T;            ///< [K]
  double alpha = 0.5;  ///< anodic transfer coefficient, where the law has one [1]
};

/// eta and its slopes at one point.
struct Overpotential {
  double eta;       ///< [V]
  double by_j;      ///< > 0 [V m2 s mol-1]
  double by_c_e;    ///< [V m3 mol-1]
  double by_sto;    ///< [V]
  double by_T;      ///< [V K-1]
  double by_ln_i0;  ///< [V]
};

/// The same at n points, an array each.
struct Overpotentials {
  double *eta, *by_j, *by_c_e, *by_sto;
  double *by_T = nullptr, *by_ln_i0 = nullptr;  ///< where they are wanted
};

class KineticsLaw {
 public:
  virtual ~KineticsLaw() = default;
  virtual std::string name() const = 0;  ///< in cases
  virtual LawFacts facts() const = 0;
  /// Does Interface::alpha count?
  virtual bool has_alpha() const { return false; }

  /// Fluxes j, any [mol m-2 s-1], concentrations c_e > 0, stoichiometries in (0, 1). eta rises with j, is 0 at j = 0
  /// and rises there by R T/(F i0) a current density: i0 means the same in every law.
  virtual void overpotential(const Interface& at, int n, const double* j, const double* c_e, const double* sto,
                             const Overpotentials& result) const = 0;
};

/// A law that is written for one point: Law(interface)(j, c_e, sto) -> Overpotential. The loop over points is compiled
/// with it, so that a call is indirect once a bed and never once a cell.
template <class Law>
class PointwiseKinetics : public KineticsLaw {
 public:
  void overpotential(const Interface& at, int n, const double* j, const double* c_e, const double* sto,
                     const Overpotentials& result) const final {
    const Law law(at);
    double *eta = result.eta, *by_j = result.by_j, *by_c_e = result.by_c_e, *by_sto = result.by_sto;
#ifndef __clang__
#pragma GCC ivdep
#endif
    for (int i = 0; i < n; ++i) {
      const Overpotential point = law(j[i], c_e[i], sto[i]);
      eta[i] = point.eta, by_j[i] = point.by_j, by_c_e[i] = point.by_c_e, by_sto[i] = point.by_sto;
    }
    for (int i = 0; result.by_T && i < n; ++i) result.by_T[i] = law(j[i], c_e[i], sto[i]).by_T;
    for (int i = 0; result.by_ln_i0 && i < n; ++i) result.by_ln_i0[i] = law(j[i], c_e[i], sto[i]).by_ln_i0;
  }
};

}  // namespace porelith
