#include "solver/case/table_sign.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "solver/case/start_soc.hpp"
#include "solver/cell/cell.hpp"

namespace porelith {

namespace {

constexpr double full = 0.98, empty = 0.02;  ///< states of charge that count as such
constexpr double slack = 0.05;               ///< by which nominal and true capacity may well differ [1]

constexpr double near = 0.01;  ///< of a cut-off [V]

/// What a table does to a cell: charge from its start, as a share of the cell's, discharge positive.
struct Passed {
  double most = 0, least = 0, end = 0;
  bool charges = false, discharges = false;
};

Passed passed_by(const DriveTable& table, double per_value) {
  Passed sum;
  for (std::size_t k = 1; k < table.time.size(); ++k) {
    const double mean = 0.5 * (table.value[k] + table.value[k - 1]);
    sum.end += per_value * mean * (table.time[k] - table.time[k - 1]);
    sum.most = std::max(sum.most, sum.end);
    sum.least = std::min(sum.least, sum.end);
  }
  const auto [low, high] = std::minmax_element(table.value.begin(), table.value.end());
  sum.charges = *low < 0;
  sum.discharges = *high > 0;
  return sum;
}

/// How far the state of charge would leave [0, 1].
double overshoot(double soc, const Passed& passed, double sign) {
  const double low = soc - (sign > 0 ? passed.most : -passed.least),
               high = soc - (sign > 0 ? passed.least : -passed.most);
  return std::max({0.0, -low, high - 1});
}

/// What the state of charge before a table says against its sign; "" if nothing.
std::string against(double soc, const Passed& passed) {
  if (soc >= full && !passed.discharges && passed.charges) return "only charges, and the cell is full";
  if (soc <= empty && !passed.charges && passed.discharges) return "only discharges, and the cell is empty";
  const double here = overshoot(soc, passed, 1), turned = overshoot(soc, passed, -1);
  if (here > slack && turned < 0.5 * here)
    return fmt::format("takes the state of charge from {:.3g} to {:.3g}", soc,
                       soc - passed.least > 1 + slack ? soc - passed.least : soc - passed.most);
  return "";
}

std::string against(const TableText& text, const Passed& passed) {
  if (text.way == Way::discharge && passed.charges && !passed.discharges)
    return fmt::format("is told by the column \"{}\", and only charges", text.title);
  if (text.way == Way::charge && passed.discharges && !passed.charges)
    return fmt::format("is told by the column \"{}\", and only discharges", text.title);
  return "";
}

/// The state of charge along a protocol, as far as it is known before a run.
class Level {
 public:
  Level(const Initial& initial, const Cell& cell) : cell_(cell), soc_(soc_before_run(initial, cell)) {}

  const std::optional<double>& soc() const { return soc_; }

  void follow(const Step& step) {
    if (step.control == Control::voltage) {
      soc_ = step.value >= cell_.V_max - near ? std::optional<double>(1) : std::nullopt;
      return;
    }
    double time = 1e9, charge = 1e30, least = 0, most = 1;
    bool vague = false;  // it may end anywhere
    for (const Stop& stop : step.stops) {
      if (stop.quantity == Quantity::time)
        time = std::min(time, stop.value);
      else if (stop.quantity == Quantity::capacity)
        charge = std::min(charge, stop.value);
      else if (stop.quantity == Quantity::soc_below)
        least = std::max(least, stop.value);
      else if (stop.quantity == Quantity::soc_above)
        most = std::min(most, stop.value);
      else if (stop.quantity == Quantity::voltage_below)
        vague |= stop.value > cell_.V_min + near;
      else if (stop.quantity == Quantity::voltage_above)
        vague |= stop.value < cell_.V_max - near;
      else
        vague = true;
    }
    if (step.value == 0) return;
    if (vague) return soc_.reset();
    const double I = step.control == Control::power ? 2 * step.value / (cell_.V_min + cell_.V_max) : step.value;
    pass(std::copysign(std::min(charge, std::abs(I) * time), I) / (3600 * cell_.nominal_capacity));
    if (soc_) soc_ = I > 0 ? std::max(*soc_, least) : std::min(*soc_, most);
  }
  void pass(double share) {
    if (soc_) soc_ = std::clamp(*soc_ - share, 0.0, 1.0);
  }
  void lose() { soc_.reset(); }

 private:
  const Cell& cell_;
  std::optional<double> soc_;
};

}  // namespace

std::vector<std::string> sign_doubts(const Draft& draft, const Cell& cell, const std::vector<Step>& steps) {
  std::vector<std::string> doubts;
  if (!(cell.nominal_capacity > 0)) return doubts;
  Level level(draft.initial, cell);
  const auto passes = [&](const DriveTable& table, Control control) {
    const double volts = control == Control::power ? 0.5 * (cell.V_min + cell.V_max) : 1;
    return passed_by(table, 1 / (3600 * cell.nominal_capacity * volts));
  };
  for (std::size_t i = 0; i < steps.size() && i < draft.steps.size(); ++i) {
    const Step& step = steps[i];
    if (step.function) {
      if (step.control == Control::voltage)
        level.lose();
      else
        level.pass(passes(step.function->samples, step.control).end);
      continue;
    }
    if (!step.table) {
      level.follow(step);
      continue;
    }
    const StepKeys& keys = draft.steps[i];
    const TableText& text = keys.current_table ? *keys.current_table
                            : keys.power_table ? *keys.power_table
                                               : *keys.voltage_table;
    if (text.quantity == Control::voltage) {
      level.lose();
      continue;
    }
    const Passed passed = passes(*step.table, text.quantity);
    const std::string name = fmt::format("step {}", i + 1);
    if (draft.given.count(name + ".table_sign") == 0) {
      std::string why = against(text, passed);
      if (why.empty() && level.soc()) why = against(*level.soc(), passed);
      if (!why.empty())
        doubts.push_back(
            fmt::format("[{}] {} {}: here discharge is positive; if it is negative in the table, "
                        "table_sign = \"discharge_negative\" turns it.",
                        name, step.label, why));
    }
    level.pass(passed.end);
  }
  return doubts;
}

}  // namespace porelith
