#pragma once
/// Where the surrogate would look next: its summits, and scouts around the best known designs.
#include <cmath>
#include <string>
#include <vector>

#include "surrogate/design/goal.hpp"
#include "surrogate/design/outcome.hpp"
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

class Proposer {
 public:
  /// All must outlive this. @param range of the objective
  Proposer(const Goal& goal, const Physics& physics, const Surrogate& surrogate, double range, unsigned seed,
           int threads);

  /// Up to `count` designs that may be solved, the most promising summit first: at least half of them summits where
  /// there are so many, the rest scouts within about `reach` (of each range) of the best known.
  /// @param known good designs to start from, best first
  std::vector<Candidate> propose(const std::vector<std::vector<double>>& known, int count, double reach) const;

 private:
  std::vector<std::vector<double>> summits(const std::vector<std::vector<double>>& known, bool cautious) const;
  std::vector<std::vector<double>> scouts(const std::vector<double>& around, double reach, int count) const;
  Candidate candidate(const std::vector<double>& x, const std::string& origin) const;

  const Goal& goal_;
  const Physics& physics_;
  const Surrogate& surrogate_;
  UnitCube cube_;
  double range_;
  unsigned seed_;
  int threads_;
};

}  // namespace porelith
