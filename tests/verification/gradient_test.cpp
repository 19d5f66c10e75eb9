/// Derivatives of whole runs (R1)-(R4), against differences of runs by the same time steps.
#include "solver/gradient.hpp"

#include <cmath>

#include "solver/case/reader.hpp"
#include "solver/newman/observables/observables.hpp"
#include "solver/record/last_step.hpp"
#include "solver/simulation.hpp"
#include "tests/support/same_as_differences.hpp"

using namespace porelith;

namespace {

Case line(const std::string& cell = "lgm50_chen2020") {
  Case c = shipped_case(cell);
  set_mesh(c, 8, 4, 8);
  c.mesh.shells = 8;
  c.solver.rtol = 1e-4;
  return c;
}

}  // namespace

TEST_CASE("slopes of a discharge to a voltage") {
  Case c = line();
  c.protocol = {at_rate(*c.cell, 1)};
  same_as_differences(c, varied_numbers(), 1e-7);
}

TEST_CASE("slopes of a charge with a hold and a rest") {
  Case c = line();
  c.initial.soc = 0.2;
  c.protocol = {at_rate(*c.cell, -1), hold_at(4.2, 0.5), rest_for(600)};
  same_as_differences(c, varied_numbers(), 1e-7);
}

TEST_CASE("slopes where the diffusivity in the particles varies") {
  Case c = line("kokam_ecker2015");
  c.protocol = {at_rate(*c.cell, 1)};
  c.protocol[0].stops.push_back({Quantity::capacity, 0.6 * 3600 * c.cell->nominal_capacity});
  std::rotate(c.protocol[0].stops.begin(), c.protocol[0].stops.begin() + 1, c.protocol[0].stops.end());
  same_as_differences(c, varied_numbers(), 1e-7);
}

TEST_CASE("slopes at constant power, and to a charge after another step") {
  Case c = line();
  Step power = at_rate(*c.cell, 1);
  power.control = Control::power;
  power.value = 15;
  power.stops = {{Quantity::voltage_below, 3.4}};
  Step on = at_rate(*c.cell, 0.5);
  on.stops.insert(on.stops.begin(), {Quantity::capacity, 1800});
  c.protocol = {power, on};
  same_as_differences(c, varied_numbers(), 1e-7);
}

TEST_CASE("the area is one number, by the model's name as by the case's") {
  Case c = line();
  c.protocol = {at_rate(*c.cell, 1)};
  const TapedRun run = simulate_taped(c);
  RunChange by_model;
  by_model.model = change_with(*run.model, "cell.area");
  const RunChange by_case = change_of(c, varied_numbers({"area"}).front(), run);
  const std::vector<RunChange> slopes = run.sensitivity(c).backward(scalar_slopes_of(run.results));
  for (std::size_t r = 0; r < slopes.size(); ++r) {
    INFO(scalar_results()[r].name);
    CHECK(dot(slopes[r], by_model) == Approx(dot(slopes[r], by_case)).epsilon(1e-8).margin(1e-9));
  }
}

TEST_CASE("slopes of a blend") {
  Case c = blended_case();
  set_mesh(c, 6, 3, 6);
  c.mesh.shells = 8;
  c.solver.rtol = 1e-4;
  c.protocol = {at_rate(*c.cell, 1)};
  c.protocol[0].stops = {{Quantity::time, 1500}};
  same_as_differences(c, varied_numbers(), 1e-7);
}

TEST_CASE("slopes of a drive that is a function of time") {
  Case c = line();
  c.initial.soc = 0.6;
  auto drive = std::make_shared<DriveFunction>(DriveFunction{NamedExpression("2 + 3*sin(t/200)", {"t"}), {}, 5});
  Step step;
  step.label = "a wave";
  step.function = drive;
  step.stops = {{Quantity::voltage_below, 3.55}};
  c.protocol = {step};
  same_as_differences(c, varied_numbers(), 1e-6);
}

TEST_CASE("slopes of a table with a jump and kinks") {
  Case c = line();
  c.initial.soc = 0.6;
  auto rows = std::make_shared<DriveTable>();
  rows->time = {0, 60, 60, 200, 300, 400};
  rows->value = {2, 5, -1, -4, 3, 3};
  Step step;
  step.label = "a table";
  step.control = Control::table;
  step.table = rows;
  step.stops = {{Quantity::time, 380}};
  c.protocol = {step};
  same_as_differences(c, varied_numbers(), 1e-7);
}

TEST_CASE("a slope that is off by one percent is found") {
  Case c = line();
  c.protocol = {at_rate(*c.cell, 1)};
  c.protocol[0].stops = {{Quantity::time, 900}};
  const auto numbers = varied_numbers({"rate constant", "t_plus"});
  CHECK(run_slopes(c, numbers).wrong(1e-7).empty());
  std::size_t energy = 0;
  while (scalar_results()[energy].name != "energy") ++energy;
  const RunSlopes spoilt = run_slopes(c, numbers, [&](auto& slopes) { slopes[energy].model.beds[0].ln_K *= 1.01; });
  const auto wrong = spoilt.wrong(1e-7);
  REQUIRE(wrong.size() == 1);
  CHECK(wrong[0].result == "energy");
  CHECK(wrong[0].number == "rate constant");
  CHECK(wrong[0].off() == Approx(0.01).epsilon(1e-4));
}

TEST_CASE("slopes of the first moment, whatever the terminals hold") {
  Case c = line();
  Step voltage = hold_at(3.8, 0.1), power = at_rate(*c.cell, 1);
  voltage.stops = {{Quantity::time, 10}};
  power.control = Control::power, power.value = 20;
  power.stops = {{Quantity::time, 10}};
  Step current = at_rate(*c.cell, 1);
  current.stops = {{Quantity::time, 10}};
  double worst = 0;
  for (const Step& step : {current, power, voltage}) {
    c.protocol = {step};
    const FrozenRun frozen(c);
    const TapedRun& run = frozen.base();
    REQUIRE(run.results.accepted[0].time == 0);
    ResultSlope first;
    first.values.push_back({0, observable_called(step.control == Control::voltage ? "current" : "voltage"), 1});
    Sensitivity sensitivity = run.sensitivity(c);
    const RunChange backward = sensitivity.backward({first})[0];
    for (const Varied& v : varied_numbers(
             {"porosity", "thickness", "rate constant", "salt", "temperature", "state of charge", "drive"})) {
      const RunChange change = change_of(c, v, run);
      const double slope = dot(backward, change), seen = differences(frozen, c, v, {first})[0];
      const double value = run.results.accepted[0].values[first.values[0].observable];
      const double off = std::abs(slope - seen) / std::max(std::abs(seen), 1e-5 * std::abs(value) / v.step);
      INFO(step.label << " by " << v.name << ": " << slope << ", differences " << seen);
      CHECK(off < 1e-7);
      CHECK(sensitivity.forward({first}, {change})[0][0] == Approx(slope).epsilon(1e-9));
      worst = std::max(worst, off);
    }
  }
  std::printf("  at t = 0: off differences by %.1e at most\n", worst);
}

TEST_CASE("what a slope leaves of a result falls with the square of the step") {
  Case c = line();
  c.solver.newton = 1e-10;
  c.protocol = {at_rate(*c.cell, 1)};
  const FrozenRun frozen(c);
  const std::vector<ResultSlope> results = scalar_slopes_of(frozen.base().results);
  Sensitivity sensitivity = frozen.base().sensitivity(c);
  const std::vector<RunChange> backward = sensitivity.backward(results);
  for (const char* number : {"porosity", "t_plus"}) {
    const Varied v = varied_numbers({number})[0];
    const RunChange change = change_of(c, v, frozen.base());
    for (const char* result : {"capacity", "energy"}) {
      std::size_t r = 0;
      while (scalar_results()[r].name != result) ++r;
      std::vector<double> left;
      const std::vector<double> steps{10 * v.step, std::pow(10, 1 - 2.5) * v.step};
      for (const double h : steps)
        left.push_back(std::abs(moved_by(results[r], frozen.base().results, frozen.solve(v.of(c, h))) -
                                h * dot(backward[r], change)));
      const double slope = std::log(left[0] / left[1]) / std::log(steps[0] / steps[1]);
      std::printf("  %-9s by %-9s left by steps %.1e, %.1e: %.2e, %.2e; slope %.4f\n", result, number, steps[0],
                  steps[1], left[0], left[1], slope);
      CHECK(slope == Approx(2).margin(0.02));
    }
  }
}

TEST_CASE("slopes of a run that chooses its own steps are its differences, where its steps are fine") {
  const Case c = parse_case(
      "[cell]\nfile = \"lgm50_chen2020\"\n[initial]\nsoc = 0.9\n[solver]\nrtol = 1e-9\nnewton = 1e-4\n"
      "[mesh]\nnegative = 8\nseparator = 4\npositive = 8\nshells = 8\n[[step]]\ndischarge = \"1C\"\n",
      "case.toml");
  const TapedRun run = simulate_taped(c);
  const std::vector<Along> by = along(c, run, {"negative.porosity", "positive.particle_radius"});
  const std::vector<Gradient> slopes = gradients(c, run, {"capacity", "energy"}, by);
  for (std::size_t k = 0; k < by.size(); ++k) {
    const double h = 1e-3 * by[k].value;
    std::vector<Results> at;
    for (const int i : {-2, -1, 1, 2}) at.push_back(simulate(by[k].case_at(i * h)));
    for (const Gradient& of : slopes) {
      INFO(of.name << " by " << by[k].name);
      const auto value = [&](int i) {
        for (const ScalarResult& scalar : scalar_results())
          if (scalar.name == of.name) return scalar.value(at[i], last_step(at[i]));
        return std::nan("");
      };
      const double difference = (8 * (value(2) - value(1)) - (value(3) - value(0))) / (12 * h);
      CHECK(of.slopes[k] == Approx(difference).epsilon(1e-4));
    }
  }
}

TEST_CASE("slopes are the same to the last bit where the states did not fit into memory") {
  Case c = line();
  c.initial.soc = 0.6;
  auto rows = std::make_shared<DriveTable>();
  rows->time = {0, 60, 60, 200, 300, 400};
  rows->value = {2, 5, -1, -4, 3, 3};
  Step table;
  table.label = "a table";
  table.control = Control::table;
  table.table = rows;
  table.stops = {{Quantity::time, 380}};
  c.protocol = {table, at_rate(*c.cell, 1)};
  c.protocol[1].stops = {{Quantity::voltage_below, 3.6}};
  const TapedRun whole = simulate_taped(c);
  const std::vector<ResultSlope> results = scalar_slopes_of(whole.results);
  const auto slopes = whole.sensitivity(c).backward(results);
  CHECK(whole.tape.stages.store().in_file() == 0);
  for (const double part : {0.0, 0.4}) {
    Case small = c;
    small.solver.tape_memory = part * whole.tape.stages.store().in_memory();
    const TapedRun run = simulate_taped(small);
    const StateStore& store = run.tape.stages.store();
    CHECK(store.in_file() > 0);
    CHECK(store.in_memory() <= part * whole.tape.stages.store().in_memory());
    CHECK(store.in_file() + store.in_memory() == whole.tape.stages.store().in_memory());
    const auto again = run.sensitivity(c).backward(results);
    for (std::size_t r = 0; r < results.size(); ++r) {
      CHECK(again[r].initial == slopes[r].initial);
      CHECK(again[r].drives == slopes[r].drives);
      CHECK(again[r].model.medium.eps == slopes[r].model.medium.eps);
      CHECK(again[r].model.beds[0].R == slopes[r].model.beds[0].R);
      CHECK(again[r].model.ln_kappa == slopes[r].model.ln_kappa);
    }
  }
}
