#pragma once
/// What a mesh is like: cells by layer, channels as they are meshed, sizes, and how smoothly these change.
#include <vector>

#include "meshes/cells.hpp"
#include "solver/base/team.hpp"

namespace porelith {

struct Mesh;

/// One value an owned cell.
struct Quality {
  std::vector<double> aspect;  ///< longest over shortest edge [1]
  std::vector<double> growth;  ///< worst ratio of the distances to a face shared with a cell of the porous layers [1]
};

Quality quality_of(const Mesh& mesh);

struct MeshSummary {
  struct Layer {
    Region region;
    long cells = 0;
    double volume = 0;   ///< [m3]; per metre where a direction is not there
    double channel = 0;  ///< part of the volume [1]
  };
  std::vector<Layer> layers;  ///< those that there are, from the negative foil on
  long cells = 0;
  long cut = 0;                                ///< cells that a wall of a channel runs through
  double shortest_edge = 0, longest_edge = 0;  ///< [m]
  double worst_aspect = 1, worst_growth = 1;   ///< the latter in porous layers [1]
  double footprint = 1;                        ///< what both electrodes cover [m2]; per metre as the volumes
};

/// How far the line between two centres is from square to their face, at most, as a tangent; 0 of grids. Collective.
double most_skew(const Mesh& mesh, const Team& team);
/// More skew than this [1] is of tetrahedra, triangles and pyramids: upright prisms on right triangles have half.
constexpr double mild_skew = 0.6;

bool has_foils(const Cells& mesh, const Team& team);

/// Of the whole mesh, on every rank. Collective.
MeshSummary summary_of(const Mesh& mesh, const Team& team = Team::alone());

}  // namespace porelith
