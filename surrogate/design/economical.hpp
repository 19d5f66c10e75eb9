#pragma once
/// (D13) The economical study: cheap members of the family foretell, dear solves with slopes correct them, and the next
/// solve goes where the corrected model promises most, until it promises no more than it may err.
#include <functional>
#include <string>
#include <vector>

#include "surrogate/design/ladder.hpp"
#include "surrogate/design/loop.hpp"

namespace porelith {

/// Who answers for less than the case's own mesh does.
struct CheapMember {
  std::string name;
  Physics physics;    ///< with slopes
  double work = 0.1;  ///< of one of its linearisations, over one on the case's mesh
};

/// What answers of others are to a study: as good as its own, as those of its cheap member, or of another run, which
/// foretell what its own correct.
enum class Standing { own, cheap, foretells };

/// Answers that others have paid for.
struct TakenOver {
  std::string from;             ///< for people
  std::vector<Sample> samples;  ///< of the study's variables; slopes where they carry them
  Standing standing = Standing::foretells;
};

struct Economy {
  std::vector<CheapMember> cheap;  ///< at most one today
  std::vector<TakenOver> taken;
  double solves = 150;      ///< that may be spent, in counted work of solves on the case's mesh
  double seconds = 0;       ///< of wall time, 0: no such limit
  double tolerance = 3e-4;  ///< expected gain of the next solve that ends the study, of the objective's range
  int scouts = 8;           ///< solves at most, where an optimum may hide that no climb leads to
  double doubt = 1;  ///< of the tolerance: half width of a cheap member's foretelling that does without its solve
  /// Called with what was just learned: tests disturb it here.
  std::function<void(Ladder&)> after_learning = [](Ladder&) {};
};

/// As run_loop(), on a physics with slopes. @param data joined by every answer on the case's mesh
/// @param cheap_data joined by those of cheap members
LoopResult run_economical(const Design& design, const Physics& physics, const Economy& economy, Dataset& data,
                          Dataset& cheap_data, const LoopOptions& options, DesignOutcome& outcome);

}  // namespace porelith
