#include "meshes/gmsh/geometry.hpp"

#include <algorithm>
#include <cmath>

namespace porelith {

const std::vector<ShapeSide>& sides_of(GmshShape shape) {
  static const std::array<std::vector<ShapeSide>, gmsh_shapes> sides{{
      {},
      {{2, {0, 1}}, {2, {1, 2}}, {2, {2, 0}}},
      {{2, {0, 1}}, {2, {1, 2}}, {2, {2, 3}}, {2, {3, 0}}},
      {{3, {0, 2, 1}}, {3, {0, 1, 3}}, {3, {0, 3, 2}}, {3, {1, 2, 3}}},
      {{4, {0, 3, 2, 1}},
       {4, {4, 5, 6, 7}},
       {4, {0, 1, 5, 4}},
       {4, {1, 2, 6, 5}},
       {4, {2, 3, 7, 6}},
       {4, {3, 0, 4, 7}}},
      {{3, {0, 2, 1}}, {3, {3, 4, 5}}, {4, {0, 1, 4, 3}}, {4, {1, 2, 5, 4}}, {4, {2, 0, 3, 5}}},
      {{4, {0, 3, 2, 1}}, {3, {0, 1, 4}}, {3, {1, 2, 4}}, {3, {2, 3, 4}}, {3, {3, 0, 4}}},
  }};
  return sides[static_cast<std::size_t>(shape)];
}

namespace {

constexpr double pi = 3.14159265358979323846;

Point mean_of(const std::vector<Point>& points, const int* vertices, int n) {
  Point sum{};
  for (int i = 0; i < n; ++i) sum = plus(sum, 1.0 / n, points[vertices[i]]);
  return sum;
}

/// Triangles that make up a side: itself, or four around the middle.
template <class Visit>
void for_triangles(const std::vector<Point>& points, const int* vertices, int n, Visit visit) {
  if (n == 3) return visit(points[vertices[0]], points[vertices[1]], points[vertices[2]]);
  const Point middle = mean_of(points, vertices, n);
  for (int i = 0; i < n; ++i) visit(middle, points[vertices[i]], points[vertices[(i + 1) % n]]);
}

/// Sums over the simplices of a shape: what centroid and variance along x need.
struct Moments {
  double measure = 0, x = 0, xx = 0;  ///< of the flat shape
  double volume = 0;
  Point first{};

  /// @param size area of a triangle, volume of a tetrahedron, with n corners
  void add(double size, const Point* corner, int n, bool axisymmetric) {
    Point sum{};
    double squares = 0;
    for (int i = 0; i < n; ++i) {
      sum = plus(sum, 1, corner[i]);
      squares += corner[i][0] * corner[i][0];
    }
    measure += size;
    x += size * sum[0] / n;
    xx += size * (squares + sum[0] * sum[0]) / (n * (n + 1));
    if (!axisymmetric) {
      volume += size;
      first = plus(first, size / n, sum);
      return;
    }
    volume += 2 * pi * size * sum[1] / n;  // every point goes round the axis
    for (int q = 0; q < 2; ++q) {
      double products = sum[1] * sum[q];
      for (int i = 0; i < n; ++i) products += corner[i][1] * corner[i][q];
      first[q] += 2 * pi * size * products / (n * (n + 1));
    }
  }
};

}  // namespace

SideGeometry side_geometry(const Space& space, const std::vector<Point>& points, const int* vertices, int n) {
  if (space.dimension == 2) {
    const Point &a = points[vertices[0]], &b = points[vertices[1]];
    const double depth = space.axisymmetric ? pi * (a[1] + b[1]) : 1;
    return {{depth * (b[1] - a[1]), -depth * (b[0] - a[0]), 0}, {(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, 0}};
  }
  SideGeometry side{};
  double total = 0;
  for_triangles(points, vertices, n, [&](const Point& a, const Point& b, const Point& c) {
    const Point twice = cross(minus(b, a), minus(c, a));
    const double size = std::sqrt(dot(twice, twice)) / 2;
    side.area = plus(side.area, 0.5, twice);
    for (const Point& corner : {a, b, c}) side.centre = plus(side.centre, size / 3, corner);
    total += size;
  });
  if (total > 0) side.centre = plus({}, 1 / total, side.centre);
  return side;
}

CellGeometry cell_geometry(const Space& space, const std::vector<Point>& points, GmshShape shape, const int* vertices) {
  const int count = vertices_of(shape);
  const Point origin = mean_of(points, vertices, count);
  Moments moments;
  if (space.dimension == 2) {
    for (int i = 0; i < count; ++i) {
      const Point corner[] = {origin, points[vertices[i]], points[vertices[(i + 1) % count]]};
      moments.add(cross(minus(corner[1], origin), minus(corner[2], origin))[2] / 2, corner, 3, space.axisymmetric);
    }
  } else {
    for (const ShapeSide& side : sides_of(shape)) {
      std::array<int, 4> ids{};
      for (int i = 0; i < side.n; ++i) ids[i] = vertices[side.vertex[i]];
      for_triangles(points, ids.data(), side.n, [&](const Point& a, const Point& b, const Point& c) {
        const Point corner[] = {origin, a, b, c};
        const double size = dot(minus(a, origin), cross(minus(b, origin), minus(c, origin))) / 6;
        moments.add(size, corner, 4, false);
      });
    }
  }
  if (moments.volume == 0) return {0, origin, 0};

  const Point centre = plus({}, 1 / moments.volume, moments.first);
  const double mean = moments.x / moments.measure;
  double least = origin[0], most = origin[0];
  for (int i = 0; i < count; ++i) {
    least = std::min(least, points[vertices[i]][0]);
    most = std::max(most, points[vertices[i]][0]);
  }
  const double spread = std::sqrt(3 * std::max(moments.xx / moments.measure - mean * mean, 0.0));
  return {moments.volume, centre, std::min({spread, centre[0] - least, most - centre[0]})};
}

}  // namespace porelith
