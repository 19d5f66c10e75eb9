#include "meshes/case_mesh.hpp"

#include "meshes/unit_cell.hpp"

namespace porelith {

Mesh mesh_of(const Case& input, const Team& team) { return mesh_of(grid_of(input), team); }

}  // namespace porelith
