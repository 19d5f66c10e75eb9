#pragma once
/// The control volumes and faces that the equations are integrated over. One list of faces serves 1D, 2D and 3D.
#include <array>
#include <cstdint>
#include <vector>

namespace porelith {

enum class Region : std::uint8_t { negative, separator, positive };

/// Between two control volumes; the flux through it counts positive from owner to neighbour.
struct Face {
  int owner, neighbour;
  double area;         ///< [m2]
  double d_owner;      ///< owner's centre to the face      [m]
  double d_neighbour;  ///< face to the neighbour's centre  [m]
};

/// Against a current collector.
struct CollectorFace {
  int cell;
  double area;      ///< [m2]
  double distance;  ///< cell centre to the face [m]
};

/// SI, owned cells only. Cells are numbered so that 1D meshes couple neighbours i, i+1 only.
struct Mesh {
  int dimension = 1;
  double footprint = 1;        ///< electrode area that the mesh stands for [m2]
  std::vector<double> volume;  ///< [m3]
  std::vector<Region> region;
  std::vector<std::array<double, 3>> centre;  ///< [m], x from the negative collector
  std::vector<double> xi_from, xi_to;  ///< the slice of the layer's depth a cell covers: 0 collector, 1 separator
  std::vector<Face> faces;
  std::vector<CollectorFace> negative_collector, positive_collector;

  std::vector<std::array<double, 3>> points;  ///< vertices [m]
  std::vector<std::vector<int>> vertices;  ///< of each cell: 2 (line), 4 (quadrilateral), 8 (hexahedron), VTK's order

  int cells() const { return static_cast<int>(volume.size()); }
};

}  // namespace porelith
