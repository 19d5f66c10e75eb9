#include "meshes/quality.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "meshes/mesh.hpp"

namespace porelith {
namespace {

using Edges = std::vector<std::pair<int, int>>;

/// Edges of VTK's cell with that many vertices; four make a quadrangle or a tetrahedron.
const Edges& edges_of(std::size_t vertices, int dimension) {
  static const Edges line{{0, 1}}, triangle{{0, 1}, {1, 2}, {2, 0}}, quadrangle{{0, 1}, {1, 2}, {2, 3}, {3, 0}},
      tetrahedron{{0, 1}, {1, 2}, {2, 0}, {0, 3}, {1, 3}, {2, 3}},
      pyramid{{0, 1}, {1, 2}, {2, 3}, {3, 0}, {0, 4}, {1, 4}, {2, 4}, {3, 4}},
      wedge{{0, 1}, {1, 2}, {2, 0}, {3, 4}, {4, 5}, {5, 3}, {0, 3}, {1, 4}, {2, 5}},
      hexahedron{{0, 1}, {1, 2}, {2, 3}, {3, 0}, {4, 5}, {5, 6}, {6, 7}, {7, 4}, {0, 4}, {1, 5}, {2, 6}, {3, 7}};
  switch (vertices) {
    case 2:
      return line;
    case 3:
      return triangle;
    case 4:
      return dimension == 3 ? tetrahedron : quadrangle;
    case 5:
      return pyramid;
    case 6:
      return wedge;
    default:
      return hexahedron;
  }
}

std::pair<double, double> shortest_and_longest(const Mesh& mesh, int cell) {
  double shortest = std::numeric_limits<double>::infinity(), longest = 0;
  const auto& vertices = mesh.vertices[cell];
  for (const auto& [a, b] : edges_of(vertices.size(), mesh.dimension)) {
    const auto &p = mesh.points[vertices[a]], &q = mesh.points[vertices[b]];
    const double length = std::hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
    shortest = std::min(shortest, length);
    longest = std::max(longest, length);
  }
  return {shortest, longest};
}

}  // namespace

Quality quality_of(const Mesh& mesh) {
  Quality quality;
  for (int P = 0; P < mesh.cells(); ++P) {
    const auto [shortest, longest] = shortest_and_longest(mesh, P);
    quality.aspect.push_back(longest / shortest);
  }
  quality.growth.assign(mesh.cells(), 1);
  for (const Face& f : mesh.faces) {
    if (is_foil(mesh.region[f.owner]) || is_foil(mesh.region[f.neighbour])) continue;
    const double ratio = std::max(f.d_owner / f.d_neighbour, f.d_neighbour / f.d_owner);
    for (const int P : {f.owner, f.neighbour})
      if (P < mesh.cells()) quality.growth[P] = std::max(quality.growth[P], ratio);
  }
  return quality;
}

double most_skew(const Mesh& mesh, const Team& team) {
  double most = 0;
  const auto tangent = [](const std::array<double, 3>& shift, double distance) {
    return std::sqrt(shift[0] * shift[0] + shift[1] * shift[1] + shift[2] * shift[2]) / distance;
  };
  for (std::size_t k = 0; k < mesh.skew.size(); ++k) {
    most = std::max(most, tangent(mesh.skew[k].owner_shift, mesh.faces[k].d_owner));
    most = std::max(most, tangent(mesh.skew[k].neighbour_shift, mesh.faces[k].d_neighbour));
  }
  return team.max(most);
}

bool has_foils(const Cells& mesh, const Team& team) {
  return team.any(std::any_of(mesh.region.begin(), mesh.region.end(), is_foil));
}

MeshSummary summary_of(const Mesh& mesh, const Team& team) {
  MeshSummary summary;
  summary.shortest_edge = std::numeric_limits<double>::infinity();
  std::array<MeshSummary::Layer, 5> layers{};
  for (int P = 0; P < mesh.cells(); ++P) {
    auto& layer = layers[static_cast<std::size_t>(mesh.region[P])];
    ++layer.cells;
    layer.volume += mesh.volume[P];
    layer.channel += (1 - mesh.matrix_of(P)) * mesh.volume[P];
    summary.cut += mesh.matrix_of(P) > 0 && mesh.matrix_of(P) < 1;
    const auto [shortest, longest] = shortest_and_longest(mesh, P);
    summary.shortest_edge = std::min(summary.shortest_edge, shortest);
    summary.longest_edge = std::max(summary.longest_edge, longest);
  }
  const Quality quality = quality_of(mesh);
  for (const double a : quality.aspect) summary.worst_aspect = std::max(summary.worst_aspect, a);
  for (const double g : quality.growth) summary.worst_growth = std::max(summary.worst_growth, g);

  summary.footprint = mesh.footprint;
  summary.cut = team.sum(summary.cut);
  summary.shortest_edge = team.min(summary.shortest_edge);
  summary.longest_edge = team.max(summary.longest_edge);
  summary.worst_aspect = team.max(summary.worst_aspect);
  summary.worst_growth = team.max(summary.worst_growth);
  for (const Region region :
       {Region::negative_foil, Region::negative, Region::separator, Region::positive, Region::positive_foil}) {
    auto layer = layers[static_cast<std::size_t>(region)];
    layer.region = region;
    layer.cells = team.sum(layer.cells);
    layer.volume = team.sum(layer.volume);
    layer.channel = team.sum(layer.channel);
    if (layer.cells == 0) continue;
    layer.channel /= layer.volume;
    summary.cells += layer.cells;
    summary.layers.push_back(layer);
  }
  return summary;
}

}  // namespace porelith
