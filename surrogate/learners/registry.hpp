#pragma once
/// The learners that there are.
#include <string>
#include <vector>

#include "surrogate/learners/learner.hpp"

namespace porelith {

/// In the order of the registry.
const std::vector<const Learner*>& learners();
std::vector<std::string> learner_names();
/// Whether there is such a learner and it may be given the option.
bool takes(const std::string& learner, const std::string& option);
/// An option of whichever learner has it; nullptr if none has.
const Option* find_option(const std::string& name);
/// @throws std::invalid_argument naming what there is
const Learner& learner_called(const std::string& name);

}  // namespace porelith
