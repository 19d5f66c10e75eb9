#pragma once
/// (D13) What is known of the results that a study reads, on several levels of physics: a cheap member of the family,
/// or what others have solved, foretells, and the answers of the level above correct it.
#include <Eigen/Core>
#include <cstddef>
#include <optional>
#include <vector>

#include "surrogate/process/process.hpp"

namespace porelith {

/// Of R results by d variables in the unit cube.
struct Corrected {
  Eigen::VectorXd mean;       ///< R
  Eigen::VectorXd deviation;  ///< R: one standard deviation
  Eigen::MatrixXd slopes;     ///< R x d, of the mean
};

class Ladder {
 public:
  Ladder(int dimension, int results, int levels);
  ~Ladder();
  Ladder(const Ladder&) = delete;
  Ladder& operator=(const Ladder&) = delete;

  /// @param level from 0, the cheapest @param slopes R x d, NaN where there are none; empty: none at all
  void add(int level, const Eigen::VectorXd& u, const Eigen::VectorXd& values, const Eigen::MatrixXd& slopes);
  long known(int level) const;
  /// From all that was added.
  void learn();
  /// Up to a level; the highest that knows anything does for those above it.
  Corrected at(const Eigen::VectorXd& u, int level, bool with_deviation = false) const;
  /// How much of the slopes' squares of a level the one below explains: what it is worth. NaN where nobody knows.
  double explained(int level) const;
  /// From now on a level stands on nothing: what is below it foretells nothing of it.
  void stand_alone(int level);
  bool stands_alone(int level) const { return level == 0 || levels_[static_cast<std::size_t>(level)].stands_alone; }
  /// Leaves all slopes of a level out from now on: they contradict its values.
  void mistrust_slopes(int level);
  bool trusts_slopes(int level) const { return levels_[static_cast<std::size_t>(level)].trusted; }

 private:
  struct Rest;
  struct Level {
    std::vector<Eigen::VectorXd> u, values;
    std::vector<Eigen::MatrixXd> slopes;
    std::vector<Rest> rests;   ///< of each result, once learned
    std::size_t searched = 0;  ///< points when habits were looked for last
    bool stands_alone = false, trusted = true, fresh = false;
  };
  void learn(Level& level, int result, const std::vector<Corrected>& below, bool search) const;

  int d_, results_;
  std::vector<Level> levels_;
};

}  // namespace porelith
