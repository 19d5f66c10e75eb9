#pragma once
/// `check --gradient-test`: whether slopes are right, on the user's own case.
#include <string>
#include <vector>

#include "solver/base/team.hpp"
#include "solver/case/case.hpp"

namespace porelith {

/// Compares slopes of all scalar results by the numbers named, or by a handful of all kinds, with differences of runs
/// by the same time steps on the same mesh; the first rank tells a table and a verdict. Collective.
/// @return exit_ok, or exit_solve_failed where a slope is wrong or a run gave up
int test_gradient(const Case& input, const std::vector<std::string>& by, const Team& team);

}  // namespace porelith
