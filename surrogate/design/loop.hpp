#pragma once
/// The design loop: search on the surrogate, gate, solver, learn; in the end the solver's own last steps.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "surrogate/dataset/campaign.hpp"
#include "surrogate/design/goal.hpp"
#include "surrogate/design/outcome.hpp"
#include "surrogate/gate/surrogate.hpp"

namespace porelith {

inline constexpr long least_samples = 30;  ///< complete ones, that a study's first training needs

struct LoopOptions {
  int threads = 1;          ///< that train and search networks; those that solve are the physics'
  double tolerance = 5e-4;  ///< two rounds that gain less than this part of the objective's range are the last
  std::function<bool()> stop = [] { return false; };
  std::function<void(const std::string&)> say = [](const std::string&) {};
  /// Called with what was just trained and the round that will use it: tests disturb it here.
  std::function<void(Surrogate&, int round)> after_training = [](Surrogate&, int) {};
};

struct LoopResult {
  std::optional<Surrogate> surrogate;  ///< that knows every answer; none where all designs of the space were solved
  TrainingReport first_training;       ///< on the campaign's samples only
  std::vector<double> best;            ///< the best allowed design that the solver has confirmed; empty if none
  /// Confirmed and allowed designs on the case's mesh, best first: whom to check on a finer one.
  std::vector<std::vector<double>> ranking;
};

/// Runs the loop. Every answer of the solver joins `data`; rounds, candidates, costs and counts join `outcome`.
/// @param data of a campaign over physics.family
/// @throws CaseError if the data hold fewer complete samples than a training needs, or the objective is a finite number
/// at none of them
LoopResult run_loop(const Design& design, const Physics& physics, Dataset& data, const LoopOptions& options,
                    DesignOutcome& outcome);

}  // namespace porelith
