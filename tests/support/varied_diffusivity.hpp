#pragma once
/// Random laws D_s(sto) as papers publish them: dips, steps and slopes of half a decade to three, as expressions and as
/// tables.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "solver/newman/observables/observables.hpp"
#include "solver/simulation.hpp"
#include "tests/support/sample_cells.hpp"

namespace porelith {

/// Numbers in [0, 1) that are the same on every machine.
class Dice {
 public:
  explicit Dice(unsigned long seed) : random_(seed) {}
  double linear(double low, double high) { return low + (high - low) * (random_() >> 11) * 0x1p-53; }
  double log(double low, double high) { return low * std::pow(high / low, linear(0, 1)); }
  int below(int n) { return static_cast<int>(linear(0, n)); }

 private:
  std::mt19937_64 random_;
};

/// One feature between the stoichiometry limits, in decades.
inline std::string random_feature(const ActiveMaterial& m, Dice& dice) {
  const double decades = dice.linear(0.5, 3), at = dice.linear(m.sto_min, m.sto_max);
  switch (dice.below(3)) {
    case 0:
      return fmt::format("(-{:.6g}*exp(-((x - {:.6g})/{:.6g})**2))", decades, at, dice.log(0.005, 0.1));
    case 1:
      return fmt::format("({:.6g}*tanh((x - {:.6g})/{:.6g}))", dice.below(2) ? decades / 2 : -decades / 2, at,
                         dice.log(0.002, 0.05));
    default:
      return fmt::format("({:.6g}*(x - {:.6g}))", (dice.below(2) ? decades : -decades) / (m.sto_max - m.sto_min), at);
  }
}

/// One or two features about a diffusion time of a minute to an hour; half of them as tables of 20 to 200 points.
inline Function random_diffusivity(const ActiveMaterial& m, Dice& dice) {
  const double R = m.R->mean(), D_0 = R * R / dice.log(60, 3600);
  std::string exponent = random_feature(m, dice);
  if (dice.below(2)) exponent += " + " + random_feature(m, dice);
  const Function law = Function::expression(fmt::format("{:.6g}*10**({})", D_0, exponent));
  if (dice.below(2)) return law;
  const int points = static_cast<int>(dice.log(20, 200));
  std::vector<double> x, y;
  for (int k = 0; k < points; ++k) {
    x.push_back(double(k) / (points - 1));
    y.push_back(law(x.back()).value);
  }
  return Function::table(x, y);
}

/// One of the shipped cells with such laws in both electrodes.
inline Case varied_diffusivity_case(int number) {
  const char* chemistries[] = {"lgm50_chen2020", "nmc111_pouch", "kokam_marquis2019", "kokam_ecker2015", "lfp_18650"};
  Dice dice(20260000 + number);
  Case c = shipped_case(chemistries[number % 5]);
  for (Electrode* e : {&c.cell->negative, &c.cell->positive})
    e->materials[0].D_s = random_diffusivity(e->materials[0], dice);
  return c;
}

/// A protocol and where it starts.
struct Plan {
  std::string name;
  double soc;
  std::vector<Step> steps;
};

inline Step hold_for_long(const Cell& cell, double voltage) {
  Step s = hold_at(voltage, 0.05 * cell.nominal_capacity);
  s.stops.push_back({Quantity::time, 10 * 3600});
  return s;
}

inline std::vector<Plan> plans_of(const Cell& cell) {
  std::vector<Plan> plans;
  for (double rate : {0.2, 1.0, 3.0})
    plans.push_back({fmt::format("discharge at {}C", rate), 1, {at_rate(cell, rate)}});
  for (double rate : {0.5, 1.0, 2.0}) plans.push_back({fmt::format("charge at {}C", rate), 0, {at_rate(cell, -rate)}});
  plans.push_back({"constant-voltage charge from empty", 0, {hold_for_long(cell, cell.V_max)}});
  plans.push_back({"constant-voltage discharge from full", 1, {hold_for_long(cell, cell.V_min)}});
  plans.push_back(
      {"CC-CV-rest cycle",
       1,
       {at_rate(cell, 1), rest_for(3600), at_rate(cell, -1), hold_for_long(cell, cell.V_max), rest_for(3600)}});
  Plan gitt{"GITT", 1, {}};
  for (int k = 0; k < 12; ++k) {
    Step pulse = at_rate(cell, 0.5);
    pulse.stops.push_back({Quantity::time, 600});
    gitt.steps.push_back(pulse);
    gitt.steps.push_back(rest_for(1800));
  }
  plans.push_back(gitt);
  return plans;
}

inline bool finite(const CurveRow& r) {
  return std::isfinite(r.time + r.current() + r.voltage() + r.charge() + observed(r, "plating_margin")) &&
         observed(r, "c_e_min") > 0;
}

/// Every `stride`-th of `cells` cells through all plans, with a table of what it took.
/// @return what did not end as it should, a line each
inline std::vector<std::string> run_varied_diffusivities(int cells, int stride) {
  struct Tally {
    int runs = 0, complete = 0;
    long steps = 0, rejected = 0;
    double seconds = 0, slowest = 0;
  };
  std::map<std::string, Tally> tallies;
  std::vector<std::string> failures;
  for (int i = 0; i < cells; i += stride) {
    Case c = varied_diffusivity_case(i);
    for (const Plan& plan : plans_of(*c.cell)) {
      c.initial = {};
      c.initial.soc = plan.soc;
      c.protocol = plan.steps;
      const Results r = simulate(c);
      const bool good = r.status == "complete" && r.steps.size() == c.protocol.size() &&
                        std::all_of(r.curve.begin(), r.curve.end(), finite);
      if (!good) failures.push_back(fmt::format("cell {}, {}: {}", i, plan.name, r.status));
      Tally& t = tallies[plan.name];
      ++t.runs, t.complete += good, t.steps += r.counts.steps, t.rejected += r.counts.rejected;
      t.seconds += r.seconds, t.slowest = std::max(t.slowest, r.seconds);
    }
  }
  std::printf("  %-38s %5s %8s | %6s %8s %8s %10s\n", "a run", "runs", "complete", "steps", "rejected", "ms",
              "slowest ms");
  for (const auto& [name, t] : tallies)
    std::printf("  %-38s %5d %8d | %6.0f %8.1f %8.1f %10.1f\n", name.c_str(), t.runs, t.complete,
                double(t.steps) / t.runs, double(t.rejected) / t.runs, 1e3 * t.seconds / t.runs, 1e3 * t.slowest);
  return failures;
}

}  // namespace porelith
