#include "meshes/unit_cell.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>

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

/// Across a unit cell: fine at walls.
Line line_across(const Block& block, int direction, double reach, const CellCounts& count) {
  constexpr double endless = std::numeric_limits<double>::infinity();
  Wishes wishes{{0, endless}, {reach, endless}, {}, 6, reach / (4.0 * count)};
  for (const Channels* channels : {&block.negative, &block.positive})
    for (const double wall : channels->walls(direction)) wishes.within.push_back({wall, 1});
  return line_of(wishes, count);
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

/// How far tabs stand out along a direction.
std::vector<double> heights_of_tabs(const Geometry& g, int direction, bool above) {
  std::vector<double> heights;
  for (const auto& tab : {g.negative_tab, g.positive_tab}) {
    if (!tab) continue;
    const bool upright = tab->edge == Tab::Edge::top || tab->edge == Tab::Edge::bottom;
    const bool high = tab->edge == Tab::Edge::top || tab->edge == Tab::Edge::right;
    if (upright == (direction == 2) && high == above) heights.push_back(tab->height);
  }
  return heights;
}

/// Across a pouch: breaks at the sides of its tabs.
Line line_of_pouch(const Geometry& g, int direction, double reach, const CellCounts& count) {
  Wishes wishes{{0, 1}, {reach, 1}, {}, 1, 1e-6 * reach};
  for (const auto& tab : {g.negative_tab, g.positive_tab}) {
    if (!tab) continue;
    const bool upright = tab->edge == Tab::Edge::top || tab->edge == Tab::Edge::bottom;
    if (upright == (direction == 2)) continue;
    for (const double side : {tab->offset, tab->offset + tab->width}) wishes.within.push_back({side, 1});
  }
  return line_of(wishes, count);
}

/// Even cells between two breaks, and like cells along the tabs.
std::vector<double> edges_of_pouch(const Geometry& g, int direction, const Line& line, const std::vector<int>& counts) {
  std::vector<double> edges{line.breaks.front()};
  for (std::size_t i = 0; i < counts.size(); ++i)
    for (int k = 1; k <= counts[i]; ++k)
      edges.push_back(k == counts[i] ? line.breaks[i + 1]
                                     : line.breaks[i] + (line.breaks[i + 1] - line.breaks[i]) * k / counts[i]);
  extend(edges, heights_of_tabs(g, direction, true), 1);
  extend(edges, heights_of_tabs(g, direction, false), -1);
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

/// Geometry, channels and layers of a grid, not yet divided.
Block block_of(const Geometry& g, const LayerSpecs& layers) {
  const UnitCell negative = g.unit_cell(layers.negative.thickness);
  const UnitCell positive = g.unit_cell(layers.positive.thickness);
  Block block;
  block.geometry = g;
  block.negative_thickness = negative.thickness;
  block.positive_thickness = positive.thickness;
  block.negative = Channels(g.negative, negative);
  block.positive = Channels(g.positive, positive);
  return block;
}

/// Across the layers, along a direction that is there.
Line line_along(const Block& block, int direction, const CellCounts& count) {
  const UnitCell cell = block.geometry.unit_cell(block.negative_thickness);
  const double reach = direction == 1 ? cell.reach_y : cell.reach_z;
  return block.geometry.has_tabs() ? line_of_pouch(block.geometry, direction, reach, count)
                                   : line_across(block, direction, reach, count);
}

/// What went wrong where a key of the mesh was followed.
template <class Follow>
auto of_key(const char* key, const Follow& follow) {
  try {
    return follow();
  } catch (const std::invalid_argument& clause) {
    throw std::invalid_argument(std::string("[mesh] ") + key + " " + clause.what());
  }
}

}  // namespace

Plan plan_of(const Geometry& g, const LayerSpecs& layers, const CellCounts& width, const CellCounts& height) {
  const Block block = block_of(g, layers);
  const auto negative_ends = block.negative.flat_ends(), positive_ends = block.positive.flat_ends();
  Plan plan;
  plan.negative = of_key("negative", [&] { return electrode_counts(layers.negative, negative_ends); });
  plan.positive = of_key("positive", [&] { return electrode_counts(layers.positive, positive_ends); });
  plan.separator = separator_count(layers, electrode_edges(layers.negative, negative_ends),
                                   electrode_edges(layers.positive, positive_ends));
  const auto across = [&](const char* key, int direction, const CellCounts& count) {
    if (g.dimension <= direction) return std::vector<int>();
    return of_key(key, [&] {
      const Line line = line_along(block, direction, count);
      return count.pieces.empty() ? line_counts(line, count) : count.pieces;
    });
  };
  plan.width = across("width", 1, width);
  plan.height = across("height", 2, height);
  return plan;
}

Grid grid_of(const Geometry& g, const LayerSpecs& layers, const CellCounts& width, const CellCounts& height) {
  const Plan plan = plan_of(g, layers, width, height);
  auto block = std::make_shared<Block>(block_of(g, layers));
  block->slices = slices_of(layers, *block);

  for (const Slice& s : block->slices) block->edges[0].push_back(s.x_from);
  block->edges[0].push_back(block->slices.back().x_to);
  const auto across = [&](int direction, const CellCounts& count, const std::vector<int>& counts) {
    if (g.dimension <= direction) return std::vector<double>{0, 1};
    const Line line = line_along(*block, direction, count);
    return g.has_tabs() ? edges_of_pouch(g, direction, line, counts) : line_edges(line, counts);
  };
  block->edges[1] = across(1, width, plan.width);
  block->edges[2] = across(2, height, plan.height);

  Grid grid;
  grid.dimension = g.dimension;
  grid.axisymmetric = g.axisymmetric;
  grid.edges = block->edges;
  const UnitCell cell = g.unit_cell(layers.negative.thickness);
  grid.footprint = g.axisymmetric ? pi * cell.reach_y * cell.reach_y : cell.reach_y * cell.reach_z;
  grid.cell = [block](int i, int j, int k) { return block->cell(i, j, k); };
  grid.weight = weights(layers, block->slices);
  grid.terminal = [block](int i, int j, int k, int side) { return block->terminal(i, j, k, side); };
  return grid;
}

}  // namespace porelith
