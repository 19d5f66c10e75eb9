#include "solver/figures/figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <numeric>

#include "solver/base/constants.hpp"
#include "solver/cell/cell.hpp"
#include "solver/cell/side.hpp"
#include "solver/figures/ohmic.hpp"
#include "solver/figures/salt.hpp"
#include "solver/laws/open_circuit.hpp"

namespace porelith {

namespace {

constexpr double per_cm2 = 1e-4;                  ///< m2 in a cm2
constexpr double mAh_cm2 = 1e3 / 3600 * per_cm2;  ///< A s m-2 -> mA.h.cm-2
constexpr int slices = 400;

/// One electrode at the case's temperature.
struct Half {
  Half(const Case& c, Side side)
      : electrode(electrode_of(*c.cell, side)),
        key(short_word_of(side)),
        word(word_of(side)),
        open_circuit(electrode, c.cell->T_ref, c.temperature) {}

  const Electrode& electrode;
  std::string key;   ///< "neg", "pos"
  std::string word;  ///< "negative", "positive"
  OpenCircuit open_circuit;
};

/// Values that several figures share.
struct Derived {
  explicit Derived(const Case& c)
      : the_case(c), cell(*c.cell), T(c.temperature), neg(c, Side::negative), pos(c, Side::positive) {
    area = cell.area;
    capacity = std::min(neg.open_circuit.capacity(), pos.open_circuit.capacity());
    i_1C = cell.nominal_capacity / area;
    const ElectrolyteAt liquid = ElectrolyteLaw(cell.electrolyte, cell.T_ref).at(T);
    const double c_e0 = liquid.c_e0();
    double slope;
    liquid.conductivity(1, &c_e0, &kappa, &slope);
    liquid.diffusivity(1, &c_e0, &D_e, &slope);
  }

  /// Open-circuit voltage with the share `passed` of the cell's capacity discharged [V]
  double open_circuit_voltage(double passed) const {
    const double q = passed * capacity;
    const auto &n = neg.open_circuit, &p = pos.open_circuit;
    return p.filled(q / p.capacity()).U - n.filled(1 - q / n.capacity()).U;
  }

  void add(std::string name, std::string symbol, double value, std::string unit, std::string meaning) {
    figures.push_back({std::move(name), std::move(symbol), value, std::move(unit), std::move(meaning)});
  }

  const Case& the_case;
  const Cell& cell;
  double T;
  Half neg, pos;
  double area, capacity;  ///< [m2], [A s m-2]
  double i_1C;            ///< [A m-2]
  double kappa, D_e;      ///< at c_e0 and T
  std::vector<Figure> figures;
};

void add_capacities(Derived& d) {
  for (const Half* side : {&d.neg, &d.pos}) {
    d.add("capacity, " + side->word, "capacity_" + side->key, side->open_circuit.capacity() * d.area / 3600, "A.h",
          "of the whole cell's electrode between its stoichiometry limits (F1)");
    d.add("areal capacity, " + side->word, "areal_capacity_" + side->key, side->open_circuit.capacity() * mAh_cm2,
          "mA.h.cm-2", "capacity between the stoichiometry limits over electrode area (F1)");
  }
  const auto whole = [](const Half& s) {
    const auto& hosts = s.open_circuit.hosts();
    return std::accumulate(hosts.begin(), hosts.end(), 0.0);
  };
  d.add("cell capacity", "capacity_cell", d.capacity * d.area / 3600, "A.h", "the smaller electrode's capacity (F2)");
  d.add("areal capacity, cell", "areal_capacity_cell", d.capacity * mAh_cm2, "mA.h.cm-2",
        "the smaller electrode's capacity over electrode area (F2)");
  d.add("balance", "np_ratio", d.neg.open_circuit.capacity() / d.pos.open_circuit.capacity(), "1",
        "negative over positive capacity, each between its stoichiometry limits (F3)");
  d.add("balance of the whole hosts", "np_ratio_hosts", whole(d.neg) / whole(d.pos), "1",
        "negative over positive capacity, each from stoichiometry 0 to 1 (F3)");
  d.add("current density at 1C", "current_density_1c", d.i_1C, "A.m-2",
        "nominal capacity in an hour, over electrode area");
  for (const Half* side : {&d.neg, &d.pos}) {
    double active = 0;
    for (std::size_t m = 0; m < side->electrode.materials.size(); ++m) active += side->electrode.eps_s(m, 0, 1);
    const double eps = side->electrode.eps(0, 1);
    d.add("porosity, " + side->word, "porosity_" + side->key, eps, "1", "mean through the depth");
    const double filler = 1 - eps - active;  // rounding is no filler
    d.add("filler, " + side->word, "filler_" + side->key, std::abs(filler) < 1e-12 ? 0 : filler, "1",
          "volume that is neither pores nor active material: binder and carbon; mean through the depth");
  }
}

void add_energies(Derived& d) {
  const bool blended = d.cell.negative.materials.size() + d.cell.positive.materials.size() > 2;
  const int intervals = blended ? 200 : 1000;  // Simpson's rule; open-circuit voltages are steep at the ends
  double sum = 0;
  for (int i = 0; i <= intervals; ++i) {
    const double weight = i == 0 || i == intervals ? 1 : i % 2 == 1 ? 4 : 2;
    sum += weight * d.open_circuit_voltage(double(i) / intervals);
  }
  const double mean = sum / (3 * intervals);
  const double energy = mean * d.capacity * d.area / 3600;
  const double stack = d.area * (d.cell.negative.thickness + d.cell.separator.thickness + d.cell.positive.thickness);
  d.add("open-circuit voltage, full", "ocv_full", d.open_circuit_voltage(0), "V", "at 100 % state of charge");
  d.add("open-circuit voltage, empty", "ocv_empty", d.open_circuit_voltage(1), "V", "after the cell capacity");
  d.add("mean open-circuit voltage", "ocv_mean", mean, "V", "over the cell capacity at zero current (F5)");
  d.add("theoretical energy", "theoretical_energy", energy, "W.h",
        "of a discharge at zero current over the cell capacity (F5)");
  d.add("energy per electrode stack volume", "energy_stack_volume", energy / (1e3 * stack), "W.h.l-1",
        "theoretical energy over both electrodes and separator, without collectors and casing");
  if (const auto volume = d.cell.true_volume())
    d.add("energy per volume", "energy_volume", energy / (1e3 * *volume), "W.h.l-1",
          "theoretical energy over the volume the cell's file gives, where the case left its cell as it is");
  if (const auto mass = d.cell.true_mass())
    d.add("specific energy", "energy_mass", energy / *mass, "W.h.kg-1",
          "theoretical energy over volume times density of the cell's file, where the case left its cell as it is");
}

void add_resistances(Derived& d) {
  const double sep = d.cell.separator.thickness / (d.cell.separator.transport_efficiency * d.kappa);
  double total = sep, reaction = 0;
  for (const Half* side : {&d.neg, &d.pos}) {
    const auto sto = side->open_circuit.filled(0.5).sto;
    const OhmicSolution ohmic = solve_ohmic(ohmic_medium(d.cell, side->electrode, sto, d.T, slices));
    total += ohmic.R;
    reaction += std::accumulate(ohmic.R_reaction.begin(), ohmic.R_reaction.end(), 0.0);
    d.add("resistance, " + side->word, "resistance_" + side->key, ohmic.R / per_cm2, "ohm.cm2",
          "of solid, pores and reaction at 50 % state of charge, at rest: small and short currents (O3, O5)");
    d.add("evenness of the reaction, " + side->word, "rest_uniformity_" + side->key, ohmic.uniformity(), "1",
          "mean reaction rate over the largest for a small current from rest at 50 % state of charge (O3)");
  }
  d.add("resistance, separator", "resistance_sep", sep / per_cm2, "ohm.cm2", "thickness/(B kappa(c_e0)) (F6)");
  d.add("resistance, cell, area-specific", "resistance_total", total / per_cm2, "ohm.cm2",
        "both electrodes and separator at 50 % state of charge, at rest; collectors and contacts not included (F6)");
  d.add("of which reaction", "resistance_reaction", reaction / per_cm2, "ohm.cm2",
        "the share of the resistance that the reactions dissipate (O6)");
  d.add("resistance, cell", "resistance_cell", total / d.area * 1e3, "mohm", "area-specific resistance over area (F6)");
  d.add("voltage step at 1C", "voltage_step_1c", total * d.i_1C * 1e3, "mV",
        "estimate: resistance times current at 1C; linear kinetics exaggerate it at high rates");
}

/// Harmonic mean of B through the depth: slices conduct in series (F7).
double series_efficiency(const Electrode& electrode) {
  const std::vector<double> xi = depth_faces(electrode, slices);
  double resistance = 0;
  for (std::size_t i = 0; i + 1 < xi.size(); ++i) resistance += (xi[i + 1] - xi[i]) / electrode.B(xi[i], xi[i + 1]);
  return 1 / resistance;
}

/// Pore space of one layer.
struct Layer {
  std::string key, word;
  double L, eps, B;
};

std::vector<Layer> layers(const Derived& d) {
  const auto coating = [&](const Half& half) {
    const Electrode& e = half.electrode;
    return Layer{half.key, half.word, e.thickness, e.eps(0, 1), series_efficiency(e)};
  };
  const Separator& s = d.cell.separator;
  return {coating(d.neg), {"sep", "separator", s.thickness, s.porosity, s.transport_efficiency}, coating(d.pos)};
}

void add_pore_space(Derived& d) {
  double pores = 0, resistance = 0;
  for (const Layer& layer : layers(d)) {
    d.add("tortuosity, " + layer.word, "tortuosity_" + layer.key, layer.eps / layer.B, "1",
          "porosity over transport efficiency; graded layers: mean porosity, B in series (F7)");
    d.add("MacMullin number, " + layer.word, "macmullin_" + layer.key, 1 / layer.B, "1",
          "resistance of the filled pores over that of free electrolyte: 1/B, in series (F7)");
    d.add("electrolyte diffusion time, " + layer.word, "electrolyte_diffusion_time_" + layer.key,
          layer.L * layer.L * layer.eps / (layer.B * d.D_e), "s", "L^2 eps/(B D_e(c_e0)) (F10)");
    pores += layer.L * layer.eps;
    resistance += layer.L / (layer.B * d.D_e);
  }
  d.add("electrolyte diffusion time, cell", "electrolyte_diffusion_time_cell", pores * resistance, "s",
        "pore volume times diffusion resistance of the three layers; gradients settle about pi^2 times as fast (F10)");
}

std::string snake_case(const std::string& text) {
  std::string key;
  for (const char c : text)
    key += std::isalnum(static_cast<unsigned char>(c)) ? static_cast<char>(std::tolower(c)) : '_';
  return key;
}

void add_electrode_numbers(Derived& d, const Half& side) {
  const Electrode& e = side.electrode;
  const auto sto = side.open_circuit.filled(0.5).sto;
  const OhmicMedium medium = ohmic_medium(d.cell, e, sto, d.T, slices);
  double in_solid = 0, in_liquid = 0, g = 0;  // series and parallel means through the depth
  for (std::size_t i = 0; i < medium.h.size(); ++i) {
    in_solid += medium.h[i] / medium.s[i];
    in_liquid += medium.h[i] / medium.k[i];
    g += medium.h[i] * medium.g[i] / e.thickness;
  }
  const double L = e.thickness, RT_F = thermal_voltage(d.T);
  const double nu = std::sqrt(g * L * (in_solid + in_liquid));
  const double diffusion = d.cell.electrolyte.c_e0 * faraday * d.D_e / (1 - d.cell.electrolyte.t_plus);
  d.add("penetration depth, " + side.word, "penetration_depth_" + side.key, L / nu * 1e6, "um",
        "Newman's: how deep a small current reacts, at 50 % state of charge; mean properties where graded (F8)");
  d.add("thickness over penetration depth, " + side.word, "nu_" + side.key, nu, "1",
        "far above 1 the reaction crowds to one side, below 1 it is even (F8)");
  d.add("Wagner number, " + side.word, "wagner_" + side.key, 1 / (nu * nu), "1",
        "resistance of the reaction over that of solid and pores (F8)");
  d.add("dimensionless current at 1C, " + side.word, "dimensionless_current_" + side.key,
        d.i_1C * (in_solid + in_liquid) / RT_F, "1",
        "ohmic drop of 1C over RT/F; far above 1 the reaction is uneven whatever the kinetics (F9)");
  d.add("Damkoehler number, " + side.word, "damkohler_" + side.key, g * RT_F * L * in_liquid * d.kappa / diffusion, "1",
        "exchange rate of the reaction over diffusion of the salt through the depth (F9)");
  for (std::size_t m = 0; m < sto.size(); ++m) {
    const ActiveMaterial& material = e.materials[m];
    double D_s, slope;
    side.open_circuit.laws()[m].diffusivity(1, &sto[m], &D_s, &slope);
    const bool blend = sto.size() > 1;
    d.add("solid diffusion time, " + side.word + (blend ? ", " + material.name : ""),
          "solid_diffusion_time_" + side.key + (blend ? "_" + snake_case(material.name) : ""),
          std::pow(material.R->mean(), 2) / D_s, "s",
          "R^2/D_s at 50 % state of charge; mean radius where graded (F11)");
  }
}

void add_salt(Derived& d) {
  const SaltColumn column = salt_column(d.cell, d.T);
  for (const Layer& layer : layers(d)) {
    if (layer.key == "sep") continue;
    const double free = faraday * column.law.c_e0() * layer.eps * layer.L / (1 - column.law.t_plus());
    d.add("salt capacity, " + layer.word, "salt_capacity_" + layer.key, free * mAh_cm2, "mA.h.cm-2",
          "estimate: charge that the salt in this electrode's own pores carries when no other arrives (F12)");
  }
  const LimitingCurrent limit = limiting_current(column);
  for (const bool charge : {false, true}) {
    const std::string word = charge ? "charge" : "discharge", end = (charge ? d.neg : d.pos).word;
    const double i_lim = charge ? limit.charge : limit.discharge;
    d.add("limiting current, " + word, "limiting_current_" + word, i_lim, "A.m-2",
          "estimate: steady current that empties the far end of the " + end +
              " electrode of salt if the reaction stays even; it retreats, so the cell bears more (F13)");
    d.add("limiting rate, " + word, "limiting_c_rate_" + word, i_lim / d.i_1C, "C",
          "estimate: limiting current over that of 1C (F13)");
    for (const int rate : {1, 2, 3, 4, 6, 8, 10}) {
      const double time = depletion_time(column, limit, (charge ? -rate : rate) * d.i_1C);
      if (!std::isfinite(time)) continue;
      d.add(fmt::format("Sand's time, {} at {}C", word, rate), fmt::format("sand_time_{}_{}c", word, rate), time, "s",
            "estimate: from rest until the salt runs out somewhere in the " + end +
                " electrode if the reaction stays even; only rates beyond the limiting one are listed (F15)");
    }
  }
}

}  // namespace

std::vector<Figure> design_figures(const Case& the_case) {
  Derived derived(the_case);
  add_capacities(derived);
  add_energies(derived);
  add_resistances(derived);
  add_pore_space(derived);
  add_electrode_numbers(derived, derived.neg);
  add_electrode_numbers(derived, derived.pos);
  add_salt(derived);
  if (the_case.temperature_function)
    derived.add("temperature of these figures", "temperature_start", the_case.temperature, "K",
                "of the start of the run; the temperature is a function of time");
  return std::move(derived.figures);
}

}  // namespace porelith
