/// `mesh CASE`: what would be solved, as a table and for ParaView.
#include <memory>

#include "meshes/quality.hpp"
#include "postprocess/mesh_view.hpp"
#include "program/case_of.hpp"
#include "program/mesh_page.hpp"
#include "program/verbs.hpp"
#include "solver/base/error.hpp"
#include "solver/base/tell.hpp"
#include "solver/base/together.hpp"
#include "solver/case/reader.hpp"
#include "solver/case_mesh.hpp"
#include "solver/case_parameters.hpp"
#include "solver/simulation.hpp"

namespace porelith {
namespace {

/// Of each owned cell, channel included; foils have no pores.
std::vector<double> porosity_of(const Case& input, const Mesh& mesh) {
  std::vector<double> porosity = medium_of(input, mesh).eps;
  porosity.resize(mesh.cells());
  return porosity;
}

struct MeshLine {
  CaseLine given;
  std::string out;  ///< folder of mesh.vtu; "" = results/<name of the case>
};

int mesh(const MeshLine& line) {
  const Team team = Team::world();
  const Case input = together(team, [&] { return read_case(line.given.path, line.given.set); });
  const Mesh built = mesh_of(input, team);
  const std::string page = mesh_page(input, summary_of(built, team), unsolvable(built, team));
  if (team.first()) tell(stdout, "{}\n\n{}", input.title, page);
  const std::string folder = line.out.empty() ? default_folder(input) : line.out;
  const std::string file = write_mesh_view(built, porosity_of(input, built), quality_of(built), folder, team);
  if (team.first()) tell(stdout, "\n{}\n", file);
  return exit_ok;
}

}  // namespace

void declare_mesh(Verb& verb) {
  auto line = std::make_shared<MeshLine>();
  line->given.declare_on(verb);
  verb.option("--out", line->out, "folder for mesh.vtu; results/<name of the case> if not given");
  verb.does(WorkOf::all_ranks, [line] { return mesh(*line); });
}

}  // namespace porelith
