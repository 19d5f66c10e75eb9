#include "solver/case/protocol_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <utility>

#include "solver/case/table_sign.hpp"
#include "solver/case/values.hpp"
#include "solver/cell/cell.hpp"
#include "solver/newman/observables/observables.hpp"

namespace porelith {
namespace {

const char* const example =
    "; write at least one, e.g.\n\n    [[step]]\n    discharge = \"1C\"\n    until = { voltage = \"2.5 V\" "
    "}\n\n`porelith explain step` lists them";

/// Those that are given, in the order of the observables.
std::vector<std::pair<Quantity, double>> observed(const ObservedStops& given) {
  std::vector<std::pair<Quantity, double>> stops;
  for (const Observable& observable : observables())
    for (const bool rises : {false, true}) {
      const auto found = given.find(observable.name + (rises ? "_above" : "_below"));
      if (found != given.end() && found->second) stops.push_back({{observable.name, rises}, *found->second});
    }
  return stops;
}

class StepReader {
 public:
  StepReader(const Draft& draft, std::size_t index, const Cell& cell, std::vector<std::string>& warnings,
             Problems& problems)
      : draft_(draft),
        keys_(draft.steps[index]),
        name_(fmt::format("step {}", index + 1)),
        cell_(cell),
        warnings_(warnings),
        problems_(problems) {}

  Step read() {
    if (!exactly_one_kind()) return step_;
    choose_control();
    add_stops();
    add_cut_offs();
    return step_;
  }

 private:
  bool exactly_one_kind() {
    std::vector<std::string> kinds;
    if (keys_.discharge) kinds.push_back("discharge");
    if (keys_.charge) kinds.push_back("charge");
    if (keys_.hold) kinds.push_back("hold");
    if (keys_.power) kinds.push_back("power");
    if (keys_.rest) kinds.push_back("rest");
    for (const auto& [name, table] : tables())
      if (*table) kinds.push_back(name);
    for (const auto& each : functions())
      if (*each.text) kinds.push_back(each.key);
    if (kinds.size() == 1) return true;
    if (kinds.size() > 1) {
      problems_.add(draft_.where(name_ + "." + kinds[1]),
                    fmt::format("[{}] does both {} and {}; a step does one thing", name_, kinds[0], kinds[1]));
    } else if (!tried_a_kind()) {
      problems_.add(keys_.where, fmt::format("[{}] does nothing; give discharge, charge, hold, power, rest, "
                                             "current_table, voltage_table, power_table, current_function, "
                                             "voltage_function or power_function",
                                             name_));
    }
    return false;
  }

  /// Whether a key that says what the step does is there, though its value could not be read.
  bool tried_a_kind() const {
    for (const char* kind : {"discharge", "charge", "hold", "power", "rest", "current_table", "voltage_table",
                             "power_table", "current_function", "voltage_function", "power_function"}) {
      if (draft_.given.count(name_ + "." + kind) != 0) return true;
    }
    return false;
  }

  std::array<std::pair<const char*, const std::optional<TableText>*>, 3> tables() const {
    return {{{"current_table", &keys_.current_table},
             {"voltage_table", &keys_.voltage_table},
             {"power_table", &keys_.power_table}}};
  }

  struct FunctionKey {
    const char* key;
    const std::optional<TimeText>* text;
    Control quantity;
  };
  std::array<FunctionKey, 3> functions() const {
    return {{{"current_function", &keys_.current_function, Control::current},
             {"voltage_function", &keys_.voltage_function, Control::voltage},
             {"power_function", &keys_.power_function, Control::power}}};
  }

  double amperes(const Rate& rate) const { return rate.amperes(cell_.nominal_capacity, cell_.area); }

  void choose_control() {
    if (keys_.discharge || keys_.charge) {
      const Rate& rate = keys_.discharge ? *keys_.discharge : *keys_.charge;
      falls_ = keys_.discharge.has_value();
      rises_ = !falls_;
      step_.value = falls_ ? amperes(rate) : -amperes(rate);
      step_.label = fmt::format("{} at {}", falls_ ? "discharge" : "charge", rate.text);
    } else if (keys_.hold) {
      step_.control = Control::voltage;
      step_.value = *keys_.hold;
      step_.label = fmt::format("hold at {} V", step_.value);
      if (step_.value < cell_.V_min || step_.value > cell_.V_max) {
        warnings_.push_back(fmt::format("[{}] holds {} V, outside the cell's cut-offs of {} V and {} V", name_,
                                        step_.value, cell_.V_min, cell_.V_max));
      }
    } else if (keys_.power) {
      step_.control = Control::power;
      step_.value = *keys_.power;
      falls_ = step_.value > 0;
      rises_ = step_.value < 0;
      step_.label = fmt::format("{} at {} W", falls_ ? "discharge" : "charge", std::abs(step_.value));
      if (step_.value == 0)
        problems_.add(draft_.where(name_ + ".power"),
                      fmt::format("[{}] power = 0 moves nothing; write rest = \"1 h\" instead", name_));
    } else if (keys_.rest) {
      step_.label = "rest";
      step_.stops.push_back({Quantity::time, *keys_.rest});
    } else {
      for (const auto& [name, table] : tables())
        if (*table) follow(**table);
      for (const auto& each : functions())
        if (*each.text) follow(each, **each.text);
    }
    const bool signed_table = step_.control == Control::table && !keys_.voltage_table;
    if (!signed_table && keys_.table_sign != "discharge_positive")
      problems_.add(draft_.where(name_ + ".table_sign"),
                    fmt::format("[{}] has no table of currents or powers whose sign could be told", name_));
    if (step_.control != Control::table && keys_.interpolation != "linear")
      problems_.add(draft_.where(name_ + ".interpolation"),
                    fmt::format("[{}] has no table whose rows could be interpolated", name_));
    const bool has_cut_offs = step_.table && step_.table->quantity != Control::voltage;
    if (!has_cut_offs && keys_.cut_off != "end")
      problems_.add(draft_.where(name_ + ".cut_off"),
                    fmt::format("[{}] cut_off = \"{}\" is for tables of current or power; every other step ends at a "
                                "cut-off",
                                name_, keys_.cut_off));
    step_.at_cut_off = keys_.cut_off == "hold"   ? AtCutOff::hold
                       : keys_.cut_off == "rest" ? AtCutOff::rest
                                                 : AtCutOff::end;
  }

  void follow(const TableText& text) {
    const std::shared_ptr<const DriveTable> table = in_si(text);
    const auto [least, most] = std::minmax_element(table->value.begin(), table->value.end());
    step_.control = Control::table;
    step_.table = table;
    step_.label = table_column(text.quantity) + " table";
    if (!text.file.empty()) step_.label += " " + std::filesystem::path(text.file).filename().string();
    step_.stops.push_back({Quantity::time, table->time.back()});
    warnings_.insert(warnings_.end(), text.notes.begin(), text.notes.end());
    go_between(text.quantity, *least, *most);
  }

  /// What a current, voltage or power does that changes between two values.
  void go_between(Control quantity, double least, double most) {
    if (quantity == Control::voltage) {
      if (least < cell_.V_min || most > cell_.V_max)
        warnings_.push_back(fmt::format("[{}] goes from {} V to {} V, outside the cell's cut-offs of {} V and {} V",
                                        name_, least, most, cell_.V_min, cell_.V_max));
      return;
    }
    falls_ = most > 0;
    rises_ = least < 0;
  }

  void follow(const FunctionKey& key, const TimeText& text) {
    constexpr int samples = 5000;
    const Location where = draft_.where(name_ + "." + key.key);
    if (!keys_.until.time) {
      if (draft_.given.count(name_ + ".until.time") == 0)
        problems_.add(where, fmt::format("[{}] {} has no end; add until = {{ time = \"10 min\" }}", name_, key.key));
      return;
    }
    DriveFunction function{text.law, {key.quantity, {}, {}}, 0};
    for (int k = 0; k <= samples; ++k) {
      const double t = *keys_.until.time * k / samples, value = function.at(t);
      if (!std::isfinite(value))
        return problems_.add(where, fmt::format("[{}] {} is not a number at t = {:.6g} s", name_, key.key, t));
      function.samples.time.push_back(t), function.samples.value.push_back(value);
      function.largest = std::max(function.largest, std::abs(value));
    }
    const auto [least, most] = std::minmax_element(function.samples.value.begin(), function.samples.value.end());
    step_.control = key.quantity;
    step_.label = fmt::format("{} {}", table_column(key.quantity), text.law.text());
    go_between(key.quantity, *least, *most);
    step_.function = std::make_shared<const DriveFunction>(std::move(function));
  }

  /// A table whose values last until the next row goes on as one with a jump a row.
  std::shared_ptr<const DriveTable> in_si(const TableText& text) const {
    DriveTable table;
    table.quantity = text.quantity;
    const bool hold = keys_.interpolation == "hold";
    const double sign = keys_.table_sign == "discharge_negative" && text.quantity != Control::voltage ? -1 : 1;
    for (std::size_t i = 0; i < text.time.size(); ++i) {
      const double value = sign * (text.kind.empty() ? text.value[i] : amperes({text.value[i], text.kind[i], {}}));
      const bool jumps = hold && i > 0 && text.time[i] > table.time.back();
      if (jumps) table.time.push_back(text.time[i]), table.value.push_back(table.value.back());
      if (hold && i > 0 && !jumps)
        table.value.back() = value;
      else if (!(hold && i + 1 == text.time.size()))
        table.time.push_back(text.time[i]), table.value.push_back(value);
    }
    return std::make_shared<const DriveTable>(std::move(table));
  }

  /// The side that a plain `voltage` or `soc` stop means; a problem where the step leads to neither or to both.
  Quantity by_sense(const char* key, Quantity below, Quantity above) {
    if (falls_ == rises_) {
      problems_.add(draft_.where(fmt::format("{}.until.{}", name_, key)),
                    fmt::format("[{}.until] {} can be reached from either side here; write {}_below or {}_above", name_,
                                key, key, key));
    }
    return rises_ ? above : below;
  }

  void add_stop(Quantity quantity, const std::optional<double>& value, double factor = 1) {
    if (value) step_.stops.push_back({quantity, *value * factor, step_.table || step_.function});
  }

  bool fixed_voltage() const { return keys_.hold || keys_.voltage_table || keys_.voltage_function; }

  void add_stops() {
    const UntilKeys& until = keys_.until;
    if (fixed_voltage() && (until.voltage || until.voltage_below || until.voltage_above)) {
      const std::string key = until.voltage ? "voltage" : until.voltage_below ? "voltage_below" : "voltage_above";
      problems_.add(draft_.where(name_ + ".until." + key),
                    fmt::format("[{}.until] {} cannot end a step that {} the voltage", name_, key,
                                keys_.hold ? "holds" : "fixes"));
      return;
    }
    add_stop(Quantity::time, until.time);
    if (until.voltage) add_stop(by_sense("voltage", Quantity::voltage_below, Quantity::voltage_above), until.voltage);
    add_stop(Quantity::voltage_below, until.voltage_below);
    add_stop(Quantity::voltage_above, until.voltage_above);
    if (until.current) step_.stops.push_back({Quantity::current_below, amperes(*until.current)});
    if (until.current_above) step_.stops.push_back({Quantity::current_above, amperes(*until.current_above)});
    add_stop(Quantity::capacity, until.capacity, 3600);  // A.h to A.s
    if (until.soc) add_stop(by_sense("soc", Quantity::soc_below, Quantity::soc_above), until.soc);
    add_stop(Quantity::soc_below, until.soc_below);
    add_stop(Quantity::soc_above, until.soc_above);
    add_stop(Quantity::plating_margin, until.plating_margin);
    add_stop(Quantity::salt, until.salt);
    for (const auto& [quantity, value] : observed(until.observed)) add_stop(quantity, value);
    check_stops_can_happen();
  }

  void check_stops_can_happen() {
    const UntilKeys& until = keys_.until;
    if (keys_.hold && !until.time && !until.current) {
      problems_.add(draft_.where(name_ + ".hold"),
                    fmt::format("[{}] hold may never end; add until = {{ current = \"C/20\" }} or a time", name_));
    }
    const bool fixed_current = keys_.discharge || keys_.charge || keys_.rest;
    if (!fixed_current || !(until.current || until.current_above)) return;
    const std::string key = until.current ? "current" : "current_above";
    problems_.add(draft_.where(name_ + ".until." + key),
                  fmt::format("[{}.until] {} cannot end a step that fixes the current", name_, key));
  }

  bool has(Quantity quantity) const {
    return std::any_of(step_.stops.begin(), step_.stops.end(),
                       [&](const Stop& stop) { return stop.quantity == quantity; });
  }

  void add_cut_offs() {
    const auto add = [&](Quantity side, double V) {
      if (!has(side)) step_.stops.push_back({side, V, true, true});
    };
    if (falls_) add(Quantity::voltage_below, cell_.V_min);
    if (rises_) add(Quantity::voltage_above, cell_.V_max);
  }

  const Draft& draft_;
  const StepKeys& keys_;
  std::string name_;
  const Cell& cell_;
  std::vector<std::string>& warnings_;
  Problems& problems_;
  Step step_;
  bool falls_ = false, rises_ = false;  ///< the ways in which the voltage can go
};

}  // namespace

std::vector<Stop> read_protocol_stops(const Draft& draft, const Cell& cell) {
  const ProtocolUntilKeys& until = draft.protocol.until;
  std::vector<Stop> stops;
  const auto add = [&](Quantity quantity, const std::optional<double>& value, double factor = 1) {
    if (value) stops.push_back({quantity, *value * factor, true});
  };
  if (until.empty) add(Quantity::voltage_below, cell.V_min);
  if (until.full) add(Quantity::voltage_above, cell.V_max);
  add(Quantity::time, until.time);
  add(Quantity::voltage_below, until.voltage_below);
  add(Quantity::voltage_above, until.voltage_above);
  add(Quantity::capacity, until.capacity, 3600);  // A.h to A.s
  add(Quantity::soc_below, until.soc_below);
  add(Quantity::soc_above, until.soc_above);
  add(Quantity::plating_margin, until.plating_margin);
  add(Quantity::salt, until.salt);
  for (const auto& [quantity, value] : observed(until.observed)) add(quantity, value);
  return stops;
}

std::vector<Step> read_protocol(const Draft& draft, const Cell& cell, std::vector<std::string>& warnings,
                                Problems& problems) {
  if (draft.steps.empty()) {
    const bool tried = draft.given.count("step") != 0;  // and complained about already
    if (!tried) problems.add({draft.file, 0, 0}, std::string("there is no [[step]]") + example);
    return {};
  }
  std::vector<Step> once;
  for (std::size_t i = 0; i < draft.steps.size(); ++i)
    once.push_back(StepReader(draft, i, cell, warnings, problems).read());
  for (std::string& doubt : sign_doubts(draft, cell, once)) warnings.push_back(std::move(doubt));

  const auto repeat_from = static_cast<std::size_t>(draft.protocol.repeat_from);
  if (repeat_from > once.size()) {
    problems.add(draft.where("protocol.repeat_from"),
                 fmt::format("[protocol] repeat_from = {} is past the last step, {}", repeat_from, once.size()));
    return once;
  }
  std::vector<Step> all = once;
  for (int again = 1; again < draft.protocol.repeat; ++again)
    all.insert(all.end(), once.begin() + static_cast<std::ptrdiff_t>(repeat_from) - 1, once.end());
  return all;
}

}  // namespace porelith
