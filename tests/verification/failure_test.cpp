/// A solve that gives up says when, where, in which field, and what was tried.
#include "solver/linear/linear_solver.hpp"
#include "solver/simulation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/layered.hpp"
#include "tests/support/petsc_options.hpp"
#include "tests/support/sample_cells.hpp"

using namespace porelith;

namespace {

std::string status_of(const Case& c) { return simulate(c).status; }

}  // namespace

TEST_CASE("Newton's failure names step, time, field, cell and iterations") {
  Case c = shipped_case("lgm50_chen2020");
  c.solver.fixed_step = 3000;
  c.protocol = {at_rate(*c.cell, 3)};
  const std::string status = status_of(c);
  INFO(status);
  CHECK(status.find("failed: step 1 (discharge at 3C): the fixed time step of 3e+03 s from t = 0 s failed: ") == 0);
  CHECK_THAT(status, says("Newton did not converge in 12 iterations: "));
  CHECK_THAT(status, says("in cell ") && says("electrode, x = ") && says(" um) still moves by "));
}

TEST_CASE("a transport law that fails is told with its value, concentration and place") {
  Case c = shipped_case("lgm50_chen2020");
  c.cell->electrolyte.D_e = Function::expression("3e-10*(1.2 - x/1000)");
  c.protocol = {at_rate(*c.cell, 2)};
  const std::string status = status_of(c);
  INFO(status);
  CHECK_THAT(status, says("no time step from t = ") && says(" s succeeded, however short, down to 1e-10 s") &&
                         says("the electrolyte's diffusivity law gives 0 m2/s at c_e = 1200 mol/m3 in cell ") &&
                         says("electrode, x = "));
}

TEST_CASE("a solid diffusivity that is not positive is told with its material, value, stoichiometry and place") {
  Case c = shipped_case("lgm50_chen2020");
  c.cell->negative.materials[0].name = "Graphite";
  c.cell->negative.materials[0].D_s = Function::table({0, 0.9, 0.92, 1}, {3.3e-14, 3.3e-14, -1e-14, -3e-14});
  c.initial.soc = 0.5;
  c.protocol = {at_rate(*c.cell, -1), hold_at(4.2, 0.1)};
  const std::string status = status_of(c);
  INFO(status);
  CHECK_THAT(status, says("no time step from t = ") && says("D_s of Graphite in the negative electrode is -") &&
                         says(" m2/s at stoichiometry ") && says(" in cell ") && says("electrode, x = "));
}

TEST_CASE("a Krylov solver that needs more iterations is not called a singular system") {
  const PetscOptionsFor options{
      {"-newton_ksp_type", "gmres"}, {"-newton_pc_type", "none"}, {"-newton_ksp_max_it", "3"}};
  Case c = shipped_case("lgm50_chen2020");
  c.solver.linear = "petsc";
  c.protocol = {at_rate(*c.cell, 1)};
  const std::string status = status_of(c);
  INFO(status);
  CHECK_THAT(status, says("the linear solve did not converge in 3 iterations"));
  CHECK(status.find("singular") == std::string::npos);
}

TEST_CASE("a singular system is called one, by elimination and by PETSc") {
  const Case c = shipped_case("lgm50_chen2020");
  const Mesh mesh = layered_mesh(*c.cell, c.mesh);
  for (const char* kind : {"chain", "petsc"}) {
    BlockSystem zero(mesh.cells(), static_cast<int>(mesh.faces.size()));
    std::vector<Triple> x(mesh.cells());
    double dV = 0;
    const auto solver = make_linear_solver(mesh, kind);
    INFO(kind);
    const LinearOutcome outcome = solver->solve(zero, x, dV);
    CHECK_FALSE(outcome.solved);
    CHECK(outcome.trouble == "the linear system is singular");
  }
}
