#pragma once
/// What other learners ask a Gaussian process.
#include "surrogate/learners/learner.hpp"

namespace porelith {

/// Of each output, the mean square of what a process does not know of a sample left out, over that of the output; found
/// from values of at most 300 samples, evenly from all. About 1 for noise.
Eigen::VectorXd unexplained(const Task& task);

/// (N18) Takes the slopes of those outputs out of which processes tell samples left out worse with slopes than without:
/// slopes that contradict the values. @return how many outputs
long leave_out_contradicting(Task& task);

}  // namespace porelith
