#pragma once
/// Whether the sign of a drive table looks turned round.
#include <string>
#include <vector>

#include "solver/case/draft.hpp"

namespace porelith {

/// A sentence for each table whose sign nobody said and that would be more likely the other way: it charges a full cell
/// or discharges an empty one, leaves the cell's charge where it would stay within, or its column's title says so.
/// @param steps of the draft, without repeats
std::vector<std::string> sign_doubts(const Draft& draft, const Cell& cell, const std::vector<Step>& steps);

}  // namespace porelith
