#include "meshes/gmsh/faces.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <numeric>
#include <tuple>

#include "meshes/gmsh/geometry.hpp"
#include "solver/base/error.hpp"

namespace porelith {

namespace {

[[noreturn]] void fail(const GmshFile& file, const std::string& sentence) {
  throw CaseError({{{file.name, 0, 0}, sentence}});
}

std::array<int, 4> ordered_corners(const int* vertices, const ShapeSide& side) {
  std::array<int, 4> corners{-1, -1, -1, -1};
  for (int i = 0; i < side.n; ++i) corners[i] = vertices[side.vertex[i]];
  std::sort(corners.begin(), corners.end(), std::greater<int>());  // the -1 come last
  return corners;
}

bool by_corners(const GmshSide& a, const GmshSide& b) {
  return std::tie(a.corners, a.cell, a.side) < std::tie(b.corners, b.cell, b.side);
}

bool by_cell(const GmshSide& a, const GmshSide& b) { return std::tie(a.cell, a.side) < std::tie(b.cell, b.side); }

std::vector<GmshSide> all_sides(const GmshCells& cells) {
  std::vector<GmshSide> sides;
  sides.reserve(std::size_t(cells.size()) * (cells.dimension == 3 ? 5 : 3));
  for (int c = 0; c < cells.size(); ++c) {
    const auto& shape = sides_of(cells.shape[c]);
    for (std::size_t s = 0; s < shape.size(); ++s)
      sides.push_back({ordered_corners(cells.vertices_of(c), shape[s]), c, static_cast<int>(s)});
  }
  std::sort(sides.begin(), sides.end(), by_corners);
  return sides;
}

std::string place(const GmshFile& file, const std::array<int, 4>& corners) {
  Point sum{};
  int n = 0;
  for (; n < 4 && corners[n] >= 0; ++n) sum = plus(sum, 1, file.points[corners[n]]);
  return fmt::format("({:.6g}, {:.6g}, {:.6g})", sum[0] / n, sum[1] / n, sum[2] / n);
}

/// Marks the outer sides that the file's elements of one dimension less name as terminals.
void find_terminals(const GmshFile& file, const GmshCells& cells, GmshFaces& faces) {
  std::vector<GmshSide> outer = faces.outer;
  for (std::size_t k = 0; k < outer.size(); ++k) outer[k].side = static_cast<int>(k);  // where it stood
  std::sort(outer.begin(), outer.end(), by_corners);
  faces.terminal.assign(outer.size(), Terminal::none);
  std::array<long, 2> found{};  // positive, negative
  for (const auto& [tag, terminal] : cells.terminals) {
    const bool negative = terminal == Terminal::negative;
    const std::string& called = gmsh_terminal_names()[negative ? 0 : 1];
    for (int s = 0; s < gmsh_shapes; ++s) {
      const auto shape = static_cast<GmshShape>(s);
      if (dimension_of(shape) != cells.dimension - 1) continue;
      const GmshElements& elements = file.of(shape);
      const int n = vertices_of(shape);
      for (int i = 0; i < elements.size(); ++i) {
        if (elements.group[i] != tag) continue;
        const auto corners = ordered_corners(&elements.vertices[std::size_t(i) * n], {n, {0, 1, 2, 3}});
        const auto at = std::lower_bound(outer.begin(), outer.end(), GmshSide{corners, -1, -1}, by_corners);
        const std::string it =
            fmt::format("{} {} of \"{}\" at {}", name_of(shape), elements.number[i], called, place(file, corners));
        if (at == outer.end() || at->corners != corners)
          fail(file, fmt::format("{} is no side of a cell on the outside of the mesh", it));
        const Region region = cells.region[at->cell];
        if (region == Region::separator || is_positive_side(region) == negative)
          fail(file, fmt::format("{} lies against \"{}\"", it, gmsh_region_names()[static_cast<int>(region)]));
        faces.terminal[at->side] = terminal;
        ++found[negative];
      }
    }
  }
  for (const bool negative : {true, false})
    if (found[negative] == 0)
      fail(file, fmt::format("no element belongs to \"{}\"", gmsh_terminal_names()[negative ? 0 : 1]));
}

}  // namespace

int side_vertices(const GmshCells& cells, const GmshSide& side, std::array<int, 4>& vertices) {
  const ShapeSide& shape = sides_of(cells.shape[side.cell])[side.side];
  for (int i = 0; i < shape.n; ++i) vertices[i] = cells.vertices_of(side.cell)[shape.vertex[i]];
  return shape.n;
}

GmshFaces faces_of(const GmshFile& file, const GmshCells& cells) {
  const std::vector<GmshSide> sides = all_sides(cells);
  GmshFaces faces;
  for (std::size_t k = 0, next; k < sides.size(); k = next) {
    for (next = k + 1; next < sides.size() && sides[next].corners == sides[k].corners;) ++next;
    if (next - k > 2)
      fail(file, fmt::format("more than two cells meet at {}: {}, {} and {}; is an element there twice?",
                             place(file, sides[k].corners), cells.name(sides[k].cell), cells.name(sides[k + 1].cell),
                             cells.name(sides[k + 2].cell)));
    if (next - k == 2)
      faces.inner.push_back({sides[k], sides[k + 1]});
    else
      faces.outer.push_back(sides[k]);
  }
  std::sort(faces.inner.begin(), faces.inner.end(), [](const auto& a, const auto& b) { return by_cell(a[0], b[0]); });
  std::sort(faces.outer.begin(), faces.outer.end(), by_cell);
  find_terminals(file, cells, faces);
  return faces;
}

namespace {

/// Parts of the cells that faces join.
class Parts {
 public:
  explicit Parts(int n) : parent_(n) { std::iota(parent_.begin(), parent_.end(), 0); }
  int of(int cell) {
    while (parent_[cell] != cell) cell = parent_[cell] = parent_[parent_[cell]];
    return cell;
  }
  void join(int a, int b) { parent_[of(a)] = of(b); }

 private:
  std::vector<int> parent_;
};

}  // namespace

void check_paths(const GmshFile& file, const GmshCells& cells, const GmshFaces& faces) {
  Parts ions(cells.size()), electrons(cells.size());
  for (const auto& face : faces.inner) {
    const int P = face[0].cell, N = face[1].cell;
    if (cells.is_wet(P) && cells.is_wet(N)) ions.join(P, N);
    if (cells.conducts(P) && cells.conducts(N)) {
      if (is_positive_side(cells.region[P]) != is_positive_side(cells.region[N]))
        fail(file, fmt::format("{} of the negative side touches {} of the positive side at {}: a short circuit",
                               cells.name(P), cells.name(N), place(file, face[0].corners)));
      electrons.join(P, N);
    }
  }
  std::vector<char> fed(cells.size(), 0);
  for (std::size_t k = 0; k < faces.outer.size(); ++k)
    if (faces.terminal[k] != Terminal::none) fed[electrons.of(faces.outer[k].cell)] = 1;

  int wet = -1;
  for (int c = 0; c < cells.size(); ++c) {
    if (cells.conducts(c) && !fed[electrons.of(c)])
      fail(file, fmt::format("{} of \"{}\" is not joined to \"{}\" through cells that conduct electrons", cells.name(c),
                             gmsh_region_names()[static_cast<int>(cells.region[c])],
                             gmsh_terminal_names()[is_positive_side(cells.region[c])]));
    if (!cells.is_wet(c)) continue;
    if (wet < 0) wet = c;
    if (ions.of(c) != ions.of(wet))
      fail(file, fmt::format("the mesh falls into parts: no electrolyte joins {} and {}; where parts of the geometry "
                             "touch they must share their faces (Coherence or BooleanFragments in the .geo file)",
                             cells.name(wet), cells.name(c)));
  }
}

}  // namespace porelith
