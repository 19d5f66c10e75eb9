#include "postprocess/mesh_view.hpp"

#include <filesystem>

#include "postprocess/vtk_grid.hpp"
#include "solver/base/together.hpp"
#include "solver/base/whole_file.hpp"

namespace porelith {

std::string write_mesh_view(const Cells& mesh, const std::vector<double>& porosity, const Quality& quality,
                            const std::string& folder, const Team& team) {
  const std::string stem = (std::filesystem::path(folder) / "mesh").string();
  together(team, [&] { make_folder(folder); });
  vtkNew<vtkUnstructuredGrid> grid;
  together(team, [&] { grid->ShallowCopy(vtk_grid_of(mesh, team)); });
  std::vector<double> xi, volume;
  for (int P = 0; P < mesh.cells(); ++P) {
    xi.push_back((mesh.xi_from[P] + mesh.xi_to[P]) / 2);
    volume.push_back(mesh.volume[P]);
  }
  together(team, [&] {
    set_cell_array(grid, "porosity", "1", porosity);
    set_cell_array(grid, "xi", "1", xi);
    set_cell_array(grid, "volume", "m3", volume);
    set_cell_array(grid, "aspect_ratio", "1", quality.aspect);
    set_cell_array(grid, "neighbour_ratio", "1", quality.growth);
    GridWriter(grid, team).write(stem);
  });
  return grid_file(stem, team);
}

}  // namespace porelith
