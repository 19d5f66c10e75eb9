#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>

#include "postprocess/depth.hpp"
#include "postprocess/pictures.hpp"

namespace porelith {
namespace {

constexpr int width = 1400, row_height = 300, head = 70, foot = 50;  // [pixels]
constexpr double micro = 1e-6;

/// A plane that the picture looks at, across direction `normal` at `position`; all of a 2D mesh where it is 2.
struct Plane {
  int normal;
  double position;     ///< [m]
  bool only_negative;  ///< cells of other layers touch it too and are left out
  int across, up;      ///< directions of the picture's axes
};

/// What one cell shows on a plane: corners in the picture, the last one doubled for a triangle, and its three values.
struct Tile {
  std::array<double, 8> corners;
  std::array<double, 3> values;
};
constexpr std::size_t tile_size = 12;  ///< numbers of a tile with its plane

struct Reach {
  std::array<double, 3> low, high;  ///< of all vertices [m]
};

Reach reach_of(const Mesh& mesh, const Team& team) {
  Reach reach{{1e300, 1e300, 1e300}, {-1e300, -1e300, -1e300}};
  for (const auto& point : mesh.points)
    for (int d = 0; d < 3; ++d) {
      reach.low[d] = std::min(reach.low[d], point[d]);
      reach.high[d] = std::max(reach.high[d], point[d]);
    }
  for (int d = 0; d < 3; ++d) reach.low[d] = team.min(reach.low[d]), reach.high[d] = team.max(reach.high[d]);
  return reach;
}

bool has_foil(const Mesh& mesh, const Team& team) {
  return team.any(std::any_of(mesh.region.begin(), mesh.region.end(), is_foil));
}

std::vector<Plane> planes_of(const Mesh& mesh, const Reach& reach, const std::vector<Layer>& layers, const Team& team) {
  if (mesh.dimension == 2) return {{2, 0, false, 0, 1}};
  if (has_foil(mesh, team)) return {{0, layers.front().to * micro, true, 1, 2}};
  return {{2, reach.low[2], false, 0, 1}, {1, reach.low[1], false, 0, 2}};
}

/// The snapshot when the plating margin of a charge was least, else the last.
std::size_t chosen_snapshot(const Results& results) {
  const auto& rows = results.curve;
  const auto& kept = results.snapshots;
  const auto least = std::min_element(rows.begin(), rows.end(), [](const CurveRow& a, const CurveRow& b) {
    return a.plating_margin < b.plating_margin;
  });
  if (least == rows.end() || !(least->current < 0)) return kept.size() - 1;
  const auto nearer = [&](const Snapshot& a, const Snapshot& b) {
    return std::abs(a.time - least->time) < std::abs(b.time - least->time);
  };
  return static_cast<std::size_t>(std::min_element(kept.begin(), kept.end(), nearer) - kept.begin());
}

/// The corners of a cell that lie on the plane, around their middle; fewer than three: it only touches.
std::vector<std::array<double, 2>> corners_on(const Plane& plane, const Mesh& mesh, std::size_t P, double tolerance) {
  std::vector<std::array<double, 2>> corners;
  std::array<double, 2> middle{};
  for (const int vertex : mesh.vertices[P]) {
    const auto& point = mesh.points[static_cast<std::size_t>(vertex)];
    if (std::abs(point[plane.normal] - plane.position) > tolerance) continue;
    corners.push_back({point[plane.across] / micro, point[plane.up] / micro});
    middle[0] += corners.back()[0], middle[1] += corners.back()[1];
  }
  if (corners.size() < 3 || corners.size() > 4) return {};
  for (double& x : middle) x /= static_cast<double>(corners.size());
  const auto angle = [&](const auto& at) { return std::atan2(at[1] - middle[1], at[0] - middle[0]); };
  std::sort(corners.begin(), corners.end(), [&](const auto& a, const auto& b) { return angle(a) < angle(b); });
  corners.resize(4, corners.back());
  return corners;
}

std::array<double, 3> values_of(const Results& results, const Snapshot& s, const CellValues& rate, std::size_t P) {
  const bool negative = results.mesh.region[P] == Region::negative;
  return {s.c_e[P] * 1e-3, std::abs(rate[P]), negative ? 1000 * (s.phi_s[P] - s.phi_e[P]) : NAN};
}

/// Of all ranks, plane by plane; on the first rank.
std::vector<std::vector<Tile>> tiles_of(const Results& results, const Snapshot& snapshot,
                                        const std::vector<Plane>& planes, const Reach& reach, const Team& team) {
  const CellValues rate = reaction_in_electrodes(results, snapshot);
  std::vector<double> mine;
  for (std::size_t n = 0; n < planes.size(); ++n) {
    const int d = planes[n].normal;
    const double tolerance = 1e-6 * (reach.high[d] - reach.low[d]);
    for (std::size_t P = 0; P < results.mesh.region.size(); ++P) {
      if (planes[n].only_negative && results.mesh.region[P] != Region::negative) continue;
      const auto corners = corners_on(planes[n], results.mesh, P, tolerance);
      if (corners.empty()) continue;
      mine.push_back(static_cast<double>(n));
      for (const auto& corner : corners) mine.insert(mine.end(), corner.begin(), corner.end());
      const auto values = values_of(results, snapshot, rate, P);
      mine.insert(mine.end(), values.begin(), values.end());
    }
  }
  const std::vector<double> all = team.gather(mine);
  std::vector<std::vector<Tile>> tiles(planes.size());
  for (std::size_t k = 0; k + tile_size <= all.size(); k += tile_size) {
    Tile tile;
    std::copy_n(&all[k + 1], 8, tile.corners.begin());
    std::copy_n(&all[k + 9], 3, tile.values.begin());
    tiles[static_cast<std::size_t>(all[k])].push_back(tile);
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

const char* const quantities[] = {"salt concentration  c_e  [mol/l]",
                                  "reaction rate of the matrix, in or out  [A/cm^3]",
                                  "φ_s − φ_e  in the negative electrode  [mV]"};

/// YlGnBu of C. Brewer's ColorBrewer 2.0.
const char* const palette =
    "set palette defined (0 '#ffffd9', 1 '#c7e9b4', 2 '#7fcdbb', 3 '#41b6c4', 4 '#1d91c0', 5 '#225ea8', 6 '#081d58')\n";

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

struct Panel {
  double left, right, bottom, top;
};

std::string frame(const Panel& at, const Plane& plane, const Reach& reach, bool lowest, bool axisymmetric) {
  static const char* const names[] = {"distance from the negative collector", "y", "z"};
  std::string text = fmt::format(
      "set lmargin at screen {:.4f}\nset rmargin at screen {:.4f}\nset bmargin at screen {:.4f}\nset tmargin at screen "
      "{:.4f}\n",
      at.left, at.right, at.bottom, at.top);
  const auto end = [&](int d, bool upper) { return (upper ? reach.high[d] : reach.low[d]) / micro; };
  const Axis x = axis_of(end(plane.across, true)), y = axis_of(end(plane.up, true));
  text += fmt::format("set xrange [{:.6g}:{:.6g}]\nset yrange [{:.6g}:{:.6g}]\n", x.scale * end(plane.across, false),
                      x.scale * end(plane.across, true), y.scale * end(plane.up, false), y.scale * end(plane.up, true));
  text += lowest ? fmt::format("set format x '%g'\nset xlabel '{}  [{}]'\n", names[plane.across], x.unit)
                 : "set format x ''\nunset xlabel\n";
  text += fmt::format("set ytics {:.6g}\n", round_step(y.scale * (end(plane.up, true) - end(plane.up, false)), 4));
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

}  // namespace

void add_slices_picture(Gnuplot& gnuplot, const Results& results, const std::string& folder, const Team& team) {
  if (results.mesh.dimension < 2 || results.snapshots.empty()) return;
  const std::vector<Layer> layers = layers_of(results.mesh, team);
  if (layers.empty()) return;
  const Reach reach = reach_of(results.mesh, team);
  const std::vector<Plane> planes = planes_of(results.mesh, reach, layers, team);
  const Snapshot& snapshot = results.snapshots[chosen_snapshot(results)];
  const auto tiles = tiles_of(results, snapshot, planes, reach, team);

  constexpr std::size_t rows = std::size(quantities);
  const int height = head + foot + static_cast<int>(rows) * row_height;
  const TimeUnit unit = time_unit(std::max(results.snapshots.back().time, snapshot.time));
  std::string text = house_style() +
                     "unset grid\nunset key\nset pm3d map corners2color c1\nset border 15 linewidth 1 linecolor rgb "
                     "'#666666'\nset multiplot\n" +
                     palette;
  text += fmt::format("set label {} noenhanced at screen 0.08, screen {:.4f} left font ',17'\n",
                      gnuplot_text(results.title), 1 - 30.0 / height);
  text += fmt::format("set label 'after {:.4g} {}, {:.4g} V' at screen 0.98, screen {:.4f} right\n",
                      snapshot.time / unit.seconds, unit.name, snapshot.voltage, 1 - 30.0 / height);
  const double wide = 0.9 / static_cast<double>(planes.size());
  for (std::size_t q = 0; q < rows; ++q) {
    const auto [low, high] = range_of(tiles, q);
    text += fmt::format("set cbrange [{:.6g}:{:.6g}]\n", low, high);
    const double bottom = (foot + 20 + (rows - 1 - q) * row_height) / static_cast<double>(height);
    const double top = bottom + (row_height - 55) / static_cast<double>(height);
    for (std::size_t n = 0; n < planes.size(); ++n) {
      const double left = 0.08 + wide * static_cast<double>(n), right = left + wide - 0.08;
      const bool last = n + 1 == planes.size();
      text += frame({left, right, bottom, top}, planes[n], reach, q + 1 == rows, results.mesh.axisymmetric);
      text += borders(planes[n], layers);
      text += fmt::format("set label '{}' at graph 0, graph 1.06 left textcolor rgb '#222222'\n",
                          n == 0 ? quantities[q] : "");
      text += last ? fmt::format(
                         "set colorbox user origin screen {:.4f}, screen {:.4f} size screen 0.015, screen "
                         "{:.4f}\nset cbtics {:.6g}\n",
                         right + 0.015, bottom, top - bottom, round_step(high - low, 5))
                   : "unset colorbox\n";
      const std::string name = fmt::format("$slice_{}_{}", q, n);
      gnuplot.data(name, surfaces(tiles[n], q));
      const bool empty = std::none_of(tiles[n].begin(), tiles[n].end(),
                                      [q = q](const Tile& tile) { return std::isfinite(tile.values[q]); });
      const Axis x = axis_of(reach.high[planes[n].across] / micro), y = axis_of(reach.high[planes[n].up] / micro);
      text += empty ? "plot NaN\n" : fmt::format("splot {} using ($1*{}):($2*{}):3\n", name, x.scale, y.scale);
      text += "unset label\n";
    }
  }
  gnuplot.picture((std::filesystem::path(folder) / "slices").string(), width, height, text + "unset multiplot\n");
}

}  // namespace porelith
