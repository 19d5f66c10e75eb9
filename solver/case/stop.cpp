#include "solver/case/stop.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "solver/newman/observables/observables.hpp"
#include "solver/text/units.hpp"

namespace porelith {

namespace {

const Observable& observable_of(const Quantity& quantity) { return observables()[observable_called(quantity.name)]; }

bool is_time(const Quantity& quantity) { return quantity == Quantity::time; }

/// In the unit that people use: 2 A.h, 10 mol/m3, 0.3
std::string told(const Quantity& quantity, double value) {
  if (is_time(quantity)) return fmt::format("{:.6g} s", value);
  const Observable& observable = observable_of(quantity);
  if (observable.title_unit != 1) {  // "capacity [A.h]"
    const std::string& title = observable.title;
    const std::size_t from = title.find('[') + 1;
    return fmt::format("{:.6g} {}", value / observable.title_unit, title.substr(from, title.find(']') - from));
  }
  const std::string unit = spoken_unit(observable.unit);
  return fmt::format("{:.6g}{}{}", value, unit.empty() ? "" : " ", unit);
}

}  // namespace

double compared(const Quantity& quantity, double seen, double at_start) {
  switch (quantity.of) {
    case Quantity::Of::size:
      return std::abs(seen);
    case Quantity::Of::passed:
      return std::abs(seen - at_start);
    case Quantity::Of::value:
      break;
  }
  return seen;
}

double left_until(const Stop& stop, double seen, double at_start) {
  const double now = compared(stop.quantity, seen, at_start);
  return stop.quantity.rises ? stop.value - now : now - stop.value;
}

bool counts(const Stop& stop, double current) {
  if (!stop.directed || stop.quantity.name != "voltage") return true;
  return stop.quantity.rises ? current < 0 : current > 0;
}

double tolerance(const Stop& stop) {
  constexpr double relative = 1e-6;
  if (is_time(stop.quantity)) return relative * std::abs(stop.value);
  const Observable& observable = observable_of(stop.quantity);
  if (observable.landing > 0) return observable.landing;
  return relative * std::max(std::abs(stop.value), observable.landing_floor);
}

std::string why(const Stop& stop) {
  const Quantity& quantity = stop.quantity;
  if (quantity.of == Quantity::Of::passed) return told(quantity, stop.value) + " passed";
  return fmt::format("{} {} to {}", observable_of(quantity).spoken, quantity.rises ? "rose" : "fell",
                     told(quantity, stop.value));
}

std::string condition(const Stop& stop) {
  const Quantity& quantity = stop.quantity;
  if (is_time(quantity)) return "time " + told(quantity, stop.value);
  const std::string& spoken = observable_of(quantity).spoken;
  if (quantity.of == Quantity::Of::passed) return spoken + " " + told(quantity, stop.value);
  return fmt::format("{} {} {}", quantity.of == Quantity::Of::size ? "|" + spoken + "|" : spoken,
                     quantity.rises ? ">=" : "<=", told(quantity, stop.value));
}

std::string stands_at(const Quantity& quantity, double value) {
  const bool bare = !is_time(quantity) && observable_of(quantity).unit == "1";
  return (bare ? observable_of(quantity).spoken + " " : "") + told(quantity, value);
}

std::string name_of(const Quantity& quantity) {
  if (is_time(quantity)) return "time [s]";
  const Observable& observable = observable_of(quantity);
  return observable.spoken + (observable.unit == "1" ? "" : " [" + observable.unit + "]");
}

}  // namespace porelith
