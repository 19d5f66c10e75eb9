/// Steps that follow a function of time: against closed forms, and against a table of the same function.
#include <fmt/format.h>

#include <cmath>
#include <cstdio>

#include "solver/base/constants.hpp"
#include "solver/base/error.hpp"
#include "solver/case/reader.hpp"
#include "solver/simulation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/interrupted.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/sentence.hpp"

using namespace porelith;

namespace {

Case with_step(const std::string& step, double rtol = 1e-4) {
  return parse_case(
      "[cell]\nfile = \"lgm50_chen2020\"\n[initial]\nsoc = 0.6\n[mesh]\nnegative = 8\nseparator = 4\n"
      "positive = 8\nshells = 10\n[output]\ninterval = 7\n[solver]\nrtol = " +
          fmt::format("{}", rtol) + "\n[[step]]\n" + step,
      "case.toml");
}

/// The same step with the function in rows.
template <class F>
Case as_table(Case c, const F& f, double end, double every) {
  auto table = std::make_shared<DriveTable>();
  table->quantity = c.protocol[0].control;
  for (int k = 0; k <= std::lround(end / every); ++k) {
    table->time.push_back(k * every);
    table->value.push_back(f(k * every));
  }
  c.protocol[0].control = Control::table;
  c.protocol[0].function.reset();
  c.protocol[0].table = table;
  return c;
}

struct Difference {
  double V = 0, charge = 0, energy = 0;
};

/// Between the rows of two runs at the same times.
Difference between(const Results& a, const Results& b) {
  REQUIRE(a.status == "complete");
  REQUIRE(b.status == "complete");
  Difference most;
  std::size_t met = 0;
  for (const CurveRow& row : a.curve)
    for (const CurveRow& other : b.curve) {
      if (std::abs(row.time - other.time) > 1e-9) continue;
      ++met;
      most.V = std::max(most.V, std::abs(row.voltage() - other.voltage()));
      most.charge = std::max(most.charge, std::abs(row.charge() - other.charge()));
      most.energy = std::max(most.energy, std::abs(row.energy() - other.energy()));
    }
  REQUIRE(met > 50);
  return most;
}

}  // namespace

TEST_CASE("a current that is a function passes its own charge and gives what a fine table of it gives") {
  const double w = 2 * pi / 600, end = 1500;
  const auto current = [w](double t) { return 1 + 3 * std::sin(w * t); };
  const auto charge = [w](double t) { return t + 3 / w * (1 - std::cos(w * t)); };
  const std::string step = "current_function = \"1 + 3*sin(2*pi*t/600)\"\nuntil = { time = 1500 }\n";
  std::vector<double> off;
  for (const double rtol : {1e-4, 1e-6}) {
    const Case c = with_step(step, rtol);
    const Results run = simulate(c);
    REQUIRE(run.status == "complete");
    double passed = 0;
    for (const CurveRow& row : run.curve) {
      CHECK(row.current() == Approx(current(row.time)).margin(1e-9));
      passed = std::max(passed, std::abs(row.charge() - charge(row.time)));
    }
    CHECK(run.curve.back().time == Approx(end).epsilon(1e-12));
    const Difference from_table = between(run, simulate(as_table(c, current, end, 1)));
    std::printf("  rtol %.0e: %ld steps; charge off by %.1e A s, from a table %.1e V, %.1e A s, %.1e J\n", rtol,
                run.counts.steps, passed, from_table.V, from_table.charge, from_table.energy);
    CHECK(passed < rtol * 4 * end);
    CHECK(from_table.V < (rtol > 1e-5 ? 1e-3 : 1e-4));
    CHECK(from_table.energy < 1e-3 * 4 * end);
    CHECK(run.counts.steps < 1500 / 2);  // far fewer than the table's rows
    off.push_back(passed);
  }
  CHECK(off[1] < off[0] / 10);
}

TEST_CASE("a power that is a function passes its own energy, and a voltage is met in every row") {
  const Results power = simulate(with_step("power_function = \"5 + 8*cos(2*pi*t/300)\"\nuntil = { time = 900 }\n"));
  REQUIRE(power.status == "complete");
  for (const CurveRow& row : power.curve) {
    CHECK(row.current() * row.voltage() == Approx(5 + 8 * std::cos(2 * pi * row.time / 300)).margin(1e-6));
    CHECK(row.energy() == Approx(5 * row.time + 8 * 300 / (2 * pi) * std::sin(2 * pi * row.time / 300)).margin(0.5));
  }
  CHECK(power.curve.back().energy() == Approx(4500).epsilon(1e-4));

  const Case c = with_step("voltage_function = \"3.75 + 0.04*sin(2*pi*t/400)\"\nuntil = { time = 800 }\n");
  const auto voltage = [](double t) { return 3.75 + 0.04 * std::sin(2 * pi * t / 400); };
  const Results run = simulate(c);
  for (const CurveRow& row : run.curve) CHECK(row.voltage() == Approx(voltage(row.time)).margin(1e-9));
  const Difference from_table = between(run, simulate(as_table(c, voltage, 800, 0.5)));
  std::printf("  voltage: charge off by %.1e A s of %.1e, energy by %.1e J\n", from_table.charge,
              std::abs(run.curve.back().charge()), from_table.energy);
  CHECK(from_table.charge < 1e-3 * std::abs(run.curve.back().charge()));
}

TEST_CASE("a stop that a ripple touches for an instant ends the step there") {
  const std::string ripple = "\"2 + 4*sin(2*pi*t/50)\"\nuntil = { time = \"2 h\", voltage_below = 3.4 }\n";
  const auto current = [](double t) { return 2 + 4 * std::sin(2 * pi * t / 50); };
  const Case c = with_step("current_function = " + ripple);
  const Results run = simulate(c), table = simulate(as_table(c, current, 7200, 0.5));
  REQUIRE(run.steps.size() == 1);
  REQUIRE(table.steps.size() == 1);
  std::printf("  ended after %.3f s, by a table %.3f s: %s\n", run.steps[0].end, table.steps[0].end,
              run.steps[0].ended.c_str());
  CHECK(run.steps[0].ended == "voltage fell to 3.4 V");
  CHECK(run.curve.back().voltage() == Approx(3.4).margin(2e-5));
  CHECK(run.steps[0].end == Approx(table.steps[0].end).margin(0.5));
  for (const CurveRow& row : run.curve) CHECK(row.voltage() > 3.4 - 3e-4);
}

TEST_CASE("a pulse after half an hour of nothing is not passed over") {
  const Results run =
      simulate(with_step("current_function = \"5*exp(-((t - 1800)/8)**2)\"\nuntil = { time = \"1 h\" }\n"));
  REQUIRE(run.status == "complete");
  const double charge = 5 * 8 * std::sqrt(pi);
  std::printf("  charge %.6f A s of %.6f, %ld steps\n", run.curve.back().charge(), charge, run.counts.steps);
  CHECK(run.curve.back().charge() == Approx(charge).epsilon(2e-3));
  double least = 10;
  for (const CurveRow& row : run.curve) least = std::min(least, row.voltage());
  CHECK(least < run.curve.front().voltage() - 0.05);
}

TEST_CASE("a function is interrupted and goes on bit for bit, and its steps are done again") {
  struct Steps : Recorder {
    void took(const TakenStep& step) override { taken.push_back(step); }
    std::vector<TakenStep> taken;
  } steps;
  Case c = with_step("rest = 60\n[[step]]\ncurrent_function = \"1 + 3*sin(2*pi*t/600)\"\nuntil = { time = 900 }\n");
  c.solver.newton = 1e-7;
  const Results whole = simulate(c, &steps), again = replay(c, steps.taken);
  REQUIRE(whole.status == "complete");
  REQUIRE(again.status == "complete");
  REQUIRE(again.accepted.size() == whole.accepted.size());
  for (std::size_t k = 0; k < whole.accepted.size(); ++k)
    CHECK(again.accepted[k].voltage() == Approx(whole.accepted[k].voltage()).margin(1e-9));
  for (const long stop_after : {9L, 20L, 31L}) {
    const Scratch folder;
    REQUIRE(solve_leg(c, folder.path(), Team::alone(), stop_after).results.status == "stopped");
    require_same(solve_leg(c, folder.path(), Team::alone()).results, whole);
  }
  const Scratch folder;
  solve_leg(c, folder.path(), Team::alone(), 20);
  Case other = with_step("rest = 60\n[[step]]\ncurrent_function = \"1 + 2*sin(2*pi*t/600)\"\nuntil = { time = 900 }\n");
  CHECK_THAT(sentence_of<CaseError>([&] { solve_leg(other, folder.path(), Team::alone()); }), says("another"));
}

TEST_CASE("what is no function of time gets a sentence, and one that is stands in the echo") {
  const auto complaint = [](const std::string& step) { return sentence_of<CaseError>([&] { with_step(step); }); };
  CHECK_THAT(complaint("current_function = \"3*sin(t)\"\n"),
             says("[step 1] current_function has no end; add until = { time = \"10 min\" }"));
  CHECK_THAT(complaint("current_function = \"3*sin(x)\"\nuntil = { time = 10 }\n"),
             says("[step 1] current_function = \"3*sin(x)\" is not an expression in t: column 7: x is not known here"));
  CHECK_THAT(complaint("power_function = 3\nuntil = { time = 10 }\n"),
             says("[step 1] power_function = 3 is a whole number, not an expression in t in quotes"));
  CHECK_THAT(complaint("voltage_function = \"3 + log(5 - t)\"\nuntil = { time = 10 }\n"),
             says("[step 1] voltage_function is not a number at t = 5 s"));
  CHECK_THAT(complaint("voltage_function = \"3\"\npower = 2\nuntil = { time = 10 }\n"),
             says("[step 1] does both power and voltage_function; a step does one thing"));
  CHECK_THAT(complaint("voltage_function = \"3.7\"\nuntil = { time = 10, voltage_below = 3 }\n"),
             says("voltage_below cannot end a step that fixes the voltage"));

  const Case c = with_step("current_function = \"3*sin(2*pi*t/600)\"\nuntil = { time = 600 }\n");
  CHECK(c.resolved.find("current_function = \"3*sin(2*pi*t/600)\"  # A\n") != std::string::npos);
  CHECK(parse_case(c.resolved, "case.toml").sha256 == c.sha256);
  CHECK(c.protocol[0].label == "current 3*sin(2*pi*t/600)");
  REQUIRE(c.protocol[0].stops.size() == 3);  // time, and both cut-offs
  const Case plain = with_step("rest = 10\n");
  CHECK(plain.resolved.find("function") == std::string::npos);
}
