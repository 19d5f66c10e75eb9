#pragma once
/// How far the salt carries a current: limiting current and time to depletion, for a reaction that is even through each
/// electrode (F12 to F15). Estimates: a real reaction retreats from where the salt is short, so a cell bears more. They
/// take milliseconds and say which design to try.
/// J. Newman and K. E. Thomas-Alyea, Electrochemical Systems, 3rd ed., Wiley 2004, chapters 17 and 22.
#include <vector>

#include "solver/laws/electrolyte.hpp"

namespace porelith {

struct Cell;

/// The electrolyte from the negative to the positive collector in slices; SI.
struct SaltColumn {
  ElectrolyteAt law;        ///< D_e(c_e), t_plus and the mean concentration c_e0
  std::vector<double> h;    ///< thickness                       [m]
  std::vector<double> eps;  ///< porosity                        [1]
  std::vector<double> B;    ///< transport efficiency            [1]
  std::vector<double> i_e;  ///< share of the current in the electrolyte at the faces, slices + 1: 0 .. 1 .. 1 .. 0 [1]
};

/// About `slices` slices an electrode and a quarter of that in the separator, faces on every jump of a property; the
/// current rises evenly through each electrode. T [K]
SaltColumn salt_column(const Cell& cell, double T, int slices = 40);

/// Magnitudes [A m-2]
struct LimitingCurrent {
  double discharge;  ///< empties the positive electrode's far end
  double charge;     ///< empties the negative electrode's far end
};

/// The steady current at which c_e reaches zero (F13), with D_e(c_e); where that law gives less than a hundredth of
/// D_e(c_e0), a hundredth is taken.
LimitingCurrent limiting_current(const SaltColumn& column);

/// Time from rest until c_e reaches zero somewhere (F14, F15), for i [A m-2], discharge positive; infinite up to the
/// limiting current, which is `bearable` [s]
double depletion_time(const SaltColumn& column, const LimitingCurrent& bearable, double i);

/// A current that flows for a time.
struct Spell {
  double i;         ///< discharge positive [A m-2]
  double duration;  ///< [s]
};

/// Least and greatest c_e anywhere while these currents flow one after another, from rest (F14); a salt that runs out
/// somewhere is at 0 there, and what follows is left out [mol m-3]
struct SaltSpan {
  double least, greatest;
};
SaltSpan salt_span(const SaltColumn& column, const std::vector<Spell>& spells);

}  // namespace porelith
