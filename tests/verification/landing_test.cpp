/// Events are landed on (T6): value within its tolerance, in cells and stops of every kind.
#include <cmath>
#include <cstdio>

#include "solver/case/reader.hpp"
#include "solver/newman/observables/observables.hpp"
#include "solver/simulation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sample_cells.hpp"

using namespace porelith;

namespace {

/// A groove of so many um in a cell at 3C, as coarse as a study may take it.
Case grooved(double width, bool charge) {
  return parse_case(
      "[cell]\nfile = \"lgm50_chen2020\"\n[initial]\nsoc = " + std::string(charge ? "0" : "1") +
          "\n[geometry]\ndimension = 2\nwidth = \"60 um\"\n[[channel]]\nwidth = \"" + std::to_string(width) +
          " um\"\n[mesh]\nnegative = 10\nseparator = 4\npositive = 10\nwidth = 6\nshells = 10\n[[step]]\n" +
          (charge ? "charge" : "discharge") + " = \"3C\"\n",
      "case.toml");
}

}  // namespace

TEST_CASE("grooved cells at 3C land on their cut-off within 0.01 mV, discharged and charged") {
  double worst = 0;
  for (const bool charge : {false, true})
    for (double width = 5; width <= 50; width += 9) {
      const Case c = grooved(width, charge);
      const Results r = simulate(c);
      INFO("groove of " << width << " um, " << (charge ? "charge" : "discharge"));
      REQUIRE(r.status == "complete");
      worst = std::max(worst, std::abs(r.curve.back().voltage() - (charge ? 4.2 : 2.5)));
    }
  std::printf("  worst distance %.2e V\n", worst);
  CHECK(worst <= 1e-5);
}

TEST_CASE("every kind of stop is landed on to its tolerance") {
  Case c = shipped_case("lgm50_chen2020");
  c.initial.soc = 0.5;
  const auto end_of = [&](Step step, Stop stop) {
    step.stops = {stop};
    c.protocol = {step};
    const Results r = simulate(c);
    REQUIRE(r.status == "complete");
    return r.curve.back();
  };
  for (const double rate : {0.2, 1.0, 2.0}) {
    const Step out = at_rate(*c.cell, rate), in = at_rate(*c.cell, -rate);
    CHECK(std::abs(end_of(out, {Quantity::voltage_below, 3.3}).voltage() - 3.3) <= 1e-5);
    CHECK(std::abs(end_of(in, {Quantity::voltage_above, 4.15}).voltage() - 4.15) <= 1e-5);
    CHECK(std::abs(end_of(out, {Quantity::capacity, 1000}).charge() - 1000) <= 1e-3);
    CHECK(std::abs(observed(end_of(out, {Quantity::soc_below, 0.3}), "soc") - 0.3) <= 1e-6 * 0.3);
    CHECK(std::abs(observed(end_of(in, {Quantity::soc_above, 0.6}), "soc") - 0.6) <= 1e-6);
  }
  const Step fast = at_rate(*c.cell, 3);
  CHECK(std::abs(observed(end_of(fast, {Quantity::salt, 800}), "c_e_min") - 800) <= 0.1);
  CHECK(std::abs(observed(end_of(at_rate(*c.cell, -1), {Quantity::plating_margin, 0.02}), "plating_margin") - 0.02) <=
        1e-5);
  CHECK(std::abs(end_of(hold_at(4.1, 0), {Quantity::current_below, 1}).current() + 1) <= 1e-6);
}

TEST_CASE("where the salt runs out within milliseconds the cut-off is landed on") {
  double worst = 0;
  for (const char* cell : {"lgm50_chen2020", "kokam_marquis2019"})
    for (const double factor : {1.0, 2.0, 3.0})
      for (const double rate : {2.0, 4.0, 6.0}) {
        Case c = shipped_case(cell);
        thicken(c, factor);
        c.protocol = {at_rate(*c.cell, rate)};
        const Results r = simulate(c);
        INFO(cell << ", " << factor << " times as thick, " << rate << "C: " << r.status);
        REQUIRE(r.status == "complete");
        if (r.curve.back().time > 0) worst = std::max(worst, std::abs(r.curve.back().voltage() - c.cell->V_min));
      }
  std::printf("  worst distance %.2e V\n", worst);
  CHECK(worst <= 1e-5);
}
