#pragma once
/// (N8) What regressors that have not seen a sample say of it, and what follows for the one that has seen all.
#include "surrogate/gate/model.hpp"

namespace porelith {

/// Law of the intervals and, of picks, how much wider they are, into the model.
/// @param learned of the task, all parts
void calibrate(Surrogate::Impl& model, const Learned& learned, const Task& task, const std::vector<bool>& chosen);

}  // namespace porelith
