#pragma once
/// What a study will solve at most, part by part, before it is done.
#include <string>
#include <vector>

#include "solver/case/case.hpp"

namespace porelith {

// Solves that searches may take, a variable.
inline constexpr long steps_a_variable = 25;         ///< of one ascent by the solver's own models
inline constexpr int last_ascents = 2;               ///< of these, from the best designs
inline constexpr int more_ascents = 4;               ///< from where the best of them ended, while they gain
inline constexpr int slope_starts = 8;               ///< of a search along slopes
inline constexpr long slope_solves_a_variable = 12;  ///< of one of them; a variable more for what does not depend on it
inline constexpr double slope_weight = 2;            ///< of a solve with its slopes, at most
inline constexpr long rival_solves_a_variable = 60;  ///< of the search for the best of a rival family

struct Effort {
  std::string name;
  long solves;
  double weight;    ///< of one of them, in solves on the case's mesh
  std::string key;  ///< what sets it, and with which value it is turned off
};

/// @param samples that will be solved @param whole_space they are all designs that there are
std::vector<Effort> efforts(const Design& design, const Case& input, long samples, bool whole_space);

}  // namespace porelith
