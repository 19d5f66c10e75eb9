#pragma once
/// Runs by frozen time steps whose stops are met to rounding: smooth functions of their cases' numbers, to take
/// differences of.
#include <memory>
#include <vector>

#include "solver/base/team.hpp"
#include "solver/newman/observables/result_slope.hpp"
#include "solver/record/results.hpp"
#include "solver/record/taken_step.hpp"

namespace porelith {

struct Case;
class Recorder;
struct TapedEnd;
struct TapedRun;

/// The time steps of a run, their lengths frozen but for the last of each step of the protocol, which meets its stop.
/// Newton's method goes on until nothing of rtol is left.
class FrozenRun {
 public:
  /// @param c its protocol's steps end by stops that are landed on, or in time @throws SolveFailure
  /// @param team whose ranks solve each run together; the base is kept in parts. Collective, as all members
  explicit FrozenRun(const Case& c, const Team& team = Team::alone());

  const TapedRun& base() const { return *base_; }
  /// What solving it took [s]
  double seconds() const;
  /// The case by the same steps. @throws SolveFailure
  Results solve(const Case& c) const;
  /// The same with what its derivatives need.
  TapedRun taped(const Case& c) const;
  /// The base once more, on a team. @param c the case that it was made of. Collective.
  TapedRun on(const Case& c, const Team& team) const;

 private:
  TapedRun complete(const Case& c, Recorder* recorder, const std::vector<TakenStep>* replay) const;
  TapedRun run(const Case& c, std::vector<TakenStep>* by = nullptr) const;
  void tell_ends(TapedRun& run) const;
  TakenStep& last_of(std::size_t k, std::vector<TakenStep>& taken) const;
  double missed(const Results& results, const Case& c, std::size_t k) const;
  void find_speeds(const Case& c);

  Team team_;
  std::shared_ptr<TapedRun> base_;
  std::shared_ptr<std::vector<TapedEnd>> ends_;  ///< how each step of the protocol ended
  std::vector<TakenStep> taken_, met_;           ///< the free run's time steps, and with the base's ends met
  std::vector<double> speeds_;                   ///< d(what a step's end misses its stop by)/d(its time)
};

/// In the order of scalar_results(); not a number where there is none.
std::vector<double> scalars_of(const Results& results);

/// The slopes of those by the accepted states.
std::vector<ResultSlope> scalar_slopes_of(const Results& results);

/// What has become of a result in a varied run by the same steps, by the rows and the branches of the base: a least
/// value keeps its row, and results are taken as the sums over rows that they are for small changes.
double moved_by(const ResultSlope& slope, const Results& base, const Results& varied);

}  // namespace porelith
