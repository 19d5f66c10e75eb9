#include "meshes/gmsh/bisection.hpp"

#include <algorithm>
#include <numeric>

namespace porelith {

namespace {

constexpr int smallest = 4;  // points that are not cut any more

class Cutter {
 public:
  Cutter(const std::vector<std::array<double, 3>>& points, Bisection& result) : points_(points), result_(result) {}

  /// Orders result.order[from, to) and, for more than one part, notes where the parts begin.
  void cut(int from, int to, int first_part, int parts) {
    if (parts == 1 && to - from <= smallest) {
      std::sort(result_.order.begin() + from, result_.order.begin() + to);
      return;
    }
    const int left_parts = std::max(parts / 2, 1);
    const int middle = parts == 1 ? (from + to) / 2 : from + static_cast<int>(long(to - from) * left_parts / parts);
    const int q = longest(from, to);
    const auto before = [&](int a, int b) {
      return points_[a][q] != points_[b][q] ? points_[a][q] < points_[b][q] : a < b;
    };
    const auto begin = result_.order.begin();
    std::nth_element(begin + from, begin + middle, begin + to, before);
    if (parts > 1) result_.first[first_part + left_parts] = middle;
    cut(from, middle, first_part, left_parts);
    cut(middle, to, first_part + left_parts, std::max(parts - left_parts, 1));
  }

 private:
  int longest(int from, int to) const {
    int best = 0;
    double most = -1;
    for (int q = 0; q < 3; ++q) {
      double low = 0, high = 0;
      for (int i = from; i < to; ++i) {
        const double x = points_[result_.order[i]][q];
        low = i == from ? x : std::min(low, x);
        high = i == from ? x : std::max(high, x);
      }
      if (high - low > most) most = high - low, best = q;
    }
    return best;
  }

  const std::vector<std::array<double, 3>>& points_;
  Bisection& result_;
};

}  // namespace

Bisection bisect(const std::vector<std::array<double, 3>>& points, int parts) {
  Bisection result;
  result.order.resize(points.size());
  std::iota(result.order.begin(), result.order.end(), 0);
  result.first.assign(parts + 1, 0);
  result.first[parts] = static_cast<int>(points.size());
  Cutter(points, result).cut(0, static_cast<int>(points.size()), 0, parts);
  return result;
}

}  // namespace porelith
