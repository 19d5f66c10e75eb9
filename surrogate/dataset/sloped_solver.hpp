#pragma once
/// Solves of designs with what follows from them to first order: slopes of scalar results by the design's variables.
#include <Eigen/Core>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "surrogate/dataset/design_space.hpp"

namespace porelith {

/// A solved design and its slopes.
struct Sloped {
  Sample sample;
  Eigen::MatrixXd slopes = {};  ///< d scalars / d x, scalars x d, NaN where not asked for; empty where there are none
  /// The sample's scalars with least and greatest values made smooth (R8), whose slopes are these; empty where the run
  /// is not there, or none of the results is one.
  std::vector<double> smooth = {};
  long linearisations = 0;   ///< that the slopes took: what Newton iterations are to the solve
  std::string missing = "";  ///< why there are no slopes, where they were asked for
  /// Variables whose slopes are differences of other solves, as inexact as these: what a case says of them is not
  /// smooth.
  std::vector<std::string> by_differences = {};
};

class SlopedSolver {
 public:
  /// @param space must outlive this @param results places in scalar_results() whose slopes are wanted
  /// @param kept runs that wait for being asked for slopes: what they hold is memory
  SlopedSolver(const DesignSpace& space, std::vector<std::size_t> results, int kept = 1);
  ~SlopedSolver();

  /// DesignSpace::solve on the case's mesh, to the bit; never throws for what the point is. Slopes asked for of the
  /// point just solved cost no other solve. By whole numbers there are none: they are 0.
  Sloped solve(long index, const std::vector<double>& x, bool slope);

 private:
  /// A run that can still be asked for slopes.
  struct Run;

  std::shared_ptr<Run> solved(long index, const std::vector<double>& x);
  std::shared_ptr<Run> take(const std::vector<double>& x);
  void keep(const std::shared_ptr<Run>& run);
  void add_smooth(const Run& run, Sloped& sloped) const;
  void add_slopes(const Run& run, Sloped& sloped) const;
  void add_differences(const Run& run, std::size_t variable, Sloped& sloped) const;

  const DesignSpace& space_;
  std::vector<std::size_t> results_;
  std::size_t most_;
  std::mutex lock_;
  std::deque<std::shared_ptr<Run>> kept_;  ///< latest first
};

}  // namespace porelith
