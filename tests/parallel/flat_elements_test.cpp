/// Linear solves on flat triangles and tetrahedra, which are skew, against those on as many rectangles and boxes.
#include <cmath>
#include <cstdio>
#include <optional>

#include "meshes/gmsh/mesh.hpp"
#include "solver/case_parameters.hpp"
#include "tests/support/bordered_systems.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/gmsh_boxes.hpp"
#include "tests/support/linearised.hpp"
#include "tests/support/petsc_options.hpp"

using namespace porelith;

namespace {

/// A pouch whose foils conduct so well, or none; `box` wide and cut into n x n columns. [S m-1, um]
Model pouch(Cut cut, std::optional<double> foil, double box, int n, const Team& team) {
  Case c = shipped_case("nmc111_pouch");
  c.mesh.shells = 3;
  BoxMesh block = layered_boxes(*c.cell, 3, 2, equal_edges(n * box, n), equal_edges(n * box, n));
  block.cut = cut;
  if (foil) {
    c.geometry.negative_foil = c.geometry.positive_foil = Foil{0, *foil};
    block = pouch_boxes(*c.cell, cut, box, n);
  }
  return model_of(c, gmsh_mesh(make_boxes(block), thicknesses_of(*c.cell), {}, team.rank(), team.size()), team);
}

/// The equations of a step with a current held, out of balance everywhere.
BlockSystem assembled(Model& model) {
  BlockSystem system(model.mesh().with_ghosts(), static_cast<int>(model.mesh().faces.size()));
  const State hat = model.rest({0.6, 0.5});
  State x = uneven_state(model);
  model.condense(2, hat, hat);
  REQUIRE(model.assemble(2, hat, x, system));
  system.borders[0].row = model.terminals();
  system.corner[0] = model.collector_conductance();
  system.borders[0].residual = 1;
  return system;
}

int iterations(Cut cut, std::optional<double> foil, double box, int n, const Team& team) {
  Model model = pouch(cut, foil, box, n, team);
  BlockSystem system = assembled(model);
  const auto solver = make_linear_solver(model.mesh(), "petsc", model.electrolyte().c_e0(), team);
  std::vector<Triple> delta(model.mesh().cells());
  double dV;
  const LinearOutcome outcome = solver->solve(system, delta, dV);
  REQUIRE(outcome.solved);
  return outcome.iterations;
}

}  // namespace

TEST_CASE("flat triangles and tetrahedra take at most three times the iterations of as many rectangles and boxes") {
  const Team team = Team::world();
  struct Try {
    Cut cut, square;
    int n, n_square;  ///< for the same number of cells, to a few in a hundred
  };
  struct Layers {
    std::optional<double> foil;
    double box;
    const char* what;
  };
  for (const bool factored : {false, true}) {
    if (factored && team.size() > 1) continue;
    const PetscOptionsFor options{{"-newton_direct", factored ? "true" : "false"}};
    for (const auto& [cut, square, n, n_square] :
         {Try{Cut::triangles, Cut::quadrilaterals, 24, 48}, Try{Cut::tetrahedra, Cut::hexahedra, 5, 12}})
      for (const auto& [foil, box, what] :
           {Layers{5.96e7, 100, "copper, 20 times as wide as thick"},
            Layers{{}, 1900, "no foils, 100 times as wide as thick"},
            Layers{5.96e7, 20, "copper, 4 times as wide as thick"}, Layers{{}, 20, "no foils, as wide as thick"}}) {
        const int flat = iterations(cut, foil, box, n, team), right = iterations(square, foil, box, n_square, team);
        if (team.first())
          std::printf("  %s, %s, %s on %d ranks: %d iterations, %d of %s\n", factored ? "factor" : "multigrid",
                      cut == Cut::triangles ? "triangles" : "tetrahedra", what, team.size(), flat, right,
                      cut == Cut::triangles ? "rectangles" : "boxes");
        INFO(what);
        CHECK(flat <= 3 * right);
      }
  }
}

TEST_CASE("foils of any conductivity are solved on flat tetrahedra and triangles") {
  const Team team = Team::world();
  const PetscOptionsFor options{{"-newton_direct", "false"}};
  for (const double foil : {1e3, 3e5, 1e6, 3.55e7, 5.96e7})
    for (const auto& [cut, n] : {std::pair{Cut::triangles, 20}, {Cut::tetrahedra, 4}}) {
      const int flat = iterations(cut, foil, 100, n, team);
      if (team.first())
        std::printf("  %s and foils of %.3g S/m on %d ranks: %d iterations\n",
                    cut == Cut::triangles ? "triangles" : "tetrahedra", foil, team.size(), flat);
      CHECK(flat < 60);
    }
}

TEST_CASE("solves on flat tetrahedra and triangles with metal foils are those of the dense matrix") {
  const Team team = Team::world();
  for (const char* direct : {"false", "true"}) {
    if (team.size() > 1 && direct[0] == 't') continue;
    const PetscOptionsFor options{{"-newton_direct", direct}};
    for (const auto& [cut, n] : {std::pair{Cut::triangles, 4}, {Cut::tetrahedra, 1}}) {
      Model model = pouch(cut, 1e6, 100, n, team);
      BlockSystem system = assembled(model);
      const double c_e0 = model.electrolyte().c_e0();
      const auto solver = make_linear_solver(model.mesh(), "petsc", c_e0, team);
      const SolverErrors errors = solver_errors(*solver, model.mesh(), system, c_e0, team);
      if (team.first())
        std::printf("  %s on %d ranks: forward %.1e, several %.1e, transposed %.1e in %d, %d iterations\n",
                    cut == Cut::triangles ? "triangles" : "tetrahedra", team.size(), errors.newton, errors.plain,
                    errors.transposed, errors.plain_iterations, errors.transposed_iterations);
      // Rounding costs as much: diagonals sum what foils pass on and the millionth of it that leaks, and random
      // currents raise their potentials far above what a cell has.
      CHECK(errors.newton < 1e-5);
      CHECK(errors.plain < 1e-4);
      CHECK(errors.transposed < 1e-5);
    }
  }
}

TEST_CASE("the far part's entries are what it adds to a product, on any number of ranks") {
  const Team team = Team::world();
  for (const auto& [cut, n] : {std::pair{Cut::triangles, 6}, {Cut::tetrahedra, 2}}) {
    Model model = pouch(cut, 1e4, 40, n, team);
    BlockSystem system = assembled(model);
    const Mesh& mesh = model.mesh();
    const long last = 3 * team.sum(static_cast<long>(mesh.cells()));
    std::vector<Triple> x(mesh.cells()), y(mesh.cells(), Triple{});
    std::vector<double> whole(last, 0.0);
    for (int P = 0; P < mesh.cells(); ++P)
      for (int q = 0; q < 3; ++q)
        whole[3 * number_of(mesh, P) + q] = x[P][q] = RandomOf(3, number_of(mesh, P), q)(-1, 1);
    team.sum(whole.data(), static_cast<int>(last));
    REQUIRE(system.far != nullptr);
    system.far->add(x, 0, y);
    const FarRows rows = system.far->rows();
    REQUIRE(static_cast<int>(rows.first.size()) == mesh.cells() + 1);
    std::array<double, 3> worst{}, size{};
    for (int P = 0; P < mesh.cells(); ++P) {
      Triple sum{};
      for (std::size_t i = rows.first[P]; i < rows.first[P + 1]; ++i) {
        const double* u = &whole[3 * rows.column[i]];
        const FaceCoupling& f = rows.felt[i];
        for (std::size_t e = 0; e < f.size(); ++e)
          sum[Isothermal::across[e].row] += f[e] * u[Isothermal::across[e].column];
        CHECK((i == rows.first[P] || rows.column[i] > rows.column[i - 1]));
      }
      for (int q = 0; q < 3; ++q) {
        worst[q] = std::max(worst[q], std::abs(sum[q] - y[P][q]));
        size[q] = std::max(size[q], std::abs(y[P][q]));
      }
    }
    team.max(worst.data(), 3);
    team.max(size.data(), 3);
    for (int q = 0; q < 3; ++q) CHECK(worst[q] < 1e-12 * size[q]);
  }
}
