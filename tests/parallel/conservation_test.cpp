/// What must not get lost in a channelled cell, on as many ranks as mpirun starts.
#include <cmath>
#include <cstdio>

#include "solver/base/constants.hpp"
#include "solver/case_mesh.hpp"
#include "solver/case_parameters.hpp"
#include "solver/march/protocol.hpp"
#include "solver/march/stepper.hpp"
#include "solver/simulation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/channelled.hpp"

using namespace porelith;

namespace {

struct Inventory {
  double salt, negative, positive;  ///< whole cell [mol]
};

Inventory inventory(const Model& model, const State& x) {
  const Layout& l = model.layout();
  double sum[3] = {0, 0, 0};
  for (int P = 0; P < model.mesh().cells(); ++P)
    sum[0] += model.medium().eps[P] * model.mesh().volume[P] * x[l.c_e + P];
  for (std::size_t b = 0; b < model.beds().size(); ++b) {
    const ModelBed& bed = model.beds()[b];
    for (std::size_t i = 0; i < bed.cells.size(); ++i)
      sum[bed.electrode == Region::negative ? 1 : 2] +=
          bed.eps_s[i] * model.mesh().volume[bed.cells[i]] * bed.particles.mean(&x[l.beds[b].c_s], static_cast<int>(i));
  }
  for (double& s : sum) s = model.team().sum(s) * model.cells_in_parallel();
  return {sum[0], sum[1], sum[2]};
}

}  // namespace

TEST_CASE("around tapered holes salt and lithium drift by at most 1e-11, charge passed is lithium moved to 1e-10") {
  Case c = thick_charge(3);
  cut(c, 3, 60e-6, ChannelForm::round, 30e-6);
  c.geometry.negative[0].bottom = c.geometry.positive[0].bottom = 10e-6;
  set_mesh(c, 8, 3, 6);
  c.mesh.width = c.mesh.height = 6;
  c.solver.rtol = 1e-3;
  const Team team = Team::world();
  Model model = model_of(c, mesh_of(grid_of(c), team), team);
  Stepper stepper(model, c.solver);
  const State start = model.rest(initial_stoichiometries(c));
  stepper.start(start, 0, Drive::constant(Control::current, c.protocol[0].value));
  while (stepper.time() < 300) {
    stepper.advance(300);
    stepper.commit();
  }
  const Inventory before = inventory(model, start), after = inventory(model, stepper.state());
  const double charge = stepper.state()[model.layout().charge];
  const double salt = after.salt / before.salt - 1;
  const double lithium = (after.negative + after.positive) / (before.negative + before.positive) - 1;
  const double moved = (before.negative - after.negative) * faraday / charge - 1;
  if (team.first())
    std::printf("  %d ranks: salt %.1e, lithium %.1e, charge %.1e\n", team.size(), salt, lithium, moved);
  CHECK(std::abs(salt) < 1e-11);
  CHECK(std::abs(lithium) < 1e-11);
  CHECK(std::abs(moved) < 1e-10);
  CHECK(charge == Approx(c.protocol[0].value * 300).epsilon(1e-12));
}

TEST_CASE("with Krylov's solver charge and lithium follow a table of ramps and jumps to 1e-7 of what passes each way") {
  Case c = thick_charge(1);
  cut(c, 2, 60e-6, ChannelForm::groove, 20e-6);
  c.geometry.negative[0].bottom = c.geometry.positive[0].bottom = 10e-6;
  set_mesh(c, 6, 3, 6);
  c.mesh.width = 4;
  c.solver.linear = "petsc";
  const double I = c.cell->nominal_capacity;
  DriveTable table{Control::current,
                   {0, 5, 5.01, 12, 12, 20, 20.001, 30, 41, 41, 60},
                   {-I, I, -2 * I, I, -I, -I, 2 * I, 0, -I, I, -2 * I}};
  double passed = 0, way = 0;
  for (std::size_t k = 1; k < table.time.size(); ++k) {
    const double dt = table.time[k] - table.time[k - 1], a = table.value[k - 1], b = table.value[k];
    passed += dt * (a + b) / 2, way += dt * (std::abs(a) + std::abs(b)) / 4;
  }
  Step step;
  step.label = "table";
  step.control = Control::table;
  step.table = std::make_shared<const DriveTable>(table);
  step.stops = {{Quantity::time, table.time.back()}};
  c.initial.soc = 0.5;
  const Team team = Team::world();
  Model model = model_of(c, mesh_of(grid_of(c), team), team);
  Stepper stepper(model, c.solver);
  const Observers observers(model);
  const State start = model.rest(initial_stoichiometries(c));
  REQUIRE(run_protocol(stepper, observers, start, {step}, {}, {}) == ProtocolEnd::complete);
  REQUIRE(stepper.counts().linear_iterations > 0);
  const Inventory before = inventory(model, start), after = inventory(model, stepper.state());
  const double charge = stepper.state()[model.layout().charge];
  const double off[] = {(charge - passed) / way, ((before.negative - after.negative) * faraday - charge) / way,
                        ((after.positive - before.positive) * faraday - charge) / way};
  if (team.first())
    std::printf("  %d ranks, table: charge %.1e, lithium %.1e and %.1e of each way\n", team.size(), off[0], off[1],
                off[2]);
  for (const double miss : off) CHECK(std::abs(miss) < 1e-7);
}
