#pragma once
/// Where the surrogate would look next: its summits, and scouts around the best known designs.
#include <cmath>
#include <string>
#include <vector>

#include "surrogate/design/goal.hpp"
#include "surrogate/design/outcome.hpp"
#include "surrogate/design/strategy.hpp"
#include "surrogate/gate/surrogate.hpp"

namespace porelith {

/// What the surrogate says of one design, as merit.
struct Foreseen {
  double merit = 0, half_width = 0, distance = 0;
  bool inside = false;
  Eigen::VectorXd constraints, constraint_half_widths;
  /// Whether objective and constraints, as the surrogate sees them, are finite numbers.
  bool defined() const { return std::isfinite(merit) && std::isfinite(half_width) && constraints.allFinite(); }
};
Foreseen foresee(const Goal& goal, const Surrogate& surrogate, const std::vector<double>& x);

struct ProposerOptions {
  double range = 1;    ///< of the objective
  double reach = 0.1;  ///< of scouts around the best known design, of each range
  unsigned seed = 1;
  int threads = 1;
};

/// One round on the surrogate: asks once, from the best of the history.
class Proposer : public Strategy {
 public:
  /// What is not an option must outlive this.
  Proposer(const Goal& goal, const Physics& physics, const Surrogate& surrogate, const ProposerOptions& options);
  std::string name() const override { return "summits of the surrogate"; }
  std::vector<Question> ask(const History& history, int n) override;
  /// What was asked for, with what the surrogate says of it: the gate's matter.
  const std::vector<Candidate>& candidates() const { return candidates_; }

 private:
  /// Up to `count` designs that may be solved, the most promising summit first: at least half of them summits where
  /// there are so many and the surrogate has a slope, the rest scouts.
  /// @param known good designs to start from, best first
  std::vector<Candidate> propose(const std::vector<std::vector<double>>& known, int count) const;
  std::vector<std::vector<double>> summits(const std::vector<std::vector<double>>& known, bool cautious) const;
  std::vector<std::vector<double>> scouts(const std::vector<double>& around, int count) const;
  Candidate candidate(const std::vector<double>& x, const std::string& origin) const;

  const Goal& goal_;
  const Physics& physics_;
  const Surrogate& surrogate_;
  UnitCube cube_;
  ProposerOptions o_;
  std::vector<Candidate> candidates_;
};

}  // namespace porelith
