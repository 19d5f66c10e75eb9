#pragma once
/// How exact a run is, and runs that are as exact as asked for: levels of cells, shells and rtol, each judged by its
/// own coarser solve (A1)-(A5).
#include <functional>
#include <string>
#include <vector>

#include "solver/base/team.hpp"
#include "solver/trace.hpp"

namespace porelith {

/// Where nobody says how exact a run is to be: of a step's charge or time at its end, and of 1 V.
inline constexpr double usual_accuracy = 1e-3;
/// Runs of more time steps are judged on request only.
inline constexpr long long_protocol = 10'000;
/// All levels and what judges them may take so many times the work of the first solve, itself included.
inline constexpr double most_work = 30;

struct JudgeOptions {
  Team team = Team::alone();
  std::function<bool()> stop = [] { return false; };  ///< asked between time steps; the last complete level stays
  std::function<void(const std::string&)> say = [](const std::string&) {};  ///< a line a level, by the first rank
  /// Told of every further level that is complete, before the next one is begun. Collective.
  std::function<void(const Results&, const Resolution&)> level = [](const Results&, const Resolution&) {};
};

/// Whether a run of the case is to be judged, as far as that is known before it has ended.
bool may_be_judged(const Case& input);

Resolution resolution_of(const Case& input);
/// The case on another mesh. Its `resolved` stays.
Case with_resolution(Case input, const Resolution& resolution);
/// The changes that give the case that resolution.
std::vector<CaseChange> changes_of(const Resolution& resolution);
/// "40/20/40 cells, 15 shells, rtol 1e-4"
std::string text_of(const Resolution& resolution);

/// Judges a complete run (Results::accuracy); where the case fixes no mesh, refines the direction that is most
/// uncertain until the run is as exact as asked for. `results` are then those of the last complete level. Collective.
/// @param results of `input`; @param trace of the same run
void judge(const Case& input, const Trace& trace, Results& results, const JudgeOptions& options = {});

/// The estimate in a sentence, and, where it is more than was asked for, why and what to do.
std::string accuracy_sentence(const AccuracyEstimate& judgement);

}  // namespace porelith
