#pragma once
/// Whether an objective has a pole where a search has ended: then there is no optimum, however good its last value.
#include <optional>
#include <string>
#include <vector>

#include "surrogate/design/goal.hpp"
#include "surrogate/design/outcome.hpp"
#include "surrogate/design/strategy.hpp"

namespace porelith {

/// (D9) Is the merit of `x` ten ranges above the best sample, and does it grow again and again as the distance to `x`
/// halves? @param toward a design that `x` is approached from @returns what is to be told, or nothing
std::optional<std::string> pole_at(const Goal& goal, const Physics& physics, const Evaluator& evaluator,
                                   const Scale& scale, const std::vector<double>& x, double merit,
                                   const std::vector<double>& toward);

}  // namespace porelith
