#include "meshes/grid.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "meshes/halo.hpp"
#include "solver/base/constants.hpp"
#include "solver/base/together.hpp"

namespace porelith {

namespace {

using Index = std::array<int, 3>;

struct Box {
  Index from, to;

  bool holds(const Index& at) const {
    for (int d = 0; d < 3; ++d)
      if (at[d] < from[d] || at[d] >= to[d]) return false;
    return true;
  }
  /// Shares a face with `other`, or more.
  bool touches(const Box& other) const {
    for (int d = 0; d < 3; ++d)
      if (from[d] > other.to[d] || other.from[d] > to[d]) return false;
    return true;
  }
};

/// Recursive coordinate bisection: across the longest direction, where the work divides as the ranks do.
void bisect(const Grid& grid, const Box& box, int ranks, std::vector<Box>& parts) {
  if (ranks == 1) {
    parts.push_back(box);
    return;
  }
  int d = 0;
  for (int other = 1; other < 3; ++other)
    if (box.to[other] - box.from[other] > box.to[d] - box.from[d]) d = other;
  std::vector<double> work;
  double whole = 0;
  for (int i = box.from[d]; i < box.to[d]; ++i) {
    whole += d == 0 && !grid.weight.empty() ? grid.weight[i] : 1;
    work.push_back(whole);
  }
  const int left = ranks / 2;
  const double target = whole * left / ranks;
  int cut = 0;
  for (int i = 0; i < static_cast<int>(work.size()); ++i)
    if (std::abs(work[i] - target) < std::abs((cut > 0 ? work[cut - 1] : 0) - target)) cut = i + 1;
  Box lower = box, upper = box;
  lower.to[d] = upper.from[d] = box.from[d] + cut;
  bisect(grid, lower, left, parts);
  bisect(grid, upper, ranks - left, parts);
}

/// Builds one rank's part of the grid.
class Part {
 public:
  Part(const Grid& grid, const std::vector<Box>& boxes, int rank) : grid_(grid), own_(boxes[rank]) {
    for (int d = 0; d < 3; ++d) {
      size_[d] = static_cast<int>(grid.edges[d].size()) - 1;
      rim_[d] = own_.to[d] - own_.from[d] + 2;
    }
    for (int r = 0; r < static_cast<int>(boxes.size()); ++r)
      if (r != rank && own_.touches(boxes[r])) near_.push_back({r, boxes[r]});
    local_.assign(static_cast<std::size_t>(std::max(0, rim_[0])) * std::max(0, rim_[1]) * std::max(0, rim_[2]), -1);
    mesh_.dimension = grid.dimension;
    mesh_.axisymmetric = grid.axisymmetric;
    mesh_.footprint = grid.footprint;
  }

  Mesh build() {
    for_own([&](const Index& at) {
      if (add_cell(at)) mesh_.order.push_back(id(at));
    });
    mesh_.owned = static_cast<int>(mesh_.volume.size());
    for_own([&](const Index& at) { add_ghosts(at); });
    for_own([&](const Index& at) { add_faces(at); });
    for_own([&](const Index& at) { add_vertices(at); });
    mesh_.halo = make_halo(crossings_);
    return std::move(mesh_);
  }

 private:
  template <typename Do>
  void for_own(const Do& visit) const {
    for (int k = own_.from[2]; k < own_.to[2]; ++k)
      for (int j = own_.from[1]; j < own_.to[1]; ++j)
        for (int i = own_.from[0]; i < own_.to[0]; ++i) visit({i, j, k});
  }

  bool in_grid(const Index& at) const {
    for (int d = 0; d < 3; ++d)
      if (at[d] < 0 || at[d] >= size_[d]) return false;
    return true;
  }
  std::int64_t id(const Index& at) const {
    return at[0] + std::int64_t(size_[0]) * (at[1] + std::int64_t(size_[1]) * at[2]);
  }
  /// The local number of a cell in the box or on its rim, -1 where there is none.
  int& local(const Index& at) {
    std::size_t at_rim = 0;
    for (int d = 2; d >= 0; --d) at_rim = at_rim * rim_[d] + (at[d] - own_.from[d] + 1);
    return local_[at_rim];
  }

  double width(int d, int i) const { return grid_.edges[d][i + 1] - grid_.edges[d][i]; }
  double middle(int d, int i) const { return (grid_.edges[d][i] + grid_.edges[d][i + 1]) / 2; }
  /// Across the radius a cell is a ring: its cross-section seen along x. [m2]
  double ring(int j) const {
    const double inner = grid_.edges[1][j], outer = grid_.edges[1][j + 1];
    return pi * (outer - inner) * (outer + inner);
  }
  /// Area of the face toward higher d [m2]
  double area(int d, const Index& at) const {
    if (grid_.axisymmetric) return d == 0 ? ring(at[1]) : 2 * pi * grid_.edges[1][at[1] + 1] * width(0, at[0]);
    double product = 1;
    for (int other = 2; other >= 0; --other)
      if (other != d) product *= width(other, at[other]);
    return product;
  }

  bool add_cell(const Index& at) {
    const GridCell cell = grid_.cell(at[0], at[1], at[2]);
    if (!cell.exists) return false;
    local(at) = static_cast<int>(mesh_.volume.size());
    mesh_.volume.push_back(grid_.axisymmetric ? width(0, at[0]) * ring(at[1])
                                              : width(0, at[0]) * width(1, at[1]) * width(2, at[2]));
    mesh_.region.push_back(cell.region);
    mesh_.matrix.push_back(cell.matrix);
    mesh_.wall_normal.push_back(cell.matrix > 0 && cell.matrix < 1 ? wall_normal(at, cell) : std::array<double, 3>{});
    mesh_.xi_from.push_back(cell.xi_from);
    mesh_.xi_to.push_back(cell.xi_to);
    std::array<double, 3> centre{};
    for (int d = 0; d < grid_.dimension; ++d) centre[d] = middle(d, at[d]);
    mesh_.centre.push_back(centre);
    return true;
  }

  /// Across a wall the matrix' share of the cells grows: along its gradient, by differences between neighbours of the
  /// same layer. From one side of a wall to the other it rises by 1; a branch thinner than a cell, which is in a cell
  /// but not beside it, hardly makes it rise and so is hardly a wall.
  std::array<double, 3> wall_normal(const Index& at, const GridCell& cell) const {
    std::array<double, 3> square{};
    double sum = 0, steepest = 0;
    for (int d = 0; d < grid_.dimension; ++d) {
      double rise = 0, run = 0;
      for (int side = 2 * d; side < 2 * d + 2; ++side) {
        const Index other = beside(at, side);
        if (!in_grid(other)) continue;
        const GridCell neighbour = grid_.cell(other[0], other[1], other[2]);
        if (!neighbour.exists || neighbour.region != cell.region) continue;
        rise += (side % 2 == 0 ? -1 : 1) * (neighbour.matrix - cell.matrix);
        run += std::abs(middle(d, other[d]) - middle(d, at[d]));
      }
      if (run > 0) square[d] = rise / run * (rise / run);
      sum += square[d];
      steepest = std::max(steepest, std::abs(rise));
    }
    if (sum > 0)
      for (double& component : square) component *= steepest / sum;
    return square;
  }

  void add_ghosts(const Index& at) {
    if (local(at) < 0) return;
    for (int side = 0; side < 6; ++side) {
      const Index other = beside(at, side);
      if (own_.holds(other) || !in_grid(other)) continue;
      if (local(other) < 0 && !add_cell(other)) continue;
      crossings_.push_back({local(at), local(other), id(at), id(other), owner_of(other)});
    }
  }

  static Index beside(Index at, int side) {
    at[side / 2] += side % 2 == 0 ? -1 : 1;
    return at;
  }

  int owner_of(const Index& at) const {
    for (const auto& [rank, box] : near_)
      if (box.holds(at)) return rank;
    return -1;  // not reached: the boxes fill the grid
  }

  void add_faces(const Index& at) {
    const int P = local(at);
    if (P < 0) return;
    for (int side = 0; side < 2 * grid_.dimension; ++side) {
      const int d = side / 2;
      const Index other = beside(at, side);
      const int N = in_grid(other) ? local(other) : -1;
      const Index& lower = side % 2 == 0 ? other : at;
      const double half = width(d, at[d]) / 2;
      if (N < 0) {
        const Terminal terminal = grid_.terminal(at[0], at[1], at[2], side);
        if (terminal == Terminal::none) continue;
        const double at_wall = side % 2 == 0 && grid_.axisymmetric && d == 1 ? 0 : area(d, at);
        (terminal == Terminal::negative ? mesh_.negative_collector : mesh_.positive_collector)
            .push_back({P, at_wall, half});
      } else if (side % 2 == 1) {
        mesh_.faces.push_back({P, N, area(d, lower), half, width(d, other[d]) / 2});
      } else if (N >= mesh_.owned) {  // the rank below has this face as one toward higher d
        mesh_.faces.push_back({N, P, area(d, lower), width(d, other[d]) / 2, half});
      }
    }
  }

  void add_vertices(const Index& at) {
    if (local(at) < 0) return;
    static constexpr int turn[8][3] = {{0, 0, 0}, {1, 0, 0}, {1, 1, 0}, {0, 1, 0},
                                       {0, 0, 1}, {1, 0, 1}, {1, 1, 1}, {0, 1, 1}};  // VTK's order
    std::vector<int> corners;
    corners.reserve(std::size_t{1} << grid_.dimension);
    for (int c = 0; c < 1 << grid_.dimension; ++c)
      corners.push_back(point({at[0] + turn[c][0], at[1] + turn[c][1], at[2] + turn[c][2]}));
    mesh_.vertices.push_back(std::move(corners));
  }

  int point(const Index& at) {
    const std::int64_t key = at[0] + std::int64_t(size_[0] + 1) * (at[1] + std::int64_t(size_[1] + 1) * at[2]);
    const auto [entry, is_new] = points_.try_emplace(key, static_cast<int>(mesh_.points.size()));
    if (is_new) {
      std::array<double, 3> where{};
      for (int d = 0; d < grid_.dimension; ++d) where[d] = grid_.edges[d][at[d]];
      mesh_.points.push_back(where);
    }
    return entry->second;
  }

  const Grid& grid_;
  Box own_;
  Index size_{}, rim_{};
  std::vector<std::pair<int, Box>> near_;
  std::vector<int> local_;
  std::vector<Crossing> crossings_;
  std::map<std::int64_t, int> points_;
  Mesh mesh_;
};

}  // namespace

Mesh mesh_of(const Grid& grid, const Team& team) {
  Mesh mesh = together(team, [&] {
    Box whole{};
    for (int d = 0; d < 3; ++d) whole.to[d] = static_cast<int>(grid.edges[d].size()) - 1;
    std::vector<Box> boxes;
    bisect(grid, whole, team.size(), boxes);
    return Part(grid, boxes, team.rank()).build();
  });
  number_cells(mesh, team);
  return mesh;
}

}  // namespace porelith
