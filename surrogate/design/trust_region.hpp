#pragma once
/// (D7) Ascent on the solver's own answers: quadratic models of them, climbed within a region that shrinks.
#include <functional>
#include <vector>

#include "surrogate/design/goal.hpp"

namespace porelith {

/// Answers for several designs at once, in their order; fewer than asked where somebody wants to stop.
using Ask = std::function<std::vector<Sample>(const std::vector<std::vector<double>>&)>;

struct TrustRegionOptions {
  long budget = 200;     ///< solves at most
  double radius = 0.1;   ///< of the region at the start, of each variable's range
  double widest = 0.25;  ///< that it may grow to
  double finest = 1e-6;  ///< at which the ascent ends
  double range = 1;      ///< of the objective
};

/// Climbs from `start`, a design among `known` that keeps its constraints; what is no finite number is no answer. What
/// is known near it serves the first models.
/// @returns the best allowed design that was met, `start` itself if there is none better
std::vector<double> climb_on_answers(const Goal& goal, const Physics& physics, const Ask& ask,
                                     const std::vector<Sample>& known, const std::vector<double>& start,
                                     const TrustRegionOptions& options);

}  // namespace porelith
