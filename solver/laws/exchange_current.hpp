#pragma once
/// (L5) The exchange-current density.
#include <cmath>

namespace porelith {

struct ActiveMaterial;

/// i0 = F K sqrt(c_e/c_e0 sto (1 - sto)) of a material at one temperature [A m-2]. M. Doyle, T. F. Fuller and J.
/// Newman, J. Electrochem. Soc. 140 (1993) 1526, as BPX normalises it.
struct ExchangeCurrent {
  double scale;   ///< F K at T [A m-2]
  double dln_dT;  ///< dln i0/dT [K-1]

  static ExchangeCurrent at(const ActiveMaterial& m, double T_ref, double T);

  double operator()(double c_e_over_c_e0, double sto) const {
    return scale * std::sqrt(c_e_over_c_e0 * sto * (1 - sto));
  }
  /// dln i0/dln c_e [1]
  static constexpr double by_ln_c_e = 0.5;
  /// dln i0/dsto [1]
  static double dln_dsto(double sto) { return (1 / sto - 1 / (1 - sto)) / 2; }
};

}  // namespace porelith
