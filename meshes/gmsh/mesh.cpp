#include "meshes/gmsh/mesh.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "meshes/gmsh/bisection.hpp"
#include "meshes/gmsh/faces.hpp"
#include "meshes/gmsh/geometry.hpp"
#include "meshes/gmsh/layers.hpp"
#include "meshes/gmsh/overlap.hpp"
#include "meshes/gmsh/split.hpp"
#include "solver/base/error.hpp"
#include "solver/base/together.hpp"

namespace porelith {

namespace {

/// Cuts this rank's part out of a whole mesh. Whatever may be wrong is looked for in the whole, so that all ranks find
/// the same.
class Carver {
 public:
  Carver(const GmshFile& file, const GmshCells& cells, const GmshFaces& faces, const Space& space)
      : file_(file), cells_(cells), faces_(faces), space_(space) {
    measure_cells();
  }

  Mesh carve(const GmshLayers& layers, int rank, int ranks) {
    divide(rank, ranks);
    mesh_.dimension = cells_.dimension;
    mesh_.axisymmetric = space_.axisymmetric;
    mesh_.footprint = shared_area(file_, cells_, faces_, space_);
    add_faces();
    add_ghosts();
    add_outside();
    add_cells(layers);
    add_shapes();
    return std::move(mesh_);
  }

 private:
  [[noreturn]] void fail(const std::string& sentence) const { throw CaseError({{{file_.name, 0, 0}, sentence}}); }

  void measure_cells() {
    for (int c = 0; c < cells_.size(); ++c) {
      CellGeometry it = cell_geometry(space_, file_.points, cells_.shape[c], cells_.vertices_of(c));
      const Point& corner = file_.points[cells_.vertices_of(c)[0]];
      double reach = 0;
      for (int i = 1; i < cells_.vertex_count(c); ++i) {
        const Point way = minus(file_.points[cells_.vertices_of(c)[i]], corner);
        reach = std::max(reach, std::sqrt(dot(way, way)));
      }
      const double flat = 1e-9 * std::pow(reach, cells_.dimension) * (space_.axisymmetric ? it.centre[1] : 1);
      if (!(std::abs(it.volume) > flat)) fail(fmt::format("{} has no volume", cells_.name(c)));
      reversed_.push_back(it.volume < 0);  // its corners are numbered the other way round
      it.volume = std::abs(it.volume);
      volume_.push_back(it.volume);
      centre_.push_back(it.centre);
      half_depth_.push_back(it.half_depth);
    }
  }

  void divide(int rank, int ranks) {
    parts_ = bisect(centre_, ranks);
    number_.resize(cells_.size());
    for (int i = 0; i < cells_.size(); ++i) number_[parts_.order[i]] = i;
    from_ = parts_.first[rank];
    to_ = parts_.first[rank + 1];
    mesh_.owned = to_ - from_;
    shown_.assign(parts_.order.begin() + from_, parts_.order.begin() + to_);
  }
  bool is_own(int cell) const { return number_[cell] >= from_ && number_[cell] < to_; }
  int rank_of(int cell) const {
    const auto above = std::upper_bound(parts_.first.begin(), parts_.first.end(), number_[cell]);
    return static_cast<int>(above - parts_.first.begin()) - 1;
  }

  SideGeometry side_of(const GmshSide& it) const {
    std::array<int, 4> ids{};
    const int n = side_vertices(cells_, it, ids);
    SideGeometry geometry = side_geometry(space_, file_.points, ids.data(), n);
    if (reversed_[it.cell]) geometry.area = plus({}, -1, geometry.area);
    return geometry;
  }

  /// Faces between cells; those of own cells are kept, with whole-mesh indices for now.
  void add_faces() {
    for (const auto& pair : faces_.inner) {
      const int P = pair[0].cell, N = pair[1].cell;
      const SideGeometry side = side_of(pair[0]);
      const double area = std::sqrt(dot(side.area, side.area));
      const Point normal = plus({}, area > 0 ? 1 / area : 0, side.area);
      const Point from_P = minus(side.centre, centre_[P]), from_N = minus(side.centre, centre_[N]);
      const double d_P = dot(from_P, normal), d_N = -dot(from_N, normal), least = 1e-9 * std::sqrt(dot(from_P, from_P));
      if (!(d_P > least && d_N > least))
        fail(
            fmt::format("{} and {} are folded over each other or one of them into itself: a centre lies behind the "
                        "face between them",
                        cells_.name(P), cells_.name(N)));
      if (!is_own(P) && !is_own(N)) continue;
      mesh_.faces.push_back({P, N, area, d_P, d_N});
      mesh_.skew.push_back({normal, plus(from_P, -d_P, normal), plus(from_N, d_N, normal)});
    }
  }

  /// The rim of other ranks' cells and the lists of who sees whose; then faces by this rank's own indices.
  void add_ghosts() {
    std::vector<std::pair<int, int>> seen;  // other rank, number of an own cell that it sees
    std::vector<int> ghosts;                // numbers
    for (const Face& f : mesh_.faces) {
      if (is_own(f.owner) && is_own(f.neighbour)) continue;
      const int own = is_own(f.owner) ? f.owner : f.neighbour, other = own == f.owner ? f.neighbour : f.owner;
      seen.push_back({rank_of(other), number_[own]});
      ghosts.push_back(number_[other]);
    }
    const auto unique = [](auto& list) {
      std::sort(list.begin(), list.end());
      list.erase(std::unique(list.begin(), list.end()), list.end());
    };
    unique(seen);
    unique(ghosts);
    std::vector<int> local(cells_.size(), -1);
    for (int number : ghosts) shown_.push_back(parts_.order[number]);
    for (std::size_t i = 0; i < shown_.size(); ++i) local[shown_[i]] = static_cast<int>(i);
    for (Face& f : mesh_.faces) f.owner = local[f.owner], f.neighbour = local[f.neighbour];

    auto& neighbours = mesh_.halo.neighbours;
    for (const auto& [other, number] : seen) {  // sorted by rank: so are the neighbours
      if (neighbours.empty() || neighbours.back().rank != other) neighbours.push_back({other, {}, {}});
      neighbours.back().send.push_back(number - from_);
    }
    std::size_t k = 0;
    for (int number : ghosts) {
      while (neighbours[k].rank != rank_of(parts_.order[number])) ++k;
      neighbours[k].receive.push_back(local[parts_.order[number]]);
    }
  }

  void add_outside() {
    for (std::size_t k = 0; k < faces_.outer.size(); ++k) {
      const int c = faces_.outer[k].cell;
      const SideGeometry side = side_of(faces_.outer[k]);
      const double area = std::sqrt(dot(side.area, side.area));
      const double distance = dot(minus(side.centre, centre_[c]), side.area) / (area > 0 ? area : 1);
      if (area == 0) continue;  // on the axis
      if (!(distance > 0)) fail(fmt::format("{} is folded: its centre lies behind its outer side", cells_.name(c)));
      if (!is_own(c)) continue;
      const int P = number_[c] - from_;
      const Terminal terminal = cells_.conducts(c) ? faces_.terminal[k] : Terminal::none;
      mesh_.walls.push_back({P, plus({}, 1 / area, side.area), distance, terminal});
      if (terminal == Terminal::none) continue;
      auto& collector = terminal == Terminal::negative ? mesh_.negative_collector : mesh_.positive_collector;
      collector.push_back({P, area, distance});
    }
  }

  void add_cells(const GmshLayers& layers) {
    const double origin = layers.from[0];
    const bool channels = std::count(cells_.channel.begin(), cells_.channel.end(), 1) > 0;
    for (int c : shown_) {
      mesh_.volume.push_back(volume_[c]);
      mesh_.region.push_back(cells_.region[c]);
      if (channels) mesh_.matrix.push_back(cells_.channel[c] ? 0 : 1);
      mesh_.number.push_back(number_[c]);
      if (is_own(c)) mesh_.order.push_back(c);
      double from = 0, to = 1;
      if (cells_.is_wet(c)) {
        from = layers.depth(cells_.region[c], centre_[c][0] - half_depth_[c]);
        to = layers.depth(cells_.region[c], centre_[c][0] + half_depth_[c]);
      }
      mesh_.xi_from.push_back(std::min(from, to));
      mesh_.xi_to.push_back(std::max(from, to));
      mesh_.centre.push_back({centre_[c][0] - origin, centre_[c][1], centre_[c][2]});
    }
  }

  /// Points and vertices of the own cells; Gmsh's order of straight shapes is VTK's.
  void add_shapes() {
    std::vector<int> local(file_.points.size(), -1);
    for (int P = 0; P < mesh_.owned; ++P) {
      const int c = shown_[P];
      std::vector<int> vertices;
      for (int i = 0; i < cells_.vertex_count(c); ++i) {
        const int point = cells_.vertices_of(c)[i];
        if (local[point] < 0) {
          local[point] = static_cast<int>(mesh_.points.size());
          mesh_.points.push_back(file_.points[point]);
        }
        vertices.push_back(local[point]);
      }
      mesh_.vertices.push_back(std::move(vertices));
    }
  }

  const GmshFile& file_;
  const GmshCells& cells_;
  const GmshFaces& faces_;
  Space space_;
  std::vector<double> volume_, half_depth_;
  std::vector<Point> centre_;
  std::vector<char> reversed_;
  Bisection parts_;
  std::vector<int> number_;  ///< of each cell among all ranks'
  int from_ = 0, to_ = 0;    ///< numbers of this rank's own
  std::vector<int> shown_;   ///< own cells and ghosts
  Mesh mesh_;
};

/// Whether a coordinate, 0 to 2, is the same at all vertices.
bool is_constant(const GmshFile& file, const GmshCells& cells, int q, double reach) {
  const double first = file.points[cells.vertices[0]][q];
  return std::all_of(cells.vertices.begin(), cells.vertices.end(),
                     [&](int v) { return std::abs(file.points[v][q] - first) <= 1e-9 * reach; });
}

/// Surfaces in the plane of x and z are taken as if z were y.
void lay_flat(GmshFile& file, const GmshCells& cells, bool axisymmetric) {
  if (axisymmetric && cells.dimension != 2)
    throw CaseError({{{file.name, 0, 0}, "an axisymmetric mesh has surfaces only; this one has volumes"}});
  if (cells.dimension != 2) return;
  double reach = 0;
  for (int v : cells.vertices)
    for (double x : file.points[v]) reach = std::max(reach, std::abs(x));
  if (!is_constant(file, cells, 2, reach)) {
    if (!is_constant(file, cells, 1, reach))
      throw CaseError({{{file.name, 0, 0},
                        "a mesh of surfaces must lie in the plane of x and y, where z is constant, or of x and z"}});
    for (Point& p : file.points) std::swap(p[1], p[2]);
  }
  for (int v : cells.vertices) {
    const Point& p = file.points[v];
    if (axisymmetric && p[1] < -1e-9 * reach)
      throw CaseError(
          {{{file.name, 0, 0},
            fmt::format("in an axisymmetric mesh y is the radius; there is y = {:.6g} at x = {:.6g}", p[1], p[0])}});
  }
}

/// No centre misses the normal of any of its faces by more than rounding: then faces need no correction.
bool is_orthogonal(const Mesh& mesh) {
  for (std::size_t k = 0; k < mesh.skew.size(); ++k) {
    const Face& f = mesh.faces[k];
    const double most = 1e-9 * std::min(f.d_owner, f.d_neighbour);
    const Skew& s = mesh.skew[k];
    if (dot(s.owner_shift, s.owner_shift) > most * most) return false;
    if (dot(s.neighbour_shift, s.neighbour_shift) > most * most) return false;
  }
  return true;
}

void drop_skew(Mesh& mesh) {
  mesh.skew.clear();
  mesh.walls.clear();
}

Mesh carve(GmshFile file, const LayerThicknesses& wanted, const GmshOptions& options, int rank, int ranks) {
  for (int k = 0; k < options.split; ++k) file = split_elements(file);
  const GmshCells cells = cells_of(file, options.names);
  if (options.dimension != 0 && options.dimension != cells.dimension)
    throw CaseError({{{file.name, 0, 0},
                      fmt::format("the mesh has {} dimensions, [geometry] dimension says {}", cells.dimension,
                                  options.dimension)}});
  lay_flat(file, cells, options.axisymmetric);
  const GmshFaces faces = faces_of(file, cells);
  check_contact(file, cells, faces);
  check_paths(file, cells, faces);
  for (Point& p : file.points) p = plus({}, options.unit, p);
  const GmshLayers layers = layers_of(file, cells);
  check_layers(file, cells, faces, layers, wanted);
  return Carver(file, cells, faces, {cells.dimension, options.axisymmetric}).carve(layers, rank, ranks);
}

}  // namespace

Mesh gmsh_mesh(GmshFile file, const LayerThicknesses& wanted, const GmshOptions& options, int rank, int ranks) {
  Mesh mesh = carve(std::move(file), wanted, options, rank, ranks);
  if (ranks == 1 && is_orthogonal(mesh)) drop_skew(mesh);
  return mesh;
}

Mesh gmsh_mesh(const std::string& path, const LayerThicknesses& wanted, const GmshOptions& options, const Team& team) {
  // A disk may fail one rank alone.
  Mesh mesh = together(team, [&] { return carve(read_gmsh(path), wanted, options, team.rank(), team.size()); });
  if (!team.any(!is_orthogonal(mesh))) drop_skew(mesh);
  return mesh;
}

}  // namespace porelith
