#pragma once
/// What a case changes of its cell, and whether the outcome can exist.
#include "solver/case/draft.hpp"

namespace porelith {

/// What follows from the keys by a rule, so that the draft and its cell are complete. Adds a problem for what
/// contradicts itself: volume fractions above 1, two ways to say one thing, cut-offs out of order.
/// @param file the cell as its file has it
void apply(Draft& draft, const Cell& file, Problems& problems);

}  // namespace porelith
