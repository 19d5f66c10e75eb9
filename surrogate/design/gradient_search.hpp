#pragma once
/// (D10) Search along the solver's own slopes: SLSQP, or MMA where variables are many, restarted until that gains
/// nothing, from many points.
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "surrogate/design/goal.hpp"
#include "surrogate/design/outcome.hpp"
#include "surrogate/design/side_by_side.hpp"
#include "surrogate/design/strategy.hpp"

namespace porelith {

struct GradientSearchOptions {
  int starts = 8;     ///< climbs, the given starts among them; the rest from points spread over the space
  long budget = 200;  ///< solves of one climb at most
  unsigned seed = 1;
  double target = 1e300;    ///< merit to be reached
  double radius = 0.5;      ///< of the first step, of each variable's range
  double shorter = 0.3;     ///< the first step after a restart over the one before
  double worth = 1e-4;      ///< gain of a step, over the merit, below which a climb begins anew, and then ends
  int most_variables = 40;  ///< of SLSQP, whose steps cost the cube of them; beyond them MMA
  std::vector<std::vector<double>> first;  ///< starts tried first
  std::function<bool()> stop = [] { return false; };
};

/// What became of a start.
struct Ascent {
  struct Better {
    double cost;  ///< of the climb until then, in solves
    double merit;
    std::vector<double> x;
  };
  std::vector<double> start;
  long solves = 0, gradients = 0, restarts = 0;
  double cost = 0;  ///< solves, and gradients by their linearisations over those of the same design's solve
  double seconds = 0;
  std::vector<Better> progress;  ///< of designs that keep all constraints
  std::vector<std::string> by_differences;
  std::string missing;  ///< why a design had no slopes, the last time
};

/// Climbs from its starts, as many at once as are asked for; each is its own, so that the result does not depend on it.
class GradientSearch : public Strategy {
 public:
  /// `goal`, `physics` and `options` must outlive this.
  GradientSearch(const Goal& goal, const Physics& physics, const GradientSearchOptions& options);
  ~GradientSearch() override;
  std::string name() const override;
  std::vector<Question> ask(const History& history, int n) override;
  /// In the order of the starts, once all has been asked.
  const std::vector<Ascent>& ascents() const { return ascents_; }

 private:
  class Climb;

  bool begin_next();

  const Goal& goal_;
  const Physics& physics_;
  const GradientSearchOptions& o_;
  std::vector<Ascent> ascents_;
  SideBySide<Climb> climbs_;  ///< by the numbers of their starts
  std::size_t next_ = 0;
};

/// What climbs found together, one after the other.
GradientFound found_by(const GradientSearch& search, const Goal& goal, double target);

/// The whole search on a physics with slopes. @param history joined by every answer
GradientFound search_by_gradient(const Goal& goal, const Physics& physics, const GradientSearchOptions& options,
                                 History& history);

}  // namespace porelith
