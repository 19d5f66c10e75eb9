#pragma once
/// A number that a state gives, as curves, stops, reports and objectives know it.
#include <string>
#include <vector>

namespace porelith {

/// How the values of a run's accepted states become one.
enum class Reduction {
  least,             ///< over the run
  greatest,          ///< over the run
  mean_over_charge,  ///< over the charge of the last step, trapezoids between states
};

/// One number of a whole run: what campaigns record, reports print, and objectives and constraints may name.
struct Reduced {
  Reduction how;
  std::string name;     ///< "plating_margin"
  std::string meaning;  ///< a clause
};

struct Observable {
  std::string name;     ///< in files and stops: "plating_margin"
  std::string unit;     ///< as in BPX: "V", "mol.m-3", "1"
  std::string spoken;   ///< in sentences: "plating margin"
  std::string title;    ///< of its column in curve.csv: "plating margin [V]"
  std::string meaning;  ///< a clause
  std::vector<Reduced> reduced = {};
  double title_unit = 1;  ///< what 1 in curve.csv is [unit]
  /// How near a stop is landed on (T6): so near [unit]; where 0, 1e-6 of its value and at least of `landing_floor`.
  double landing = 0, landing_floor = 0;
  bool rare = false;  ///< a column of curves only where Results::also names it
};

}  // namespace porelith
