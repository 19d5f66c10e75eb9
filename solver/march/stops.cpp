#include "solver/march/stops.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace porelith {

double tolerance(const Stop& s) {
  switch (s.quantity) {
    case Quantity::voltage_below:
    case Quantity::voltage_above:
    case Quantity::plating_margin:
      return 1e-5;
    case Quantity::salt:
      return 0.1;
    case Quantity::soc_below:
    case Quantity::soc_above:
      return 1e-6 * std::max(s.value, 0.01);
    default:
      return 1e-6 * std::abs(s.value);
  }
}

double Stops::left_until(const Stop& s, const State& x) const {
  constexpr double never = std::numeric_limits<double>::infinity();
  const double V = x[l_.voltage], I = x[l_.current];
  const bool holding = at_.mode == ProtocolPosition::holds && s.cut_off;
  switch (s.quantity) {
    case Quantity::time:
      return never;  // a limit of the step, not an event in it
    case Quantity::voltage_below:
      return (holding && at_.side > 0) || (s.directed && !(I > 0)) ? never : V - s.value;
    case Quantity::voltage_above:
      return (holding && at_.side < 0) || (s.directed && !(I < 0)) ? never : s.value - V;
    case Quantity::current_below:
      return std::abs(I) - s.value;
    case Quantity::current_above:
      return s.value - std::abs(I);
    case Quantity::capacity:
      return s.value - std::abs(x[l_.charge] - (of_protocol(s) ? 0 : at_.charge_start));
    case Quantity::soc_below:
      return gauge_.soc(x) - s.value;
    case Quantity::soc_above:
      return s.value - gauge_.soc(x);
    case Quantity::plating_margin:
      return gauge_.plating_margin(x) - s.value;
    case Quantity::salt:
      return gauge_.c_e_min(x) - s.value;
  }
  return never;
}

Nearest Stops::nearest(const State& x) const {
  Nearest nearest;
  for (const auto* stops : {&whole_, &step_.stops})  // of two at one place the protocol's counts
    for (const Stop& s : *stops) {
      const double margin = left_until(s, x) / tolerance(s);
      if (margin < nearest.margin) nearest = {&s, margin};
    }
  return nearest;
}

double Stops::t_end() const {
  double end = std::numeric_limits<double>::infinity();
  for (const Stop& s : step_.stops)
    if (s.quantity == Quantity::time) end = std::min(end, at_.t_start + s.value);
  for (const Stop& s : whole_)
    if (s.quantity == Quantity::time) end = std::min(end, s.value);
  return end;
}

bool Stops::protocol_over(double t) const {
  return std::any_of(whole_.begin(), whole_.end(),
                     [t](const Stop& s) { return s.quantity == Quantity::time && t >= s.value; });
}

std::string Stops::why_time(double t) const {
  return fmt::format("{:.6g} s {}passed", protocol_over(t) ? t : t - at_.t_start,
                     protocol_over(t) ? "of the protocol " : "");
}

std::string Stops::why(const Stop& s) const {
  switch (s.quantity) {
    case Quantity::time:
      return "time";
    case Quantity::voltage_below:
      return fmt::format("voltage fell to {:.6g} V", s.value);
    case Quantity::voltage_above:
      return fmt::format("voltage rose to {:.6g} V", s.value);
    case Quantity::current_below:
      return fmt::format("current fell to {:.6g} A", s.value);
    case Quantity::current_above:
      return fmt::format("current rose to {:.6g} A", s.value);
    case Quantity::capacity:
      return fmt::format("{:.6g} A.h passed", s.value / 3600);
    case Quantity::soc_below:
      return fmt::format("state of charge fell to {:.4g}", s.value);
    case Quantity::soc_above:
      return fmt::format("state of charge rose to {:.4g}", s.value);
    case Quantity::plating_margin:
      return fmt::format("plating margin fell to {:.4g} V", s.value);
    case Quantity::salt:
      return fmt::format("the salt ran down to {:.4g} mol/m3", s.value);
  }
  return "";
}

std::string Stops::stands_at(const Stop& s, const State& x) const {
  switch (s.quantity) {
    case Quantity::voltage_below:
    case Quantity::voltage_above:
      return fmt::format("{:.6g} V", x[l_.voltage]);
    case Quantity::current_below:
    case Quantity::current_above:
      return fmt::format("{:.6g} A", std::abs(x[l_.current]));
    case Quantity::capacity:
      return fmt::format("{:.6g} A.h", std::abs(x[l_.charge] - (of_protocol(s) ? 0 : at_.charge_start)) / 3600);
    case Quantity::soc_below:
    case Quantity::soc_above:
      return fmt::format("state of charge {:.6g}", gauge_.soc(x));
    case Quantity::plating_margin:
      return fmt::format("{:.6g} V", gauge_.plating_margin(x));
    case Quantity::salt:
      return fmt::format("{:.6g} mol/m3", gauge_.c_e_min(x));
    case Quantity::time:
      break;
  }
  return "";
}

}  // namespace porelith
