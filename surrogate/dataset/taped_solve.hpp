#pragma once
/// A design's solve that slopes may be asked of.
#include <memory>
#include <string>

#include "solver/case/case.hpp"
#include "solver/record/results.hpp"
#include "solver/sloped_run.hpp"

namespace porelith {

class Recorder;

struct TapedSolve {
  std::unique_ptr<Case> input;  ///< null where there is no tape
  std::unique_ptr<SlopedRun> run;
  std::string refused;  ///< why it has no tape, as a clause

  /// With its tape; a case that can be solved but has no derivatives without.
  Results solve(const Case& at, Recorder* recorder = nullptr);
};

}  // namespace porelith
