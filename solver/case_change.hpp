#pragma once
/// How all numbers of a run follow one number of its case (R4).
#include "solver/case_at.hpp"
#include "solver/taped_run.hpp"

namespace porelith {

/// d(numbers of the run)/d(the case's number) at 0, by differences of fourth order of what the cases say; no solve is
/// among it. Central where all cases can be read and have the same control volumes, if need be by a step of a
/// twentieth, else from one side. Collective.
/// @param step of the number, small against what it means: errors go with its fourth power
/// @throws CaseError where it cannot be read on either side; std::invalid_argument with a clause where something
/// changes that has no derivative: the number of control volumes, the shape of a law, a table
RunChange change_along(const CaseAt& case_at, double step, const TapedRun& run);

}  // namespace porelith
