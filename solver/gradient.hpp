#pragma once
/// Slopes of a run's scalar results by numbers of its case: what `run --gradient` tells.
#include <string>
#include <utility>
#include <vector>

#include "solver/base/held.hpp"
#include "solver/case_at.hpp"

namespace porelith {

struct RunChange;
struct TapedRun;

/// A number that slopes are taken by.
struct Along {
  std::string name;  ///< "negative.porosity"
  std::string unit;  ///< its own
  double value = 0;  ///< where the run has it [unit]
  Held<RunChange> change;
  std::string missing;  ///< why there is no slope by it, as a clause; "" where there is one
  CaseAt case_at;       ///< the case with it changed by so much [unit]; empty for the laws' factors
  double step = 0;      ///< of differences [unit]
};

/// A scalar result, its value and slopes.
struct Gradient {
  std::string name, unit;
  double value = 0;
  std::vector<double> slopes;  ///< one an Along; NaN where it is missing [unit over its unit]
  std::string where;           ///< when and where a least or greatest value is; of others the step and how it ended
  std::string one_sided;       ///< why the slope is that of one side only, as a clause; "" where it is not
  std::string fixed;           ///< why all of them are 0: the stop that fixes it; "" where none does
  Held<RunChange> by;          ///< by every number of the run, this rank's part
};

/// The keys of the case that hold numbers: of its cell, layers and electrolyte, and how it starts; of lists each number
/// ("negative.porosity.2"). Then what each step of the protocol holds and ends by, and the laws' factors.
std::vector<std::string> names_along(const Case& input);
/// Of the keys named, or of those and more: drives ("step.1.value"), stops ("step.1.until") and laws' factors
/// ("negative.K"). The case must outlive them. Collective.
/// @throws std::invalid_argument naming what there is, where a name is none of names_along()
std::vector<Along> along(const Case& input, const TapedRun& run, const std::vector<std::string>& names);
/// Some of all kinds: of each table of the case its first keys that have slopes, what the steps of the protocol hold,
/// and by which values they end. Collective.
std::vector<Along> handful(const Case& input, const TapedRun& run);
/// A number of a family of cases.
Along along(const CaseAt& case_at, std::string name, std::string unit, double value, double step, const TapedRun& run);

/// Slopes of scalar results by name, backward: as costly for any number of Along. Collective.
/// @throws std::invalid_argument naming what there is; SolveFailure where there are no slopes
std::vector<Gradient> gradients(const Case& input, const TapedRun& run, const std::vector<std::string>& results,
                                const std::vector<Along>& by);

}  // namespace porelith
