#include "solver/figures/range_doubts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "solver/case/start_soc.hpp"
#include "solver/cell/cell.hpp"
#include "solver/figures/salt.hpp"
#include "solver/laws/tabled_laws.hpp"

namespace porelith {

namespace {

constexpr double little_salt = 0.2, much_salt = 2;  ///< of the start's, to which cells commonly come
constexpr double slack = 1e-6;                      ///< of a table's length: rounding is no difference

/// The currents of a protocol one after another, as far as they are known before a run: the charge that the cell holds
/// ends them, a held power takes the middle of the cut-offs, and what a held voltage draws is left out.
class Currents {
 public:
  explicit Currents(const Case& input)
      : cell_(*input.cell),
        held_(3600 * cell_.nominal_capacity),
        left_(soc_before_run(input.initial, *input.cell) * held_) {
    for (const Step& step : input.protocol) add(step);
  }
  const std::vector<Spell>& spells() const { return spells_; }

 private:
  void add(const Step& step) {
    double time = 1e9, charge = 1e30;
    for (const Stop& stop : step.stops) {
      if (stop.quantity == Quantity::time) time = std::min(time, stop.value);
      if (stop.quantity == Quantity::capacity) charge = std::min(charge, stop.value);
    }
    const Control control = step.table ? step.table->quantity : step.control;
    if (control == Control::voltage) return;
    const double per_value = control == Control::power ? 2 / (cell_.V_min + cell_.V_max) : 1;
    if (step.table) return add_table(*step.table, per_value, time);
    if (step.function) return add_table(step.function->samples, per_value, time);
    const double I = per_value * step.value;
    if (I != 0) time = std::min({time, charge / std::abs(I), (I > 0 ? left_ : held_ - left_) / std::abs(I)});
    flow(I, time);
  }

  /// A table in pieces of 10 s, of which there are at least 500 and at most 5000, each with its mean current.
  void add_table(const DriveTable& table, double per_value, double time) {
    const auto &t = table.time, &value = table.value;
    const double end = std::min(time, t.back()), length = end - t.front();
    const double piece = std::max(length / 5000, std::min(length / 500, 10.0));
    double sum = 0, from = t.front();
    for (std::size_t k = 1; k < t.size() && t[k - 1] < end; ++k) {
      sum += 0.5 * (value[k] + value[k - 1]) * (t[k] - t[k - 1]);
      if (t[k] - from < piece && k + 1 < t.size()) continue;
      if (t[k] > from) flow(per_value * sum / (t[k] - from), t[k] - from);
      sum = 0, from = t[k];
    }
  }

  void flow(double I, double time) {
    if (!(time > 0)) return;
    left_ = std::clamp(left_ - I * time, 0.0, held_);
    spells_.push_back({I / cell_.area, time});
  }

  const Cell& cell_;
  double held_, left_;  ///< charge of a full cell, and what is in it [A s]
  std::vector<Spell> spells_;
};

std::string salt_sentence(const TabledLaw& law, double c_e0, const SaltSpan& span) {
  const Range& r = law.range;
  const bool estimated = span.least < r.low || span.greatest > r.high;
  if (!estimated && r.low <= little_salt * c_e0 && r.high >= much_salt * c_e0) return "";
  const std::string why =
      estimated ? fmt::format("by an estimate (F14) this protocol takes c_e from {:.4g} to {:.4g} mol.m-3", span.least,
                              span.greatest)
                : fmt::format("cells commonly take c_e from {} to {} times that of the start, {:.4g} to {:.4g} mol.m-3",
                              little_salt, much_salt, little_salt * c_e0, much_salt * c_e0);
  return fmt::format("{} is {} and stays at its end values beyond them; {}.", law.name, range_text(law), why);
}

/// Stoichiometries that a material comes to when nothing is overdone.
Range used(const Case& input, const TabledLaw& law) {
  const bool negative = law.of == TabledLaw::Of::negative;
  const ActiveMaterial& m = (negative ? input.cell->negative : input.cell->positive).materials[law.material];
  const double start = (negative ? input.initial.sto_negative : input.initial.sto_positive).value_or(m.sto_min);
  return {std::min(m.sto_min, start), std::max(m.sto_max, start)};
}

std::string stoichiometry_sentence(const TabledLaw& law, const Range& used) {
  const double rounding = slack * (law.range.high - law.range.low);
  if (law.range.low <= used.low + rounding && law.range.high >= used.high - rounding) return "";
  return fmt::format(
      "{} is {} and stays at its end values beyond them; the cell takes stoichiometries from {:.6g} to "
      "{:.6g}.",
      law.name, range_text(law), used.low, used.high);
}

}  // namespace

std::vector<std::string> range_doubts(const Case& input) {
  const std::vector<TabledLaw> laws = tabled_laws(*input.cell, input.at_T_ref());
  const auto of_salt = [](const TabledLaw& law) { return law.of == TabledLaw::Of::salt; };
  const double c_e0 = input.cell->electrolyte.c_e0;
  SaltSpan span{c_e0, c_e0};
  if (std::any_of(laws.begin(), laws.end(), of_salt))
    span = salt_span(salt_column(*input.cell, input.temperature), Currents(input).spells());
  std::vector<std::string> sentences;
  for (const TabledLaw& law : laws) {
    std::string sentence =
        of_salt(law) ? salt_sentence(law, c_e0, span) : stoichiometry_sentence(law, used(input, law));
    if (!sentence.empty()) sentences.push_back(std::move(sentence));
  }
  return sentences;
}

}  // namespace porelith
