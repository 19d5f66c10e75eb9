#pragma once
/// The temperature of a run: one value, or a function of time.
#include "solver/case/draft.hpp"

namespace porelith {

/// Fills `result`, whose protocol is read, with what the draft, settled by apply(), says of the temperature.
void read_temperature(const Draft& draft, const Cell& cell, Case& result, Problems& problems);

}  // namespace porelith
