#pragma once
/// `run --gradient`: slopes of what a run came to.
#include <string>
#include <vector>

#include "program/verb.hpp"
#include "solver/base/team.hpp"
#include "solver/case/case.hpp"

namespace porelith {

struct Results;

/// What slopes are asked for.
struct GradientLine {
  std::string results;  ///< names with commas between; "" = none
  std::string by;       ///< likewise; "" = all that there are

  void declare_on(Verb& verb);
};

/// Whether the names are some, before anything runs.
/// @throws std::invalid_argument
void judge_gradient(const GradientLine& line, const Case& input);

/// Solves the case once more as the run came to solve it, tells the slopes, with how far off they may be, and writes
/// gradient.csv into its folder. Collective.
/// @return the exit code
int tell_gradient(const GradientLine& line, const Case& input, const Results& results, const Team& team);

}  // namespace porelith
