#pragma once
/// Whether a run uses laws beyond the ends of their tables: how far, and for how long.
#include <string>
#include <vector>

#include "solver/case/case.hpp"
#include "solver/laws/tabled_laws.hpp"
#include "solver/newman/model.hpp"
#include "solver/record/left_table.hpp"

namespace porelith {

/// Looks at accepted states only, and costs nothing where no law has ends.
class RangeWatch {
 public:
  RangeWatch(const Case& input, const Model& model);

  /// Collective.
  void accepted(double t, const State& x);
  /// One a law that was used beyond its points.
  std::vector<std::string> sentences() const;
  /// The same in numbers.
  std::vector<LeftTable> left() const;

  /// All that it has seen, for a run that goes on later.
  std::vector<double> memory() const;
  void resume(const std::vector<double>& memory);

 private:
  /// What was used beyond one end of one law.
  struct Beyond {
    double farthest = 0;  ///< value [unit of x]
    double by = 0;        ///< its distance from the end
    double at = 0;        ///< its time [s]
    double seconds = 0;   ///< in all
  };
  struct Watched {
    TabledLaw law;
    int variable;  ///< 0: c_e; then one a bed
    Beyond low, high;
    bool left(const Beyond& end) const;
  };

  void note(Beyond& end, double value, double excess, double excess_before, double t, double dt) const;

  const Model& model_;
  std::vector<Watched> laws_;
  std::vector<double> extremes_, before_;  ///< least of each variable, negated, and greatest
  double last_time_ = 0;
  bool begun_ = false;
};

}  // namespace porelith
