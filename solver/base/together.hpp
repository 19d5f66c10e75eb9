#pragma once
/// What only one rank of several meets, told to all.
#include <string>

#include "solver/base/error.hpp"
#include "solver/base/team.hpp"

namespace porelith {

/// Does this rank's part of a work; a WriteError of any rank is thrown on all, so that nobody waits for a rank that has
/// left. Collective.
template <class Work>
void together(const Team& team, const Work& work) {
  if (team.size() == 1) return work();
  std::string trouble;
  try {
    work();
  } catch (const WriteError& error) {
    trouble = error.what();
  }
  trouble = team.any(trouble);
  if (!trouble.empty()) throw WriteError(trouble);
}

}  // namespace porelith
