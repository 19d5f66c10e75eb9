/// The equations at exactly one state: derivatives against differences of the full residual, nothing moved, and next to
/// nothing left where Newton has converged.
#include <cstdio>

#include "solver/case_parameters.hpp"
#include "solver/march/stepper.hpp"
#include "solver/simulation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/layered.hpp"
#include "tests/support/linearised.hpp"
#include "tests/support/sample_cells.hpp"

using namespace porelith;

namespace {

Case small(Case c) {
  set_mesh(c, 5, 3, 6);
  return c;
}

/// Constant D_s, D_s of the stoichiometry, and a blend.
std::vector<Case> samples() {
  return {small(shipped_case("lgm50_chen2020")), small(shipped_case("kokam_ecker2015")), small(blended_case())};
}

}  // namespace

TEST_CASE("along any direction through fields, voltage and fluxes the residual changes as the linearisation says") {
  for (const Case& c : samples())
    for (const std::vector<int>& across : {std::vector<int>{}, std::vector<int>{3}}) {
      const Model model = model_of(c, layered_mesh(*c.cell, c.mesh, across));
      const State x = uneven_state(model);
      State hat = x;
      for (double& value : hat) value *= 0.999;
      for (const double gamma : {0.1, 30.0}) {
        const double worst = derivative_error(model, gamma, hat, x, 3);
        std::printf("  %s, %dD, gamma = %g s: largest deviation from central differences %.1e\n", c.title.c_str(),
                    model.mesh().dimension, gamma, worst);
        CHECK(worst < 1e-6);
      }
    }
}

TEST_CASE("linearising moves no bit of the model, of its state, or of the steps that follow") {
  for (const Case& c : samples()) {
    const auto end_of_run = [&](bool linearised) {
      Model model = model_of(c, layered_mesh(*c.cell, c.mesh));
      Stepper stepper(model, c.solver);
      stepper.start(model.rest(initial_stoichiometries(c)), 0,
                    Drive::constant(Control::current, c.cell->nominal_capacity));
      while (stepper.time() < 100) {
        stepper.advance(100);
        if (linearised) {  // far from where the stepper is, too
          const State x = stepper.candidate(), other = uneven_state(model);
          const Linearisation once = model.linearise(2, other, x), elsewhere = model.linearise(7, x, other),
                              again = model.linearise(2, other, x);
          CHECK(once.system.residual == again.system.residual);
          CHECK(once.system.diagonal == again.system.diagonal);
          CHECK(once.kinetics[0].residual == again.kinetics[0].residual);
          CHECK(elsewhere.system.residual != again.system.residual);
          CHECK(stepper.candidate() == x);
        }
        stepper.commit();
      }
      return stepper.state();
    };
    CHECK(end_of_run(true) == end_of_run(false));
  }
}

TEST_CASE("where Newton has converged the residual is rounding") {
  for (const Case& c : samples()) {
    Model model = model_of(c, layered_mesh(*c.cell, c.mesh));
    const Layout& l = model.layout();
    const State hat = model.rest(initial_stoichiometries(c));
    const double gamma = 2;
    State x = hat;
    model.condense(gamma, hat, x);
    BlockSystem system(l.cells, static_cast<int>(model.mesh().faces.size()));
    std::vector<Triple> delta(l.cells);
    const auto solver = make_linear_solver(model.mesh(), "chain");
    x[l.voltage] -= 0.05;  // which is held
    const double before = std::abs(model.linearise(gamma, hat, x).system.residual.back()[2]);
    REQUIRE(before > 0);
    for (int iteration = 0; iteration < 30; ++iteration) {
      REQUIRE(model.assemble(gamma, hat, x, system));
      double dV;
      REQUIRE(solver->solve(system, delta, dV).solved);
      model.update(delta, 1, x);
      model.relinearise(gamma, hat, x);
    }
    model.expand(hat, x, true);
    const FullResidual left = residual_of(model.linearise(gamma, hat, x), l.cells);
    double worst[3] = {};  // against what the first guess had, and of the kinetics in volts
    for (int q = 0; q < 3; ++q)
      for (double r : left[q]) worst[q] = std::max(worst[q], std::abs(r) / before * (q == 0 ? faraday : 1));
    double volts = 0;
    for (std::size_t b = 3; b < left.size(); ++b)
      for (double r : left[b]) volts = std::max(volts, std::abs(r));
    std::printf("  %s: left of salt %.1e, of ionic current %.1e, of electronic %.1e, of the kinetics %.1e V\n",
                c.title.c_str(), worst[0], worst[1], worst[2], volts);
    for (double w : worst) CHECK(w < 1e-10);
    CHECK(volts < 1e-10);
  }
}

TEST_CASE("a transport law that is not positive is told, not linearised") {
  Case c = small(shipped_case("lgm50_chen2020"));
  c.cell->electrolyte.D_e = Function::expression("1e-10*(1 - x/2000)");
  const Model model = model_of(c, layered_mesh(*c.cell, c.mesh));
  State x = model.rest({0.6, 0.5});
  x[model.layout().c_e + 4] = 2500;
  const Linearisation at = model.linearise(1, x, x);
  CHECK(at.trouble.find("the electrolyte's diffusivity law gives") == 0);
  CHECK(model.linearise(1, x, model.rest({0.6, 0.5})).trouble.empty());
}
