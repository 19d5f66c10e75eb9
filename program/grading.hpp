#pragma once
/// `design` where porosity is free in every control volume.
#include <string>

namespace porelith {

struct Case;

/// Searches, confirms, writes cases, table, report and pictures into `folder`. One process. @return the exit code
/// @throws CaseError, SolveFailure
int grade(const Case& input, const std::string& folder);

}  // namespace porelith
