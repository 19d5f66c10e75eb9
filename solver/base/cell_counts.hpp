#pragma once
/// Numbers of control volumes along lines.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

namespace porelith {

/// How many control volumes a line has, and where that is fixed how many each piece between two of its breaks.
struct CellCounts {
  int all = 0;
  std::vector<int> pieces;  ///< empty: as many as suit the pieces' lengths

  CellCounts() = default;
  CellCounts(int number) : all(number) {}                        // NOLINT: a number is counts
  CellCounts(std::vector<int> list) : pieces(std::move(list)) {  // NOLINT: so is a list
    all = std::accumulate(pieces.begin(), pieces.end(), 0);
  }
  operator int() const { return all; }  // NOLINT: where only the number matters

  /// So many times as many, rounded; a piece keeps at least `least`.
  CellCounts times(double factor, int least = 1) const {
    const auto scaled = [&](int n) { return std::max(least, static_cast<int>(std::lround(n * factor))); };
    if (pieces.empty()) return scaled(all);
    std::vector<int> list;
    for (const int n : pieces) list.push_back(scaled(n));
    return list;
  }
  /// As keys have it: the number, or the list.
  std::vector<double> values() const {
    if (pieces.empty()) return {static_cast<double>(all)};
    return {pieces.begin(), pieces.end()};
  }
};

}  // namespace porelith
