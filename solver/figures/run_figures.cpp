#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "solver/base/constants.hpp"
#include "solver/cell/cell.hpp"
#include "solver/cell/side.hpp"
#include "solver/figures/figures.hpp"
#include "solver/newman/observables/observables.hpp"
#include "solver/newman/observables/scalar_results.hpp"
#include "solver/record/fields.hpp"
#include "solver/record/last_step.hpp"

namespace porelith {

namespace {

constexpr std::size_t most_steps_listed = 24;

void add(std::vector<Figure>& list, std::string name, std::string symbol, double value, std::string unit,
         std::string meaning) {
  list.push_back({std::move(name), std::move(symbol), value, std::move(unit), std::move(meaning)});
}

/// Charge [A s] and energy [J] that went one way, both positive.
struct Passed {
  double charge = 0, energy = 0;
};

/// Sums over the accepted states: what the cell gave and what it took.
struct Throughput {
  Passed out, in;
};

Throughput throughput(const std::vector<CurveRow>& curve) {
  Throughput sum;
  for (std::size_t i = 1; i < curve.size(); ++i) {
    const double charge = curve[i].charge() - curve[i - 1].charge(), energy = curve[i].energy() - curve[i - 1].energy();
    Passed& way = charge > 0 ? sum.out : sum.in;
    way.charge += std::abs(charge);
    way.energy += std::abs(energy);
  }
  return sum;
}

double areal(double charge, double area) { return charge / 3600 * 1e3 / (area * 1e4); }  ///< [mA.h.cm-2]

void add_passed(std::vector<Figure>& list, const Passed& passed, double area, bool out) {
  if (passed.charge == 0) return;
  const std::string word = out ? "discharged" : "charged";
  add(list, "capacity, " + word, "capacity_" + word, passed.charge / 3600, "A.h", "over the whole run (F16)");
  add(list, "areal capacity, " + word, "areal_capacity_" + word, areal(passed.charge, area), "mA.h.cm-2",
      "over the whole run, over electrode area (F16)");
  add(list, "energy, " + word, "energy_" + word, passed.energy / 3600, "W.h", "over the whole run (F16)");
  add(list, "mean voltage, " + word, "mean_voltage_" + word, passed.energy / passed.charge, "V",
      "energy over charge (F16)");
}

void add_steps(std::vector<Figure>& list, const Results& r) {
  if (r.steps.size() > most_steps_listed) return;
  for (std::size_t i = 0; i < r.steps.size(); ++i) {
    const StepSummary& step = r.steps[i];
    const std::string name = fmt::format(", step {} ({})", i + 1, step.label), key = fmt::format("step_{}_", i + 1);
    add(list, "duration" + name, key + "duration", step.end - step.start, "s", "it ended because: " + step.ended);
    if (step.charge == 0) continue;
    add(list, "capacity" + name, key + "capacity", step.charge / 3600, "A.h", "net, discharge positive");
    add(list, "areal capacity" + name, key + "areal_capacity", areal(step.charge, r.area), "mA.h.cm-2",
        "net, discharge positive, over electrode area");
    add(list, "energy" + name, key + "energy", step.energy / 3600, "W.h", "net, delivered positive");
    add(list, "mean voltage" + name, key + "mean_voltage", step.energy / step.charge, "V", "energy over charge");
  }
}

/// Mean of an observable over the run, each interval weighted by the charge passed in it; NaN where none was (F18).
double mean_over_charge(const std::vector<CurveRow>& curve, std::size_t k) {
  double sum = 0, weight = 0;
  for (std::size_t i = 1; i < curve.size(); ++i) {
    const double value = 0.5 * (curve[i].values[k] + curve[i - 1].values[k]);
    const double passed = std::abs(curve[i].charge() - curve[i - 1].charge());
    if (!std::isfinite(value)) continue;
    sum += passed * value;
    weight += passed;
  }
  return sum / weight;
}

/// What the observables come to, under the names that objectives know; of extremes the time with it.
void add_reduced(std::vector<Figure>& list, const Results& r) {
  if (r.accepted.empty()) return;
  const LastStep last = last_step(r);
  for (const ScalarResult& scalar : scalar_results()) {
    if (!last.missing.empty() && !scalar.of_the_run) continue;
    const double value = scalar.value(r, last);
    if (std::isfinite(value)) add(list, scalar.spoken, scalar.name, value, scalar.unit, scalar.meaning);
  }
  for (std::size_t k = 0; k < observables().size(); ++k)
    for (const Reduced& one : observables()[k].reduced) {
      const std::string& spoken = observables()[k].spoken;
      if (one.how != Reduction::mean_over_charge) {
        if (const CurveRow* row = extreme_row(r.accepted, k, one.how))
          add(list, "time of the " + spoken_of(one.how, spoken), one.name + "_time", row->time, "s",
              "from the start of the run");
        continue;
      }
      const double even = mean_over_charge(r.accepted, k);
      if (std::isfinite(even))
        add(list, spoken + ", whole run", one.name + "_run", even, observables()[k].unit,
            "averaged over all the charge passed (F18)");
    }
}

/// Lithium of an electrode's particles at one snapshot.
struct Inventory {
  double held = 0, hosts = 0, windows = 0;  ///< mol; hosts at stoichiometry 1; windows: between the limits
  double lowest = 1, highest = 0;           ///< mean stoichiometry of single particles
};

/// `window` [1] is sto_max - sto_min of each bed's material.
Inventory inventory(const Results& r, const Snapshot& at, const std::string& electrode,
                    const std::vector<double>& window, const Team& team) {
  Inventory sum;
  for (std::size_t b = 0; b < r.beds.size(); ++b) {
    const Bed& bed = r.beds[b];
    if (bed.electrode != electrode) continue;
    const std::vector<double> means = particle_means(bed, at.c_s[b], bed.every_particle ? nullptr : &at.c_mean[b]);
    for (std::size_t p = 0; p < bed.cells.size(); ++p) {
      const double mean = means[p];
      const double volume = r.mesh.volume[bed.cells[p]] * bed.a[p] * bed.R[p] / 3;  // of particles
      sum.held += volume * mean;
      sum.hosts += volume * bed.c_s_max;
      sum.windows += volume * bed.c_s_max * window[b];
      sum.lowest = std::min(sum.lowest, mean / bed.c_s_max);
      sum.highest = std::max(sum.highest, mean / bed.c_s_max);
    }
  }
  for (double* total : {&sum.held, &sum.hosts, &sum.windows}) *total = team.sum(*total);
  sum.lowest = team.min(sum.lowest);
  sum.highest = team.max(sum.highest);
  return sum;
}

void add_utilisation(std::vector<Figure>& list, const Results& r, const std::vector<double>& window, bool windows_known,
                     const Team& team) {
  if (r.snapshots.empty()) return;
  for (Side side : both_sides) {
    const std::string word = word_of(side), key = short_word_of(side);
    const Inventory start = inventory(r, r.snapshots.front(), word, window, team);
    const Inventory end = inventory(r, r.snapshots.back(), word, window, team);
    if (end.hosts == 0) continue;
    if (windows_known) {
      add(list, "utilisation, " + word, "utilisation_" + key, std::abs(end.held - start.held) / end.windows, "1",
          "lithium moved from the first to the last snapshot over the stoichiometry window (F19)");
      continue;
    }
    add(list, "stoichiometry swing, " + word, "stoichiometry_swing_" + key, (end.held - start.held) / end.hosts, "1",
        "mean stoichiometry of the last snapshot less that of the first (F19)");
    add(list, "stoichiometry spread, " + word, "stoichiometry_spread_" + key, end.highest - end.lowest, "1",
        "fullest less emptiest particle of the last snapshot: how unevenly the depth is used (F19)");
  }
}

void add_peaks(std::vector<Figure>& list, const Results& r, const Team& team) {
  for (Side side : both_sides) {
    const std::string word = word_of(side), key = short_word_of(side);
    double peak = -1, time = 0;
    for (const Snapshot& at : r.snapshots)
      for (std::size_t b = 0; b < r.beds.size(); ++b)
        for (double j : r.beds[b].electrode == word ? at.j[b] : std::vector<double>{})
          if (std::abs(j) > peak) peak = std::abs(j), time = at.time;
    const double highest = team.max(peak);
    time = team.min(peak == highest ? time : std::numeric_limits<double>::max());
    peak = highest;
    if (peak < 0) continue;
    add(list, "peak reaction rate, " + word, "peak_reaction_" + key, faraday * peak, "A.m-2",
        "largest F |j| on particle surface in any snapshot (F20)");
    add(list, "time of the peak reaction rate, " + word, "peak_reaction_time_" + key, time, "s",
        "from the start of the run");
  }
}

}  // namespace

std::vector<Figure> run_figures(const Results& results, const Team& team) {
  std::vector<Figure> list;
  const Throughput sum = throughput(results.accepted);
  add_passed(list, sum.out, results.area, true);
  add_passed(list, sum.in, results.area, false);
  const double passed = sum.out.charge + sum.in.charge;
  if (sum.out.charge > 0 && std::abs(sum.out.charge - sum.in.charge) < 0.01 * passed)
    add(list, "round-trip efficiency", "round_trip_efficiency", sum.out.energy / sum.in.energy, "1",
        "energy delivered over energy taken; listed where both charges agree within 2 % (F16)");
  add_steps(list, results);
  add_reduced(list, results);
  add_utilisation(list, results, std::vector<double>(results.beds.size(), 1), false, team);
  add_peaks(list, results, team);
  return list;
}

std::vector<Figure> run_figures(const Results& results, const Cell& cell, const Team& team) {
  std::vector<Figure> list = run_figures(results, team);
  std::vector<double> window;
  for (const Bed& bed : results.beds) {
    const Side side = bed.electrode == word_of(Side::negative) ? Side::negative : Side::positive;
    const auto& materials = electrode_of(cell, side).materials;
    const auto same = [&](const ActiveMaterial& m) { return m.name == bed.material; };
    const auto material = std::find_if(materials.begin(), materials.end(), same);
    if (material == materials.end())
      throw std::invalid_argument(fmt::format(
          "the results hold particles of \"{}\" in the {} electrode; the cell has none", bed.material, bed.electrode));
    window.push_back(material->sto_max - material->sto_min);
  }
  add_utilisation(list, results, window, true, team);

  const Throughput sum = throughput(results.accepted);
  for (const bool out : {true, false}) {
    const double energy = (out ? sum.out : sum.in).energy / 3600;
    if (energy == 0) continue;
    const std::string word = out ? "discharged" : "charged";
    const double stack = cell.area * (cell.negative.thickness + cell.separator.thickness + cell.positive.thickness);
    add(list, "energy per electrode stack volume, " + word, "energy_stack_volume_" + word, energy / (1e3 * stack),
        "W.h.l-1", "over both electrodes and separator, without collectors and casing");
    if (const auto volume = cell.true_volume())
      add(list, "energy per volume, " + word, "energy_volume_" + word, energy / (1e3 * *volume), "W.h.l-1",
          "over the volume the cell's file gives, where the case left its cell as it is");
    if (const auto mass = cell.true_mass())
      add(list, "specific energy, " + word, "energy_mass_" + word, energy / *mass, "W.h.kg-1",
          "over volume times density of the cell's file, where the case left its cell as it is");
  }
  return list;
}

}  // namespace porelith
