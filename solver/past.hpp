#pragma once
/// What of its protocol a run has gone through: it may go on to another future, but not after another past.
#include <string>
#include <vector>

#include "solver/case/case.hpp"
#include "solver/march/protocol.hpp"
#include "solver/record/results.hpp"

namespace porelith {

struct Past {
  std::vector<std::string> steps;  ///< digests of the steps that are over
  std::string drive;               ///< digest of what the step under way holds fixed, of a table the rows up to now
  int rows = 0;                    ///< of the table that have begun
  std::vector<std::string> stops;  ///< of the step under way and of the whole protocol
};

/// Of a run that stands at time t within `position`.
/// @param whole stops that end the protocol, whatever its step
Past past_of(const std::vector<Step>& protocol, const std::vector<Stop>& whole, const ProtocolPosition& position,
             double t);

/// Whether the case's protocol has this past: the same steps up to here, and in the step under way and in the
/// whole protocol no new end that the run has passed already. What comes later is free.
/// @param so_far the run's accepted states
/// @throws CaseError saying what differs
void judge_past(const Past& past, const ProtocolPosition& position, double t, const Results& so_far, const Case& input);

}  // namespace porelith
