#include "meshes/gmsh/overlap.hpp"

#include <algorithm>
#include <cmath>

#include "solver/base/error.hpp"

namespace porelith {

namespace {

constexpr double pi = 3.14159265358979323846;

struct Place {
  double y, z;
};

double twice_area(const Place& a, const Place& b, const Place& c) {
  return (b.y - a.y) * (c.z - a.z) - (b.z - a.z) * (c.y - a.y);
}

/// A piece of a face as seen along x; a polygon is the signed sum of the triangles around its first corner.
struct Triangle {
  std::array<Place, 3> corner;  ///< counter-clockwise
  double sign;
  double low, high;  ///< of y

  Triangle(const Place& a, const Place& b, const Place& c, double sign_) : corner{a, b, c}, sign(sign_) {
    if (twice_area(a, b, c) < 0) {
      std::swap(corner[1], corner[2]);
      sign = -sign;
    }
    low = std::min({a.y, b.y, c.y});
    high = std::max({a.y, b.y, c.y});
  }
};

/// A convex polygon: a triangle that was cut by another's three sides.
struct Polygon {
  std::array<Place, 9> corner;
  int n = 0;

  void add(const Place& p) { corner[n++] = p; }

  /// What lies to the left of the way from a to b.
  Polygon cut(const Place& a, const Place& b) const {
    Polygon left;
    for (int i = 0; i < n; ++i) {
      const Place &p = corner[i], &q = corner[(i + 1) % n];
      const double at_p = twice_area(a, b, p), at_q = twice_area(a, b, q);
      if (at_p >= 0) left.add(p);
      if ((at_p > 0 && at_q < 0) || (at_p < 0 && at_q > 0)) {
        const double part = at_p / (at_p - at_q);
        left.add({p.y + part * (q.y - p.y), p.z + part * (q.z - p.z)});
      }
    }
    return left;
  }

  double area() const {
    double sum = 0;
    for (int i = 1; i + 1 < n; ++i) sum += twice_area(corner[0], corner[i], corner[i + 1]);
    return sum / 2;
  }
};

double shared_by(const Triangle& one, const Triangle& other) {
  Polygon polygon;
  for (const Place& p : one.corner) polygon.add(p);
  for (int i = 0; i < 3 && polygon.n > 0; ++i) polygon = polygon.cut(other.corner[i], other.corner[(i + 1) % 3]);
  return one.sign * other.sign * polygon.area();
}

/// Both lists by rising y: of the second one those are kept in sight that reach as far as the first one's next.
double shared_by(std::vector<Triangle> ones, std::vector<Triangle> others) {
  const auto by_low = [](const Triangle& a, const Triangle& b) { return a.low < b.low; };
  std::stable_sort(ones.begin(), ones.end(), by_low);
  std::stable_sort(others.begin(), others.end(), by_low);
  std::vector<const Triangle*> in_sight;
  std::size_t next = 0;
  double sum = 0;
  for (const Triangle& one : ones) {
    for (; next < others.size() && others[next].low < one.high; ++next) in_sight.push_back(&others[next]);
    const auto passed = [&](const Triangle* other) { return other->high <= one.low; };
    in_sight.erase(std::remove_if(in_sight.begin(), in_sight.end(), passed), in_sight.end());
    for (const Triangle* other : in_sight)
      if (other->low < one.high) sum += shared_by(one, *other);
  }
  return sum;
}

using Interval = std::pair<double, double>;

double shared_by(std::vector<Interval> ones, std::vector<Interval> others, bool axisymmetric) {
  std::sort(ones.begin(), ones.end());
  std::sort(others.begin(), others.end());
  double sum = 0;
  for (std::size_t i = 0, k = 0; i < ones.size() && k < others.size();) {
    const double low = std::max(ones[i].first, others[k].first), high = std::min(ones[i].second, others[k].second);
    if (high > low) sum += axisymmetric ? pi * (high * high - low * low) : high - low;
    ones[i].second < others[k].second ? ++i : ++k;
  }
  return sum;
}

void add_triangles(const std::vector<Place>& corners, std::vector<Triangle>& list) {
  double area = 0;
  for (std::size_t i = 1; i + 1 < corners.size(); ++i) area += twice_area(corners[0], corners[i], corners[i + 1]);
  for (std::size_t i = 1; i + 1 < corners.size(); ++i)
    list.emplace_back(corners[0], corners[i], corners[i + 1], area < 0 ? -1 : 1);
}

}  // namespace

double shared_area(const GmshFile& file, const GmshCells& cells, const GmshFaces& faces, const Space& space) {
  std::array<std::vector<Interval>, 2> intervals;  // of the negative electrode and the positive one
  std::array<std::vector<Triangle>, 2> triangles;
  for (const auto& face : faces.inner) {
    const Region P = cells.region[face[0].cell], N = cells.region[face[1].cell];
    if ((P == Region::separator) == (N == Region::separator)) continue;
    const Region electrode = P == Region::separator ? N : P;
    if (!is_electrode(electrode)) continue;
    std::array<int, 4> ids{};
    const int n = side_vertices(cells, face[0], ids);
    std::vector<Place> corners;
    corners.reserve(n);
    for (int i = 0; i < n; ++i) corners.push_back({file.points[ids[i]][1], file.points[ids[i]][2]});
    const int k = electrode == Region::positive;
    if (space.dimension == 2)
      intervals[k].push_back(std::minmax(corners[0].y, corners[1].y));
    else
      add_triangles(corners, triangles[k]);
  }
  const double area = space.dimension == 2 ? shared_by(intervals[0], intervals[1], space.axisymmetric)
                                           : shared_by(triangles[0], triangles[1]);
  if (!(area > 0))
    throw CaseError(
        {{{file.name, 0, 0},
          "the electrodes do not face each other: seen along x, what the separator shares with the negative "
          "one and what it shares with the positive one have no area in common"}});
  return area;
}

}  // namespace porelith
