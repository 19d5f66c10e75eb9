#pragma once
/// Search that asks only the solver: NLopt's derivative-free methods, restarted from many points. What a surrogate is
/// compared with, and what finds the best of a small family.
#include <functional>
#include <vector>

#include "surrogate/design/goal.hpp"
#include "surrogate/design/outcome.hpp"

namespace porelith {

struct SolverSearchOptions {
  long budget = 500;  ///< solves at most
  unsigned seed = 1;
  double target = 1e300;                    ///< merit to be reached
  double radius = 0.25;                     ///< first steps, of each variable's range
  double finest = 1e-4;                     ///< steps at which a climb ends, of each variable's range
  std::vector<std::vector<double>> starts;  ///< tried first; then points spread over the space
  std::function<bool()> stop = [] { return false; };
};

/// One climb after the other until the budget is spent: BOBYQA where only bounds hold, else SBPLX, for which a design
/// that breaks a constraint is worse than all that break none, and the worse the more it does. Points that must not be
/// solved cost no solve. As many climbs at once as the physics allows; the result does not depend on it. @returns
/// merits turned back into objectives; `x` is empty if nothing allowed was found
SolverSearch search_on_solver(const Goal& goal, const Physics& physics, const SolverSearchOptions& options);

}  // namespace porelith
