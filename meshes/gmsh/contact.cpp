/// Outer sides that lie on each other: the trace of parts that were meshed apart or do not match.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "meshes/gmsh/faces.hpp"
#include "meshes/gmsh/geometry.hpp"
#include "solver/base/error.hpp"

namespace porelith {

namespace {

constexpr double gap = 0.05;  // closer than this part of what is behind them, sides lie on each other

/// One outer side with what the search needs.
struct Patch {
  std::array<Point, 4> corner;
  int corners;
  Point centre, normal;  ///< normal outward, of length 1
  double size;           ///< [m], or what the file's unit is
  double near;           ///< what lies no farther off touches it [the same]
};

Patch patch_of(const GmshFile& file, const GmshCells& cells, const GmshSide& outer) {
  const int* vertices = cells.vertices_of(outer.cell);
  std::array<int, 4> ids{};
  Patch patch{};
  patch.corners = side_vertices(cells, outer, ids);
  for (int i = 0; i < patch.corners; ++i) patch.corner[i] = file.points[ids[i]];
  const auto geometry = side_geometry({cells.dimension, false}, file.points, ids.data(), patch.corners);
  Point inside{};
  const int n = cells.vertex_count(outer.cell);
  for (int i = 0; i < n; ++i) inside = plus(inside, 1.0 / n, file.points[vertices[i]]);
  const double area = std::sqrt(dot(geometry.area, geometry.area));
  const double turn = dot(minus(geometry.centre, inside), geometry.area) < 0 ? -1 : 1;  // numbered the other way round
  patch.centre = geometry.centre;
  patch.normal = plus({}, area > 0 ? turn / area : 0, geometry.area);
  patch.size = cells.dimension == 3 ? std::sqrt(area) : area;
  // A cell may be a thousand times as wide as thick: its other end is not near for that.
  patch.near = gap * std::min(patch.size, 2 * std::abs(dot(minus(geometry.centre, inside), patch.normal)));
  return patch;
}

/// Does the middle of `one` lie on `other`, from the other side?
bool lies_on(const Patch& one, const Patch& other) {
  if (dot(one.normal, other.normal) > -0.5) return false;
  const Point way = minus(one.centre, other.centre);
  if (std::abs(dot(way, other.normal)) > std::min(one.near, other.near)) return false;
  if (other.corners == 2) {
    const Point edge = minus(other.corner[1], other.corner[0]), at = minus(one.centre, other.corner[0]);
    const double along = dot(at, edge) / dot(edge, edge);
    return along > 0 && along < 1;
  }
  bool left = true, right = true;
  for (int i = 0; i < other.corners; ++i) {
    const Point edge = minus(other.corner[(i + 1) % other.corners], other.corner[i]);
    const double side = dot(cross(edge, minus(one.centre, other.corner[i])), other.normal);
    left = left && side > 0;
    right = right && side < 0;
  }
  return left || right;
}

/// Finds patches near a point through a lattice of boxes about as large as the patches.
class Lattice {
 public:
  explicit Lattice(const std::vector<Patch>& patches) {
    double sum = 0, longest = 0;  // a needle is long however small it is: it must not fill millions of boxes
    for (const Patch& p : patches) {
      sum += p.size;
      for (int i = 1; i < p.corners; ++i)
        for (int q = 0; q < 3; ++q) longest = std::max(longest, std::abs(p.corner[i][q] - p.corner[0][q]));
    }
    step_ = std::max(2 * sum / patches.size(), longest / 32);
    for (std::size_t k = 0; k < patches.size(); ++k) add(patches[k], static_cast<int>(k));
  }
  const std::vector<int>& near(const Point& x) const {
    static const std::vector<int> none;
    const auto found = boxes_.find(key(box(x[0]), box(x[1]), box(x[2])));
    return found == boxes_.end() ? none : found->second;
  }

 private:
  long box(double x) const { return static_cast<long>(std::floor(x / step_)); }
  static std::uint64_t key(long i, long j, long k) {
    const auto mixed = std::uint64_t(i) * 0x9E3779B97F4A7C15u + std::uint64_t(j) * 0xC2B2AE3D27D4EB4Fu;
    return mixed + std::uint64_t(k) * 0x165667B19E3779F9u;
  }
  void add(const Patch& patch, int index) {
    Point low = patch.corner[0], high = low;
    for (int i = 1; i < patch.corners; ++i)
      for (int q = 0; q < 3; ++q) {
        low[q] = std::min(low[q], patch.corner[i][q]);
        high[q] = std::max(high[q], patch.corner[i][q]);
      }
    const double room = patch.near;
    for (long i = box(low[0] - room); i <= box(high[0] + room); ++i)
      for (long j = box(low[1] - room); j <= box(high[1] + room); ++j)
        for (long k = box(low[2] - room); k <= box(high[2] + room); ++k) boxes_[key(i, j, k)].push_back(index);
  }

  double step_;
  std::unordered_map<std::uint64_t, std::vector<int>> boxes_;
};

}  // namespace

void check_contact(const GmshFile& file, const GmshCells& cells, const GmshFaces& faces) {
  std::vector<Patch> patches;
  for (const GmshSide& side : faces.outer) patches.push_back(patch_of(file, cells, side));
  const Lattice lattice(patches);
  for (std::size_t k = 0; k < patches.size(); ++k)
    for (int other : lattice.near(patches[k].centre)) {
      if (other == static_cast<int>(k) || !lies_on(patches[k], patches[other])) continue;
      const Point& at = patches[k].centre;
      throw CaseError(
          {{{file.name, 0, 0},
            fmt::format("{} and {} touch at ({:.6g}, {:.6g}, {:.6g}) but share no face; make the parts of the geometry "
                        "one (Coherence or BooleanFragments in the .geo file) so that their meshes match",
                        cells.name(faces.outer[k].cell), cells.name(faces.outer[other].cell), at[0], at[1], at[2])}});
    }
}

}  // namespace porelith
