#pragma once
/// The control volumes and faces that the equations are integrated over. One list of faces serves lines, planes, bodies
/// of revolution, boxes and Gmsh files; each rank holds its own cells and a rim of its neighbours'.
#include <array>
#include <cstdint>
#include <vector>

#include "meshes/cells.hpp"

namespace porelith {

/// Between two control volumes; the flux through it counts positive from owner to neighbour. Of the two cells at least
/// one is this rank's own; both ranks that see a face have it the same way round.
struct Face {
  int owner, neighbour;
  double area;         ///< [m2]
  double d_owner;      ///< owner's centre to the face, along its normal [m]
  double d_neighbour;  ///< face to the neighbour's centre  [m]
};

/// How a face sees the centres of its cells where they do not lie opposite each other on its normal: from each centre
/// it is this far, along the face, to the normal through the face's middle.
struct Skew {
  std::array<double, 3> normal;                        ///< from owner to neighbour [1]
  std::array<double, 3> owner_shift, neighbour_shift;  ///< [m]
};

/// Which terminal a side on the outside is; a wall else.
enum class Terminal : std::uint8_t { none, negative, positive };

/// A side of an own cell on the outside of the mesh.
struct Wall {
  int cell;
  std::array<double, 3> normal;  ///< outward [1]
  double distance;               ///< cell centre to the side, along the normal [m]
  Terminal terminal;
};

/// Where electrons enter or leave: against a current collector, or at the end of a tab.
struct CollectorFace {
  int cell;
  double area;      ///< [m2]
  double distance;  ///< cell centre to the face [m]
};

/// Whose cells a rank sees, and who sees its own. Both lists of a pair of ranks are in the same order.
struct Halo {
  struct Neighbour {
    int rank;
    std::vector<int> send;     ///< own cells
    std::vector<int> receive;  ///< ghost cells
  };
  std::vector<Neighbour> neighbours;
};

/// Serial 1D meshes couple neighbours i, i+1 only.
struct Mesh : Cells {
  /// Squares of the components of the normal on the wall of a channel that cuts a cell, times how much of a wall it is,
  /// which is their sum: 1 between channel and matrix, 0 where none cuts; empty where none cuts any [1]
  std::vector<std::array<double, 3>> wall_normal;
  std::vector<Face> faces;
  std::vector<Skew> skew;   ///< one a face; empty where every centre lies on its faces' normals, as in grids
  std::vector<Wall> walls;  ///< of own cells; empty without skew
  std::vector<CollectorFace> negative_collector, positive_collector;
  Halo halo;
};

}  // namespace porelith
