#pragma once
/// Recursive coordinate bisection: parts of equal size, the same on every rank and in every run.
#include <array>
#include <vector>

namespace porelith {

struct Bisection {
  std::vector<int> order;  ///< all points, part after part; within a part neighbours in space are near in the list
  std::vector<int> first;  ///< of each part in `order`; one more than parts
};

/// Cuts across the longest extent again and again; of equal coordinates the lower index goes first.
Bisection bisect(const std::vector<std::array<double, 3>>& points, int parts);

}  // namespace porelith
