#include "meshes/layered.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace porelith {

std::vector<double> graded_edges(int n, double grading) {
  std::vector<double> edges{0};
  const double ratio = n > 1 ? std::pow(grading, -1.0 / (n - 1)) : 1;
  double width = 1;
  for (int i = 0; i < n; ++i, width *= ratio) edges.push_back(edges.back() + width);
  const double whole = edges.back();
  for (double& e : edges) e /= whole;
  return edges;
}

namespace {

std::set<double> jumps_of(const Electrode& electrode) {
  std::set<double> jumps;
  const auto add = [&](const Profile& p) { jumps.insert(p.jumps().begin(), p.jumps().end()); };
  add(electrode.porosity);
  add(electrode.conductivity);
  if (electrode.transport_efficiency) add(*electrode.transport_efficiency);
  for (const auto& m : electrode.materials) {
    add(m.R);
    if (m.active_fraction) add(*m.active_fraction);
  }
  return jumps;
}

/// One layer of the stack along x: its cells' slices of xi and their positions.
struct Slice {
  Region region;
  double x_from, x_to, xi_from, xi_to;
};

std::vector<Slice> stack(const Cell& cell, const MeshOptions& options) {
  std::vector<Slice> slices;
  const auto negative = electrode_edges(cell.negative, options.negative, options.grading);
  const auto positive = electrode_edges(cell.positive, options.positive, options.grading);
  const double L_n = cell.negative.thickness, L_s = cell.separator.thickness, L_p = cell.positive.thickness;
  for (std::size_t i = 0; i + 1 < negative.size(); ++i)
    slices.push_back({Region::negative, L_n * negative[i], L_n * negative[i + 1], negative[i], negative[i + 1]});
  for (int i = 0; i < options.separator; ++i) {
    const double from = double(i) / options.separator, to = double(i + 1) / options.separator;
    slices.push_back({Region::separator, L_n + L_s * from, L_n + L_s * to, from, to});
  }
  for (std::size_t i = positive.size() - 1; i > 0; --i) {  // xi runs from the collector, x toward it
    const double from = positive[i], to = positive[i - 1];
    slices.push_back({Region::positive, L_n + L_s + L_p * (1 - from), L_n + L_s + L_p * (1 - to), to, from});
  }
  return slices;
}

/// Corners of cell (i, j, k) among points numbered x fastest, in VTK's order.
std::vector<int> corners(int dimension, int i, int j, int k, int nx, int ny) {
  const auto point = [&](int di, int dj, int dk) { return (i + di) + (nx + 1) * ((j + dj) + (ny + 1) * (k + dk)); };
  if (dimension == 1) return {i, i + 1};
  std::vector<int> v{point(0, 0, 0), point(1, 0, 0), point(1, 1, 0), point(0, 1, 0)};
  if (dimension == 3) v.insert(v.end(), {point(0, 0, 1), point(1, 0, 1), point(1, 1, 1), point(0, 1, 1)});
  return v;
}

}  // namespace

std::vector<double> electrode_edges(const Electrode& electrode, int cells, double grading) {
  const auto plain = graded_edges(cells, grading);
  std::vector<double> borders{0};
  for (double jump : jumps_of(electrode)) borders.push_back(jump);
  borders.push_back(1);

  std::vector<double> edges{0};
  for (std::size_t layer = 0; layer + 1 < borders.size(); ++layer) {
    // As many cells as the plain mesh has there, and the plain mesh's grading inside the layer.
    const auto inside = [&](double xi) { return xi > borders[layer] && xi <= borders[layer + 1]; };
    const int n = std::max<int>(1, std::count_if(plain.begin(), plain.end(), inside));
    const double width = borders[layer + 1] - borders[layer];
    const auto local = graded_edges(n, std::pow(grading, width));
    for (int i = 1; i <= n; ++i) edges.push_back(i == n ? borders[layer + 1] : borders[layer] + width * local[i]);
  }
  return edges;
}

Mesh layered_mesh(const Cell& cell, const MeshOptions& options, const std::vector<int>& across, double width) {
  const auto slices = stack(cell, options);
  const int nx = static_cast<int>(slices.size());
  const int ny = across.size() > 0 ? across[0] : 1;
  const int nz = across.size() > 1 ? across[1] : 1;

  Mesh mesh;
  mesh.dimension = 1 + static_cast<int>(across.size());
  const double dy = mesh.dimension > 1 ? width / ny : 1;
  const double dz = mesh.dimension > 2 ? width / nz : 1;
  mesh.footprint = ny * dy * nz * dz;
  const auto id = [&](int i, int j, int k) { return i + nx * (j + ny * k); };
  const auto x_half = [&](int i) { return (slices[i].x_to - slices[i].x_from) / 2; };

  for (int k = 0; k < nz; ++k)
    for (int j = 0; j < ny; ++j)
      for (int i = 0; i < nx; ++i) {
        const auto& s = slices[i];
        const double dx = s.x_to - s.x_from;
        mesh.volume.push_back(dx * dy * dz);
        mesh.region.push_back(s.region);
        mesh.centre.push_back({(s.x_from + s.x_to) / 2, mesh.dimension > 1 ? (j + 0.5) * dy : 0,
                               mesh.dimension > 2 ? (k + 0.5) * dz : 0});
        mesh.xi_from.push_back(s.xi_from);
        mesh.xi_to.push_back(s.xi_to);
        mesh.vertices.push_back(corners(mesh.dimension, i, j, k, nx, ny));
        const int P = id(i, j, k);
        if (i + 1 < nx) mesh.faces.push_back({P, id(i + 1, j, k), dy * dz, x_half(i), x_half(i + 1)});
        if (j + 1 < ny) mesh.faces.push_back({P, id(i, j + 1, k), dx * dz, dy / 2, dy / 2});
        if (k + 1 < nz) mesh.faces.push_back({P, id(i, j, k + 1), dx * dy, dz / 2, dz / 2});
        if (i == 0) mesh.negative_collector.push_back({P, dy * dz, x_half(i)});
        if (i == nx - 1) mesh.positive_collector.push_back({P, dy * dz, x_half(i)});
      }

  for (int k = 0; k <= (mesh.dimension > 2 ? nz : 0); ++k)
    for (int j = 0; j <= (mesh.dimension > 1 ? ny : 0); ++j)
      for (int i = 0; i <= nx; ++i)
        mesh.points.push_back({i < nx ? slices[i].x_from : slices[nx - 1].x_to, j * (mesh.dimension > 1 ? dy : 0),
                               k * (mesh.dimension > 2 ? dz : 0)});
  return mesh;
}

}  // namespace porelith
