#pragma once
#include <string>
#include <vector>

#include "solver/case/case.hpp"

namespace porelith {

/// A sentence for each table that a run may leave: of the salt where the protocol's currents may take c_e past its ends
/// (F14), or where it ends within 0.2 to 2 times the start's; of a stoichiometry where it ends within the limits or the
/// start. Takes some ten milliseconds where there are tables.
std::vector<std::string> range_doubts(const Case& input);

}  // namespace porelith
