#pragma once
/// Pictures of how well a surrogate does on samples that it has not seen.
#include <string>

#include "postprocess/gnuplot.hpp"
#include "surrogate/gate/surrogate.hpp"

namespace porelith {

/// Draws into `folder`, each as PNG and SVG:
///   parity     every scalar as predicted against as solved, with its 90 % interval
///   curves     best, median and worst unseen curve, predicted over solved
///   learning   validation loss of each network over the epochs
/// @throws WriteError
Drawn draw_training(const TrainingReport& report, const TrainingSet& meaning, const std::string& folder);

}  // namespace porelith
