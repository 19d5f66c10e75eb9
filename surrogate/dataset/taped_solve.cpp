#include "surrogate/dataset/taped_solve.hpp"

#include "solver/base/error.hpp"
#include "solver/simulation.hpp"

namespace porelith {

Results TapedSolve::solve(const Case& at, Recorder* recorder) {
  try {
    run = std::make_unique<SlopedRun>(at, Team::alone(), recorder);
  } catch (const CaseError& error) {
    refused = error.problems().empty() ? error.what() : error.problems().front().sentence;
    return simulate(at, recorder);
  }
  input = std::make_unique<Case>(at);
  return run->results();
}

}  // namespace porelith
