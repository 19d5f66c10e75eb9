/// A temperature that is a function of time: against the constant one, against closed forms, its order in time.
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <fstream>

#include "solver/base/constants.hpp"
#include "solver/base/error.hpp"
#include "solver/case/reader.hpp"
#include "solver/case_parameters.hpp"
#include "solver/march/stepper.hpp"
#include "solver/newman/observables/observables.hpp"
#include "solver/newman/observables/observers.hpp"
#include "solver/results/curve.hpp"
#include "solver/simulation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/interrupted.hpp"
#include "tests/support/layered.hpp"
#include "tests/support/linearised.hpp"
#include "tests/support/order_study.hpp"
#include "tests/support/sample_cells.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/sentence.hpp"
#include "tests/support/tempered.hpp"

using namespace porelith;

namespace {

Case small(const std::string& temperature, const std::string& steps, const std::string& cell = "lgm50_chen2020") {
  return parse_case(fmt::format("[cell]\nfile = \"{}\"\n{}\n[initial]\nsoc = 0.6\n[mesh]\nnegative = 8\nseparator = 4\n"
                                "positive = 8\nshells = 10\n{}",
                                cell, temperature, steps),
                    "case.toml");
}

const char* const pulses =
    "[[step]]\ndischarge = \"1C\"\nuntil = { time = 400 }\n[[step]]\nrest = 300\n[[step]]\n"
    "current_function = \"2 + 4*sin(2*pi*t/100)\"\nuntil = { time = 300 }\n";

double T_of(const CurveRow& row) { return observed(row, "temperature"); }

}  // namespace

TEST_CASE("an expression that is constant gives the very bits of the same constant temperature") {
  for (const char* cell : {"lgm50_chen2020", "kokam_ecker2015"}) {
    const Results constant = simulate(small("temperature = 310.4", pulses, cell));
    REQUIRE(constant.status == "complete");
    for (const char* expression : {"310.4", "310.4 + 0*t"}) {
      const Case c = small(fmt::format("temperature_function = \"{}\"", expression), pulses, cell);
      CHECK(c.temperature == 310.4);
      require_same(simulate(c), constant);
    }
  }
}

TEST_CASE("a model that is brought to a temperature is the one that was made at it, to the last bit") {
  Case varying = shipped_case("lgm50_chen2020");
  varying.cell->electrolyte.thermodynamic_factor = Function::expression("0.8 + 3e-4*x + 4e-7*x**2");
  for (Case c : {shipped_case("lgm50_chen2020"), shipped_case("kokam_ecker2015"), blended_case(), varying}) {
    set_mesh(c, 5, 3, 6);
    make_sensitive(c);
    c.temperature = 283;
    Model brought = model_of(c, layered_mesh(*c.cell, c.mesh));
    const State x = uneven_state(brought);
    State hat = x;
    for (double& value : hat) value *= 0.999;
    const Linearisation cold = brought.linearise(10, hat, x);
    brought.set_temperature(321);
    c.temperature = 321;
    const Model made = model_of(c, layered_mesh(*c.cell, c.mesh));
    const Linearisation one = brought.linearise(10, hat, x), other = made.linearise(10, hat, x);
    CHECK(one.system.residual == other.system.residual);
    CHECK(one.system.diagonal == other.system.diagonal);
    CHECK(one.system.residual != cold.system.residual);
    for (std::size_t b = 0; b < one.kinetics.size(); ++b) {
      CHECK(one.kinetics[b].residual == other.kinetics[b].residual);
      CHECK(one.kinetics[b].by_j == other.kinetics[b].by_j);
      CHECK(one.kinetics[b].by_j != cold.kinetics[b].by_j);
    }
    CHECK(derivative_error(brought, 10, hat, x, 3) < 1e-6);
    CHECK(Observers(brought).values(x) == Observers(made).values(x));
    brought.set_temperature(283);
    CHECK(brought.linearise(10, hat, x).system.residual == cold.system.residual);
  }
}

TEST_CASE("at rest the voltage is U + (T - T_ref) dU/dT of both electrodes at the temperature of every instant") {
  Case c = shipped_case("lgm50_chen2020");
  set_mesh(c, 6, 4, 8);
  make_sensitive(c);
  c.initial.soc = 0.5;
  c.protocol = {rest_for(7200)};
  set_temperature_function(c, "298.15 + 15*sin(6.283185307179586*t/3600) + t/1000", 7200);
  const std::vector<double> sto = initial_stoichiometries(c);
  const auto U = [&](const Electrode& electrode, double sto, double T) {
    const ActiveMaterial& m = electrode.materials[0];
    return m.U(sto).value + (T - c.cell->T_ref) * m.dUdT(sto).value;
  };
  const auto T = [](double t) { return 298.15 + 15 * std::sin(2 * pi * t / 3600) + t / 1000; };
  const auto V = [&](double t) { return U(c.cell->positive, sto[1], T(t)) - U(c.cell->negative, sto[0], T(t)); };
  const Results r = simulate(c);
  REQUIRE(r.status == "complete");
  double solved = 0, between = 0, swing = 0, T_off = 0;
  for (const CurveRow& row : r.accepted) {
    solved = std::max(solved, std::abs(row.voltage() - V(row.time)));
    swing = std::max(swing, std::abs(row.voltage() - r.accepted[0].voltage()));
  }
  for (const CurveRow& row : r.curve) {
    between = std::max(between, std::abs(row.voltage() - V(row.time)));
    T_off = std::max(T_off, std::abs(T_of(row) - T(row.time)));
  }
  std::printf("  swings by %.1e V; off by %.1e V at time steps (%ld), %.1e V between\n", swing, solved, r.counts.steps,
              between);
  CHECK(swing > 3e-3);
  CHECK(solved < 1e-9);
  CHECK(between < 1e-4);
  CHECK(T_off < 1e-9);
}

TEST_CASE("without gradients a current's voltage is Butler and Volmer's at the temperature of every instant") {
  Case c = shipped_case("lgm50_chen2020");
  set_mesh(c, 4, 2, 8);
  make_sensitive(c);
  Cell& cell = *c.cell;
  cell.electrolyte.D_e = 1e-4, cell.electrolyte.kappa = 1e6;  // nothing varies in space
  cell.electrolyte.D_e_activation = cell.electrolyte.kappa_activation = 0;
  for (Electrode* e : {&cell.negative, &cell.positive}) e->conductivity = 1e6, e->materials[0].D_s = 1e-7;
  c.solver.rtol = 1e-6;
  c.initial.soc = 0.6;
  c.protocol = {at_rate(cell, 0.5)};
  c.protocol[0].stops = {{Quantity::time, 1800}};
  set_temperature_function(c, "298.15 + 20*sin(6.283185307179586*t/1200)", 1800);
  const std::vector<double> sto0 = initial_stoichiometries(c);
  const double I = c.protocol[0].value / cell.area;  // [A m-2]
  /// U + eta of one electrode; `out` the current density that leaves its particles
  const auto potential = [&](const Electrode& e, double sto0, double out, double t) {
    const ActiveMaterial& m = e.materials[0];
    const double T = 298.15 + 20 * std::sin(2 * pi * t / 1200), eps_s = e.eps_s(0, 0, 1);
    const double sto = sto0 - out * t / (faraday * m.c_s_max * eps_s * e.thickness);
    const double surface = 3 * eps_s / m.R->at(0) * e.thickness;  // m2 of particles on a m2
    const double K = m.K * std::exp(m.K_activation / gas_constant * (1 / cell.T_ref - 1 / T));
    const double i0 = faraday * K * std::sqrt(sto * (1 - sto));
    return m.U(sto).value + (T - cell.T_ref) * m.dUdT(sto).value +
           2 * gas_constant * T / faraday * std::asinh(out / surface / (2 * i0));
  };
  const Results r = simulate(c);
  REQUIRE(r.status == "complete");
  double off = 0;
  for (const CurveRow& row : r.accepted) {
    const double V = potential(cell.positive, sto0[1], -I, row.time) - potential(cell.negative, sto0[0], I, row.time);
    off = std::max(off, std::abs(row.voltage() - V));
  }
  std::printf("  off by %.1e V in %ld steps\n", off, r.counts.steps);
  CHECK(off < 3e-6);
}

namespace {

/// Of a cell that is warmed and cooled.
OrderStudy warm_study() {
  Case c = shipped_case("kokam_marquis2019");
  set_mesh(c, 6, 3, 8);
  make_sensitive(c);
  set_temperature_function(c, "298.15 + 20*sin(t/120)", 2000);
  return OrderStudy(std::move(c), 500, 800);
}

}  // namespace

TEST_CASE("while the temperature moves each BDF keeps its order in time, 1 to 4") {
  OrderStudy study = warm_study();
  const State exact = study.solve(5, study.grid);
  for (int order = 1; order <= 4; ++order) {
    const auto coarse = study.distance(study.solve(order, 6.25), exact),
               fine = study.distance(study.solve(order, 3.125), exact);
    const double of_shells = std::log2(coarse[0] / fine[0]), of_voltage = std::log2(coarse[1] / fine[1]);
    std::printf(
        "  BDF%d at 6.25 and 3.125 s: stoichiometries %.2e, %.2e, order %.2f; voltage %.2e, %.2e V, order %.2f\n",
        order, coarse[0], fine[0], of_shells, coarse[1], fine[1], of_voltage);
    CHECK(of_shells > order - 0.35);
    CHECK(of_voltage > order - 0.5);
  }
}

TEST_CASE("a run at a temperature that moves is interrupted and goes on bit for bit, and its steps are done again") {
  struct Steps : Recorder {
    void took(const TakenStep& step) override { taken.push_back(step); }
    std::vector<TakenStep> taken;
  } steps;
  const char* const T = "temperature_function = \"300 + 12*sin(2*pi*t/500)\"";
  for (const char* cell : {"lgm50_chen2020", "kokam_ecker2015"}) {  // D_s of the stoichiometry in the second
    Case c = small(T, pulses, cell);
    c.solver.newton = 1e-7;
    steps.taken.clear();
    const Results whole = simulate(c, &steps), again = replay(c, steps.taken);
    REQUIRE(whole.status == "complete");
    REQUIRE(again.accepted.size() == whole.accepted.size());
    for (std::size_t k = 0; k < whole.accepted.size(); ++k)
      CHECK(again.accepted[k].voltage() == Approx(whole.accepted[k].voltage()).margin(1e-9));
    for (const long stop_after : {7L, 25L, 45L}) {
      const Scratch folder;
      REQUIRE(solve_leg(c, folder.path(), Team::alone(), stop_after).results.status == "stopped");
      const Results resumed = solve_leg(c, folder.path(), Team::alone()).results;
      if (c.cell->negative.materials[0].D_s.is_constant()) {
        require_same(resumed, whole);
        continue;
      }
      // Where D_s varies the search for a surface begins where the last one ended, which no checkpoint keeps.
      REQUIRE(resumed.accepted.size() == whole.accepted.size());
      CHECK(resumed.counts.newton == whole.counts.newton);
      for (std::size_t k = 0; k < whole.accepted.size(); ++k)
        CHECK(resumed.accepted[k].voltage() == Approx(whole.accepted[k].voltage()).margin(1e-12));
    }
    c.output.interval = 3;  // more rows move no step
    const Results rows = simulate(c);
    CHECK(rows.counts.steps == whole.counts.steps);
    CHECK(rows.steps.back().energy == Approx(whole.steps.back().energy).epsilon(1e-12));
    for (const CurveRow& row : rows.curve)
      CHECK(T_of(row) == Approx(300 + 12 * std::sin(2 * pi * row.time / 500)).margin(1e-9));
  }
  const Scratch folder;
  solve_leg(small(T, pulses), folder.path(), Team::alone(), 7);
  const Case other = small("temperature_function = \"300 + 11*sin(2*pi*t/500)\"", pulses);
  CHECK_THAT(sentence_of<CaseError>([&] { solve_leg(other, folder.path(), Team::alone()); }), says("another"));
}

TEST_CASE("neither a bump of the temperature after hours of rest is passed over, nor a kink or a jump") {
  const char* const rest = "[[step]]\nrest = \"4 h\"\n";
  const auto U_of = [](const Case& c, double T) {
    Case at = c;
    at.temperature = T;
    return open_circuit_voltage(at, 0.6);
  };
  const auto sensitive = [&](const std::string& T) {
    Case c = small("temperature_function = \"" + T + "\"", rest);
    make_sensitive(c);
    return c;
  };
  const Case bump = sensitive("298.15 + 30*exp(-((t - 7000)/40)**2)");
  const Results r = simulate(bump);
  REQUIRE(r.status == "complete");
  double most = 0, off = 0;
  for (const CurveRow& row : r.curve) {
    most = std::max(most, T_of(row));
    off = std::max(off, std::abs(row.voltage() - U_of(bump, T_of(row))));
  }
  std::printf("  bump: up to %.2f K, off by %.1e V, %ld steps, %ld done again\n", most, off, r.counts.steps,
              r.counts.rejected);
  CHECK(most > 326);
  CHECK(off < 2e-4);
  for (const char* T : {"298.15 + max(0, t - 5000.3)/100", "298.15 + 10*tanh(1e9*(t - 5000.3))"}) {
    const Case c = sensitive(T);
    const Results run = simulate(c);
    REQUIRE(run.status == "complete");
    double worst = 0;
    for (const CurveRow& row : run.accepted) worst = std::max(worst, std::abs(row.voltage() - U_of(c, T_of(row))));
    std::printf("  %s: off by %.1e V, %ld steps, %ld done again\n", T, worst, run.counts.steps, run.counts.rejected);
    CHECK(worst < 1e-7);
    CHECK(run.counts.steps + run.counts.rejected < 400);
  }
}

TEST_CASE("a step may end at a temperature, which is a column of the curve only where it is a function") {
  const Case c = small("temperature_function = \"298.15 + t/100\"",
                       "[[step]]\ndischarge = \"C/10\"\nuntil = { time = \"1 h\", temperature_above = \"30 degC\" }\n");
  const Results r = simulate(c);
  REQUIRE(r.steps.size() == 1);
  CHECK(r.steps[0].end == Approx(500).margin(0.05));
  CHECK(r.steps[0].ended == "temperature rose to 303.15 K");
  CHECK(r.also == std::vector<std::string>{"temperature"});
  const Scratch folder;
  const auto titles = [&](const Results& run) {
    { CurveWriter(folder / "curve.csv", run.curve, run.also); }
    std::ifstream file(folder / "curve.csv");
    std::string line;
    std::getline(file, line);
    return line;
  };
  CHECK(titles(r).find(",temperature [K],step") != std::string::npos);
  CHECK(T_of(read_curve_csv(folder / "curve.csv").back()) == Approx(303.15).margin(1e-3));
  const Results constant = simulate(small("", "[[step]]\nrest = 10\n"));
  CHECK(constant.also.empty());
  CHECK(titles(constant).find("temperature") == std::string::npos);
}

TEST_CASE("a temperature that is none gets a sentence, before the run as far as the protocol says how long it takes") {
  const auto complaint = [](const std::string& T, const std::string& steps = "[[step]]\nrest = \"1 h\"\n") {
    return sentence_of<CaseError>([&] { small(T, steps); });
  };
  CHECK_THAT(complaint("temperature_function = \"298.15 + t/10\""),
             says("[cell] temperature_function is 400 K at t = 1018.5 s, outside [200, 400] K"));
  CHECK_THAT(complaint("temperature_function = \"25 + t/100\""),
             says("[cell] temperature_function is 25 K at t = 0 s, outside [200, 400] K"));
  CHECK_THAT(complaint("temperature_function = \"300 + sqrt(1000 - t)\""),
             says("[cell] temperature_function is not a number at t = 1000 s"));
  CHECK_THAT(complaint("temperature_function = \"300\"\ntemperature = 300"),
             says("[cell] gives both temperature and temperature_function; a cell has one temperature"));
  CHECK_THAT(
      complaint("temperature_function = \"300 + x\""),
      says("[cell] temperature_function = \"300 + x\" is not an expression in t: column 7: x is not known here"));
  CHECK_THAT(complaint("temperature = 300", "[[step]]\nrest = 10\nuntil = { temperature_above = 310 }\n"),
             says("[step 1.until] temperature_above cannot end anything: the temperature of this case is constant"));
  // What the protocol does not say the run meets.
  const Case hot =
      small("temperature_function = \"298.15 + t/10\"", "[[step]]\nhold = 3.9\nuntil = { current = \"C/1000\" }\n");
  CHECK_THAT(simulate(hot).status, says("outside [200, 400] K"));

  const Case c = small("temperature_function = \"298.15 + 10*sin(pi*t/1800)\"", "[[step]]\nrest = \"1 h\"\n");
  CHECK(c.resolved.find("temperature_function = \"298.15 + 10*sin(pi*t/1800)\"  # K\n") != std::string::npos);
  CHECK(c.resolved.find("temperature:") == std::string::npos);
  CHECK(parse_case(c.resolved, "case.toml").sha256 == c.sha256);
  CHECK(c.temperature_function->planned == 3600);
  CHECK(c.temperature_function->least == Approx(288.15));
  CHECK(c.temperature_function->most == Approx(308.15));
  CHECK_THAT(sentence_of<CaseError>([&] { changed(c, {{"cell.temperature", {310}}}); }), says("gives both"));
}
