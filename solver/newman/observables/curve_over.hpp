#pragma once
/// Curves of a run at given times, charges or shares of the charge, and how they follow the accepted states (R7).
#include <string>
#include <string_view>
#include <vector>

#include "solver/newman/observables/result_slope.hpp"
#include "solver/record/results.hpp"

namespace porelith {

/// What stays as it is where a point of a curve follows something.
enum class Coordinate {
  time,    ///< of the whole run [s]
  charge,  ///< that the last step has passed, either way [A.h]
  share,   ///< of the charge that the last step passes [1]
};

struct CoordinateName {
  Coordinate coordinate;
  std::string name, unit, spoken;
};
const std::vector<CoordinateName>& coordinate_names();
const CoordinateName& name_of(Coordinate coordinate);

class CurveOver {
 public:
  /// @param results must outlive this @param stages of each accepted row, -1 of those in between, which are left out
  CurveOver(const Results& results, Coordinate coordinate, const std::vector<int>& stages);

  /// Why there is no such coordinate, as a clause; "" where there is one.
  const std::string& missing() const { return missing_; }
  /// Where it ends; it begins at 0.
  double end() const { return end_; }
  /// From 0 to its end, evenly.
  std::vector<double> points(int n) const;
  /// An observable there: the cubic through the two accepted states on either side, the last ones' beyond the end.
  /// Where a step ends, its end counts.
  double value(double at, std::size_t observable) const;
  /// How it follows the accepted states, the coordinate as it is.
  ResultSlope slope(double at, std::size_t observable) const;

 private:
  /// Rows along which the coordinate increases.
  struct Piece {
    std::vector<std::size_t> rows;  ///< in Results::accepted
    std::vector<double> at;
  };
  const Piece& piece_with(double at) const;
  void add_move_of(std::size_t row, double at, double factor, ResultSlope& slope) const;

  const Results& results_;
  Coordinate coordinate_;
  std::string missing_;
  double end_ = 0, total_ = 1;  ///< total: d(charge)/d(coordinate) [A s]
  std::vector<Piece> pieces_;
};

}  // namespace porelith
