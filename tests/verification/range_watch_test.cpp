/// Laws used beyond their tables: what a run says against its own curve.
#include <algorithm>
#include <cmath>

#include "solver/newman/observables/observables.hpp"
#include "solver/simulation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/interrupted.hpp"
#include "tests/support/sample_cells.hpp"
#include "tests/support/scratch.hpp"

using namespace porelith;

namespace {

Function tabled(const Function& law, double from, double to) {
  std::vector<double> x, y;
  for (int k = 0; k <= 100; ++k) x.push_back(from + (to - from) * k / 100), y.push_back(law(x.back()).value);
  return Function::table(x, y);
}

Case three_c(double from, double to) {
  Case c = shipped_case("lgm50_chen2020");
  set_mesh(c, 10, 5, 8);
  c.protocol = {at_rate(*c.cell, 3)};
  c.cell->electrolyte.D_e = tabled(c.cell->electrolyte.D_e, from, to);
  c.cell->electrolyte.kappa = tabled(c.cell->electrolyte.kappa, from, to);
  return c;
}

/// What the curve's column of every accepted step says of c_e beyond `end`: extreme, its time, seconds beyond.
std::string beyond(const Results& results, const char* observable, double end, double sign) {
  double farthest = 0, value = end, at = 0, seconds = 0;
  for (std::size_t k = 0; k < results.accepted.size(); ++k) {
    const double now = sign * (observed(results.accepted[k], observable) - end);
    if (now > farthest)
      farthest = now, value = observed(results.accepted[k], observable), at = results.accepted[k].time;
    if (k == 0) continue;
    const double before = sign * (observed(results.accepted[k - 1], observable) - end);
    double part = now > 0 && before > 0 ? 1 : 0;
    if ((now > 0) != (before > 0)) part = std::max(now, before) / std::abs(now - before);
    seconds += part * (results.accepted[k].time - results.accepted[k - 1].time);
  }
  return fmt::format("{} to {:.4g} mol.m-3 at {:.4g} s, for {:.4g} s in all", sign < 0 ? "down" : "up", value, at,
                     seconds);
}

}  // namespace

TEST_CASE("a run says which tables it left, how far and for how long") {
  const Results run = simulate(three_c(500, 1500));
  REQUIRE(run.warnings.size() == 2);
  const std::string low = beyond(run, "c_e_min", 500, -1), high = beyond(run, "c_e_max", 1500, 1);
  CHECK(run.warnings[0] ==
        "Electrolyte / Diffusivity [m2.s-1], a table from 500 to 1500 mol.m-3, was used beyond its points, where it "
        "stays at its end values: c_e went " +
            low + ", " + high + ".");
  CHECK(run.warnings[1].rfind("Electrolyte / Conductivity [S.m-1], a table", 0) == 0);
  CHECK(simulate(three_c(0, 6000)).warnings.empty());
}

TEST_CASE("a table of the potential that ends within the limits is told for the time that the surface spends there") {
  Case c = shipped_case("lgm50_chen2020");
  set_mesh(c, 8, 4, 8);
  ActiveMaterial& m = c.cell->negative.materials[0];
  m.D_s = tabled(m.D_s, 0.05, 0.5);
  c.initial.soc = 0.3;  // stoichiometry 0.2916
  c.protocol = {rest_for(1000)};
  CHECK(simulate(c).warnings.empty());
  c.initial.soc = 0.8;  // 0.73376
  const Results resting = simulate(c);
  REQUIRE(resting.warnings.size() == 1);
  // The time is that of the farthest, which rounding moves while the cell rests.
  CHECK(resting.warnings[0].rfind("Negative electrode / Diffusivity [m2.s-1], a table from 0.05 to 0.5 of "
                                  "stoichiometry, was used beyond its points, where it stays at its end values: the "
                                  "stoichiometry at the surface went up to 0.7338 at ",
                                  0) == 0);
  CHECK(resting.warnings[0].find(" s, for 1000 s in all.") != std::string::npos);
}

TEST_CASE("a run in three legs says of its tables what one in one leg says") {
  const Case c = busy_case("[electrolyte]\ndiffusivity = { x = [800, 1200], y = [3e-10, 2e-10] }\n");
  const Results whole = simulate(c);
  REQUIRE(whole.warnings.size() == 1);
  const Scratch folder;
  solve_leg(c, folder.path(), Team::alone(), 25);
  solve_leg(c, folder.path(), Team::alone(), 25);
  const Leg last = solve_leg(c, folder.path(), Team::alone());
  CHECK(last.results.warnings == whole.warnings);
  require_same(last.results, whole);
}
