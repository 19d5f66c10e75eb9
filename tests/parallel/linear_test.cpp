/// Bordered systems on several ranks, skew faces and all, against dense solves of the whole matrix.
#include <cmath>
#include <cstdio>

#include "meshes/gmsh/mesh.hpp"
#include "solver/case_parameters.hpp"
#include "solver/newman/model.hpp"
#include "tests/support/bordered_systems.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/gmsh_boxes.hpp"
#include "tests/support/linearised.hpp"
#include "tests/support/petsc_options.hpp"

using namespace porelith;

namespace {

Mesh boxes(const Cell& cell, Cut cut, const Team& team) {
  BoxMesh block = layered_boxes(cell, 2, 2, equal_edges(60, 2), equal_edges(60, 2));
  block.cut = cut;
  block.shake = 0.2;
  return gmsh_mesh(make_boxes(block), thicknesses_of(cell), {}, team.rank(), team.size());
}

void check(const char* name, const SolverErrors& errors, double most, const Team& team) {
  INFO(name << " on " << team.size() << " ranks");
  if (team.first())
    std::printf("  %-28s on %d ranks: forward %.1e, several %.1e, transposed %.1e in %d, %d iterations\n", name,
                team.size(), errors.newton, errors.plain, errors.transposed, errors.plain_iterations,
                errors.transposed_iterations);
  CHECK(errors.transposed_iterations <= 1.5 * errors.plain_iterations + 6);
  CHECK(errors.newton < most);
  CHECK(errors.plain < most);
  CHECK(errors.transposed < most);
}

/// What the terminals hold fixed.
enum class Driven { voltage, current, power };

BlockSystem assembled(Model& model, Driven held) {
  const Layout& l = model.layout();
  BlockSystem system(model.mesh().with_ghosts(), static_cast<int>(model.mesh().faces.size()));
  const State hat = model.rest({0.6, 0.5});
  State x = uneven_state(model);
  model.condense(2, hat, hat);
  REQUIRE(model.assemble(2, hat, x, system));
  const double V = x[l.voltage], conductance = model.collector_conductance(), factor = held == Driven::power ? V : 1;
  if (held != Driven::voltage)
    for (const Border::Entry& t : model.terminals())
      system.borders[0].row.push_back({t.cell, t.unknown, factor * t.by});
  system.corner[0] = held == Driven::voltage ? 1 : held == Driven::current ? conductance : 2 + V * conductance;
  system.borders[0].residual = held == Driven::voltage ? 0.01 : 1;
  return system;
}

}  // namespace

TEST_CASE("random systems are solved forward and transposed on any number of ranks") {
  const Team team = Team::world();
  const Mesh mesh = boxes(*shipped_case("lgm50_chen2020").cell, Cut::prisms, team);
  for (const char* kind : {"multigrid", "bjacobi"}) {
    const PetscOptionsFor options =
        kind[0] == 'b' ? PetscOptionsFor{{"-newton_pc_type", kind}} : PetscOptionsFor{{"-newton_direct", "false"}};
    for (const int borders : {0, 1, 2, 3}) {
      const auto solver = make_linear_solver(mesh, "petsc", 1000, team, borders);
      BlockSystem system = random_system(mesh, 7, 1000, borders);
      check(kind, solver_errors(*solver, mesh, system, 1000, team), 1e-7, team);
    }
  }
}

TEST_CASE("the cell's equations with skew faces are solved forward and transposed, whatever the terminals hold fixed") {
  const Team team = Team::world();
  const Case c = [] {
    Case sample = shipped_case("lgm50_chen2020");
    sample.mesh.shells = 3;
    return sample;
  }();
  for (const auto& [cut, shape] : {std::pair{Cut::tetrahedra, "tetrahedra"}, {Cut::triangles, "triangles"}})
    for (const auto& [held, what] :
         {std::pair{Driven::voltage, "voltage"}, {Driven::current, "current"}, {Driven::power, "power"}}) {
      Model model = model_of(c, boxes(*c.cell, cut, team), team);
      BlockSystem system = assembled(model, held);
      REQUIRE(system.far != nullptr);
      const double c_e0 = model.electrolyte().c_e0();
      const auto solver = make_linear_solver(model.mesh(), "auto", c_e0, team);
      const std::string name = std::string(shape) + ", " + what + " held";
      check(name.c_str(), solver_errors(*solver, model.mesh(), system, c_e0, team), 1e-6, team);
    }
}
