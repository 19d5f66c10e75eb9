#include "solver/case/temperature_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "solver/cell/cell.hpp"

namespace porelith {

namespace {

/// How long a step takes at most: by its time, or by what it passes of charge; nothing where that is not said. [s]
std::optional<double> planned_time(const Step& step, const Cell& cell) {
  std::optional<double> time;
  const auto at_most = [&](double t) { time = std::min(time.value_or(t), t); };
  const double per_value = step.control == Control::power ? 2 / (cell.V_min + cell.V_max) : 1;
  const double I = step.table || step.function || step.control == Control::voltage ? 0 : per_value * step.value;
  if (I != 0) at_most(3600 * cell.nominal_capacity / std::abs(I));
  for (const Stop& stop : step.stops) {
    if (stop.quantity == Quantity::time) at_most(stop.value);
    if (stop.quantity == Quantity::capacity && I != 0) at_most(stop.value / std::abs(I));
  }
  return time;
}

/// Up to the first step that may take any time.
double planned_time(const Case& input, const Cell& cell) {
  double sum = 0;
  for (const Step& step : input.protocol) {
    const std::optional<double> time = planned_time(step, cell);
    if (!time) break;
    sum += *time;
  }
  for (const Stop& stop : input.until)
    if (stop.quantity == Quantity::time) sum = std::min(sum, stop.value);
  return sum;
}

/// Where between `inside` and `outside` the function leaves its range. [s]
double leaves_at(const TemperatureFunction& T, double inside, double outside) {
  for (int i = 0; i < 60; ++i) {
    const double middle = (inside + outside) / 2;
    (T.range.holds(T.at(middle)) ? inside : outside) = middle;
  }
  return outside;
}

void follow(const Draft& draft, const Cell& cell, Case& result, Problems& problems) {
  TemperatureFunction T{
      draft.of_cell.temperature_function->law, temperature_range, planned_time(result, cell), 0, 0, 5000};
  result.temperature = T.least = T.most = T.at(0);
  for (int k = 0; k <= T.samples; ++k) {
    const double t = T.planned * k / T.samples, value = T.at(t);
    if (!T.range.holds(value)) {
      const double left = k == 0 ? 0 : leaves_at(T, T.planned * (k - 1) / T.samples, t), there = T.at(left);
      return problems.add(draft.where("cell.temperature_function"),
                          fmt::format("[cell] temperature_function is {} at t = {:.6g} s, {} K",
                                      std::isfinite(there) ? fmt::format("{:.6g} K", there) : "not a number", left,
                                      T.range.violation()));
    }
    T.least = std::min(T.least, value), T.most = std::max(T.most, value);
  }
  result.temperature_function = std::make_shared<const TemperatureFunction>(std::move(T));
}

/// A temperature that stays as it is ends nothing.
void refuse_stops(const Draft& draft, Problems& problems) {
  const auto judge = [&](const std::string& table, const ObservedStops& observed) {
    for (const char* key : {"temperature_below", "temperature_above"}) {
      const auto found = observed.find(key);
      if (found != observed.end() && found->second)
        problems.add(draft.where(fmt::format("{}.{}", table, key)),
                     fmt::format("[{}] {} cannot end anything: the temperature of this case is constant; a "
                                 "temperature_function in [cell] lets it change",
                                 table, key));
    }
  };
  for (std::size_t i = 0; i < draft.steps.size(); ++i)
    judge(fmt::format("step {}.until", i + 1), draft.steps[i].until.observed);
  judge("protocol.until", draft.protocol.until.observed);
}

}  // namespace

void read_temperature(const Draft& draft, const Cell& cell, Case& result, Problems& problems) {
  if (draft.of_cell.temperature_function) return follow(draft, cell, result, problems);
  refuse_stops(draft, problems);
  result.temperature = *draft.of_cell.temperature;
}

}  // namespace porelith
