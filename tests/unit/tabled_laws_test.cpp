/// Laws that tables give: which a cell has, and what `check` says of those that a run may leave.
#include "solver/laws/tabled_laws.hpp"

#include "solver/figures/range_doubts.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sample_cells.hpp"

using namespace porelith;

namespace {

using Sentences = std::vector<std::string>;

/// A law as a table of 101 points from end to end.
Function tabled(const Function& law, double from, double to) {
  std::vector<double> x, y;
  for (int k = 0; k <= 100; ++k) x.push_back(from + (to - from) * k / 100), y.push_back(law(x.back()).value);
  return Function::table(x, y);
}

Case lgm50(double rate) {
  Case c = shipped_case("lgm50_chen2020");
  c.protocol = {at_rate(*c.cell, rate)};
  return c;
}

}  // namespace

TEST_CASE("only tables have ends, and the entropic coefficient counts where it is used") {
  Case c = lgm50(1);
  CHECK(tabled_laws(*c.cell, c.at_T_ref()).empty());
  ActiveMaterial& m = c.cell->positive.materials[0];
  m.U = tabled(m.U, 0.2, 0.9);
  m.dUdT = Function::table({0.3, 0.8}, {1e-4, -1e-4});
  c.cell->electrolyte.kappa = tabled(c.cell->electrolyte.kappa, 500, 1500);
  const auto names = [&](double T) {
    Sentences list;
    for (const auto& law : tabled_laws(*c.cell, T == c.cell->T_ref)) list.push_back(law.name + ", " + range_text(law));
    return list;
  };
  const std::string kappa = "Electrolyte / Conductivity [S.m-1], a table from 500 to 1500 mol.m-3";
  const std::string U = "Positive electrode / OCP [V], a table from 0.2 to 0.9 of stoichiometry";
  CHECK(names(298.15) == Sentences{kappa, U});
  m.name = "NMC811";
  CHECK(
      names(310) ==
      Sentences{kappa, "Positive electrode / Particle / NMC811 / OCP [V], a table from 0.2 to 0.9 of stoichiometry",
                "Positive electrode / Particle / NMC811 / Entropic change coefficient [V.K-1], a table from 0.3 to 0.8 "
                "of stoichiometry"});
}

TEST_CASE("tables of the salt are doubted where the protocol's currents may leave them, or where cells commonly do") {
  const auto doubts = [](double rate, double from, double to) {
    Case c = lgm50(rate);
    c.cell->electrolyte.kappa = tabled(c.cell->electrolyte.kappa, from, to);
    return range_doubts(c);
  };
  const std::string law = "Electrolyte / Conductivity [S.m-1] is a table from ";
  CHECK(range_doubts(lgm50(3)).empty());
  CHECK(doubts(0.1, 200, 2000).empty());
  CHECK(doubts(0.1, 0, 4000).empty());
  CHECK(doubts(0.1, 500, 1500) ==
        Sentences{law + "500 to 1500 mol.m-3 and stays at its end values beyond them; cells commonly take c_e from 0.2 "
                        "to 2 times that of the start, 200 to 2000 mol.m-3."});
  REQUIRE(doubts(3, 500, 1500).size() == 1);
  CHECK_THAT(doubts(3, 500, 1500)[0],
             says(law + "500 to 1500 mol.m-3 and stays at its end values beyond them; by an estimate (F14) this "
                        "protocol takes c_e from 0 to "));
  // wide enough for most, and left all the same
  REQUIRE(doubts(3, 100, 2000).size() == 1);
  CHECK_THAT(doubts(3, 100, 2000)[0], says("by an estimate (F14)"));
  CHECK(doubts(-0.1, 199, 3000).empty());
  CHECK(doubts(-0.1, 201, 3000).size() == 1);
}

TEST_CASE("the estimate of c_e follows currents, powers and tables, and the time that they have") {
  const auto leaves = [](const Step& step) {
    Case c = lgm50(1);
    c.protocol = {step};
    c.cell->electrolyte.kappa = tabled(c.cell->electrolyte.kappa, 190, 2010);
    return range_doubts(c).size() == 1;
  };
  Step step = at_rate(*shipped_case("lgm50_chen2020").cell, 3);
  CHECK(leaves(step));
  step.stops.push_back({Quantity::time, 1});
  CHECK_FALSE(leaves(step));
  step.stops.back() = {Quantity::capacity, 15};  // a second of 15 A
  CHECK_FALSE(leaves(step));
  Step power;
  power.control = Control::power, power.value = 50;
  CHECK(leaves(power));
  power.value = 5;
  CHECK_FALSE(leaves(power));
  CHECK_FALSE(leaves(rest_for(1e5)));
  CHECK_FALSE(leaves(hold_at(4, 0.1)));
}

TEST_CASE("tables of a stoichiometry are doubted where they end within the limits or the start") {
  const auto doubts = [](double from, double to, std::optional<double> start = {}) {
    Case c = lgm50(1);
    ActiveMaterial& m = c.cell->negative.materials[0];
    m.D_s = tabled(m.D_s, from, to);
    if (start) c.initial.soc.reset(), c.initial.sto_negative = start, c.initial.sto_positive = 0.5;
    return range_doubts(c);
  };
  const ActiveMaterial m = lgm50(1).cell->negative.materials[0];  // 0.0263 to 0.9106
  CHECK(doubts(0, 1).empty());
  CHECK(doubts(m.sto_min, m.sto_max).empty());
  CHECK(
      doubts(0, 0.9) ==
      Sentences{"Negative electrode / Diffusivity [m2.s-1] is a table from 0 to 0.9 of stoichiometry and stays at its "
                "end values beyond them; the cell takes stoichiometries from 0.0263458 to 0.910618."});
  CHECK(doubts(0.03, 1).size() == 1);
  CHECK(doubts(0, 0.95, 0.96).size() == 1);
  CHECK(doubts(0, 0.97, 0.96).empty());
}
