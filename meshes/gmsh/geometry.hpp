#pragma once
/// Volumes, centres and face vectors of Gmsh's shapes. Faces of four points may be warped: they are four triangles
/// around their middle.
#include "meshes/gmsh/cells.hpp"

namespace porelith {

using Point = std::array<double, 3>;

inline double dot(const Point& a, const Point& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }
inline Point minus(const Point& a, const Point& b) { return {a[0] - b[0], a[1] - b[1], a[2] - b[2]}; }
inline Point plus(const Point& a, double factor, const Point& b) {
  return {a[0] + factor * b[0], a[1] + factor * b[1], a[2] + factor * b[2]};
}
inline Point cross(const Point& a, const Point& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

/// A side of a shape: which of its vertices, so that the right-hand rule (3D) or the right-hand side of the way (2D)
/// points outward.
struct ShapeSide {
  int n;  ///< 2, 3 or 4
  std::array<int, 4> vertex;
};
/// The sides of a shape, in a fixed order.
const std::vector<ShapeSide>& sides_of(GmshShape shape);

/// How lengths become areas and volumes.
struct Space {
  int dimension;      ///< 2 or 3; in 2D everything is 1 m deep,
  bool axisymmetric;  ///< or goes round the line y = 0 (points are (x, r))
};

struct SideGeometry {
  Point area;    ///< vector, outward [m2]
  Point centre;  ///< of the side as points see it [m]
};
SideGeometry side_geometry(const Space& space, const std::vector<Point>& points, const int* vertices, int n);

struct CellGeometry {
  double volume;      ///< negative if the shape is numbered the other way round [m3]
  Point centre;       ///< centroid [m]
  double half_depth;  ///< of the box along x with the same mean and variance of x, cut to the cell's extent [m]
};
CellGeometry cell_geometry(const Space& space, const std::vector<Point>& points, GmshShape shape, const int* vertices);

}  // namespace porelith
