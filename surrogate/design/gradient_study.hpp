#pragma once
/// A study that searches along the solver's slopes: no samples, no surrogate.
#include "surrogate/design/gradient_search.hpp"
#include "surrogate/design/loop.hpp"

namespace porelith {

/// How a study searches along slopes: from the baseline, then from points spread over the space.
GradientSearchOptions gradient_options(const Design& design, const std::function<bool()>& stop);

/// As run_loop(), on a physics with slopes. @param data joined by every answer
LoopResult run_gradient_study(const Design& design, const Physics& physics, Dataset& data, const LoopOptions& options,
                              DesignOutcome& outcome);

}  // namespace porelith
