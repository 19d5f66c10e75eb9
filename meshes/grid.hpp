#pragma once
/// A grid of boxes (or rings), described, not built: each rank makes its own part of it. Channels, tabs and whatever
/// else cuts through are told cell by cell.
#include <functional>
#include <vector>

#include "meshes/mesh.hpp"
#include "solver/base/team.hpp"

namespace porelith {

/// What stands in one box of the grid.
struct GridCell {
  bool exists = true;
  Region region = Region::separator;
  double xi_from = 0, xi_to = 1;  ///< slice of the layer's depth: 0 collector, 1 separator
  double matrix = 1;              ///< fraction of its volume that is not channel
};

/// Cheap to hold and to copy: O(edges), whatever the number of cells. Callbacks are pure: every rank gets the same.
struct Grid {
  int dimension = 1;                         ///< 1, 2, 3; 2 where axisymmetric
  bool axisymmetric = false;                 ///< the second direction is the radius, from 0
  std::array<std::vector<double>, 3> edges;  ///< [m]; x through the cell; {0, 1} in directions that are not there
  double footprint = 1;                      ///< electrode area that the grid stands for [m2]
  std::function<GridCell(int i, int j, int k)> cell;
  /// Terminal on a side of an existing cell that has no neighbour there; side 0..5 = -x, +x, -y, +y, -z, +z
  std::function<Terminal(int i, int j, int k, int side)> terminal;
  std::vector<double> weight;  ///< work of a cell in each slice along x, for the partition; empty: all the same
};

/// This rank's part of the grid: the box that recursive bisection gives it, numbered x fastest, and a rim of ghosts.
/// Collective over `team`; the same grid and number of ranks give the same parts.
Mesh mesh_of(const Grid& grid, const Team& team = Team::alone());

}  // namespace porelith
