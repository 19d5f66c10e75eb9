#include "meshes/case_mesh.hpp"

#include "meshes/gmsh/mesh.hpp"
#include "meshes/unit_cell.hpp"
#include "solver/base/together.hpp"

namespace porelith {

Mesh mesh_of(const Case& input, const Team& team) {
  if (input.mesh.file.empty()) return mesh_of(together(team, [&] { return grid_of(input); }), team);
  const GmshOptions options{input.mesh.file_unit(), input.geometry.axisymmetric, input.geometry.dimension,
                            input.mesh.names.by_part(), input.mesh.split};
  return gmsh_mesh(input.mesh.file, input.cell, options, team);
}

}  // namespace porelith
