#include "solver/linear/linear_solver.hpp"

#include "solver/base/constants.hpp"
#include "solver/linear/chain_solver_definitions.hpp"

namespace porelith {

bool is_chain(const Mesh& mesh) {
  if (!mesh.skew.empty()) return false;  // a skew face feels cells beyond its own two
  if (mesh.with_ghosts() != mesh.cells() || static_cast<int>(mesh.faces.size()) != mesh.cells() - 1) return false;
  for (std::size_t k = 0; k < mesh.faces.size(); ++k)
    if (mesh.faces[k].owner != static_cast<int>(k) || mesh.faces[k].neighbour != static_cast<int>(k) + 1) return false;
  return true;
}

bool takes_petsc(const Mesh& mesh, const std::string& kind, const Team& team) {
  return kind == "petsc" || (kind != "chain" && !(team.size() == 1 && is_chain(mesh)));
}

std::unique_ptr<LinearSolver> make_linear_solver(const Mesh& mesh, const std::string& kind, double c_e0,
                                                 const Team& team, int borders) {
  return make_linear_solver_of<Isothermal>(mesh, kind, {{c_e0, 1, 1}, {faraday, 1, 1}}, team, borders);
}

}  // namespace porelith
