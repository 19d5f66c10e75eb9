#pragma once
/// The layers of a cell as a Gmsh mesh has them.
#include "meshes/gmsh/faces.hpp"
#include "meshes/layers.hpp"

namespace porelith {

/// From where to where along x each of negative electrode, separator, positive electrode reaches; by Region. [m]
struct GmshLayers {
  std::array<double, 3> from, to;

  double thickness(Region layer) const { return to[static_cast<int>(layer)] - from[static_cast<int>(layer)]; }
  /// Depth of x in an electrode, 0 at the collector, 1 at the separator, cut to that; in the separator along x. [1]
  double depth(Region layer, double x) const;
};

/// @param file with points in metres
GmshLayers layers_of(const GmshFile& file, const GmshCells& cells);

/// @throws CaseError if the layers do not follow each other along x, are not plane and parallel, or are not as thick as
/// `wanted`
void check_layers(const GmshFile& file, const GmshCells& cells, const GmshFaces& faces, const GmshLayers& layers,
                  const LayerThicknesses& wanted);

}  // namespace porelith
