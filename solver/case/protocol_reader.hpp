#pragma once
/// From the steps as written to steps that the solver can march: amperes, volts, stops on every side, repeats written
/// out.
#include "solver/case/draft.hpp"

namespace porelith {

/// The cell's cut-offs join the stops of every step that could pass them: a discharge falls to V_min, a charge rises to
/// V_max, a power or a table of current or power stops at the sides that its signs lead to. A rest, a hold and a table
/// of voltage have none.
/// @param warnings what is allowed and yet odd, a sentence each
std::vector<Step> read_protocol(const Draft& draft, const Cell& cell, std::vector<std::string>& warnings,
                                Problems& problems);

/// The stops of [protocol.until].
std::vector<Stop> read_protocol_stops(const Draft& draft, const Cell& cell);

}  // namespace porelith
