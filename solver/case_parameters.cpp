#include "solver/case_parameters.hpp"

#include <algorithm>
#include <cmath>

#include "solver/base/error.hpp"
#include "solver/base/together.hpp"
#include "solver/case_mesh.hpp"
#include "solver/cell/cell.hpp"
#include "solver/laws/registry.hpp"
#include "solver/newman/mixing.hpp"

namespace porelith {

namespace {

/// Shells as the case has them, else as the law asks for: the outermost knows the diffusion layer of 10 ms after a jump
/// of current, but where D_s varies the inner ones must not be too coarse.
ShellGeometry shells_of(const MeshOptions& options, const MaterialAt& law) {
  constexpr double steep_shells = 300, gentle_shells = 40;  // thickness of the innermost over the outermost [1]
  // No shell is more than so many times as thick as the next: few shells would know the outermost layer and nothing
  // else. 15 shells reach the whole grading. [1]
  constexpr double steepest_growth = 1.503;
  const double by_default = law.constant_diffusivity()
                                ? std::min(steep_shells, std::pow(steepest_growth, options.shells - 1))
                                : gentle_shells;
  return {options.shells, options.shell_grading > 0 ? options.shell_grading : by_default};
}

/// Where a cell is across the layers; in one dimension there is nowhere else.
double across(const Mesh& mesh, int P) { return mesh.dimension == 1 ? 0 : mesh.centre[P][1]; }

BedParameters bed_of(const Case& input, const Mesh& mesh, Side side, std::size_t m) {
  const Electrode& electrode = electrode_of(*input.cell, side);
  const Region region = region_of(side);
  const ActiveMaterial& material = electrode.materials[m];
  const MaterialAt law = MaterialLaw(material, input.cell->T_ref).at(input.temperature);
  BedParameters bed{region,
                    m,
                    material.name,
                    {},
                    {},
                    {},
                    {},
                    material.sto_min,
                    material.sto_max,
                    law,
                    &kinetics_called(electrode.kinetics),
                    electrode.transfer_coefficient,
                    shells_of(input.mesh, law)};
  for (int P = 0; P < mesh.cells(); ++P) {
    const double matrix = mesh.region[P] == region ? matrix_part(mesh, P) : 0;
    if (matrix == 0) continue;
    bed.cells.push_back(P);
    const double eps = electrode.eps(mesh.xi_from[P], mesh.xi_to[P], across(mesh, P));
    bed.eps_s.push_back(matrix * electrode.eps_s_with(eps, m, mesh.xi_from[P], mesh.xi_to[P]));
    bed.R.push_back(material.R->mean(mesh.xi_from[P], mesh.xi_to[P]));
    bed.a.push_back(3 * bed.eps_s.back() / bed.R.back());
  }
  return bed;
}

}  // namespace

Medium medium_of(const Case& input, const Mesh& mesh) {
  const Cell& cell = *input.cell;
  Medium medium;
  for (int P = 0; P < mesh.with_ghosts(); ++P) {
    const double from = mesh.xi_from[P], to = mesh.xi_to[P];
    double eps = 0, B = 0, sigma = 0;
    if (mesh.region[P] == Region::separator) {
      eps = cell.separator.porosity;
      B = cell.separator.transport_efficiency;
    } else if (is_electrode(mesh.region[P])) {
      const Electrode& electrode = electrode_of(cell, side_of(mesh.region[P]));
      const double matrix = matrix_part(mesh, P);
      const double of_matrix = electrode.eps(from, to, across(mesh, P));
      eps = side_by_side(matrix, of_matrix);
      B = side_by_side(matrix, electrode.B_with(of_matrix, from, to));
      sigma = matrix * electrode.sigma_with(of_matrix, from, to);
    } else {
      const Geometry& geometry = input.geometry;
      const auto& foil = is_positive_side(mesh.region[P]) ? geometry.positive_foil : geometry.negative_foil;
      if (!foil) throw CaseError({{{input.file, 0, 0}, "the mesh has a foil that the case says nothing of"}});
      sigma = foil->conductivity;
    }
    medium.eps.push_back(eps);
    medium.B.push_back(B);
    medium.sigma.push_back(sigma);
  }
  return medium;
}

Parameters parameters_of(const Case& input, const Mesh& mesh) {
  Parameters parameters{medium_of(input, mesh),
                        ElectrolyteLaw(input.cell->electrolyte, input.cell->T_ref).at(input.temperature),
                        {},
                        input.temperature,
                        input.cell->area};
  for (Side side : both_sides)
    for (std::size_t m = 0; m < electrode_of(*input.cell, side).materials.size(); ++m)
      parameters.beds.push_back(bed_of(input, mesh, side, m));
  return parameters;
}

Model model_of(const Case& input, Mesh mesh, const Team& team, std::vector<FurtherField> further) {
  Parameters parameters = together(team, [&] { return parameters_of(input, mesh); });
  parameters.further = std::move(further);
  return {std::move(parameters), std::move(mesh), team};
}

}  // namespace porelith
