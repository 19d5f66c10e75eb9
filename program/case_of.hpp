#pragma once
/// The case that was typed.
#include <string>

#include "program/verb.hpp"
#include "solver/base/team.hpp"
#include "solver/case/case.hpp"

namespace porelith {

/// @param out folder for the results; "" = default_folder() @throws CaseError, for a start out of reach too
/// Collective: a file may be there for one rank and not for another.
Case case_of(const CaseLine& line, const std::string& out = "", const Team& team = Team::alone());

/// "results/quickstart" for cases/quickstart/case.toml, "results/graded_plain" for cases/graded/plain.toml.
std::string default_folder(const Case& input);

}  // namespace porelith
