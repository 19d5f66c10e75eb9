#pragma once
/// Slopes of a run's scalar results by numbers of its case: what `run --gradient` tells.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "solver/along.hpp"
#include "solver/newman/observables/curve_over.hpp"
#include "solver/record/branch.hpp"

namespace porelith {

class Sensitivity;
struct RunChange;
struct TapedRun;

/// A scalar result, its value and slopes.
struct Gradient {
  std::string name, unit;
  double value = 0;
  std::vector<double> slopes;  ///< one an Along; NaN where it is missing [unit over its unit]
  Branch branch;               ///< of a least or greatest value which it is; of others the step and how it ended
  std::string fixed;           ///< why all of them are 0: the stop that fixes it; "" where none does
  std::string missing;         ///< why it has none, as a clause; "" where it has
  Held<RunChange> by;          ///< by every number of the run, this rank's part; where it was asked for
};

/// A curve whose slopes are wanted.
struct CurveWanted {
  std::string name;  ///< of an observable
  Coordinate over = Coordinate::share;
  std::vector<double> at = {};  ///< [its unit]; empty: so many points evenly from its beginning to its end
  int points = 65;
};

/// A curve at some points, and its slopes there.
struct CurveGradient {
  std::string name, unit;
  Coordinate over;
  std::vector<double> at, values;           ///< NaN beyond the curve's end
  std::vector<std::vector<double>> slopes;  ///< [Along][point], NaN where it is missing [unit over its unit]
};

/// Slopes of scalar results by name, backward: as costly for any number of Along. Collective.
/// @throws std::invalid_argument naming what there is; SolveFailure where there are no slopes
std::vector<Gradient> gradients(const Case& input, const TapedRun& run, const std::vector<std::string>& results,
                                const std::vector<Along>& by);

/// The same of least and greatest values made smooth (R8); of the others as they are. Collective.
std::vector<Gradient> smooth_gradients(const Case& input, const TapedRun& run, const std::vector<std::string>& results,
                                       const std::vector<Along>& by);
/// Such a value alone, without slopes; nothing of other results. Collective.
std::optional<double> smooth_value(const TapedRun& run, const std::string& result);

/// Slopes of results and curves together, whichever way they take fewer solves: forward, one a number, or backward, one
/// a result and point. Gradient::by stays empty; what has no slopes for itself says so in Gradient::missing.
struct AllGradients {
  std::vector<Gradient> results;
  std::vector<CurveGradient> curves;
};
/// Collective. @throws as gradients(); SolveFailure where a curve has no such coordinate
AllGradients gradients(const Case& input, const TapedRun& run, const std::vector<std::string>& results,
                       const std::vector<CurveWanted>& curves, const std::vector<Along>& by);

/// [result][number], NaN where it is missing: forward, or backward where results are fewer. Collective.
std::vector<std::vector<double>> slopes_along(Sensitivity& sensitivity, const TapedRun& run,
                                              const std::vector<ResultSlope>& results, const std::vector<Along>& by);

}  // namespace porelith
