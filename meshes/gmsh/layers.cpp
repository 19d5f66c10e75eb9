#include "meshes/gmsh/layers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

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

void check_layers(const std::string& file, const GmshLayers& layers, const Cell& cell) {
  const auto middle = [&](int k) { return (layers.from[k] + layers.to[k]) / 2; };
  if (!(middle(0) < middle(1) && middle(1) < middle(2)))
    throw CaseError({{{file, 0, 0},
                      fmt::format("negative, separator and positive must follow each other along x; their middles are "
                                  "at {:.4g}, {:.4g} and {:.4g} um",
                                  1e6 * middle(0), 1e6 * middle(1), 1e6 * middle(2))}});
  Problems problems;
  constexpr double tolerance = 1e-3;
  const double wanted[] = {cell.negative.thickness, cell.separator.thickness, cell.positive.thickness};
  for (int k = 0; k < 3; ++k) {
    const double found = layers.to[k] - layers.from[k];
    if (std::abs(found - wanted[k]) > tolerance * wanted[k])
      problems.add({file, 0, 0},
                   fmt::format("\"{}\" is {:.6g} um thick along x, that of the case {:.6g} um; is [mesh] unit right?",
                               gmsh_region_names()[k], 1e6 * found, 1e6 * wanted[k]));
  }
  problems.throw_if_any();
}

}  // namespace porelith
