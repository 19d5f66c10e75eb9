#pragma once
/// One row of the curve.
#include <vector>

namespace porelith {

struct CurveRow {
  double time = 0;  ///< [s] from the start of the run
  int step = 0;     ///< index into Results::steps
  /// Of the observables, in the order of their registry, which begins with what the terminals show.
  std::vector<double> values;

  double current() const { return values[0]; }  ///< [A] discharge positive
  double voltage() const { return values[1]; }  ///< [V]
  double charge() const { return values[2]; }   ///< [A s] discharged since the start (negative when charging)
  double energy() const { return values[3]; }   ///< [J] delivered since the start
};

}  // namespace porelith
