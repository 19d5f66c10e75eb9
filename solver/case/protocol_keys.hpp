#pragma once
/// The protocol as written: steps, their stops, repeats.
#include <map>
#include <optional>
#include <string>

#include "solver/base/error.hpp"
#include "solver/case/as_written.hpp"
#include "solver/text/holds.hpp"
#include "solver/text/units.hpp"

namespace porelith {

/// Stops at observables that have no key of their own above: "NAME_below", "NAME_above".
using ObservedStops = std::map<std::string, std::optional<double>>;

struct UntilKeys {
  std::optional<double> time, voltage, voltage_below, voltage_above, capacity, soc, soc_below, soc_above,
      plating_margin, salt;
  std::optional<Rate> current, current_above;
  ObservedStops observed;

  template <class Keys>
  static void declare(Keys& keys) {
    keys.about("Stops of a step: it ends at the first that is reached.");
    keys.key("time", &UntilKeys::time, {unit::second, above(0), "not used"}, "Time in the step.")
        .key("voltage", &UntilKeys::voltage, {unit::volt, inside(-10, 10), "not used"},
             "Voltage to fall to on discharge, to rise to on charge.")
        .key("voltage_below", &UntilKeys::voltage_below, {unit::volt, inside(-10, 10), "V_min on discharge"},
             "Voltage to fall to.")
        .key("voltage_above", &UntilKeys::voltage_above, {unit::volt, inside(-10, 10), "V_max on charge"},
             "Voltage to rise to.")
        .key("current", &UntilKeys::current, {unit::ampere, above(0), "not used"},
             "Size of the current to fall to, as in \"C/20\".")
        .key("current_above", &UntilKeys::current_above, {unit::ampere, above(0), "not used"},
             "Size of the current to rise to.")
        .key("capacity", &UntilKeys::capacity, {unit::ampere_hour, above(0), "not used"},
             "Charge passed in the step, either way.")
        .key("soc", &UntilKeys::soc, {unit::one, between(0, 1), "not used"},
             "State of charge to fall to on discharge, to rise to on charge.")
        .key("soc_below", &UntilKeys::soc_below, {unit::one, between(0, 1), "not used"}, "State of charge to fall to.")
        .key("soc_above", &UntilKeys::soc_above, {unit::one, between(0, 1), "not used"}, "State of charge to rise to.")
        .key("plating_margin", &UntilKeys::plating_margin, {unit::volt, inside(-10, 10), "not used"},
             "Least phi_s - phi_e in the negative electrode to fall to; lithium can plate below 0 V.")
        .key("salt", &UntilKeys::salt, {unit::concentration, at_least(0), "not used"},
             "Least salt concentration c_e in the cell to fall to.");
  }
};

struct StepKeys {
  std::optional<Rate> discharge, charge;
  std::optional<double> hold, power, rest;
  std::optional<TableText> current_table, voltage_table, power_table;
  std::optional<TimeText> current_function, voltage_function, power_function;
  std::string interpolation = "linear", table_sign = "discharge_positive", cut_off = "end";
  UntilKeys until;
  Location where;

  template <class Keys>
  static void declare(Keys& keys) {
    keys.about(
        "One step of the protocol: exactly one of discharge, charge, hold, power, rest, current_table, voltage_table, "
        "power_table, current_function, voltage_function or power_function. The cell's cut-offs end every step that "
        "could pass them.");
    keys.key("discharge", &StepKeys::discharge, {unit::ampere, above(0), "not used"},
             "Discharges at a constant current or C-rate.")
        .key("charge", &StepKeys::charge, {unit::ampere, above(0), "not used"},
             "Charges at a constant current or C-rate.")
        .key("hold", &StepKeys::hold, {unit::volt, inside(-10, 10), "not used"},
             "Holds a voltage; needs `until` with time or current.")
        .key("power", &StepKeys::power, {unit::watt, any(), "not used"},
             "Holds a power of the whole cell, discharge positive.")
        .key("rest", &StepKeys::rest, {unit::second, above(0), "not used"}, "Rests without current for this long.")
        .key("current_table", &StepKeys::current_table, {unit::ampere, any(), "not used"},
             "Follows a current over time, discharge positive: a CSV file with columns time [s], current [A], or { "
             "time = [...], current = [...] }, C-rates allowed. Two rows at one time are a jump.")
        .key("voltage_table", &StepKeys::voltage_table, {unit::volt, any(), "not used"},
             "Follows a voltage over time: a CSV file with columns time [s], voltage [V], or { time = [...], voltage = "
             "[...] }.")
        .key("power_table", &StepKeys::power_table, {unit::watt, any(), "not used"},
             "Follows a power of the whole cell over time, discharge positive: a CSV file with columns time [s], power "
             "[W], or { time = [...], power = [...] }.")
        .key("current_function", &StepKeys::current_function, {unit::ampere, any(), "not used", {}, true},
             "Follows a current that is an expression in the time t [s] since the step's start, discharge positive: "
             "\"3*sin(2*pi*t/600)\". Needs `until` with time.")
        .key("voltage_function", &StepKeys::voltage_function, {unit::volt, any(), "not used", {}, true},
             "Follows a voltage that is an expression in t; needs `until` with time.")
        .key("power_function", &StepKeys::power_function, {unit::watt, any(), "not used", {}, true},
             "Follows a power of the whole cell that is an expression in t, discharge positive; needs `until` with "
             "time.")
        .key("interpolation", &StepKeys::interpolation, {unit::one, any(), "", {"linear", "hold"}},
             "Between a table's rows: linear, or hold: each value lasts until the next row, the last row is the end.")
        .key("table_sign", &StepKeys::table_sign, {unit::one, any(), "", {"discharge_positive", "discharge_negative"}},
             "Sign of a table's currents and powers on discharge; cyclers often write discharge negative.")
        .key("cut_off", &StepKeys::cut_off, {unit::one, any(), "", {"end", "hold", "rest"}},
             "What a cut-off of the cell does to a table of current or power. It concerns only the current that leads "
             "to it: the upper one charging, the lower one discharging. end: ends the step; hold: the voltage stays "
             "there while the table pushes on, and the table is followed again once it asks for no more than flows; "
             "rest: no current until the table turns.");
  }
};

/// Stops of the whole protocol.
struct ProtocolUntilKeys {
  bool empty = false, full = false;
  std::optional<double> time, voltage_below, voltage_above, capacity, soc_below, soc_above, plating_margin, salt;
  ObservedStops observed;

  template <class Keys>
  static void declare(Keys& keys) {
    keys.about(
        "Stops of the whole protocol, repeats included: it ends at the first that is reached, whatever step is under "
        "way. One in voltage counts only while a current flows that leads to it.");
    keys.key("empty", &ProtocolUntilKeys::empty, {}, "Until the cell's lower cut-off voltage is reached on discharge.")
        .key("full", &ProtocolUntilKeys::full, {}, "Until the cell's upper cut-off voltage is reached on charge.")
        .key("time", &ProtocolUntilKeys::time, {unit::second, above(0), "not used"}, "Time from the start of the run.")
        .key("voltage_below", &ProtocolUntilKeys::voltage_below, {unit::volt, inside(-10, 10), "not used"},
             "Voltage to fall to on discharge.")
        .key("voltage_above", &ProtocolUntilKeys::voltage_above, {unit::volt, inside(-10, 10), "not used"},
             "Voltage to rise to on charge.")
        .key("capacity", &ProtocolUntilKeys::capacity, {unit::ampere_hour, above(0), "not used"},
             "Net charge passed since the start of the run, either way.")
        .key("soc_below", &ProtocolUntilKeys::soc_below, {unit::one, between(0, 1), "not used"},
             "State of charge to fall to.")
        .key("soc_above", &ProtocolUntilKeys::soc_above, {unit::one, between(0, 1), "not used"},
             "State of charge to rise to.")
        .key("plating_margin", &ProtocolUntilKeys::plating_margin, {unit::volt, inside(-10, 10), "not used"},
             "Least phi_s - phi_e in the negative electrode to fall to.")
        .key("salt", &ProtocolUntilKeys::salt, {unit::concentration, at_least(0), "not used"},
             "Least salt concentration c_e in the cell to fall to.");
  }
};

struct ProtocolKeys {
  int repeat = 1;
  int repeat_from = 1;
  ProtocolUntilKeys until;

  template <class Keys>
  static void declare(Keys& keys) {
    keys.about("How often the list of steps runs.");
    keys.key("repeat", &ProtocolKeys::repeat, {unit::one, between(1, 100000), ""}, "How many times the steps run.")
        .key("repeat_from", &ProtocolKeys::repeat_from, {unit::one, between(1, 100000), ""},
             "The first step that repeats, counting from 1; the steps before it run once.");
  }
};

}  // namespace porelith
