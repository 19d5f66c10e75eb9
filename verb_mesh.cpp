/// `mesh CASE`: what would be solved, as a table and for ParaView.
#include <fmt/format.h>

#include "mesh_page.hpp"
#include "meshes/case_mesh.hpp"
#include "meshes/quality.hpp"
#include "postprocess/mesh_view.hpp"
#include "solver/base/error.hpp"
#include "solver/base/together.hpp"
#include "solver/case/reader.hpp"
#include "solver/simulation.hpp"
#include "verb_tools.hpp"
#include "verbs.hpp"

namespace porelith {
namespace {

/// Of each owned cell, channel included; foils have no pores.
std::vector<double> porosity_of(const Cell& cell, const Mesh& mesh) {
  std::vector<double> porosity;
  for (int P = 0; P < mesh.cells(); ++P) {
    const Region region = mesh.region[P];
    if (is_electrode(region)) {
      const Electrode& electrode = region == Region::negative ? cell.negative : cell.positive;
      const double matrix = mesh.matrix_of(P);
      porosity.push_back(1 - matrix + matrix * electrode.eps(mesh.xi_from[P], mesh.xi_to[P]));
    } else {
      porosity.push_back(is_foil(region) ? 0 : cell.separator.porosity);
    }
  }
  return porosity;
}

}  // namespace

int mesh(const CommandLine& line) {
  const Team team = Team::world();
  const Case input = together(team, [&] { return read_case(line.case_path, line.set); });
  const Mesh built = mesh_of(input, team);
  const std::string page = mesh_page(input, summary_of(built, team), unsolvable(input, built, team));
  if (team.first()) tell(stdout, "{}\n\n{}", input.title, page);
  const std::string folder = line.out.empty() ? default_folder(input) : line.out;
  const std::string file = write_mesh_view(built, porosity_of(input.cell, built), folder, team);
  if (team.first()) tell(stdout, "\n{}\n", file);
  return exit_ok;
}

}  // namespace porelith
