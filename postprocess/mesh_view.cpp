#include "postprocess/mesh_view.hpp"

#include "meshes/quality.hpp"
#include "postprocess/vtk_grid.hpp"
#include "solver/base/whole_file.hpp"

namespace porelith {

void write_mesh_view(const Mesh& mesh, const std::vector<double>& porosity, const std::string& file) {
  const auto grid = vtk_grid_of(mesh);
  const Quality quality = quality_of(mesh);
  std::vector<double> matrix, xi, volume;
  for (int P = 0; P < mesh.cells(); ++P) {
    matrix.push_back(mesh.matrix_of(P));
    xi.push_back((mesh.xi_from[P] + mesh.xi_to[P]) / 2);
    volume.push_back(mesh.volume[P]);
  }
  set_cell_array(grid, "matrix", "1", matrix);
  set_cell_array(grid, "porosity", "1", porosity);
  set_cell_array(grid, "xi", "1", xi);
  set_cell_array(grid, "volume", "m3", volume);
  set_cell_array(grid, "aspect_ratio", "1", quality.aspect);
  set_cell_array(grid, "neighbour_ratio", "1", quality.growth);
  write_whole_file(file, vtu_text(grid));
}

}  // namespace porelith
