#pragma once
/// A Gmsh file as the mesh of a cell. Its physical names say what is what:
///   volumes (3D) or surfaces (2D): negative, separator, positive; negative_channel, positive_channel (electrolyte
///   only); negative_foil, positive_foil (electrons only)
///   surfaces (3D) or curves (2D): negative_collector, positive_collector, the terminals; all else is a wall
/// The layers are plane and follow each other along x. In 2D z is constant (or y: then z is taken for it); an
/// axisymmetric mesh turns round the line y = 0. The electrodes may be of unequal width.
#include "meshes/gmsh/roles.hpp"
#include "meshes/layers.hpp"
#include "meshes/mesh.hpp"
#include "solver/base/team.hpp"

namespace porelith {

struct GmshOptions {
  double unit = 1e-6;  ///< of the file's coordinates [m]
  bool axisymmetric = false;
  int dimension = 0;     ///< that the file must have; 0: any
  GmshNames names = {};  ///< where the file's groups are not called as the parts of the cell
  int split = 0;         ///< how often the elements are halved along every direction
};

/// This rank's part of the file's mesh: recursive coordinate bisection, a rim of ghosts. Every rank reads and judges
/// the whole file, which while it lasts takes some 450 bytes a tetrahedron and 900 a hexahedron; what stays is its
/// part. Collective: all ranks get their mesh or all throw.
/// @throws CaseError for what is wrong with the file, its names, its layers (against those `wanted`) or its
/// elements
Mesh gmsh_mesh(const std::string& path, const LayerThicknesses& wanted, const GmshOptions& options,
               const Team& team = Team::alone());

/// The same from a file in memory; not collective.
Mesh gmsh_mesh(GmshFile file, const LayerThicknesses& wanted, const GmshOptions& options, int rank = 0, int ranks = 1);

}  // namespace porelith
