#pragma once
/// The last step of a run, along its charge.
#include <cstddef>
#include <string>
#include <vector>

#include "solver/record/results.hpp"

namespace porelith {

/// The accepted states that carry the charge of the last step on, with their share of it.
struct LastStep {
  std::vector<const CurveRow*> rows;  ///< of the results, which must live
  std::vector<double> share;          ///< 0 ... 1, increasing
  std::string missing;                ///< why there is no such coordinate, or ""

  /// Mean of an observable over the charge, trapezoids between states; `k` its place in the rows.
  double mean(std::size_t k) const;
  /// An observable at a share of the charge: the cubic through the two states on either side.
  double at(double share, std::size_t k) const;
};

LastStep last_step(const Results& results);

/// The cubic through the two of some increasing points on either side of another: at the first and the last one where
/// there are none beyond.
struct CubicNear {
  std::size_t from;             ///< its first point
  std::vector<double> weights;  ///< of the values at its points
};
CubicNear cubic_near(double wanted, const std::vector<double>& points);

}  // namespace porelith
