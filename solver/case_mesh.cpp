#include "solver/case_mesh.hpp"

#include <stdexcept>

#include "meshes/gmsh/mesh.hpp"
#include "meshes/unit_cell.hpp"
#include "solver/base/error.hpp"
#include "solver/base/together.hpp"
#include "solver/cell/cell.hpp"

namespace porelith {

LayerSpecs layer_specs_of(const Cell& cell, const MeshOptions& options) {
  constexpr double particle = 0.05;  // work of a shell over that of a cell's own unknowns; an estimate
  const auto electrode = [&](const Electrode& e, const CellCounts& cells) {
    return LayerSpec{e.thickness, cells, options.grading, cells.pieces.empty() ? e.jumps() : e.borders(),
                     1 + particle * static_cast<double>(e.materials.size()) * options.shells};
  };
  return {electrode(cell.negative, options.negative),
          {cell.separator.thickness, options.separator},
          electrode(cell.positive, options.positive)};
}

LayerThicknesses thicknesses_of(const Cell& cell) {
  return {cell.negative.thickness, cell.separator.thickness, cell.positive.thickness};
}

Grid grid_of(const Case& input) {
  try {
    return grid_of(input.geometry, layer_specs_of(*input.cell, input.mesh), input.mesh.width, input.mesh.height);
  } catch (const std::invalid_argument& error) {  // a list of counts that does not fit the geometry
    throw CaseError({{{input.file, 0, 0}, error.what()}});
  }
}

Mesh mesh_of(const Case& input, const Team& team) {
  if (input.mesh.file.empty()) return mesh_of(together(team, [&] { return grid_of(input); }), team);
  const GmshOptions options{input.mesh.file_unit(), input.geometry.axisymmetric, input.geometry.dimension,
                            input.mesh.names.by_part(), input.mesh.split};
  return gmsh_mesh(input.mesh.file, thicknesses_of(*input.cell), options, team);
}

}  // namespace porelith
