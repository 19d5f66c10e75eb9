#include "solver/march/stops.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "solver/newman/observables/observables.hpp"

namespace porelith {

Stops::Stops(const Observers& observers, const Step& step, const std::vector<Stop>& whole, const ProtocolPosition& at)
    : observers_(observers), l_(observers.layout()), whole_(whole), step_(step), at_(at) {
  for (const auto* stops : {&whole, &step.stops})  // of two at one place the protocol's counts
    for (const Stop& s : *stops)
      if (s.quantity != Quantity::time) watched_.push_back({&s, observable_called(s.quantity.name), tolerance(s)});
}

/// Positive while the step goes on; falls to zero where the stop is reached. [the quantity's unit]
double Stops::ahead(const Watched& watched, const State& x) const {
  constexpr double never = std::numeric_limits<double>::infinity();
  const Stop& s = *watched.stop;
  const int lower_side = s.quantity.rises ? -1 : 1;
  const bool holds = at_.mode == ProtocolPosition::holds && s.cut_off && at_.side == lower_side;
  if (holds || !counts(s, x[l_.current])) return never;
  return left_until(s, observers_.value(watched.observable, x), of_protocol(s) ? 0 : at_.charge_start);
}

Nearest Stops::nearest(const State& x) const {
  Nearest nearest;
  for (const Watched& watched : watched_) {
    const double margin = ahead(watched, x) / watched.tolerance;
    if (margin < nearest.margin) nearest = {watched.stop, margin};
  }
  return nearest;
}

double Stops::t_end() const {
  const Stop* last = last_in_time();
  if (!last) return std::numeric_limits<double>::infinity();
  return of_protocol(*last) ? last->value : at_.t_start + last->value;
}

const Stop* Stops::last_in_time() const {
  const Stop* last = nullptr;
  double end = std::numeric_limits<double>::infinity();
  const auto look = [&](const std::vector<Stop>& stops, double from) {
    for (const Stop& s : stops)
      if (s.quantity == Quantity::time && from + s.value < end) last = &s, end = from + s.value;
  };
  look(step_.stops, at_.t_start);
  look(whole_, 0);
  return last;
}

bool Stops::protocol_over(double t) const {
  return std::any_of(whole_.begin(), whole_.end(),
                     [t](const Stop& s) { return s.quantity == Quantity::time && t >= s.value; });
}

std::string Stops::why_time(double t) const {
  return fmt::format("{:.6g} s {}passed", protocol_over(t) ? t : t - at_.t_start,
                     protocol_over(t) ? "of the protocol " : "");
}

std::string Stops::stands_at(const Stop& s, const State& x) const {
  const double seen = observers_.value(observable_called(s.quantity.name), x);
  return porelith::stands_at(s.quantity, compared(s.quantity, seen, of_protocol(s) ? 0 : at_.charge_start));
}

}  // namespace porelith
