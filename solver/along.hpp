#pragma once
/// The numbers of a case that slopes are taken by, with their names.
#include <string>
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
/// One by which there are no slopes, and why.
Along without_slopes(std::string name, std::string unit, double value, std::string why);

}  // namespace porelith
