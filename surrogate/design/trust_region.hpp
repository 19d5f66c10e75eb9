#pragma once
/// (D7) Ascent on the solver's own answers: quadratic models of them, climbed within a region that shrinks.
#include <memory>
#include <string>
#include <vector>

#include "surrogate/design/goal.hpp"
#include "surrogate/design/strategy.hpp"

namespace porelith {

struct TrustRegionOptions {
  long budget = 200;     ///< solves at most
  double radius = 0.1;   ///< of the region at the start, of each variable's range
  double widest = 0.25;  ///< that it may grow to
  double finest = 1e-6;  ///< at which the ascent ends
  double range = 1;      ///< of the objective
};

/// Climbs from `start`, a design of the history that keeps its constraints; what is no finite number is no answer. What
/// is known near it serves the first models.
class TrustRegion : public Strategy {
 public:
  /// `goal` and `physics` must outlive this; of the latter only what may be solved is asked.
  TrustRegion(const Goal& goal, const Physics& physics, const std::vector<double>& start,
              const TrustRegionOptions& options);
  ~TrustRegion() override;
  std::string name() const override { return "trust region"; }
  std::vector<Question> ask(const History& history, int n) override;
  /// The best allowed design that was met, `start` itself if there is none better.
  std::vector<double> best() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace porelith
