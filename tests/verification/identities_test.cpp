/// What must hold whatever the cell: rest, conservation, limits.
#include <cmath>
#include <cstdio>

#include "solver/base/constants.hpp"
#include "solver/case_parameters.hpp"
#include "solver/laws/open_circuit.hpp"
#include "solver/march/stepper.hpp"
#include "solver/newman/observables/observables.hpp"
#include "solver/simulation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/layered.hpp"
#include "tests/support/sample_cells.hpp"

using namespace porelith;

namespace {

/// Lithium in the solid of one electrode, whole cell [mol]
double lithium(const Model& model, const State& x, Region electrode) {
  double sum = 0;
  for (std::size_t b = 0; b < model.beds().size(); ++b) {
    const ModelBed& bed = model.beds()[b];
    if (bed.electrode != electrode) continue;
    for (std::size_t i = 0; i < bed.cells.size(); ++i)
      sum += bed.eps_s[i] * model.mesh().volume[bed.cells[i]] *
             bed.particles.mean(&x[model.layout().beds[b].c_s], static_cast<int>(i));
  }
  return sum * model.cells_in_parallel();
}

double salt(const Model& model, const State& x) {
  double sum = 0;
  for (int P = 0; P < model.mesh().cells(); ++P)
    sum += model.medium().eps[P] * model.mesh().volume[P] * x[model.layout().c_e + P];
  return sum * model.cells_in_parallel();
}

}  // namespace

TEST_CASE("a cell at rest keeps its voltage to 1e-12 V") {
  for (double soc : {0.0, 0.3, 1.0}) {
    Case c = shipped_case("lgm50_chen2020");
    c.initial.soc = soc;
    c.protocol = {rest_for(7 * 86400)};
    const Results r = simulate(c);
    REQUIRE(r.status == "complete");
    double drift = 0;
    for (const CurveRow& row : r.curve) drift = std::max(drift, std::abs(row.voltage() - r.curve.front().voltage()));
    std::printf("  SOC %.1f: voltage drifts by %.1e V in a week\n", soc, drift);
    CHECK(drift < 1e-12);
    CHECK(std::abs(r.curve.front().voltage() - open_circuit_voltage(c, soc)) < 1e-12);
  }
}

TEST_CASE("a cell of blends starts at the asked voltage and keeps it to 1e-12 V") {
  for (double V : {3.3, 3.7, 4.1}) {
    Case c = blended_case();
    c.initial.soc = {};
    c.initial.voltage = V;
    c.protocol = {rest_for(7 * 86400)};
    const Results r = simulate(c);
    REQUIRE(r.status == "complete");
    double drift = 0;
    for (const CurveRow& row : r.curve) drift = std::max(drift, std::abs(row.voltage() - V));
    std::printf("  blend at %.1f V: off by at most %.1e V in a week\n", V, drift);
    CHECK(drift < 1e-12);
  }
}

TEST_CASE("the state of charge of a blend counts the lithium of all its materials") {
  Case c = blended_case();
  c.initial.soc = 0.8;
  c.protocol = {at_rate(*c.cell, 0.2), rest_for(7 * 86400)};
  c.protocol[0].stops = {{Quantity::soc_below, 0.3}};
  const Results r = simulate(c);
  REQUIRE(r.status == "complete");
  CHECK(observed(r.curve.front(), "soc") == Approx(0.8).epsilon(1e-12));
  CHECK(observed(r.curve.back(), "soc") == Approx(0.3).margin(1e-9));
  // A week later each electrode's materials share its lithium; the positive took in what the negative gave.
  const OpenCircuit negative(c.cell->negative, c.cell->T_ref, c.temperature);
  const OpenCircuit positive(c.cell->positive, c.cell->T_ref, c.temperature);
  const double V = positive.filled(0.2 + 0.5 * negative.capacity() / positive.capacity()).U - negative.filled(0.3).U;
  CHECK(r.curve.back().voltage() == Approx(V).margin(1e-6));
}

TEST_CASE("salt and lithium drift by at most 1e-11, charge passed is lithium moved to 1e-10") {
  for (const char* cell : {"lgm50_chen2020", "kokam_ecker2015"}) {  // constant and variable diffusivity
    Case c = shipped_case(cell);
    Model model = model_of(c, layered_mesh(*c.cell, c.mesh));
    Stepper stepper(model, c.solver);
    const State start = model.rest(initial_stoichiometries(c));
    stepper.start(start, 0, Drive::constant(Control::current, c.cell->nominal_capacity));
    while (stepper.time() < 3000) {
      stepper.advance(3000);
      stepper.commit();
    }
    const State& x = stepper.state();
    const double charge = x[model.layout().charge];
    const double n0 = lithium(model, start, Region::negative), p0 = lithium(model, start, Region::positive);
    const double n = lithium(model, x, Region::negative), p = lithium(model, x, Region::positive);
    const double lithium_drift = (n + p - n0 - p0) / (n0 + p0), salt_drift = salt(model, x) / salt(model, start) - 1;
    const double charge_error = (n0 - n) * faraday / charge - 1;
    std::printf("  %s: salt %.1e, lithium %.1e, charge %.1e\n", cell, salt_drift, lithium_drift, charge_error);
    CHECK(std::abs(salt_drift) < 1e-11);
    CHECK(std::abs(lithium_drift) < 1e-11);
    CHECK(std::abs(charge_error) < 1e-10);
    CHECK(charge == Approx(c.cell->nominal_capacity * 3000).epsilon(1e-12));
  }
}

TEST_CASE("with perfect transport and a small current the voltage is that of two single particles") {
  Case c = shipped_case("kokam_marquis2019");
  c.cell->electrolyte.D_e = 1e-3;
  c.cell->electrolyte.kappa = 1e7;
  c.cell->negative.conductivity = c.cell->positive.conductivity = 1e9;
  for (Electrode* e : {&c.cell->negative, &c.cell->positive}) e->materials[0].D_s = 1e-6;
  c.initial.soc = 0.6;
  const double I = c.cell->nominal_capacity / 2;
  c.protocol = {at_rate(*c.cell, 0.5)};
  c.protocol[0].stops = {{Quantity::time, 600}};
  const Results r = simulate(c);
  REQUIRE(r.status == "complete");

  const auto potential = [&](const Electrode& e, double sto0, double sign, double t) {
    const ActiveMaterial& m = e.materials[0];
    const MaterialAt law = MaterialLaw(m, c.cell->T_ref).at(c.temperature);
    const double volume = e.thickness * c.cell->area, a = 3 * m.eps_s / m.R->mean();
    const double sto = sto0 - sign * I * t / (faraday * volume * m.eps_s * m.c_s_max);
    const double i = sign * I / (a * volume);
    return law.potential(sto) + 2 * thermal_voltage(c.temperature) * std::asinh(i / (2 * law.i0(1, sto)));
  };
  const auto sto0 = initial_stoichiometries(c);
  for (const CurveRow& row : r.curve) {
    if (row.time < 1) continue;
    const double V =
        potential(c.cell->positive, sto0[1], -1, row.time) - potential(c.cell->negative, sto0[0], 1, row.time);
    CHECK(std::abs(row.voltage() - V) < 1e-6);
  }
}

TEST_CASE("a stop ends the step where it says, to 1e-6 s") {
  Case c = shipped_case("kokam_marquis2019");
  c.protocol = {at_rate(*c.cell, 1)};
  const Results loose = simulate(c);
  CHECK(std::abs(loose.curve.back().voltage() - c.cell->V_min) < 1e-7);
  c.protocol[0].stops = {{Quantity::capacity, 0.3 * 3600}};
  const Results r = simulate(c);
  CHECK(r.curve.back().time == Approx(0.3 * 3600 / c.cell->nominal_capacity).margin(1e-6));
  CHECK(r.steps[0].ended == "0.3 A.h passed");
}

TEST_CASE("of two stops in time the earlier one ends a rest or a current table") {
  Case c = shipped_case("lgm50_chen2020");
  Step table = rest_for(3600);
  table.control = Control::table;
  table.table = std::make_shared<DriveTable>(DriveTable{Control::current, {0, 1800, 3600}, {1, 2, 1}});
  c.protocol = {rest_for(3600), table};
  for (Step& step : c.protocol) step.stops.push_back({Quantity::time, 600});
  const Results r = simulate(c);
  REQUIRE(r.steps.size() == 2);
  CHECK(r.steps[0].end == 600);
  CHECK(r.steps[1].end == 1200);
  CHECK(r.steps[1].charge == Approx(600 * (1 + 1.0 / 6)).epsilon(1e-6));  // linear from 1 A at 0 to 4/3 A at 600 s
}

TEST_CASE("power and voltage are held while their steps last") {
  Case c = shipped_case("kokam_marquis2019");
  Step power = rest_for(600);
  power.control = Control::power;
  power.value = 2;
  Step hold = rest_for(600);
  hold.control = Control::voltage;
  hold.value = 3.9;
  c.protocol = {power, hold};
  const Results r = simulate(c);
  REQUIRE(r.status == "complete");
  for (const CurveRow& row : r.curve) {
    if (row.step == 0) CHECK(row.voltage() * row.current() == Approx(2).epsilon(1e-6));
    if (row.step == 1) CHECK(std::abs(row.voltage() - 3.9) < 1e-9);
  }
  CHECK(r.steps[0].energy == Approx(2 * 600).epsilon(1e-6));
}

TEST_CASE("full or empty, at C/10 or 5C, every start is consistent or ends the step with its reason") {
  for (const char* cell : {"lgm50_chen2020", "nmc111_pouch", "kokam_marquis2019", "kokam_ecker2015"})
    for (double soc : {0.0, 0.5, 1.0})
      for (double rate : {-5.0, -0.1, 0.1, 5.0}) {
        Case c = shipped_case(cell);
        c.initial.soc = soc;
        c.protocol = {at_rate(*c.cell, rate)};
        const Results r = simulate(c);
        INFO(cell << " at SOC " << soc << ", " << rate << "C: " << r.status);
        REQUIRE(r.status == "complete");
        REQUIRE(r.steps.size() == 1);
        CHECK(r.steps[0].ended.find(rate > 0 ? "voltage fell" : "voltage rose") == 0);
        if (r.curve.size() > 1)
          CHECK(r.curve.front().current() == Approx(rate * c.cell->nominal_capacity).epsilon(1e-9));
      }
}

TEST_CASE("snapshots are thinned evenly, stay whole and keep the first and the last") {
  Case c = shipped_case("lgm50_chen2020");
  c.protocol = {at_rate(*c.cell, 1), rest_for(600)};
  c.output.max_snapshots = 20;
  const Results r = simulate(c);
  REQUIRE(r.status == "complete");
  REQUIRE(r.curve.size() > 60);
  CHECK(r.snapshots.size() <= 20);
  CHECK(r.snapshots.size() >= 8);
  CHECK(r.snapshots.front().time == 0);
  CHECK(r.snapshots.back().time == r.curve.back().time);
  for (const Snapshot& s : r.snapshots) {
    CHECK(s.c_e.size() == r.mesh.volume.size());
    CHECK(s.c_s.size() == r.beds.size());
    CHECK(s.c_s[0].size() == r.beds[0].cells.size() * (r.beds[0].shell_edges.size() - 1));
  }
}
