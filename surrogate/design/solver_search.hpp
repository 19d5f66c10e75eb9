#pragma once
/// Search that asks only the solver: NLopt's derivative-free methods, restarted from many points. What a surrogate is
/// compared with, and what takes a study's last steps.
#include <functional>
#include <vector>

#include "surrogate/design/goal.hpp"
#include "surrogate/design/outcome.hpp"

namespace porelith {

struct SolverSearchOptions {
  long budget = 500;      ///< solves at most
  double seconds = 1e30;  ///< wall time at most
  int threads = 1;        ///< streams, each with its part of the budget
  unsigned seed = 1;
  double target = 1e300;  ///< merit to be reached
  bool stop_at_target = false;
  double radius = 0.25;                     ///< first steps, of each variable's range
  double finest = 1e-4;                     ///< steps at which a local search ends, of each variable's range
  std::vector<std::vector<double>> starts;  ///< tried first; then points spread over the space, unless `local`
  bool local = false;                       ///< only from `starts`
  std::function<bool()> stop = [] { return false; };
};

/// BOBYQA where only bounds hold, COBYLA under constraints. Points that must not be solved cost no solve.
/// @returns merits turned back into objectives; `x` is empty if nothing allowed was found
SolverSearch search_on_solver(const Goal& goal, const Physics& physics, const SolverSearchOptions& options);

}  // namespace porelith
