#pragma once
/// From the keys of [[design.grading]] to gradings, all judged.
#include <vector>

#include "solver/case/draft.hpp"

namespace porelith {

/// Their means join the variables of the study, so that expressions may name them; a thickness that follows joins what
/// it sets. A problem for each thing that cannot be.
std::vector<Grading> read_gradings(const Draft& draft, DesignFamily& space, Problems& problems);

/// What does not go together with gradings.
void check_gradings(const Draft& draft, const Design& design, Problems& problems);

}  // namespace porelith
