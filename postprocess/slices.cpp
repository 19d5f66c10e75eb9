#include "postprocess/slices.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "meshes/quality.hpp"

namespace porelith {
namespace {

constexpr int width = 1400, row_height = 300, head = 70, foot = 55;  // [pixels]
constexpr double micro = 1e-6;
constexpr double just_inside = 1e-6;  // of the mesh's extent: no plane lies in a face

/// A plane that the picture looks at, across direction `normal` at `position`; all of a 2D mesh where it is 2.
struct Plane {
  int normal;
  double position;  ///< [m]
  int across, up;   ///< directions of the picture's axes
};

using Point = std::array<double, 2>;

/// What one cell shows on a plane: corners in the picture, the last one doubled for a triangle, and its values. A
/// section of more corners takes several tiles.
struct Tile {
  std::array<double, 8> corners;
  std::vector<double> values;
};

struct Reach {
  std::array<double, 3> low, high;  ///< of all vertices [m]
};

Reach reach_of(const Cells& mesh, const Team& team) {
  Reach reach{{1e300, 1e300, 1e300}, {-1e300, -1e300, -1e300}};
  for (const auto& point : mesh.points)
    for (int d = 0; d < 3; ++d) {
      reach.low[d] = std::min(reach.low[d], point[d]);
      reach.high[d] = std::max(reach.high[d], point[d]);
    }
  for (int d = 0; d < 3; ++d) reach.low[d] = team.min(reach.low[d]), reach.high[d] = team.max(reach.high[d]);
  return reach;
}

/// Through all layers along the cell's edge, and across the negative electrode at a third of its depth. Of a pouch the
/// latter alone: its layers are too thin to be seen from the side.
std::vector<Plane> planes_of(const Cells& mesh, const Reach& reach, const std::vector<Layer>& layers,
                             const Team& team) {
  if (mesh.dimension == 2) return {{2, 0, 0, 1}};
  const Plane across{0, (2 * layers.front().from + layers.front().to) / 3 * micro, 1, 2};
  if (has_foils(mesh, team)) return {across};
  return {{2, reach.low[2] + just_inside * (reach.high[2] - reach.low[2]), 0, 1}, across};
}

/// Left turns of three points are positive.
double turn(const Point& a, const Point& b, const Point& c) {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

/// The convex hull, corner by corner (A. M. Andrew, Inf. Process. Lett. 9 (1979) 216).
std::vector<Point> hull_of(std::vector<Point> points, double least_area) {
  std::sort(points.begin(), points.end());
  std::vector<Point> hull;
  for (int half = 0; half < 2; ++half) {
    const std::size_t begun = hull.size();
    for (const Point& point : points) {
      while (hull.size() >= begun + 2 && turn(hull[hull.size() - 2], hull.back(), point) <= least_area) hull.pop_back();
      hull.push_back(point);
    }
    if (!hull.empty()) hull.pop_back();
    std::reverse(points.begin(), points.end());
  }
  return hull;
}

/// The section of a convex cell: the hull of where the lines between its vertices pass the plane. @returns corners [um]
std::vector<Point> section(const Plane& plane, const Cells& mesh, std::size_t P) {
  std::vector<Point> passed;
  const auto& vertices = mesh.vertices[P];
  const auto height = [&](int v) { return mesh.points[static_cast<std::size_t>(v)][plane.normal] - plane.position; };
  for (const int a : vertices)
    for (const int b : vertices) {
      const double from = height(a), to = height(b);
      if (mesh.dimension == 3 && !(from < 0 && to >= 0)) continue;
      const double share = mesh.dimension == 3 ? from / (from - to) : 0;
      const auto &A = mesh.points[static_cast<std::size_t>(a)], &B = mesh.points[static_cast<std::size_t>(b)];
      const auto at = [&](int d) { return (A[d] + share * (B[d] - A[d])) / micro; };
      passed.push_back({at(plane.across), at(plane.up)});
    }
  Point low{1e300, 1e300}, high{-1e300, -1e300};
  for (const Point& point : passed)
    for (int d = 0; d < 2; ++d) low[d] = std::min(low[d], point[d]), high[d] = std::max(high[d], point[d]);
  const auto corners = hull_of(passed, 1e-9 * (high[0] - low[0]) * (high[1] - low[1]));
  return corners.size() < 3 ? std::vector<Point>{} : corners;
}

/// Of all ranks, plane by plane; on the first rank.
std::vector<std::vector<Tile>> tiles_of(const Cells& mesh, const std::vector<SliceQuantity>& quantities,
                                        const std::vector<Plane>& planes, const Team& team) {
  const std::size_t tile_size = 9 + quantities.size();  // numbers of a tile with its plane
  std::vector<double> mine;
  for (std::size_t n = 0; n < planes.size(); ++n)
    for (std::size_t P = 0; P < mesh.region.size(); ++P) {
      const auto corners = section(planes[n], mesh, P);
      for (std::size_t k = 1; k + 1 < corners.size(); k += 2) {
        mine.push_back(static_cast<double>(n));
        for (const std::size_t corner : {std::size_t{0}, k, k + 1, std::min(k + 2, corners.size() - 1)})
          mine.insert(mine.end(), corners[corner].begin(), corners[corner].end());
        for (const SliceQuantity& quantity : quantities) mine.push_back(quantity.values[P]);
      }
    }
  const std::vector<double> all = team.gather(mine);
  std::vector<std::vector<Tile>> tiles(planes.size());
  for (std::size_t k = 0; k + tile_size <= all.size(); k += tile_size) {
    Tile tile;
    std::copy_n(&all[k + 1], 8, tile.corners.begin());
    tile.values.assign(&all[k + 9], &all[k] + tile_size);
    tiles[static_cast<std::size_t>(all[k])].push_back(std::move(tile));
  }
  return tiles;
}

/// gnuplot's surfaces of two by two corners each.
std::vector<std::vector<double>> surfaces(const std::vector<Tile>& tiles, std::size_t quantity) {
  std::vector<std::vector<double>> rows;
  for (const Tile& tile : tiles) {
    const double value = tile.values[quantity];
    if (!std::isfinite(value)) continue;
    const auto& c = tile.corners;
    for (const std::vector<double>& row : {std::vector<double>{c[0], c[1], value},
                                           {c[2], c[3], value},
                                           {},
                                           {c[6], c[7], value},
                                           {c[4], c[5], value},
                                           {},
                                           {}})
      rows.push_back(row);
  }
  return rows;
}

/// YlGnBu, and RdBu the other way round, of C. Brewer's ColorBrewer 2.0.
const char* const palette =
    "set palette defined (0 '#ffffd9', 1 '#c7e9b4', 2 '#7fcdbb', 3 '#41b6c4', 4 '#1d91c0', 5 '#225ea8', 6 '#081d58')\n";

const char* const two_sided_palette =
    "set palette defined (0 '#2166ac', 1 '#67a9cf', 2 '#d1e5f0', 3 '#f7f7f7', 4 '#fddbc7', 5 '#ef8a62', 6 '#b2182b')\n";

std::pair<double, double> range_of(const std::vector<std::vector<Tile>>& tiles, std::size_t quantity) {
  double low = INFINITY, high = -INFINITY;
  for (const auto& plane : tiles)
    for (const Tile& tile : plane) {
      if (!std::isfinite(tile.values[quantity])) continue;
      low = std::min(low, tile.values[quantity]);
      high = std::max(high, tile.values[quantity]);
    }
  if (!(low <= high)) return {0, 1};
  const double least = 1e-6 * std::max(std::abs(low), std::abs(high)) + 1e-12;  // of one colour, but with a range
  return high - low > least ? std::pair{low, high} : std::pair{low - least, high + least};
}

/// Metres are too long a unit for a unit cell and micrometres too short for a pouch.
struct Axis {
  const char* unit;
  double scale;
};
Axis axis_of(double reach_um) { return reach_um < 5000 ? Axis{"µm", 1} : Axis{"mm", 1e-3}; }

/// Where a slice stands, as shares of the picture.
struct Panel {
  double left, right, bottom, top;
  bool titled;  ///< its upright axis; the one beside it may do
};

constexpr double leftmost = 0.08, rightmost = 0.9, gap = 0.09;

/// The picture's height [pixels], and the panel of each quantity on each plane.
struct Layout {
  int height;
  std::vector<std::vector<Panel>> panels;
};

/// One plane across the electrodes: the quantities side by side, to scale.
Layout side_by_side(double up_over_across, std::size_t quantities) {
  const double wide = (rightmost + gap - leftmost) / static_cast<double>(quantities) - 1.2 * gap;
  const double tall = std::min(wide * width * up_over_across, 900.0);
  Layout layout{head + foot + 30 + static_cast<int>(tall), {}};
  const double bottom = (foot + 10.0) / layout.height, top = bottom + tall / layout.height;
  for (std::size_t q = 0; q < quantities; ++q) {
    const double left = leftmost + static_cast<double>(q) * (wide + 1.2 * gap);
    layout.panels.push_back({{left, left + wide, bottom, top, q == 0}});
  }
  return layout;
}

/// A row for each quantity, a column for each plane; one across the electrodes is drawn to scale.
Layout in_rows(const std::vector<Plane>& planes, double up_over_across, std::size_t quantities) {
  Layout layout{head + foot + static_cast<int>(quantities) * row_height, {}};
  const double tall = row_height - 55;
  const double second = planes.size() < 2 ? 0 : std::clamp(tall / width / up_over_across, 0.1, 0.35);
  const double first = rightmost - leftmost - (second > 0 ? second + gap : 0);
  for (std::size_t q = 0; q < quantities; ++q) {
    const double bottom = (foot + 20.0 + static_cast<double>(quantities - 1 - q) * row_height) / layout.height;
    const double top = bottom + tall / layout.height;
    layout.panels.push_back({{leftmost, leftmost + first, bottom, top, true}});
    if (second > 0) layout.panels.back().push_back({rightmost - second, rightmost, bottom, top, true});
  }
  return layout;
}

std::string frame(const Panel& at, const Plane& plane, const Reach& reach, bool lowest, bool axisymmetric, int height) {
  static const char* const names[] = {"distance from the negative collector", "y", "z"};
  std::string text = fmt::format(
      "set lmargin at screen {:.4f}\nset rmargin at screen {:.4f}\nset bmargin at screen {:.4f}\nset tmargin at screen "
      "{:.4f}\n",
      at.left, at.right, at.bottom, at.top);
  const auto end = [&](int d, bool upper) { return (upper ? reach.high[d] : reach.low[d]) / micro; };
  const Axis x = axis_of(end(plane.across, true)), y = axis_of(end(plane.up, true));
  text += fmt::format("set xrange [{:.6g}:{:.6g}]\nset yrange [{:.6g}:{:.6g}]\n", x.scale * end(plane.across, false),
                      x.scale * end(plane.across, true), y.scale * end(plane.up, false), y.scale * end(plane.up, true));
  const double reached = x.scale * (end(plane.across, true) - end(plane.across, false));
  const bool narrow = at.right - at.left < 0.4;
  text += fmt::format("set format x '{}'\nset xtics {:.6g} offset 0,{}\n", lowest ? "%g" : "",
                      round_step(reached, narrow ? 3 : 6), narrow ? 0.8 : 0);  // gnuplot's maps put them too low
  if (lowest)
    text += fmt::format("set label '{}  [{}]' at screen {:.4f}, screen {:.4f} center\n", names[plane.across], x.unit,
                        (at.left + at.right) / 2, at.bottom - 55.0 / height);
  text += fmt::format("set ytics {:.6g}\n", round_step(y.scale * (end(plane.up, true) - end(plane.up, false)), 4));
  if (!at.titled) return text;
  return text + y_title(fmt::format("{}  [{}]", axisymmetric ? "radius" : names[plane.up], y.unit),
                        0.066 / (at.right - at.left));
}

/// Where a plane that runs through the layers passes from one to the next.
std::string borders(const Plane& plane, const std::vector<Layer>& layers) {
  std::string text = "unset arrow\n";
  if (plane.across != 0) return text;
  for (std::size_t k = 1; k < layers.size(); ++k)
    text += fmt::format(
        "set arrow from first {0:.6g}, graph 0 to first {0:.6g}, graph 1 front nohead linewidth 1 linecolor rgb "
        "'#666666'\n",
        layers[k].from);
  return text;
}

std::pair<double, double> around_zero(const std::pair<double, double>& range) {
  const double most = std::max(std::abs(range.first), std::abs(range.second));
  return {-most, most};
}

}  // namespace

void add_slices(Gnuplot& gnuplot, const Cells& mesh, const std::vector<SliceQuantity>& quantities,
                const SliceHead& head_text, const std::string& stem, const Team& team) {
  const std::vector<Layer> layers = layers_of(mesh, team);
  if (layers.empty()) return;
  const Reach reach = reach_of(mesh, team);
  const std::vector<Plane> planes = planes_of(mesh, reach, layers, team);
  const auto tiles = tiles_of(mesh, quantities, planes, team);

  const std::size_t count = quantities.size();
  const double up_over_across = (reach.high[2] - reach.low[2]) / std::max(reach.high[1] - reach.low[1], 1e-300);
  const bool one_row = planes.front().normal == 0;
  const Layout layout = one_row ? side_by_side(up_over_across, count) : in_rows(planes, up_over_across, count);
  const int height = layout.height;
  std::string text = house_style() +
                     "unset grid\nunset key\nset pm3d map corners2color c1\nset border 15 linewidth 1 linecolor rgb "
                     "'#666666'\nset multiplot\n" +
                     palette;
  text += fmt::format("set label {} noenhanced at screen 0.08, screen {:.4f} left font ',17'\n",
                      gnuplot_text(head_text.left), 1 - 30.0 / height);
  text += fmt::format("set label '{}' at screen 0.98, screen {:.4f} right\n", head_text.right, 1 - 30.0 / height);
  for (std::size_t q = 0; q < count; ++q) {
    const bool two_sided = quantities[q].two_sided;
    const auto [low, high] = two_sided ? around_zero(range_of(tiles, q)) : range_of(tiles, q);
    text += two_sided ? two_sided_palette : palette;
    text += fmt::format("set cbrange [{:.6g}:{:.6g}]\n", low, high);
    for (std::size_t n = 0; n < planes.size(); ++n) {
      const Panel& panel = layout.panels[q][n];
      const bool last = n + 1 == planes.size();
      text += frame(panel, planes[n], reach, one_row || q + 1 == count, mesh.axisymmetric, height);
      text += borders(planes[n], layers);
      text += fmt::format("set label '{}' at screen {:.4f}, screen {:.4f} left textcolor rgb '#222222'\n",
                          n == 0   ? quantities[q].title
                          : q == 0 ? fmt::format("across, {:.3g} µm deep", planes[n].position / micro)
                                   : "",
                          panel.left, panel.top + 15.0 / height);
      text += last ? fmt::format(
                         "set colorbox user origin screen {:.4f}, screen {:.4f} size screen 0.015, screen "
                         "{:.4f}\nset cbtics {:.6g}\n",
                         panel.right + 0.015, panel.bottom, panel.top - panel.bottom, round_step(high - low, 5))
                   : "unset colorbox\n";
      const std::string name = gnuplot.fresh_name();
      gnuplot.data(name, surfaces(tiles[n], q));
      const bool empty = std::none_of(tiles[n].begin(), tiles[n].end(),
                                      [q = q](const Tile& tile) { return std::isfinite(tile.values[q]); });
      const Axis x = axis_of(reach.high[planes[n].across] / micro), y = axis_of(reach.high[planes[n].up] / micro);
      text += empty ? "plot NaN\n" : fmt::format("splot {} using ($1*{}):($2*{}):3\n", name, x.scale, y.scale);
      text += "unset label\n";
    }
  }
  gnuplot.picture(stem, width, height, text + "unset multiplot\n");
}

}  // namespace porelith
