#pragma once
/// What a key of a case file may hold: for declarations of keys, each beside the member that it fills.
#include <limits>
#include <string>
#include <vector>

#include "solver/text/range.hpp"
#include "solver/text/units.hpp"

namespace porelith {

inline Range any() { return {}; }
inline Range at_least(double low) { return {low, std::numeric_limits<double>::infinity(), true, true}; }
inline Range between(double low, double high) { return {low, high, true, true}; }

inline constexpr const char* from_file = "the cell file's";  ///< what holds where a case changes nothing of its cell

/// What a key may hold, apart from its type.
struct Holds {
  Unit unit = unit::one;
  Range range = {};
  std::string unless_given = {};
  std::vector<std::string> choices = {};
  bool rare = false;  ///< not echoed where it is not given
};

}  // namespace porelith
