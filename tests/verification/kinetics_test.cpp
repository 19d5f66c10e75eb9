/// Every law of charge transfer in a cell: exact derivatives, lithium kept, and one resistance where it is linear.
#include <cmath>
#include <cstdio>

#include "solver/case_parameters.hpp"
#include "solver/figures/ohmic.hpp"
#include "solver/laws/registry.hpp"
#include "solver/march/stepper.hpp"
#include "solver/simulation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/layered.hpp"
#include "tests/support/linearised.hpp"
#include "tests/support/sample_cells.hpp"

using namespace porelith;

namespace {

Case sample(const std::string& kinetics, double alpha = 0.5) {
  Case c = shipped_case("lgm50_chen2020");
  set_mesh(c, 12, 6, 10);
  for (Electrode* e : {&c.cell->negative, &c.cell->positive}) e->kinetics = kinetics, e->transfer_coefficient = alpha;
  return c;
}

/// Voltage just after a current is switched on, all concentrations even [V]
double first_voltage(const Case& c, double current) {
  Model model = model_of(c, layered_mesh(*c.cell, c.mesh));
  Stepper stepper(model, c.solver);
  stepper.start(model.rest(initial_stoichiometries(c)), 0, Drive::constant(Control::current, current));
  return stepper.state()[model.layout().voltage];
}

}  // namespace

TEST_CASE("with every law of charge transfer derivatives are those of the residual") {
  for (const KineticsLaw* law : kinetics_laws())
    for (const double alpha : {0.5, 0.3}) {
      const Case c = sample(law->name(), alpha);
      const Model model = model_of(c, layered_mesh(*c.cell, c.mesh));
      const State x = uneven_state(model);
      State hat = x;
      for (double& value : hat) value *= 0.999;
      CHECK(derivative_error(model, 20, hat, x, 5) < 1e-6);
    }
}

TEST_CASE("with every law of charge transfer what one electrode gives the other takes") {
  for (const KineticsLaw* law : kinetics_laws()) {
    const Case c = sample(law->name(), law->has_alpha() ? 0.35 : 0.5);
    Model model = model_of(c, layered_mesh(*c.cell, c.mesh));
    Stepper stepper(model, c.solver);
    const State start = model.rest(initial_stoichiometries(c));
    stepper.start(start, 0, Drive::constant(Control::current, c.cell->nominal_capacity));
    while (stepper.time() < 1500) {
      stepper.advance(1500);
      stepper.commit();
    }
    const State& end = stepper.state();
    double gained = 0, moved = 0;
    for (std::size_t b = 0; b < model.beds().size(); ++b) {
      const ModelBed& bed = model.beds()[b];
      const double* c_s[] = {&start[model.layout().beds[b].c_s], &end[model.layout().beds[b].c_s]};
      for (std::size_t i = 0; i < bed.cells.size(); ++i) {
        const int P = static_cast<int>(i);
        const double change = bed.particles.mean(c_s[1], P) - bed.particles.mean(c_s[0], P);
        const double amount = bed.eps_s[i] * model.mesh().volume[bed.cells[i]] * change;
        gained += amount, moved += std::abs(amount) / 2;
      }
    }
    const double V = end[model.layout().voltage];
    std::printf("  %-14s %.5f V after 1500 s at 1C; lithium gained: %.1e of what moved\n", law->name().c_str(), V,
                gained / moved);
    CHECK(std::abs(gained) < 1e-10 * moved);
    CHECK(V < start[model.layout().voltage] - 0.1);
  }
}

TEST_CASE("linear kinetics makes an ohmic cell of any current, of the resistance that theory has in closed form") {
  Case c = sample("linear");
  set_mesh(c, 160, 20, 6);
  for (Electrode* e : {&c.cell->negative, &c.cell->positive}) e->materials[0].D_s = 1e-6;  // surfaces stay as they are
  const std::vector<double> sto = initial_stoichiometries(c);
  const double A = c.cell->area, L_s = c.cell->separator.thickness;
  double slope, kappa, rho = 0;
  const double c_e0 = c.cell->electrolyte.c_e0;
  ElectrolyteLaw(c.cell->electrolyte, c.cell->T_ref).at(c.temperature).conductivity(1, &c_e0, &kappa, &slope);
  rho += L_s / (c.cell->separator.transport_efficiency * kappa);
  const Electrode* const electrodes[] = {&c.cell->negative, &c.cell->positive};
  for (int side = 0; side < 2; ++side) {
    const OhmicMedium m = ohmic_medium(*c.cell, *electrodes[side], {sto[side]}, c.temperature, 1);
    rho += uniform_resistance(electrodes[side]->thickness, m.s[0], m.k[0], m.g[0]);
  }
  Model model = model_of(c, layered_mesh(*c.cell, c.mesh));
  const double U = model.rest(sto)[model.layout().voltage];
  for (const double rate : {0.01, 1.0, 8.0, -3.0}) {
    const double I = rate * c.cell->nominal_capacity, R = (U - first_voltage(c, I)) / I;
    std::printf("  %5.2fC: R A = %.6f ohm cm2, in closed form %.6f\n", rate, 1e4 * R * A, 1e4 * rho);
    CHECK(R * A == Approx(rho).epsilon(2e-4));
  }
  c.cell->negative.kinetics = c.cell->positive.kinetics = "butler_volmer";
  const double I = 8 * c.cell->nominal_capacity;
  CHECK((U - first_voltage(c, I)) / I * A < 0.98 * rho);  // the laws differ where currents are large
}
