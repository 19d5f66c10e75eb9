/// A thermodynamic factor that varies with c_e (L2b): no current where there must be none, order 2, exact derivatives.
#include <cmath>
#include <cstdio>

#include "meshes/gmsh/mesh.hpp"
#include "solver/base/constants.hpp"
#include "solver/case_mesh.hpp"
#include "solver/case_parameters.hpp"
#include "solver/simulation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/gmsh_boxes.hpp"
#include "tests/support/layered.hpp"
#include "tests/support/linearised.hpp"
#include "tests/support/manufactured.hpp"
#include "tests/support/sample_cells.hpp"

using namespace porelith;

namespace {

/// chi = chi_0 (0.8 + 3e-4 c_e + 4e-7 c_e^2), c_e in mol/m3: four times as much at 3 mol/L as in a thin solution.
Case sample() {
  Case c = shipped_case("lgm50_chen2020");
  c.cell->electrolyte.thermodynamic_factor = Function::expression("0.8 + 3e-4*x + 4e-7*x**2");
  return c;
}

double X_of(const Case& c, double c_e) {
  const double chi_0 = 2 * (1 - c.cell->electrolyte.t_plus) * thermal_voltage(c.temperature);
  return chi_0 * (0.8 * std::log(c_e) + 3e-4 * c_e + 2e-7 * c_e * c_e);
}

Mesh tetrahedra(const Case& c) {
  BoxMesh block = layered_boxes(*c.cell, 3, 2, equal_edges(60, 3), equal_edges(60, 3));
  block.cut = Cut::tetrahedra;
  block.shake = 0.2;
  return gmsh_mesh(make_boxes(block), thicknesses_of(*c.cell), {});
}

}  // namespace

TEST_CASE("where phi_e is the integral of chi over ln c_e no current flows, whatever the salt") {
  Case c = sample();
  set_mesh(c, 10, 6, 6);
  const Model model = model_of(c, layered_mesh(*c.cell, c.mesh));
  const Layout& l = model.layout();
  State x = model.rest({0.6, 0.5});
  const auto currents = [&] {
    double worst = 0;
    for (const Triple& residual : model.linearise(1, x, x).system.residual)
      worst = std::max(worst, std::abs(residual[1]));
    return worst;
  };
  for (int P = 0; P < l.cells; ++P) {
    x[l.c_e + P] = 1000 * std::exp(1.2 * std::sin(0.4 * P));  // 300 to 3300 mol/m3
    x[l.phi_e + P] = -0.2 + X_of(c, x[l.c_e + P]);
  }
  const double balanced = currents();
  for (int P = 0; P < l.cells; ++P) x[l.phi_e + P] = -0.2 + X_of(c, 1000);
  CHECK(balanced < 1e-9 * currents());
}

TEST_CASE("with a chi that varies the discrete solution comes to the exact one with order 2") {
  FieldErrors before{};
  for (const int n : {10, 20, 40}) {
    Case c = sample();
    c.geometry.dimension = 2;
    c.geometry.width = c.geometry.height = 120e-6;
    set_mesh(c, n, n, 4);
    c.mesh.width = n;
    const Grid grid = grid_of(c);
    const auto X = [&](double c_e) { return X_of(c, c_e); };
    const FieldErrors now = smooth_errors(c, mesh_of(grid), grid.edges[1].back(), X);
    std::printf("  %2d cells: c_e %.2e mol/m3, phi_e %.2e V", n, now.c_e, now.phi_e);
    if (n > 10)
      std::printf("; orders %.2f, %.2f", std::log2(before.c_e / now.c_e), std::log2(before.phi_e / now.phi_e));
    std::printf("\n");
    if (n == 40) {
      CHECK(std::log2(before.c_e / now.c_e) == Approx(2).margin(0.05));
      CHECK(std::log2(before.phi_e / now.phi_e) == Approx(2).margin(0.05));
    }
    before = now;
  }
}

TEST_CASE("with a chi that varies derivatives are those of the residual, on grids and on skew faces") {
  Case c = sample();
  set_mesh(c, 5, 3, 6);
  for (const bool skew : {false, true}) {
    const Model model = model_of(c, skew ? tetrahedra(c) : layered_mesh(*c.cell, c.mesh, {3}));
    CHECK(skew == !model.mesh().skew.empty());
    const State x = uneven_state(model);
    State hat = x;
    for (double& value : hat) value *= 0.999;
    const double worst = derivative_error(model, 10, hat, x, 7);
    std::printf("  %s: largest deviation from central differences %.1e\n", skew ? "tetrahedra" : "grid", worst);
    CHECK(worst < 1e-6);
  }
}

TEST_CASE("a thermodynamic factor that is 1 everywhere gives the run of one that is a number") {
  const auto end = [](const Function& factor) {
    Case c = shipped_case("lgm50_chen2020");
    set_mesh(c, 8, 5, 8);
    c.cell->electrolyte.thermodynamic_factor = factor;
    c.protocol = {at_rate(*c.cell, 2)};
    return simulate(c);
  };
  const auto number = end(1.0), law = end(Function::expression("1 + 0*x + 1e-300*x"));
  CHECK(law.counts.steps == number.counts.steps);
  CHECK(std::abs(law.curve.back().charge() - number.curve.back().charge()) < 1e-9 * number.curve.back().charge());
}
