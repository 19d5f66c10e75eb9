#pragma once
/// How far the salt carries a current: limiting current and time to depletion, for even reaction and constant D_e (F12
/// to F16). Estimates: the full model knows better, but these take milliseconds and say which design to try. J. Newman
/// and K. E. Thomas-Alyea, Electrochemical Systems, 3rd ed., Wiley 2004, chapters 17 and 22.
#include <vector>

#include "solver/case/cell.hpp"

namespace porelith {

/// The electrolyte from the negative to the positive collector in slices; SI.
struct SaltColumn {
  std::vector<double> h;    ///< thickness                       [m]
  std::vector<double> eps;  ///< porosity                        [1]
  std::vector<double> B;    ///< transport efficiency            [1]
  std::vector<double>
      i_e;            ///< share of the current in the electrolyte at the faces, slices + 1: 0 ... 1 ... 1 ... 0 [1]
  double D_e = 0;     ///< at c_e0 and the temperature     [m2 s-1]
  double c_e0 = 0;    ///< mean concentration              [mol m-3]
  double t_plus = 0;  ///< [1]
};

/// About `slices` slices an electrode, faces on every jump of a property; the current rises evenly through each
/// electrode.
SaltColumn salt_column(const Cell& cell, double T, int slices = 60);

/// Magnitudes [A m-2]
struct LimitingCurrent {
  double discharge;  ///< empties the positive electrode's far end
  double charge;     ///< empties the negative electrode's far end
};

/// The steady current at which c_e reaches zero (F13); exact for the column.
LimitingCurrent limiting_current(const SaltColumn& column);

/// The way there after a current is switched on at rest (F14): solved once for a unit current, good for all.
class SaltDepletion {
 public:
  explicit SaltDepletion(const SaltColumn& column);

  /// Time until c_e reaches zero somewhere, for i [A m-2], discharge positive; infinite up to the limiting current
  /// (F15) [s]
  double time(double i) const;
  /// The largest current that passes `charge` [C m-2] before that; `discharge` says which way (F16) [A m-2]
  double fastest(double charge, bool discharge) const;

 private:
  double c_e0_;
  std::vector<double> time_;                          ///< [s]
  std::vector<double> fall_discharge_, fall_charge_;  ///< fall of the lowest c_e by a unit current [mol m-3/(A m-2)]
};

}  // namespace porelith
