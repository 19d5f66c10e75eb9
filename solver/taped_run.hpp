#pragma once
/// A run that is kept with all that its derivatives need.
#include <memory>

#include "solver/case/case.hpp"
#include "solver/march/sensitivity.hpp"
#include "solver/newman/model.hpp"
#include "solver/record/recorder.hpp"
#include "solver/record/results.hpp"

namespace porelith {

struct TapedRun {
  std::unique_ptr<Model> model;
  std::unique_ptr<Observers> observers;
  RunTape tape;
  Results results;
  Sensitivity sensitivity(const Case& input) const { return {*model, *observers, tape, input.solver.linear}; }
};

/// simulate(), and of every implicit solve its state. Collective.
/// @param replay time steps of another run, as replay() takes them; null: finds its own
/// States beyond solver.tape_memory are written to a temporary file.
/// @throws CaseError where a run has no derivatives: a table that is left at a cut-off
TapedRun simulate_taped(const Case& input, Recorder* recorder = nullptr, const Team& team = Team::alone(),
                        const std::vector<TakenStep>* replay = nullptr);

}  // namespace porelith
