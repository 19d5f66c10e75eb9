#pragma once
/// Where an extreme value is, when several ranks look for it.
#include "solver/base/team.hpp"

namespace porelith {

/// Whether this rank is the first that has it. Collective.
inline bool is_first(bool here, const Team& team) {
  return team.min(here ? team.rank() : team.size()) == team.rank() && here;
}

}  // namespace porelith
