#include "surrogate/learners/registry.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <stdexcept>

namespace porelith {

// A line a learner: NAME stands for `const Learner& NAME_learner()` in a file of its own.
// clang-format off
#define PORELITH_LEARNERS(learner) \
  learner(mlp) \
  learner(gp) \
  learner(best) \
  /* the last */
// clang-format on

#define PORELITH_DECLARED(name) const Learner& name##_learner();
PORELITH_LEARNERS(PORELITH_DECLARED)

const std::vector<const Learner*>& learners() {
#define PORELITH_LISTED(name) &name##_learner(),
  static const std::vector<const Learner*> all{PORELITH_LEARNERS(PORELITH_LISTED)};
  return all;
}

std::vector<std::string> learner_names() {
  std::vector<std::string> names;
  for (const Learner* learner : learners()) names.push_back(learner->name());
  return names;
}

bool takes(const std::string& learner, const std::string& option) {
  for (const Learner* one : learners()) {
    if (one->name() != learner) continue;
    for (const Option& taken : one->takes())
      if (taken.name == option) return true;
  }
  return false;
}

const Option* find_option(const std::string& name) {
  static const std::vector<Option> all = [] {
    std::vector<Option> list;
    for (const Learner* learner : learners())
      for (const Option& option : learner->options()) list.push_back(option);
    return list;
  }();
  for (const Option& option : all)
    if (option.name == name) return &option;
  return nullptr;
}

const Learner& learner_called(const std::string& name) {
  for (const Learner* learner : learners())
    if (learner->name() == name) return *learner;
  throw std::invalid_argument(fmt::format("{} is no learner; there are {}", name, fmt::join(learner_names(), ", ")));
}

}  // namespace porelith
