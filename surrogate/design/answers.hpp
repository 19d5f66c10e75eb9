#pragma once
/// What the solver has said in a study, and how good it is.
#include <functional>
#include <limits>
#include <optional>
#include <vector>

#include "surrogate/dataset/campaign.hpp"
#include "surrogate/design/goal.hpp"
#include "surrogate/design/outcome.hpp"
#include "surrogate/design/strategy.hpp"

namespace porelith {

class Answers {
 public:
  /// All must outlive this. @param data every answer joins it
  Answers(const Goal& goal, const Physics& physics, Dataset& data, const std::function<bool()>& stop);

  /// Solves several designs at once. Answers join the data in the order of the designs, whichever was first: what is
  /// learned from them must not depend on it. What has been answered before is not asked again. @returns the answers;
  /// fewer than designs if somebody wants to stop
  std::vector<Sample> ask(const std::vector<std::vector<double>>& designs);
  /// The same for strategies.
  Evaluator evaluator();
  History history() const { return history_of(data_.samples); }
  /// The complete answer to a design so near that it needs no second solve; with an empty x if there is none.
  Sample known(const std::vector<double>& x) const;

  const Dataset& data() const { return data_; }
  const Sample& sample(long index) const { return data_.samples[static_cast<std::size_t>(index)]; }
  /// What the study thinks of an answer; nothing where it is not complete, or objective or constraints are not finite.
  std::optional<Judgement> judged(const Sample& sample) const;
  /// From now on what is better than this counts for nothing: it stands at a pole.
  void leave_out_above(double merit) { most_ = merit; }
  /// Indices of the allowed ones, best first.
  std::vector<long> ranking() const;
  /// The designs of the first of them. @param apart such that each differs from those before by this part of a range
  std::vector<std::vector<double>> best_designs(std::size_t count, double apart = 0) const;
  /// -inf if none is allowed
  double best_merit() const;
  /// Greatest merit, and how far above the least; of all that have one.
  Scale scale() const;

  long solves() const { return solves_; }             ///< asked here
  double solver_seconds() const { return seconds_; }  ///< of them

 private:
  const Goal& goal_;
  const Physics& physics_;
  Dataset& data_;
  const std::function<bool()>& stop_;
  UnitCube cube_;
  long next_ = 0, solves_ = 0;
  double seconds_ = 0, most_ = std::numeric_limits<double>::infinity();
};

/// What was left out of a study because an expression is no finite number there.
std::vector<LeftOut> left_out(const Design& design, const Goal& goal, const Dataset& data);

/// The best allowed designs of a history, best first.
std::vector<std::vector<double>> best_designs(const Goal& goal, const History& history, std::size_t count);

}  // namespace porelith
