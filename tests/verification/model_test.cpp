/// The assembled equations against finite differences, a manufactured solution, and each other on other meshes.
#include "solver/newman/model.hpp"

#include <cmath>
#include <cstdio>

#include "solver/base/constants.hpp"
#include "solver/case_parameters.hpp"
#include "solver/march/stepper.hpp"
#include "solver/simulation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/layered.hpp"
#include "tests/support/sample_cells.hpp"

using namespace porelith;

namespace {

/// A state with everything out of balance, the same every time.
State uneven(const Model& model) {
  const std::vector<double> sto{0.6, 0.5};
  State x = model.rest(sto);
  const Layout& l = model.layout();
  for (int P = 0; P < l.cells; ++P) {
    x[l.c_e + P] *= 1 + 0.3 * std::sin(1.0 + P);
    x[l.phi_e + P] += 0.02 * std::sin(2.0 + 1.7 * P);
    if (model.mesh().region[P] != Region::separator) x[l.phi_s + P] += 0.015 * std::cos(3.0 + 0.9 * P);
  }
  return x;
}

}  // namespace

TEST_CASE("the Jacobian is the derivative of the residual") {
  for (const char* cell : {"lgm50_chen2020", "kokam_ecker2015"}) {
    Case c = shipped_case(cell);
    set_mesh(c, 4, 3, 6);
    Model model = model_of(c, layered_mesh(*c.cell, c.mesh));
    const Layout& l = model.layout();
    const double gamma = 3;
    const State base = uneven(model), hat = model.rest({0.6, 0.5});
    model.condense(gamma, hat, hat);

    // The residual with the kinetics solved: fluxes iterated to their root at fixed fields.
    const auto residual = [&](State x) {
      BlockSystem system(l.cells, static_cast<int>(model.mesh().faces.size()));
      for (int i = 0; i < 40; ++i) {
        REQUIRE(model.assemble(gamma, hat, x, system));
        model.update(std::vector<Triple>(l.cells, Triple{}), 1, x);
      }
      REQUIRE(model.assemble(gamma, hat, x, system));
      return system;
    };
    const BlockSystem J = residual(base);
    const int offset[3] = {l.c_e, l.phi_e, l.phi_s};
    const double step[3] = {1e-1, 1e-5, 1e-5};
    double worst = 0;
    for (int P = 0; P < l.cells; ++P)
      for (int q = 0; q < 3; ++q) {
        if (q == 2 && model.mesh().region[P] == Region::separator) continue;
        State up = base, down = base;
        up[offset[q] + P] += step[q];
        down[offset[q] + P] -= step[q];
        const BlockSystem r_up = residual(up), r_down = residual(down);
        const auto check = [&](int row, int equation, double exact) {
          const double difference = (r_up.residual[row][equation] - r_down.residual[row][equation]) / (2 * step[q]);
          const double scale =
              std::abs(J.diagonal[row][3 * equation + q]) + 1e-12 * std::abs(J.diagonal[row][4 * equation]);
          worst = std::max(worst, std::abs(difference - exact) / scale);
        };
        for (int e = 0; e < 3; ++e)
          if (J.diagonal[P][3 * e + q] != 0) check(P, e, J.diagonal[P][3 * e + q]);
        if (P > 0) {  // row of the left neighbour
          const FaceCoupling& f = J.owner_row[P - 1];
          for (const auto& [e, by] : Isothermal::across)
            if (by == q && f(e, by) != 0) check(P - 1, e, f(e, by));
        }
        if (P + 1 < l.cells) {
          const FaceCoupling& f = J.neighbour_row[P];
          for (const auto& [e, by] : Isothermal::across)
            if (by == q && f(e, by) != 0) check(P + 1, e, f(e, by));
        }
      }
    std::printf("  %s: largest deviation from central differences %.1e\n", cell, worst);
    CHECK(worst < 1e-5);
  }
}

TEST_CASE("the same stack as a 2D or 3D block gives the P2D voltage to 1e-8 V, through PETSc") {
  Case c = shipped_case("lgm50_chen2020");
  set_mesh(c, 5, 3, 6);
  c.mesh.grading = 2;
  const std::vector<double> sto = initial_stoichiometries(c);
  const auto voltage_after = [&](const std::vector<int>& across, const std::string& linear) {
    Model model = model_of(c, layered_mesh(*c.cell, c.mesh, across, 3e-5));
    SolverOptions options = c.solver;
    options.linear = linear;
    Stepper stepper(model, options);
    stepper.start(model.rest(sto), 0, Drive::constant(Control::current, 5));
    while (stepper.time() < 300) {
      stepper.advance(300);
      stepper.commit();
    }
    return stepper.state()[model.layout().voltage];
  };
  const double V = voltage_after({}, "chain");
  CHECK(std::abs(voltage_after({}, "petsc") - V) < 1e-9);
  CHECK(std::abs(voltage_after({4}, "auto") - V) < 1e-8);
  CHECK(std::abs(voltage_after({2, 3}, "auto") - V) < 1e-8);
}
