/// The solvers over a cell's description with a fourth unknown against dense solves: chain, factor, multigrid and what
/// PETSc offers, forward, transposed, several right-hand sides, no border to three, on any number of ranks.
#include "tests/support/four_unknowns.hpp"

#include <cstdio>

#include "meshes/gmsh/mesh.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/gmsh_boxes.hpp"
#include "tests/support/petsc_options.hpp"

using namespace porelith;

namespace {

void check(const char* what, const Mesh& mesh, const char* kind, double most, const Team& team) {
  for (const int borders : {0, 1, 2, 3}) {
    const SolverErrors errors = errors_of_four(mesh, kind, 7 + borders, 1000, borders, team);
    if (team.first())
      std::printf("  %-12s %d borders on %d ranks: forward %.1e, several %.1e, transposed %.1e in %d, %d iterations\n",
                  what, borders, team.size(), errors.newton, errors.plain, errors.transposed, errors.plain_iterations,
                  errors.transposed_iterations);
    INFO(what << ", " << borders << " borders");
    CHECK(errors.newton < most);
    CHECK(errors.plain < most);
    CHECK(errors.transposed < most);
  }
}

}  // namespace

TEST_CASE("systems of four unknowns a cell are solved forward and transposed on any number of ranks") {
  const Team team = Team::world();
  const Cell cell = *shipped_case("lgm50_chen2020").cell;
  BoxMesh block = layered_boxes(cell, 2, 2, equal_edges(60, 2), equal_edges(60, 2));
  block.cut = Cut::prisms;
  block.shake = 0.2;
  const Mesh mesh = gmsh_mesh(make_boxes(block), thicknesses_of(cell), {}, team.rank(), team.size());
  for (const char* type : {"multigrid", "bjacobi", "factor"}) {
    if (type[0] == 'f' && team.size() > 1) continue;
    const PetscOptionsFor options = type[0] == 'b'
                                        ? PetscOptionsFor{{"-newton_pc_type", type}}
                                        : PetscOptionsFor{{"-newton_direct", type[0] == 'f' ? "true" : "false"}};
    check(type, mesh, "petsc", 1e-7, team);
  }
}

TEST_CASE("a chain of cells with four unknowns is eliminated forward and transposed") {
  if (Team::world().size() > 1) return;
  Mesh line;
  for (int P = 0; P < 11; ++P) {
    line.volume.push_back(1);
    line.region.push_back(Region::negative);
    line.centre.push_back({P + 0.5, 0, 0});
    if (P > 0) line.faces.push_back({P - 1, P, 1, 0.5, 0.5});
  }
  check("chain", line, "chain", 1e-10, Team::alone());
}
