#include "meshes/unit_cell.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "meshes/channels/channels.hpp"
#include "meshes/line.hpp"
#include "meshes/stack.hpp"

namespace porelith {
namespace {

constexpr double pi = 3.14159265358979323846;
constexpr double sliver = 1e-9;  ///< fractions this near to 0 and 1 come from rounding

/// What the grid's callbacks know.
struct Block {
  Geometry geometry;
  std::vector<Slice> slices;
  std::array<std::vector<double>, 3> edges;
  double negative_thickness, positive_thickness;  ///< of the coatings [m]
  Channels negative, positive;

  double matrix(const Slice& slice, int j, int k) const {
    const bool is_negative = slice.region == Region::negative;
    const Channels& channels = is_negative ? negative : positive;
    if (!is_electrode(slice.region) || channels.empty()) return 1;
    const double L = is_negative ? negative_thickness : positive_thickness;
    const double m = 1 - channels.fraction({{L * slice.xi_from, edges[1][j], edges[2][k]},
                                            {L * slice.xi_to, edges[1][j + 1], edges[2][k + 1]}});
    return m < sliver ? 0 : m > 1 - sliver ? 1 : m;
  }

  double middle(int direction, int index) const { return (edges[direction][index] + edges[direction][index + 1]) / 2; }

  /// Whether a column of cells stands on the electrodes, and not beside them where only tabs are.
  bool on_electrodes(int j, int k) const {
    if (!geometry.has_tabs()) return true;
    const double y = middle(1, j), z = middle(2, k);
    return y > 0 && y < geometry.width && z > 0 && z < geometry.height;
  }

  bool on_tab(const Tab& tab, int j, int k) const {
    const double y = middle(1, j), z = middle(2, k);
    const bool upright = tab.edge == Tab::Edge::top || tab.edge == Tab::Edge::bottom;
    const double along = upright ? y : z;
    if (along < tab.offset || along > tab.offset + tab.width) return false;
    switch (tab.edge) {
      case Tab::Edge::bottom:
        return z < 0 && z > -tab.height;
      case Tab::Edge::top:
        return z > geometry.height && z < geometry.height + tab.height;
      case Tab::Edge::left:
        return y < 0 && y > -tab.height;
      case Tab::Edge::right:
        break;
    }
    return y > geometry.width && y < geometry.width + tab.height;
  }

  const std::optional<Tab>& tab_of(Region region) const {
    return is_positive_side(region) ? geometry.positive_tab : geometry.negative_tab;
  }

  GridCell cell(int i, int j, int k) const {
    const Slice& s = slices[i];
    const bool there =
        on_electrodes(j, k) || (is_foil(s.region) && tab_of(s.region) && on_tab(*tab_of(s.region), j, k));
    return {there, s.region, s.xi_from, s.xi_to, there ? matrix(s, j, k) : 1};
  }

  Terminal terminal(int i, int j, int k, int side) const {
    const Region region = slices[i].region;
    if (region == Region::separator) return Terminal::none;
    const Terminal own = is_positive_side(region) ? Terminal::positive : Terminal::negative;
    const auto& tab = tab_of(region);
    if (!tab) {  // the collector's whole face
      const bool outer =
          own == Terminal::positive ? side == 1 && i + 1 == static_cast<int>(slices.size()) : side == 0 && i == 0;
      return outer ? own : Terminal::none;
    }
    if (!is_foil(region) || on_electrodes(j, k)) return Terminal::none;
    const int end = tab->edge == Tab::Edge::left     ? 2
                    : tab->edge == Tab::Edge::right  ? 3
                    : tab->edge == Tab::Edge::bottom ? 4
                                                     : 5;
    return side == end ? own : Terminal::none;
  }
};

/// Cells across a unit cell: fine at walls, which are edges where they are straight.
std::vector<double> edges_across(const Block& block, int direction, double reach, int count) {
  std::vector<Channels::Wall> walls = block.negative.walls(direction);
  for (const auto& wall : block.positive.walls(direction)) walls.push_back(wall);
  std::stable_sort(walls.begin(), walls.end(), [](const auto& a, const auto& b) { return a.straight > b.straight; });
  std::vector<double> at;
  const double nearest = reach / (4.0 * count);  // walls nearer than this are one to the mesh
  for (const auto& wall : walls) {
    const auto near = [&](double other) { return std::abs(wall.at - other) < nearest; };
    if (wall.at > 0 && wall.at < reach && !near(0) && !near(reach) && std::none_of(at.begin(), at.end(), near))
      at.push_back(wall.at);
  }
  std::sort(at.begin(), at.end());
  constexpr double endless = std::numeric_limits<double>::infinity();
  Line line{{0}, {endless}, at.empty() ? 1.0 : 6.0};
  for (const double wall : at) line.breaks.push_back(wall), line.size.push_back(1);
  line.breaks.push_back(reach);
  line.size.push_back(endless);
  return line_edges(line, count);
}

/// Beyond the end of a line, cells about as large as its last one, with edges at the ends of the tabs.
/// @param sign -1: before the first edge, 1: after the last
void extend(std::vector<double>& edges, std::vector<double> heights, int sign) {
  std::sort(heights.begin(), heights.end());
  const double end = sign > 0 ? edges.back() : edges.front();
  const double size = sign > 0 ? end - edges[edges.size() - 2] : edges[1] - end;
  std::vector<double> more;
  double from = 0;
  for (const double height : heights) {
    if (height - from < 1e-6 * height) continue;
    const int n = std::max(1, static_cast<int>(std::lround((height - from) / size)));
    for (int k = 1; k < n; ++k) more.push_back(end + sign * (from + (height - from) * k / n));
    more.push_back(end + sign * height);
    from = height;
  }
  if (sign < 0) std::reverse(more.begin(), more.end());
  edges.insert(sign > 0 ? edges.end() : edges.begin(), more.begin(), more.end());
}

/// Cells across a pouch: even ones over the electrodes, edges at the sides of the tabs, and like cells along the tabs.
std::vector<double> edges_of_pouch(const Geometry& g, int direction, double reach, int count) {
  Line line{{0, reach}, {}, 1};
  std::vector<double> below, above;  // how far tabs stand out
  for (const auto& tab : {g.negative_tab, g.positive_tab}) {
    if (!tab) continue;
    const bool upright = tab->edge == Tab::Edge::top || tab->edge == Tab::Edge::bottom;
    if (upright == (direction == 2)) {
      (tab->edge == Tab::Edge::top || tab->edge == Tab::Edge::right ? above : below).push_back(tab->height);
      continue;
    }
    for (const double side : {tab->offset, tab->offset + tab->width}) {
      const auto near = [&](double other) { return std::abs(side - other) < 1e-6 * reach; };
      if (std::none_of(line.breaks.begin(), line.breaks.end(), near)) line.breaks.push_back(side);
    }
  }
  std::sort(line.breaks.begin(), line.breaks.end());
  line.size.assign(line.breaks.size(), 1);
  std::vector<double> edges = line_edges(line, count);
  extend(edges, above, 1);
  extend(edges, below, -1);
  return edges;
}

/// The stack of a cell with its foils.
std::vector<Slice> slices_of(const LayerSpecs& layers, const Block& block) {
  auto slices = stack_of(layers, block.negative.flat_ends(), block.positive.flat_ends());
  const Geometry& g = block.geometry;
  const double end = slices.back().x_to;
  if (g.negative_foil) slices.insert(slices.begin(), {Region::negative_foil, -g.negative_foil->thickness, 0, 0, 1});
  if (g.positive_foil) slices.push_back({Region::positive_foil, end, end + g.positive_foil->thickness, 0, 1});
  return slices;
}

/// Work of a cell of each slice.
std::vector<double> weights(const LayerSpecs& layers, const std::vector<Slice>& slices) {
  std::vector<double> weight;
  for (const Slice& s : slices)
    weight.push_back(s.region == Region::negative   ? layers.negative.weight
                     : s.region == Region::positive ? layers.positive.weight
                                                    : layers.separator.weight);
  return weight;
}

}  // namespace

Grid grid_of(const Geometry& g, const LayerSpecs& layers, int width, int height) {
  const UnitCell negative = g.unit_cell(layers.negative.thickness);
  const UnitCell positive = g.unit_cell(layers.positive.thickness);
  auto block = std::make_shared<Block>();
  block->geometry = g;
  block->negative_thickness = negative.thickness;
  block->positive_thickness = positive.thickness;
  block->negative = Channels(g.negative, negative);
  block->positive = Channels(g.positive, positive);
  block->slices = slices_of(layers, *block);

  for (const Slice& s : block->slices) block->edges[0].push_back(s.x_from);
  block->edges[0].push_back(block->slices.back().x_to);
  const auto across = [&](int direction, double reach, int count) {
    if (g.dimension <= direction) return std::vector<double>{0, 1};
    if (g.has_tabs()) return edges_of_pouch(g, direction, reach, count);
    return edges_across(*block, direction, reach, count);
  };
  block->edges[1] = across(1, negative.reach_y, width);
  block->edges[2] = across(2, negative.reach_z, height);

  Grid grid;
  grid.dimension = g.dimension;
  grid.axisymmetric = g.axisymmetric;
  grid.edges = block->edges;
  grid.footprint = g.axisymmetric ? pi * negative.reach_y * negative.reach_y : negative.reach_y * negative.reach_z;
  grid.cell = [block](int i, int j, int k) { return block->cell(i, j, k); };
  grid.weight = weights(layers, block->slices);
  grid.terminal = [block](int i, int j, int k, int side) { return block->terminal(i, j, k, side); };
  return grid;
}

}  // namespace porelith
