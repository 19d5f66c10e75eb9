/// D_s as papers publish it: dips, steps and slopes by decades. Every plain protocol has to end as it says.
#include "tests/support/catch.hpp"
#include "tests/support/varied_diffusivity.hpp"

using namespace porelith;

namespace {

Results run(Case& c, const Plan& plan) {
  c.initial = {};
  c.initial.soc = plan.soc;
  c.protocol = plan.steps;
  return simulate(c);
}

bool all_finite(const Results& r) {
  return std::all_of(r.curve.begin(), r.curve.end(), [](const CurveRow& row) { return finite(row); });
}

Plan pulses(const Cell& cell, double rate) {
  Plan plan{fmt::format("pulses at {}C", rate), 0.5, {}};
  for (double sign : {1.0, -1.0}) {
    Step pulse = at_rate(cell, sign * rate);
    pulse.stops.push_back({Quantity::time, 30});
    plan.steps.push_back(pulse);
    plan.steps.push_back(rest_for(120));
  }
  return plan;
}

}  // namespace

TEST_CASE("cells whose D_s has dips, steps and slopes run through plain protocols") {
  // Every tenth of the 300 cells of bench_diffusivity.
  for (const std::string& failure : run_varied_diffusivities(300, 10)) FAIL_CHECK(failure);
}

TEST_CASE("a surface that turns over within a moment ends a hold where finer shells end it") {
  // Of the cells of bench_diffusivity those whose kinetics have three fluxes to one potential: some pass the fold
  // without a jump (87, 145, 205), some with one (108, 204).
  for (int number : {87, 108, 145, 204, 205}) {
    Case c = varied_diffusivity_case(number);
    const Plan hold{"constant-voltage discharge from full", 1, {hold_for_long(*c.cell, c.cell->V_min)}};
    const Results ours = run(c, hold);
    c.mesh.shells = 45;
    const Results finer = run(c, hold);
    REQUIRE(ours.status == "complete");
    REQUIRE(finer.status == "complete");
    CHECK(all_finite(ours));
    const CurveRow &a = ours.curve.back(), &b = finer.curve.back();
    std::printf("  cell %d: %.7g s, %.8g A.h; with 45 shells %.7g s, %.8g A.h\n", number, a.time, a.charge() / 3600,
                b.time, b.charge() / 3600);
    CHECK(a.time == Approx(b.time).epsilon(5e-3));
    CHECK(a.charge() == Approx(b.charge()).epsilon(2e-4));
  }
}

TEST_CASE("the LG M50 with the diffusivities that its makers' cells were measured to have runs as such") {
  // K. O'Regan, F. Brosa Planella, W. D. Widanage, E. Kendrick, Electrochim. Acta 425 (2022) 140700, at 298.15 K, with
  // the factors 3.0321 and 2.7 by which that paper corrects its fits.
  Case c = shipped_case("lgm50_chen2020");
  c.cell->negative.materials[0].D_s = Function::expression(
      "3.0321*10**(11.17*x - 15.11 - 1.553*exp(-(x - 0.2031)**2/0.0006091) - 6.136*exp(-(x - 0.5375)**2/0.06438) - "
      "9.725*exp(-(x - 0.9144)**2/0.0578) + 1.85*exp(-(x - 0.5953)**2/0.001356))");
  c.cell->positive.materials[0].D_s = Function::expression(
      "2.7*10**(-13.96 - 0.9231*exp(-(x - 0.3216)**2/0.002534) - 0.4066*exp(-(x - 0.4532)**2/0.003926) - "
      "0.993*exp(-(x - 0.8098)**2/0.09924))");
  std::vector<Plan> plans{pulses(*c.cell, 1), pulses(*c.cell, 3)};
  for (double rate : {0.1, 0.3, 0.5, 1.0, 2.0, 3.0}) {
    plans.push_back({fmt::format("discharge at {}C", rate), 1, {at_rate(*c.cell, rate)}});
    plans.push_back({fmt::format("charge at {}C", rate), 0, {at_rate(*c.cell, -rate)}});
  }
  for (const Plan& plan : plans_of(*c.cell))
    if (plan.name.find("constant-voltage") == 0) plans.push_back(plan);
  REQUIRE(plans.size() == 16);
  for (const Plan& plan : plans) {
    const Results r = run(c, plan);
    std::printf("  %-38s %s, %.5g s, %.4f A.h, %ld steps\n", plan.name.c_str(), r.status.c_str(), r.curve.back().time,
                r.curve.back().charge() / 3600, long(r.counts.steps));
    CHECK(r.status == "complete");
    CHECK(r.steps.size() == plan.steps.size());
    CHECK(all_finite(r));
  }
}
