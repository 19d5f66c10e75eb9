#pragma once
/// Pictures of a design study.
#include <string>
#include <vector>

#include "postprocess/gnuplot.hpp"
#include "solver/record/results.hpp"
#include "surrogate/design/outcome.hpp"

namespace porelith {

/// A run of one design with its name.
struct NamedRun {
  std::string name;
  Results results;
};

/// Draws into `folder`, each as PNG and SVG:
///   design     porosity through depth of every run, counted from the middle of the separator
///   charges    voltage and plating margin against charge
///   compared   salt and reaction rate of the first two runs at the same charges
///   gate       what the surrogate said of the loop's candidates against what the solver said
///   effort     best value found against solves, with the surrogate and without
/// @param runs baseline, optimum, rivals
/// @returns files relative to `folder`  @throws WriteError
Drawn draw_design_pictures(const DesignOutcome& outcome, const std::vector<NamedRun>& runs, const std::string& folder);

}  // namespace porelith
