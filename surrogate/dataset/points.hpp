#pragma once
/// Points of a design family, one after the other: spread evenly over its box, and only those that may be solved.
#include <cstdint>
#include <functional>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "solver/case/design.hpp"
#include "solver/text/named_expression.hpp"
#include "surrogate/dataset/unit_cube.hpp"

namespace porelith {

/// An endless sequence of points u in [0, 1)^d: Sobol's (shifted by the seed), or one Latin hypercube after the other.
class PointSequence {
 public:
  /// @param n points a hypercube @throws std::invalid_argument for more variables than Sobol's has numbers for
  PointSequence(const std::string& sampling, int n, int d, unsigned seed);
  const std::vector<double>& next();

 private:
  void next_hypercube();

  bool sobol_;
  int n_, at_ = 0;
  std::mt19937_64 random_;
  std::uint32_t k_ = 0;
  std::vector<std::uint32_t> state_, directions_;  ///< of Sobol's, the latter 32 a dimension
  std::vector<std::vector<double>> hypercube_;
  std::vector<double> point_;
};

/// "sobol" where it has numbers for so many variables, else "latin_hypercube".
std::string evenly(std::size_t variables);

/// Different designs of a family whose variables are all whole numbers, its conditions kept; -1 where there are others
/// or too many to count.
long designs_of(const DesignFamily& family);

/// The points of a sequence that the family's conditions allow; equal designs of whole numbers come once.
class FeasiblePoints {
 public:
  struct Point {
    long index;  ///< its place in the sequence of all points
    std::vector<double> x;
  };

  /// @param n points a hypercube @throws std::invalid_argument as PointSequence
  FeasiblePoints(DesignFamily family, const std::string& sampling, int n, unsigned seed);

  /// @param tries points at most that are tried for it
  /// @returns nothing where the space has no further design, or all tries were in vain
  std::optional<Point> next(long tries);

  long tried() const { return tried_; }
  /// Whether every design of a space of whole numbers has been given.
  /// Different designs there are; -1 where that is not known.
  long designs() const { return designs_; }
  bool exhausted() const { return designs_ >= 0 && static_cast<long>(given_.size()) == designs_; }
  /// Of each condition, how many of the tried points it was no finite number at.
  const std::vector<long>& undefined() const { return undefined_; }

 private:
  bool allowed(const std::vector<double>& x);
  void count_designs();
  /// The design of a number, where all variables are whole numbers.
  std::vector<double> design(long number) const;

  DesignFamily family_;
  UnitCube cube_;
  PointSequence sequence_;
  std::vector<NamedExpression> conditions_;
  std::vector<long> undefined_;
  long tried_ = 0;
  bool whole_ = false;                   ///< all variables are whole numbers
  long lattice_ = -1, designs_ = -1;     ///< points of the box, and allowed ones; -1 = too many to count
  long in_order_ = 0;                    ///< points of the box that were tried one after the other
  std::set<std::vector<double>> given_;  ///< where whole_
};

}  // namespace porelith
