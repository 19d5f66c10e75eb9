#include "meshes/gmsh/layers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "meshes/gmsh/geometry.hpp"
#include "solver/base/error.hpp"

namespace porelith {

double GmshLayers::depth(Region layer, double x) const {
  const auto k = static_cast<std::size_t>(layer);
  const double along = std::clamp((x - from[k]) / (to[k] - from[k]), 0.0, 1.0);
  return layer == Region::positive ? 1 - along : along;
}

GmshLayers layers_of(const GmshFile& file, const GmshCells& cells) {
  constexpr double far = std::numeric_limits<double>::infinity();
  GmshLayers layers{{far, far, far}, {-far, -far, -far}};
  for (int c = 0; c < cells.size(); ++c) {
    if (is_foil(cells.region[c])) continue;
    const auto k = static_cast<std::size_t>(cells.region[c]);
    for (int i = 0; i < cells.vertex_count(c); ++i) {
      const double x = file.points[cells.vertices_of(c)[i]][0];
      layers.from[k] = std::min(layers.from[k], x);
      layers.to[k] = std::max(layers.to[k], x);
    }
  }
  return layers;
}

namespace {

constexpr double tolerance = 1e-3;  // of a layer's thickness
constexpr double rounding = 1e-6;

const std::string& name_of(Region region) { return gmsh_region_names()[static_cast<int>(region)]; }

/// Where two layers meet, or an electrode and its collector: faces that must lie in one plane x = const.
struct Interface {
  double low = std::numeric_limits<double>::infinity(), high = -low;  ///< of x [m]
  Point area{};                                                       ///< summed, all seen from the same side
  double total = 0;

  void add(const GmshFile& file, const std::array<int, 4>& ids, int n, const Point& outward) {
    for (int i = 0; i < n; ++i) {
      low = std::min(low, file.points[ids[i]][0]);
      high = std::max(high, file.points[ids[i]][0]);
    }
    area = plus(area, 1, outward);
    total += std::sqrt(dot(outward, outward));
  }
  /// Is one plane, whichever way it lies.
  bool is_plane() const { return std::sqrt(dot(area, area)) > total * (1 - rounding); }
  /// Angle to the plane x = const. [degrees]
  double tilt() const {
    constexpr double degree = 57.29577951308232;
    return degree * std::atan2(std::hypot(area[1], area[2]), std::abs(area[0]));
  }
};

class Planes {
 public:
  Planes(const GmshFile& file, const GmshCells& cells, const GmshFaces& faces, const GmshLayers& layers)
      : file_(file), cells_(cells), faces_(faces), layers_(layers) {
    for (const auto& face : faces.inner) {
      if (cells.region[face[0].cell] == cells.region[face[1].cell]) continue;
      for (int k : {0, 1}) {
        const Region here = cells.region[face[k].cell], there = cells.region[face[1 - k].cell];
        if (is_electrode(here) && there == Region::separator) add(face[k], separator_[here == Region::positive]);
        if (is_electrode(here) && is_foil(there)) judge_foil(face[k]);
      }
    }
    for (std::size_t k = 0; k < faces.outer.size(); ++k)
      if (faces.terminal[k] != Terminal::none && is_electrode(cells.region[faces.outer[k].cell]))
        judge_terminal(faces.outer[k]);
  }

  /// The axis along which the layers follow each other, 0 to 2.
  int axis() const {
    const Point& area = separator_[0].area;
    int main = 0;
    for (int q : {1, 2})
      if (std::abs(area[q]) > std::abs(area[main])) main = q;
    return main;
  }

  void judge() const {
    for (const Region electrode : {Region::negative, Region::positive}) {
      const Interface& it = separator_[electrode == Region::positive];
      const double thin = std::min(layers_.thickness(electrode), layers_.thickness(Region::separator));
      if (it.total > 0 && it.high - it.low > tolerance * thin)
        fail(fmt::format("\"{}\" and \"separator\"", name_of(electrode)), it);
    }
    for (const auto& [electrode, it] : collectors_)
      fail(fmt::format("\"{}\" and its collector", name_of(electrode)), it);
  }

 private:
  Point outward(const GmshSide& side, std::array<int, 4>& ids, int& n) const {
    n = side_vertices(cells_, side, ids);
    const Point area = side_geometry({cells_.dimension, false}, file_.points, ids.data(), n).area;
    const CellGeometry it =
        cell_geometry({cells_.dimension, false}, file_.points, cells_.shape[side.cell], cells_.vertices_of(side.cell));
    return plus({}, it.volume < 0 ? -1 : 1, area);
  }

  void add(const GmshSide& side, Interface& to) const {
    std::array<int, 4> ids{};
    int n = 0;
    const Point area = outward(side, ids, n);
    to.add(file_, ids, n, area);
  }

  /// Of the sides towards a collector those that lie in its plane are as they must be, and so are flanks along x.
  void judge_collector(const GmshSide& side, bool steps) {
    const Region electrode = cells_.region[side.cell];
    Interface one;
    add(side, one);
    const double plane = electrode == Region::negative ? layers_.from[0] : layers_.to[2];
    const double off = std::max(std::abs(one.low - plane), std::abs(one.high - plane));
    if (off <= tolerance * layers_.thickness(electrode)) return;
    const double along_x = std::abs(one.area[0]) / one.total;
    if (along_x < rounding || (steps && along_x > 1 - rounding)) return;
    add(side, collectors_[electrode]);
  }
  void judge_terminal(const GmshSide& side) { judge_collector(side, false); }
  /// A foil may have pins or pits with steep walls; the layer as a whole stays between two planes.
  void judge_foil(const GmshSide& side) { judge_collector(side, true); }

  [[noreturn]] void fail(const std::string& between, const Interface& it) const {
    const std::string where = fmt::format("(x from {:.6g} to {:.6g} um)", 1e6 * it.low, 1e6 * it.high);
    const std::string what = it.is_plane() && it.tilt() > 1e-3
                                 ? fmt::format("is tilted by {:.3g} degrees {}", it.tilt(), where)
                                 : fmt::format("is not plane {}", where);
    throw CaseError({{{file_.name, 0, 0},
                      fmt::format("the face between {} {}; layers must be plane and parallel, across x: x is the same "
                                  "everywhere on such a face",
                                  between, what)}});
  }

  const GmshFile& file_;
  const GmshCells& cells_;
  const GmshFaces& faces_;
  const GmshLayers& layers_;
  std::array<Interface, 2> separator_;      ///< with the negative electrode and the positive one
  std::map<Region, Interface> collectors_;  ///< what is wrong with them, if anything
};

}  // namespace

void check_layers(const GmshFile& file, const GmshCells& cells, const GmshFaces& faces, const GmshLayers& layers,
                  const LayerThicknesses& wanted) {
  const Planes planes(file, cells, faces, layers);
  const auto middle = [&](int k) { return (layers.from[k] + layers.to[k]) / 2; };
  if (!(middle(0) < middle(1) && middle(1) < middle(2))) {
    constexpr const char* axes[] = {"x", "y", "z"};
    const std::string help = planes.axis() != 0
                                 ? fmt::format("; they do along {}: turn the drawing", axes[planes.axis()])
                             : middle(0) > middle(2) ? "; mirror the drawing"
                                                     : "";
    throw CaseError({{{file.name, 0, 0},
                      fmt::format("negative, separator and positive must follow each other along x; their middles are "
                                  "at {:.4g}, {:.4g} and {:.4g} um{}",
                                  1e6 * middle(0), 1e6 * middle(1), 1e6 * middle(2), help)}});
  }
  planes.judge();
  Problems problems;
  for (int k = 0; k < 3; ++k) {
    const double found = layers.to[k] - layers.from[k];
    if (std::abs(found - wanted[k]) > tolerance * wanted[k])
      problems.add({file.name, 0, 0},
                   fmt::format("\"{}\" is {:.6g} um thick along x, that of the case {:.6g} um; is [mesh] unit right?",
                               gmsh_region_names()[k], 1e6 * found, 1e6 * wanted[k]));
  }
  problems.throw_if_any();
}

}  // namespace porelith
