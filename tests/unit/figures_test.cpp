/// Figures against arithmetic done by hand for a cell of round numbers, and closed forms.
#include "solver/figures/figures.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "solver/base/constants.hpp"
#include "solver/case/reader.hpp"
#include "solver/cell/bpx/bpx.hpp"
#include "solver/figures/ohmic.hpp"
#include "solver/figures/salt.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/rows.hpp"

using namespace porelith;

namespace {

/// Charge to fill 1 m2 of the negative window: F 30000 (0.9 - 0.1) 0.6 100e-6 = 1.44 F; positive: F 50000 0.5 0.5
/// 120e-6 = 1.5 F.
Case round_case() {
  Case c;
  Cell& cell = *c.cell;
  cell.area = 0.02, cell.electrode_pairs = 2, cell.nominal_capacity = 0.8;
  cell.electrolyte.c_e0 = 1000, cell.electrolyte.t_plus = 0.4, cell.electrolyte.D_e = 3e-10,
  cell.electrolyte.kappa = 1.0;
  cell.separator.thickness = 20e-6, cell.separator.porosity = 0.5, cell.separator.transport_efficiency = 0.4;

  Electrode& n = cell.negative;
  n.thickness = 100e-6, n.porosity = n.reference_porosity = 0.3, n.transport_efficiency = 0.2, n.conductivity = 50;
  ActiveMaterial graphite;
  graphite.U = Function::expression("0.3 - 0.2*x"), graphite.D_s = Function::expression("1e-14*x"), graphite.K = 1e-5;
  graphite.c_s_max = 30000, graphite.sto_min = 0.1, graphite.sto_max = 0.9, graphite.eps_s = 0.6, graphite.R = 5e-6;
  n.materials = {graphite};

  Electrode& p = cell.positive;
  p.thickness = 120e-6, p.porosity = p.reference_porosity = 0.4, p.transport_efficiency = 0.25, p.conductivity = 0.5;
  ActiveMaterial oxide;
  oxide.U = Function::expression("4.5 - 0.5*x"), oxide.D_s = 4e-15, oxide.K = 2e-5;
  oxide.c_s_max = 50000, oxide.sto_min = 0.4, oxide.sto_max = 0.9, oxide.eps_s = 0.5, oxide.R = 4e-6;
  p.materials = {oxide};
  return c;
}

const Figure* find(const std::vector<Figure>& list, const std::string& symbol) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const Figure& f) { return f.symbol == symbol; });
  return found == list.end() ? nullptr : &*found;
}

double value(const std::vector<Figure>& list, const std::string& symbol) {
  const Figure* figure = find(list, symbol);
  INFO(symbol);
  REQUIRE(figure);
  return figure->value;
}

Approx close_to(double x) { return Approx(x).epsilon(1e-9).margin(0); }

}  // namespace

TEST_CASE("capacities, balance and energy are those of the arithmetic") {
  Case c = round_case();
  c.cell->volume = 20e-6, c.cell->density = 2500;  // 20 ml, 50 g
  const auto list = design_figures(c);
  const double F = 96485.33212;
  CHECK(value(list, "capacity_neg") == close_to(F * 1.44 * 0.02 / 3600));      // 0.7719 A.h
  CHECK(value(list, "capacity_pos") == close_to(F * 1.5 * 0.02 / 3600));       // 0.8040 A.h
  CHECK(value(list, "areal_capacity_neg") == close_to(F * 1.44 / 3600 / 10));  // 3.859 mA.h.cm-2
  CHECK(value(list, "capacity_cell") == close_to(F * 1.44 * 0.02 / 3600));
  CHECK(value(list, "np_ratio") == close_to(1.44 / 1.5));
  CHECK(value(list, "np_ratio_hosts") == close_to((1.44 / 0.8) / (1.5 / 0.5)));
  CHECK(value(list, "current_density_1c") == close_to(40));  // 0.8 A over 0.02 m2
  CHECK(value(list, "filler_neg") == close_to(0.1));
  CHECK(value(list, "filler_pos") == close_to(0.1));
  // The negative limits: positive stoichiometry 0.4 to 0.4 + 0.5 1.44/1.5 = 0.88, mean U = 4.18 V; negative mean U =
  // 0.2 V.
  CHECK(value(list, "ocv_full") == close_to((4.5 - 0.2) - (0.3 - 0.18)));
  CHECK(value(list, "ocv_empty") == close_to((4.5 - 0.44) - (0.3 - 0.02)));
  CHECK(value(list, "ocv_mean") == close_to(3.98));
  const double energy = 3.98 * F * 1.44 * 0.02 / 3600;  // 3.072 W.h
  CHECK(value(list, "theoretical_energy") == close_to(energy));
  CHECK(value(list, "energy_volume") == close_to(energy / 0.020));
  CHECK(value(list, "energy_mass") == close_to(energy / 0.050));
  CHECK(value(list, "energy_stack_volume") == close_to(energy / (0.02 * 240e-6 * 1000)));
  CHECK_FALSE(find(design_figures(round_case()), "energy_mass"));          // the file gives no volume
  c.cell->unlike_file = {"[negative] thickness = 0.0002 (file: 0.0001)"};  // and a mass that is another cell's
  for (const char* symbol : {"energy_mass", "energy_volume"}) CHECK_FALSE(find(design_figures(c), symbol));
  CHECK(find(design_figures(c), "energy_stack_volume"));
}

TEST_CASE("resistances are those of the closed form, the total their sum") {
  const auto list = design_figures(round_case());
  // At 50 % SOC: x_n = 0.5, x_p = 0.65; i0 = F K sqrt(x (1 - x)); a = 3 eps_s/R = 3.6e5 and 3.75e5 m-1.
  const double F = 96485.33212, f = F / (8.314462618 * 298.15);
  const double g_n = 3.6e5 * F * 1e-5 * 0.5 * f, g_p = 3.75e5 * F * 2e-5 * std::sqrt(0.65 * 0.35) * f;
  const double R_n = uniform_resistance(100e-6, 50, 0.2, g_n), R_p = uniform_resistance(120e-6, 0.5, 0.25, g_p);
  const double R_s = 20e-6 / 0.4;
  CHECK(value(list, "resistance_neg") == Approx(R_n * 1e4).epsilon(1e-5));
  CHECK(value(list, "resistance_pos") == Approx(R_p * 1e4).epsilon(1e-5));
  CHECK(value(list, "resistance_sep") == close_to(0.5));
  CHECK(value(list, "resistance_total") == Approx((R_n + R_s + R_p) * 1e4).epsilon(1e-5));
  CHECK(value(list, "resistance_cell") == Approx((R_n + R_s + R_p) / 0.02 * 1e3).epsilon(1e-5));
  CHECK(value(list, "voltage_step_1c") == Approx((R_n + R_s + R_p) * 40 * 1e3).epsilon(1e-5));
  const double nu = 100e-6 * std::sqrt(g_n * (1 / 50.0 + 1 / 0.2));
  CHECK(value(list, "nu_neg") == close_to(nu));
  CHECK(value(list, "penetration_depth_neg") == close_to(100 / nu));
  CHECK(value(list, "wagner_neg") == close_to(1 / (nu * nu)));
  CHECK(value(list, "dimensionless_current_neg") == close_to(40 * 100e-6 * (1 / 50.0 + 1 / 0.2) * f));
  CHECK(value(list, "damkohler_neg") == close_to(0.6 * 3.6e5 * 1e-5 * 0.5 * 1e-8 / (0.2 * 3e-10 * 1000)));
}

TEST_CASE("a layered electrode has the resistance of its layers") {
  Case c = round_case();
  Electrode& n = c.cell->negative;
  n.transport_efficiency = Profile::layers({0, 0.3, 1}, {0.1, 0.3});
  n.materials[0].active_fraction = Profile::layers({0, 0.3, 1}, {0.65, 0.5});
  const auto list = design_figures(c);
  OhmicMedium layered;  // by hand, 120 slices of the first layer and 280 of the second
  const double F = 96485.33212, f = F / (8.314462618 * 298.15);
  for (int i = 0; i < 400; ++i) {
    const bool inner = i < 120;
    layered.h.push_back(0.25e-6), layered.s.push_back(50), layered.k.push_back(inner ? 0.1 : 0.3);
    layered.g.push_back(3 * (inner ? 0.65 : 0.5) / 5e-6 * F * 1e-5 * 0.5 * f);
  }
  CHECK(value(list, "resistance_neg") == close_to(solve_ohmic(layered).R * 1e4));
  // Series: 0.3/0.1 + 0.7/0.3 = 16/3. Active: 0.3 0.65 + 0.7 0.5 = 0.545.
  CHECK(value(list, "macmullin_neg") == close_to(16.0 / 3));
  CHECK(value(list, "tortuosity_neg") == close_to(0.3 * 16 / 3));
  CHECK(value(list, "filler_neg") == close_to(1 - 0.3 - 0.545));
}

TEST_CASE("pore space and time constants are those of the arithmetic, at the case's temperature") {
  Case c = round_case();
  c.temperature = 318.15;
  c.cell->electrolyte.D_e_activation = 17000, c.cell->electrolyte.kappa_activation = 9000;
  c.cell->negative.materials[0].D_s_activation = 30000;
  c.cell->positive.materials[0].dUdT = Function(-1e-4);
  const auto list = design_figures(c);
  const auto factor = [](double E) { return std::exp(E / 8.314462618 * (1 / 298.15 - 1 / 318.15)); };
  const double D_e = 3e-10 * factor(17000);
  CHECK(value(list, "tortuosity_neg") == close_to(1.5));
  CHECK(value(list, "tortuosity_sep") == close_to(1.25));
  CHECK(value(list, "macmullin_pos") == close_to(4));
  CHECK(value(list, "electrolyte_diffusion_time_neg") == close_to(1e-8 * 0.3 / (0.2 * D_e)));
  CHECK(value(list, "electrolyte_diffusion_time_cell") ==
        close_to((3e-5 + 1e-5 + 4.8e-5) * (100e-6 / 0.2 + 20e-6 / 0.4 + 120e-6 / 0.25) / D_e));
  CHECK(value(list, "solid_diffusion_time_neg") == close_to(25e-12 / (0.5e-14 * factor(30000))));
  CHECK(value(list, "solid_diffusion_time_pos") == close_to(16e-12 / 4e-15));
  CHECK(value(list, "resistance_sep") == close_to(0.5 / factor(9000)));
  CHECK(value(list, "ocv_mean") == close_to(3.98 - 20 * 1e-4));
}

TEST_CASE("the limiting current is that of the steady state, uniform or layered") {
  const double scale = 1000 * 96485.33212 * 3e-10 / (1 - 0.4);  // c_e0 F D_e/(1 - t_plus) [A m-1]
  // H in units of (1 - t_plus)/(F D_e): 250 um + 50 um + 240 um from end to end. Its eps-weighted mean:
  // (0.3 L_n^2/(6 0.2) + 1e-5 275e-6 + 4.8e-5 (540e-6 - 120e-6/(6 0.25)))/8.8e-5 = 2.733e-8/8.8e-5
  const double mean = 2.733e-8 / 8.8e-5;
  Case c = round_case();
  auto list = design_figures(c);
  CHECK(value(list, "limiting_current_discharge") == close_to(scale / (540e-6 - mean)));
  CHECK(value(list, "limiting_current_charge") == close_to(scale / mean));
  CHECK(value(list, "limiting_c_rate_charge") == close_to(scale / mean / 40));
  CHECK(value(list, "salt_capacity_neg") == close_to(96485.33212 * 1000 * 3e-5 / 0.6 / 3600 / 10));

  // Negative of two halves, B = 0.1 and 0.4: 218.75 um + 50 um + 240 um; integral of H over it 1.0416667 L_n^2.
  c.cell->negative.transport_efficiency = Profile::layers({0, 0.5, 1}, {0.1, 0.4});
  list = design_figures(c);
  const double layered = (0.3 * 1e-8 * 25.0 / 24 + 1e-5 * 243.75e-6 + 4.8e-5 * (508.75e-6 - 80e-6)) / 8.8e-5;
  CHECK(value(list, "limiting_current_charge") == close_to(scale / layered));
  CHECK(value(list, "limiting_current_discharge") == close_to(scale / (508.75e-6 - layered)));
}

TEST_CASE("where diffusion depends on the concentration, the limiting current is that of its integral") {
  // Thin electrodes: c_e from 2 c_e0 (nearly) to 0 over the separator; D = D0 c/c_e0, so c^2 falls evenly. From c = m
  // to 0: i L (1 - t_plus)/(F B) = D0 m^2/(2 c_e0), and the mean of m sqrt(1 - x/L) is 2 m/3 = c_e0.
  Case c = round_case();
  c.cell->negative.thickness = c.cell->positive.thickness = 1e-12;
  c.cell->separator.thickness = 100e-6;
  c.cell->electrolyte.D_e = Function::expression("3e-10*x/1000");
  const LimitingCurrent limit = limiting_current(salt_column(*c.cell, 298.15, 2000));
  const double exact = 3e-10 * 1500 * 1500 / 2000 * 96485.33212 * 0.4 / (100e-6 * 0.6);
  CHECK(limit.discharge == Approx(exact).epsilon(0.01));  // the law is floored at D0/100
  CHECK(limit.charge == Approx(limit.discharge).epsilon(1e-7));
}

TEST_CASE("salt depletion takes forever below the limiting current, and the pores' own salt far above it") {
  Case c = round_case();
  for (const char* D_e : {"3e-10", "1e-10 + 4e-10*exp(-x/500)"}) {
    c.cell->electrolyte.D_e = Function::expression(D_e);
    const SaltColumn column = salt_column(*c.cell, 298.15);
    const LimitingCurrent limit = limiting_current(column);
    const double forever = std::numeric_limits<double>::infinity();
    CHECK(depletion_time(column, limit, 0.99 * limit.discharge) == forever);
    CHECK(depletion_time(column, limit, -0.99 * limit.charge) == forever);
    CHECK(depletion_time(column, limit, 0) == forever);
    CHECK(depletion_time(column, limit, 1.01 * limit.discharge) <
          forever);  // the transient ends where the steady state says
    CHECK(depletion_time(column, limit, -1.01 * limit.charge) < forever);
    // eps c_e0 L F/(1 - t_plus) over the current: no salt comes from afar
    const double i = 50 * limit.charge;
    CHECK(depletion_time(column, limit, -i) == Approx(0.3 * 1000 * 100e-6 * 96485.33212 / 0.6 / i).epsilon(1e-4));
    CHECK(depletion_time(column, limit, i) == Approx(0.4 * 1000 * 120e-6 * 96485.33212 / 0.6 / i).epsilon(1e-4));
  }
}

TEST_CASE("between thin electrodes far apart, depletion takes Sand's time") {
  // H. J. S. Sand, Phil. Mag. 1 (1901) 45: t = pi D (F c/(2 (1 - t_plus) i))^2; in pores D -> eps B D_e.
  Case c = round_case();
  c.cell->negative.thickness = c.cell->positive.thickness = 1e-8;
  c.cell->separator.thickness = 1e-3;
  const SaltColumn column = salt_column(*c.cell, 298.15, 1600);
  const LimitingCurrent limit = limiting_current(column);
  const double i = 300;
  const double sand = pi * 0.5 * 0.4 * 3e-10 * std::pow(96485.33212 * 1000 / (2 * 0.6 * i), 2);
  CHECK(depletion_time(column, limit, i) == Approx(sand).epsilon(3e-3));
  CHECK(depletion_time(column, limit, -i) == Approx(sand).epsilon(3e-3));
}

TEST_CASE("Sand's times are listed for rates beyond the limiting one only, and fall with the rate") {
  const auto list = design_figures(round_case());
  for (const std::string way : {"charge", "discharge"}) {
    const double limit = value(list, "limiting_c_rate_" + way);
    double slower = std::numeric_limits<double>::infinity();
    for (const int rate : {1, 2, 3, 4, 6, 8, 10}) {
      const Figure* sand = find(list, "sand_time_" + way + "_" + std::to_string(rate) + "c");
      CHECK((sand != nullptr) == (rate > limit));
      if (!sand) continue;
      CHECK(sand->value < slower);
      slower = sand->value;
    }
    CHECK(std::isfinite(slower));  // 10C is beyond
  }
}

TEST_CASE("below the limiting current c_e comes to a steady state that is linear in the current") {
  const SaltColumn column = salt_column(*round_case().cell, 298.15, 400);
  const LimitingCurrent limit = limiting_current(column);
  const double c_e0 = column.law.c_e0();
  // D_e is constant: c_e - c_e0 is proportional to i, and at the limiting current one end is empty
  for (const double part : {0.2, 0.5, 0.9}) {
    const SaltSpan discharge = salt_span(column, {{part * limit.discharge, 1e6}});
    CHECK(discharge.least == Approx((1 - part) * c_e0).epsilon(2e-3));
    const SaltSpan charge = salt_span(column, {{-part * limit.charge, 1e6}});
    CHECK(charge.least == Approx((1 - part) * c_e0).epsilon(2e-3));
    // the same column the other way round: what is scarce at one current is plentiful at the other
    CHECK(charge.greatest - c_e0 == Approx((c_e0 - discharge.least) * limit.charge / limit.discharge).epsilon(2e-3));
    CHECK(discharge.greatest - c_e0 == Approx((c_e0 - charge.least) * limit.discharge / limit.charge).epsilon(2e-3));
  }
  CHECK(salt_span(column, {{3 * limit.discharge, 1e6}}).least == 0);
  CHECK(salt_span(column, {{0, 1e6}}).least == Approx(c_e0).epsilon(1e-12));
  // short against the diffusion: every slice has its own salt only, and the greatest rise is i w' (1 - t_plus)/(F eps)
  const double i = 1, t = 1e-3, L_n = 100e-6, eps_n = round_case().cell->negative.porosity->mean();
  CHECK(salt_span(column, {{i, t}}).greatest - c_e0 ==
        Approx((1 - column.law.t_plus()) * i * t / (96485.33212 * eps_n * L_n)).epsilon(1e-3));
  // one after another: a rest changes nothing, and the way back is longer than from rest
  const SaltSpan there = salt_span(column, {{0.5 * limit.discharge, 1e6}, {0, 10}, {-0.5 * limit.charge, 1e6}});
  CHECK(there.least == Approx(0.5 * c_e0).epsilon(2e-3));
}

TEST_CASE("blended materials share the lithium at one potential") {
  Case c = round_case();
  Electrode& n = c.cell->negative;
  n.materials.push_back(n.materials[0]);
  ActiveMaterial &a = n.materials[0], &b = n.materials[1];
  a.name = "Graphite", b.name = "SiO x";
  a.eps_s = 0.4, b.eps_s = 0.2;
  b.U = Function::expression("0.5 - 0.4*x");
  const auto list = design_figures(c);
  // Both windows half full hold 0.4 0.5 + 0.2 0.5 = 0.3 = 0.4 x_a + 0.2 x_b; one potential: 0.3 - 0.2 x_a = 0.5 - 0.4
  // x_b, so x_b = 0.5 + x_a/2, x_a = 0.4 and x_b = 0.7. D_s = 1e-14 x shows them.
  CHECK(value(list, "solid_diffusion_time_neg_graphite") == Approx(25e-12 / 0.4e-14).epsilon(1e-8));
  CHECK(value(list, "solid_diffusion_time_neg_sio_x") == Approx(25e-12 / 0.7e-14).epsilon(1e-8));
}

TEST_CASE("every design figure is finite, has a unit, a sentence and a key of its own") {
  std::set<std::string> keys;
  for (const Figure& figure : design_figures(round_case())) {
    INFO(figure.symbol);
    CHECK(std::isfinite(figure.value));
    CHECK_FALSE(figure.unit.empty());
    CHECK_FALSE(figure.meaning.empty());
    CHECK(keys.insert(figure.symbol).second);
    CHECK(std::all_of(figure.symbol.begin(), figure.symbol.end(),
                      [](char ch) { return (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || ch == '_'; }));
  }
}

TEST_CASE("every shipped cell has finite figures and about its nominal capacity") {
  REQUIRE_FALSE(shipped_cells().empty());
  for (const std::string& name : shipped_cells()) {
    INFO(name);
    Case c;
    c.cell = read_bpx(std::string(PORELITH_SOURCE_DIR) + "/cases/cells/" + name + ".json");
    const auto list = design_figures(c);
    for (const Figure& figure : list) {
      INFO(figure.symbol);
      CHECK(std::isfinite(figure.value));
    }
    CHECK(value(list, "capacity_cell") == Approx(c.cell->nominal_capacity).epsilon(0.3));
    CHECK(value(list, "ocv_full") == Approx(c.cell->V_max).margin(0.05));
  }
}

namespace {

/// Half an hour of discharge at 2 A and 3.8 V mean, rest, and the same charge back at 4 A and 4 V.
Results small_run() {
  Results r;
  r.area = 0.02;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  // time, current, voltage, charge, energy, soc, margin, c_e min, max, uniformity neg, pos, step
  r.accepted = {curve_row(0, {2, 3.9, 0, 0, 0.9, 0.20, 1000, 1000, 0.4, 0.8}, 0),
                curve_row(1800, {2, 3.7, 3600, 3600 * 3.8, 0.4, 0.30, 700, 1300, 0.6, 0.8}, 0),
                curve_row(2000, {0, 3.75, 3600, 3600 * 3.8, 0.4, 0.25, 990, 1010, nan, nan}, 1),
                curve_row(2300, {-4, 4.0, 2400, 3600 * 3.8 - 1200 * 4, 0.5667, -0.01, 450, 1600, 0.3, 0.5}, 2),
                curve_row(2900, {-4, 4.0, 0, 3600 * (3.8 - 4), 0.9, 0.02, 500, 1500, 0.5, 0.7}, 2)};
  r.steps = {{"discharge at 2 A", "time reached 1800 s", 0, 1800, 3600, 3600 * 3.8},
             {"rest", "time reached 200 s", 1800, 2000, 0, 0},
             {"charge at 4 A", "time reached 900 s", 2000, 2900, -3600, -3600 * 4.0}};
  r.mesh.volume = {1e-8, 3e-8, 1e-8};
  r.beds = {{"negative", "", 30000, {0, 1}, {3.6e5, 1.8e5}, {5e-6, 5e-6}, {0, 0.5, 1}},
            {"positive", "", 50000, {2}, {3.75e5}, {4e-6}, {0, 1}}};
  Snapshot start{0, 3.9, 2, {}, {}, {}, {{1e-6, -3e-6}, {2e-6}}, {}, {{24000, 24000, 24000, 24000}, {25000}}};
  Snapshot end{2900, 4.0, -4, {}, {}, {}, {{-2e-6, 1e-6}, {-5e-6}}, {}, {{8000, 16000, 12000, 12000}, {35000}}};
  r.snapshots = {start, end};
  return r;
}

}  // namespace

TEST_CASE("a run's figures are those of its curve, steps and particles") {
  const auto list = run_figures(small_run());
  CHECK(value(list, "capacity_discharged") == close_to(1));
  CHECK(value(list, "capacity_charged") == close_to(1));
  CHECK(value(list, "areal_capacity_charged") == close_to(5));  // 1 A.h on 200 cm2
  CHECK(value(list, "energy_discharged") == close_to(3.8));
  CHECK(value(list, "mean_voltage_charged") == close_to(4));
  CHECK(value(list, "round_trip_efficiency") == close_to(0.95));
  CHECK(value(list, "step_1_capacity") == close_to(1));
  CHECK(value(list, "step_2_duration") == close_to(200));
  CHECK(value(list, "step_3_capacity") == close_to(-1));
  CHECK(value(list, "step_3_mean_voltage") == close_to(4));
  CHECK_FALSE(find(list, "step_2_mean_voltage"));
  CHECK(value(list, "plating_margin") == -0.01);
  CHECK(value(list, "plating_margin_time") == 2300);
  CHECK(value(list, "c_e_min") == 450);
  CHECK(value(list, "c_e_min_time") == 2300);
  CHECK(value(list, "c_e_max") == 1600);
  CHECK_FALSE(find(list, "capacity"));  // the last step has too few states for a coordinate along its charge
  // Even over charge: 3600 A s at 0.5, then the interval that starts at rest has none, then 2400 A s at 0.4.
  CHECK(value(list, "uniformity_neg_run") == close_to((3600 * 0.5 + 2400 * 0.4) / 6000));
  CHECK(value(list, "uniformity_pos_run") == close_to((3600 * 0.8 + 2400 * 0.6) / 6000));
  // Particle 1: 8000/8 + 16000 7/8 = 15000 (x 0.5), volume share 1e-8 0.6; particle 2: 12000 (x 0.4), 3e-8 0.3; start x
  // 0.8.
  const double mean = (0.5 * 0.6 + 0.4 * 0.9) / 1.5;
  CHECK(value(list, "stoichiometry_swing_neg") == close_to(mean - 0.8));
  CHECK(value(list, "stoichiometry_spread_neg") == close_to(0.1));
  CHECK(value(list, "stoichiometry_swing_pos") == close_to(0.2));
  CHECK(value(list, "peak_reaction_neg") == close_to(96485.33212 * 3e-6));
  CHECK(value(list, "peak_reaction_time_pos") == 2900);
}

TEST_CASE("with the cell, a run's figures include utilisation and what stands per mass and volume") {
  Case c = round_case();
  c.cell->volume = 20e-6, c.cell->density = 2500;
  const auto list = run_figures(small_run(), *c.cell);
  CHECK(value(list, "utilisation_neg") == close_to((0.8 - 0.66 / 1.5) / 0.8));
  CHECK(value(list, "utilisation_pos") == close_to(0.2 / 0.5));
  CHECK(value(list, "energy_mass_discharged") == close_to(3.8 / 0.05));
  CHECK(value(list, "energy_volume_charged") == close_to(4 / 0.02));
  CHECK(value(list, "energy_stack_volume_discharged") == close_to(3.8 / (0.02 * 240e-6 * 1000)));
  std::set<std::string> keys;  // one file holds both lists
  for (const auto& figures : {list, design_figures(c)})
    for (const Figure& figure : figures) CHECK(keys.insert(figure.symbol).second);

  Results strange = small_run();
  strange.beds[1].material = "LFP";
  CHECK_THROWS_WITH(run_figures(strange, *c.cell),
                    "the results hold particles of \"LFP\" in the positive electrode; the cell has none");
}

TEST_CASE("a run that left nothing has no figures, and one that is no cycle no round-trip efficiency") {
  CHECK(run_figures(Results{}).empty());
  Results half = small_run();
  half.accepted.pop_back();
  CHECK_FALSE(find(run_figures(half), "round_trip_efficiency"));
  CHECK(find(run_figures(half), "capacity_discharged"));
}
