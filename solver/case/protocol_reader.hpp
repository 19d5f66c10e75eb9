#pragma once
/// From the steps as written to steps that the solver can march: amperes, volts, stops on every side, repeats written
/// out.
#include "solver/case/draft.hpp"

namespace porelith {

/// The cell's cut-offs join the stops of every step that could pass them: a discharge falls to V_min, a charge rises to
/// V_max, a current table or a power stops at the side that its sign leads to. A rest and a hold have none.
/// @param warnings what is allowed and yet odd, a sentence each
std::vector<Step> read_protocol(const Draft& draft, const Cell& cell, std::vector<std::string>& warnings,
                                Problems& problems);

}  // namespace porelith
