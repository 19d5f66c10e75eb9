/// The cells that come with the program, read as a user's would be. Expected values: PyBaMM 26.8 (parameter sets
/// Marquis2019, Chen2020, Ecker2015, tabulated at 298.15 K; NMC pouch cell imported from its BPX file), unless a line
/// says otherwise.
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "solver/base/constants.hpp"
#include "solver/cell/bpx/bpx.hpp"
#include "solver/cell/bpx/bpx_check.hpp"
#include "tests/support/catch.hpp"

using namespace porelith;

namespace {

using Points = std::vector<std::pair<double, double>>;

Cell shipped(const std::string& name) {
  return read_bpx(std::string(PORELITH_SOURCE_DIR) + "/cases/cells/" + name + ".json");
}

void check_function(const std::string& what, const Function& f, const Points& expected, double relative = 1e-10) {
  for (const auto& [x, value] : expected) {
    INFO(what << " at " << x);
    CHECK(f(x).value == Approx(value).epsilon(relative));
  }
}

/// j0 = F K sqrt(s (1 - s)) at c_e = c_e0                                     [A m-2]
void check_exchange_current(const ActiveMaterial& material, const Points& expected) {
  for (const auto& [s, j0] : expected) {
    INFO("j0 at " << s);
    CHECK(faraday * material.K * std::sqrt(s * (1 - s)) == Approx(j0).epsilon(1e-10));
  }
}

double open_circuit_voltage(const Cell& cell, double sto_negative, double sto_positive) {
  return cell.positive.materials.at(0).U(sto_positive).value - cell.negative.materials.at(0).U(sto_negative).value;
}

double full_voltage(const Cell& cell) {
  return open_circuit_voltage(cell, cell.negative.materials.at(0).sto_max, cell.positive.materials.at(0).sto_min);
}

double empty_voltage(const Cell& cell) {
  return open_circuit_voltage(cell, cell.negative.materials.at(0).sto_min, cell.positive.materials.at(0).sto_max);
}

/// Charge between the stoichiometry limits                                    [A h]
double capacity(const Cell& cell, const Electrode& electrode) {
  const ActiveMaterial& m = electrode.materials.at(0);
  return faraday * cell.area * electrode.thickness * m.eps_s * m.c_s_max * (m.sto_max - m.sto_min) / 3600;
}

/// Lithium that cycles, per electrode area, at the given concentrations       [mol m-2]
double inventory(const Cell& cell, double c_negative, double c_positive) {
  return cell.negative.thickness * cell.negative.materials.at(0).eps_s * c_negative +
         cell.positive.thickness * cell.positive.materials.at(0).eps_s * c_positive;
}

double inventory_full(const Cell& cell) {
  const ActiveMaterial& n = cell.negative.materials.at(0);
  const ActiveMaterial& p = cell.positive.materials.at(0);
  return inventory(cell, n.sto_max * n.c_s_max, p.sto_min * p.c_s_max);
}

const std::vector<std::string> all_cells = {"lgm50_chen2020", "kokam_marquis2019", "kokam_ecker2015", "lfp_18650",
                                            "nmc111_pouch"};

}  // namespace

TEST_CASE("every shipped cell says where its numbers come from") {
  for (const auto& name : all_cells) {
    INFO(name);
    const Cell cell = shipped(name);
    CHECK(cell.title.size() > 10);
    CHECK(cell.description.size() > 100);
    CHECK(cell.references.size() > 50);
    CHECK(cell.T_ref == 298.15);
    CHECK(cell.electrolyte.c_e0 == 1000);
  }
}

TEST_CASE(
    "shipped cells are full and empty at their cut-offs within 1 mV, and only the NMC pouch cell, 1.8 mV off, warns") {
  for (const auto& name : all_cells) {
    INFO(name);
    const Cell cell = shipped(name);
    if (name == "nmc111_pouch") {
      CHECK(full_voltage(cell) == Approx(4.201761).margin(2e-6));  // the published expressions, evaluated by Python
      REQUIRE(doubts(cell).size() == 1);
      CHECK(doubts(cell)[0].find("4.2") != std::string::npos);
    } else {
      CHECK(full_voltage(cell) == Approx(cell.V_max).margin(2e-6));
      for (const auto& warning : doubts(cell)) UNSCOPED_INFO(warning);
      CHECK(doubts(cell).empty());
    }
    CHECK(empty_voltage(cell) == Approx(cell.V_min).margin(4e-5));
  }
}

TEST_CASE("the electrodes of a shipped cell hold the same cyclable charge") {
  const std::vector<std::pair<std::string, double>> expected = {
      // [A h], from the papers' parameters by separate arithmetic in Python
      {"lgm50_chen2020", 5.153198},
      {"kokam_marquis2019", 0.8728401},
      {"kokam_ecker2015", 0.1710009},
      {"lfp_18650", 2.080121},
      {"nmc111_pouch", 13.18734}};
  for (const auto& [name, charge] : expected) {
    INFO(name);
    const Cell cell = shipped(name);
    CHECK(capacity(cell, cell.negative) == Approx(charge).epsilon(1e-6));
    CHECK(capacity(cell, cell.positive) == Approx(charge).epsilon(1e-5));
  }
}

TEST_CASE("LG M50 carries the parameters of Chen et al. 2020") {
  const Cell cell = shipped("lgm50_chen2020");
  CHECK(cell.area == Approx(0.1027).epsilon(1e-14));
  CHECK(cell.nominal_capacity == 5);
  CHECK(cell.electrolyte.t_plus == 0.2594);
  CHECK(cell.negative.thickness == 85.2e-6);
  CHECK(cell.positive.thickness == 75.6e-6);
  CHECK(cell.negative.porosity->mean() == 0.25);
  CHECK(cell.positive.porosity->mean() == 0.335);
  CHECK(cell.negative.bruggeman_exponent() == Approx(1.5).epsilon(1e-14));
  CHECK(cell.positive.bruggeman_exponent() == Approx(1.5).epsilon(1e-14));
  CHECK(cell.negative.conductivity->mean() == 215);
  CHECK(cell.positive.conductivity->mean() == 0.18);
  CHECK(cell.separator.transport_efficiency == Approx(std::pow(0.47, 1.5)).epsilon(1e-14));
  const ActiveMaterial& n = cell.negative.materials.at(0);
  const ActiveMaterial& p = cell.positive.materials.at(0);
  CHECK(n.eps_s == Approx(0.75).epsilon(1e-14));
  CHECK(p.eps_s == Approx(0.665).epsilon(1e-14));
  CHECK(inventory_full(cell) == Approx(inventory(cell, 29866, 17038)).epsilon(1e-8));  // the paper's initial state
  CHECK(n.D_s(0.5).value == 3.3e-14);
  CHECK(p.D_s(0.5).value == 4e-15);
  check_function("U_n", n.U,
                 {{0.01, 1.7393821668},
                  {0.105, 0.39013598771},
                  {0.295, 0.166020183768},
                  {0.495, 0.133117010976},
                  {0.895, 0.0920200020935}});
  check_function("U_p", p.U,
                 {{0.105, 4.58993965653},
                  {0.295, 4.21277291401},
                  {0.495, 3.97819964198},
                  {0.695, 3.73452839784},
                  {0.895, 3.572245337}});
  check_exchange_current(n, {{0.01, 0.0675543568531}, {0.295, 0.309628788046}, {0.895, 0.208133474178}});
  check_exchange_current(p, {{0.01, 0.679048184274}, {0.295, 3.11235094397}, {0.895, 2.0921323851}});
  check_function("D_e", cell.electrolyte.D_e,
                 {{100, 4.473594e-10}, {500, 3.09585e-10}, {1000, 1.7694e-10}, {2000, 4.356e-11}, {3000, 8.606e-11}});
  check_function(
      "kappa", cell.electrolyte.kappa,
      {{100, 0.25365653073}, {500, 0.793293489611}, {1000, 0.9487}, {2000, 0.596247916887}, {3000, 0.446557419006}});
}

TEST_CASE("Kokam of Marquis et al. 2019 carries the Dualfoil laws") {
  const Cell cell = shipped("kokam_marquis2019");
  CHECK(24 * cell.area == Approx(cell.nominal_capacity).epsilon(1e-14));  // 1C is 24 A m-2
  CHECK(cell.electrolyte.t_plus == 0.4);
  CHECK(cell.separator.porosity == 1);
  CHECK(cell.separator.transport_efficiency == 1);
  CHECK(cell.negative.conductivity->mean() == Approx(58.566201857385).epsilon(1e-13));  // 100 S/m x 0.7^1.5
  CHECK(cell.positive.conductivity->mean() == Approx(5.8566201857385).epsilon(1e-13));  // 10 S/m x 0.7^1.5
  const ActiveMaterial& n = cell.negative.materials.at(0);
  const ActiveMaterial& p = cell.positive.materials.at(0);
  CHECK(n.eps_s == Approx(0.6).epsilon(1e-14));
  CHECK(p.eps_s == Approx(0.5).epsilon(1e-14));
  CHECK(inventory_full(cell) == Approx(inventory(cell, 19986.609595075, 30730.7554385565)).epsilon(1e-8));
  CHECK(open_circuit_voltage(cell, 0.8, 0.6) ==
        Approx(3.8518207).margin(1e-7));  // where the paper starts; the Dualfoil formulas in Python
  check_function("U_n", n.U,
                 {{0.01, 0.770309666819},
                  {0.105, 0.300230901433},
                  {0.295, 0.216120083403},
                  {0.495, 0.197668657483},
                  {0.895, 0.139694238436}});
  check_function("U_p", p.U,
                 {{0.105, 4.67168965773},
                  {0.295, 4.46850511915},
                  {0.495, 4.20158423978},
                  {0.695, 3.94164032606},
                  {0.895, 3.90675055811}});
  check_exchange_current(n, {{0.01, 1.57215997412}, {0.295, 7.20584148937}, {0.895, 4.84378998809}});
  check_exchange_current(p, {{0.01, 0.0966920646447}, {0.295, 0.443178622138}, {0.895, 0.297906105208}});
  check_function(
      "D_e", cell.electrolyte.D_e,
      {{100, 5.003940254435e-10}, {500, 3.858296068449e-10}, {1000, 2.787724447904e-10}, {3000, 7.59743542272e-11}});
  check_function("kappa", cell.electrolyte.kappa,
                 {{100, 0.2717454}, {500, 0.802575}, {1000, 1.1046}, {2000, 0.9465}, {3000, 0.5492}});
}

TEST_CASE("Kokam of Ecker et al. 2015 is stated at 298.15 K and carries the measured discharge") {
  const Cell cell = shipped("kokam_ecker2015");
  CHECK(cell.area == Approx(0.101 * 0.085).epsilon(1e-14));
  CHECK(cell.negative.reference_transport_efficiency == 0.162);
  CHECK(cell.positive.reference_transport_efficiency == 0.1526);
  const ActiveMaterial& n = cell.negative.materials.at(0);
  const ActiveMaterial& p = cell.positive.materials.at(0);
  CHECK(n.eps_s == Approx(0.372403).epsilon(1e-14));
  CHECK(p.eps_s == Approx(0.40832).epsilon(1e-14));
  CHECK(inventory_full(cell) == Approx(inventory(cell, 26120.05, 12630.8)).epsilon(1e-8));
  check_function(
      "D_s,n", n.D_s,
      {{0.01, 8.28861775637e-13}, {0.105, 2.89211551683e-13}, {0.495, 1.23780258916e-14}, {0.895, 8.99850409367e-15}});
  check_function(
      "D_s,p", p.D_s,
      {{0.01, 4.55981707463e-13}, {0.295, 3.41626757885e-13}, {0.695, 6.5008365152e-14}, {0.895, 2.89962600357e-13}});
  check_function("U_n", n.U,
                 {{0.01, 0.780333385078}, {0.105, 0.214234838836}, {0.495, 0.124036650755}, {0.895, 0.0838015254887}});
  check_function("U_p", p.U,
                 {{0.01, 4.57866848716}, {0.295, 4.17791426485}, {0.495, 3.95140400831}, {0.895, 3.64699277653}});
  check_exchange_current(n, {{0.01, 1.24406782321}, {0.495, 6.25136344373}, {0.895, 3.83294535273}});
  check_exchange_current(p, {{0.01, 0.499905020859}, {0.495, 2.511991641}, {0.895, 1.54019627449}});
  check_function("D_e", cell.electrolyte.D_e,
                 {{100, 9.42447948e-10}, {500, 4.321046254e-10}, {1000, 2.592975187e-10}, {3000, 9.86251505e-11}},
                 1e-9);
  check_function("kappa", cell.electrolyte.kappa,
                 {{100, 0.353924776675},
                  {500, 0.811357981964},
                  {1000, 0.973760053227},
                  {2000, 0.7273191179},
                  {3000, 1.11112399685}});

  SECTION("at 318.15 K the activation energies give the source's values, kappa within 0.3 %") {
    const double x = (1 / 298.15 - 1 / 318.15) / gas_constant;
    CHECK(n.D_s(0.001).value * std::exp(n.D_s_activation * x) == Approx(1.97649367087e-12).epsilon(1e-10));
    CHECK(p.D_s(0.001).value * std::exp(p.D_s_activation * x) == Approx(3.52522907172e-12).epsilon(1e-10));
    CHECK(faraday * n.K * std::sqrt(0.001 * 0.999) * std::exp(n.K_activation * x) ==
          Approx(1.53078390541).epsilon(1e-10));
    CHECK(faraday * p.K * std::sqrt(0.001 * 0.999) * std::exp(p.K_activation * x) ==
          Approx(0.479764384358).epsilon(1e-10));
    CHECK(cell.electrolyte.D_e(50).value * std::exp(cell.electrolyte.D_e_activation * x) ==
          Approx(2.22120931484e-9).epsilon(1e-9));
    CHECK(cell.electrolyte.kappa(50).value * std::exp(cell.electrolyte.kappa_activation * x) ==
          Approx(0.390855268153).epsilon(3e-3));
  }
  SECTION("the measured 1C discharge has 31 points and a negative current") {
    REQUIRE(cell.validation.size() == 1);
    const Validation& measured = cell.validation[0];
    REQUIRE(measured.time.size() == 31);
    REQUIRE(measured.voltage.size() == 31);
    CHECK(measured.current.front() == -0.15625);
    CHECK(measured.voltage.front() == 4.1098);
    CHECK(measured.voltage.back() == 2.7664);
    REQUIRE(cell.soc_initial);
    const double soc = *cell.soc_initial;
    CHECK(n.sto_min + (n.sto_max - n.sto_min) * soc == Approx(26120.05 / 31920).epsilon(1e-6));
    CHECK(p.sto_max - (p.sto_max - p.sto_min) * soc == Approx(12630.8 / 48580).epsilon(1e-6));
  }
}

TEST_CASE("the LFP cell carries About:Energy's parameters") {
  const Cell cell = shipped("lfp_18650");
  CHECK(cell.area == 0.08959998);
  const ActiveMaterial& n = cell.negative.materials.at(0);
  const ActiveMaterial& p = cell.positive.materials.at(0);
  CHECK(n.eps_s == Approx(473004 * 4.8e-6 / 3).epsilon(1e-14));
  CHECK(p.eps_s == Approx(4418460 * 5e-7 / 3).epsilon(1e-14));
  CHECK(n.K == 6.872e-6);
  CHECK(p.K == 9.736e-7);
  // the expressions of the published file, evaluated by Python
  check_function("U_n", n.U,
                 {{0.01, 0.556678832906}, {0.1, 0.206750248541}, {0.5, 0.11901727137}, {0.8, 0.0881519133876}}, 1e-9);
  check_function("U_p", p.U, {{0.0875, 3.73666436071}, {0.5, 3.4053710274}, {0.95, 3.39269923798}}, 1e-9);
  CHECK(p.dUdT(0.875).value == Approx(-1.1252e-4).epsilon(1e-12));  // half-way between the points at 0.85 and 0.9
}

TEST_CASE("the NMC pouch cell carries the parameters of the curves it is compared with") {
  const Cell cell = shipped("nmc111_pouch");
  CHECK(cell.area == Approx(0.571472).epsilon(1e-14));
  CHECK(cell.negative.reference_transport_efficiency == 0.128);
  CHECK(cell.positive.reference_transport_efficiency == 0.1462);
  CHECK(cell.separator.transport_efficiency == 0.3222);
  const ActiveMaterial& n = cell.negative.materials.at(0);
  const ActiveMaterial& p = cell.positive.materials.at(0);
  CHECK(n.sto_min == 0.005504);
  CHECK(p.sto_max == 0.9621);
  check_function("U_n", n.U,
                 {{0.01, 0.70002000383829},
                  {0.1, 0.21126397662737},
                  {0.3, 0.13359284496255},
                  {0.5, 0.1160970538549},
                  {0.7, 0.09305355133256},
                  {0.9, 0.08556153143581}},
                 1e-9);
  check_function("U_p", p.U,
                 {{0.3, 4.631210428089},
                  {0.5, 4.106765282215},
                  {0.7, 3.794869862233},
                  {0.9, 3.687191832743},
                  {0.99, 3.37297843986}});
  check_exchange_current(n, {{0.1, 0.150488172507564}, {0.5, 0.25081362084594}});
  check_exchange_current(p, {{0.1, 0.6671960716098}, {0.5, 1.111993452683}});
  check_function("D_e", cell.electrolyte.D_e, {{100, 4.473594e-10}, {1000, 1.7694e-10}});
  check_function("kappa", cell.electrolyte.kappa, {{100, 0.2536565307297737}, {1000, 0.9487}});
}
