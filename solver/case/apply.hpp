#pragma once
/// What a case changes of its cell, and whether the outcome can exist.
#include "solver/case/draft.hpp"

namespace porelith {

/// Puts the given keys into the cell, and what the cell file says into the keys that were left out, so that the draft
/// is complete. Adds a problem for what contradicts itself: volume fractions above 1, two ways to say one thing,
/// cut-offs out of order.
void apply(Draft& draft, Cell& cell, Problems& problems);

}  // namespace porelith
