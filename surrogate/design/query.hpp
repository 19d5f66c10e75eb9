#pragma once
/// (D12) A question to a surrogate that somebody has trained already: answered at once, with what a solver would be
/// asked to make sure.
#include <string>
#include <vector>

#include "surrogate/design/goal.hpp"
#include "surrogate/design/strategy.hpp"
#include "surrogate/gate/surrogate.hpp"

namespace porelith {

struct QueryOptions {
  double interval = 0.01;  ///< of the objective's range: half widths up to it are narrow enough
  int designs = 4;         ///< that are told at most
  unsigned seed = 1;
  int threads = 1;
};

/// A design, with what the surrogate says of it. Half widths are as wide as picks need them.
struct Foretold {
  std::vector<double> x;
  double value = 0, half_width = 0;  ///< of the objective
  Eigen::VectorXd constraints, constraint_half_widths;
  double distance = 0;
  bool inside = false;
  bool sure = false;     ///< inside, its interval narrow enough, and its constraints kept all over theirs
  bool may_win = false;  ///< by its interval it might be the best
};

struct QueryAnswer {
  std::vector<Foretold> designs;  ///< the most promising first
  double range = 0;               ///< of the objective over random designs, as the surrogate has it
  std::vector<double> solved;     ///< the best allowed design that has been solved; empty if there is none
  double solved_value = 0;
  /// Places in `designs` of what a solver would be asked: none where the first is sure.
  std::vector<std::size_t> to_solve;
};

/// One design, not picked by anybody.
Foretold foretold(const Goal& goal, const Surrogate& surrogate, const std::vector<double>& x);

/// The best designs of a space, searched on the surrogate from the best solved ones and others.
/// @param goal with the bounds of the question; @param solved what is known already; of it counts what lies within them
QueryAnswer answered(const Goal& goal, const Surrogate& surrogate, const std::vector<Sample>& solved,
                     const QueryOptions& options);

}  // namespace porelith
