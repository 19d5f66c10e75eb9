#pragma once
/// The time steps of a run as they were made.

namespace porelith {

/// One accepted time step. By the list of them a run is done again with the same lengths and formulas (T9), so that
/// what is asked of it is a smooth function of the case's numbers.
struct TakenStep {
  int step = 0;          ///< of the protocol, from 0
  double end = 0;        ///< from the start of the protocol's step [s]
  int order = 1;         ///< of its BDF formula
  bool turn = false;     ///< the history began with it: the trapezoidal rule came first (T7)
  bool careful = false;  ///< Newton's method had to be careful (T4)
  bool forget = false;   ///< the history begins behind it (T3)
};

}  // namespace porelith
