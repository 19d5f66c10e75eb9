/// From a run to what a campaign records of it: scalars, and the voltage on the common coordinate.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "solver/case/scalar_results.hpp"
#include "solver/record/results.hpp"
#include "surrogate/dataset/sample.hpp"

namespace porelith {
namespace {

constexpr double seconds_an_hour = 3600;

/// The accepted states of the last step that carry its charge on, with their share of it.
struct LastStep {
  std::vector<const CurveRow*> rows;
  std::vector<double> share;  ///< 0 ... 1, increasing
};

/// @return why there is no such coordinate, or ""
std::string last_step(const Results& results, LastStep& last) {
  if (results.steps.empty() || results.accepted.empty()) return "the run has no step";
  const int step = results.accepted.back().step;
  double before = 0;  // charge at the start of the step
  for (const CurveRow& row : results.accepted) {
    if (row.step != step) continue;
    if (last.rows.empty()) before = row.charge;
    last.rows.push_back(&row);
  }
  const double total = last.rows.back()->charge - before;
  if (last.rows.size() < 4 || total == 0) return "the last step passed no charge: " + results.steps.back().ended;
  std::vector<const CurveRow*> kept;
  for (const CurveRow* row : last.rows) {
    const double share = (row->charge - before) / total;
    if (!last.share.empty() && share <= last.share.back()) {
      if (share == last.share.back()) continue;  // the same instant twice
      return "the charge of the last step goes back and forth, so its voltage is no function of it";
    }
    kept.push_back(row);
    last.share.push_back(share);
  }
  last.rows = std::move(kept);
  return "";
}

/// Voltage at a share of the charge: the cubic through the two states on either side.
double voltage_at(const LastStep& last, double share) {
  const auto& s = last.share;
  const long n = static_cast<long>(s.size());
  const long right = std::upper_bound(s.begin(), s.end(), share) - s.begin();
  const long from = std::clamp(right - 2, 0L, std::max(n - 4, 0L)), to = std::min(from + 4, n);
  double voltage = 0;
  for (long a = from; a < to; ++a) {
    double weight = 1;
    for (long b = from; b < to; ++b) {
      if (b != a) weight *= (share - s[b]) / (s[a] - s[b]);
    }
    voltage += weight * last.rows[a]->voltage;
  }
  return voltage;
}

/// Mean of a column over the step's charge, trapezoids between states.
double mean_over_charge(const LastStep& last, double CurveRow::*column) {
  double sum = 0;
  for (std::size_t i = 1; i < last.rows.size(); ++i)
    sum += (last.rows[i]->*column + last.rows[i - 1]->*column) / 2 * (last.share[i] - last.share[i - 1]);
  return sum;
}

}  // namespace

void measure(const Results& results, Sample& sample) {
  LastStep last;
  const std::string missing = last_step(results, last);
  if (!missing.empty()) {
    sample.status = "failed: " + missing;
    return;
  }
  const auto least = [&](double CurveRow::*column) {
    double value = results.accepted.front().*column;
    for (const auto& row : results.accepted) value = std::min(value, row.*column);
    return value;
  };
  double c_e_max = 0;
  for (const auto& row : results.accepted) c_e_max = std::max(c_e_max, row.c_e_max);
  const StepSummary& step = results.steps.back();
  const double capacity = std::abs(step.charge) / seconds_an_hour, energy = std::abs(step.energy) / seconds_an_hour;
  sample.scalars = {capacity,
                    capacity / results.area * 0.1,  // 1 A.h.m-2 = 0.1 mA.h.cm-2
                    energy,
                    step.end - step.start,
                    results.accepted.back().voltage,
                    energy / capacity,
                    least(&CurveRow::plating_margin),
                    least(&CurveRow::c_e_min),
                    c_e_max,
                    mean_over_charge(last, &CurveRow::uniformity_neg),
                    mean_over_charge(last, &CurveRow::uniformity_pos)};
  for (int k = 0; k < curve_points; ++k) sample.curve[k] = voltage_at(last, k / (curve_points - 1.0));
  for (std::size_t k = 0; k < sample.scalars.size(); ++k) {
    if (std::isfinite(sample.scalars[k])) continue;
    sample.status = fmt::format("failed: {} is not a finite number", scalar_results()[k].name);
    return;
  }
}

}  // namespace porelith
