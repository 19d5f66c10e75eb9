#include "solver/case/values.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "solver/case/draft.hpp"
#include "solver/case/table_file.hpp"
#include "solver/text/expression.hpp"

namespace porelith {
namespace {

/// A value that cannot be read; what() continues a sentence that begins with the key and its value.
using ValueError = UnitError;

double read_number(const TomlValue& value, const Unit& unit) {
  if (value.kind == TomlValue::Kind::text) return read_quantity(value.text, unit);
  if (!value.is_number()) throw ValueError(fmt::format("is {}, not a number", value.kind_name()));
  if (!std::isfinite(value.number)) throw ValueError("is not a finite number");
  return value.number;
}

/// "; did you mean "85.2 um"?" where a plain number makes sense in the unit that people use.
std::string unit_hint(const TomlValue& value, const Key& key) {
  const std::string habit = key.unit.symbol == "m" ? "um" : key.unit.symbol == "K" ? "degC" : "";
  if (habit.empty() || !value.is_number()) return "";
  const std::string meant = fmt::format("{} {}", value.number, habit);
  return key.range.holds(read_quantity(meant, key.unit)) ? fmt::format("; did you mean \"{}\"?", meant) : "";
}

void check_range(const TomlValue& value, const Key& key, double low, double high) {
  if (key.range.holds(low) && key.range.holds(high)) return;
  const std::string in_unit = key.unit.symbol == "1" ? "" : " " + key.unit.symbol;
  const double worst = key.range.holds(low) ? high : low;
  const std::string which = low == high ? "" : fmt::format(" reaches {:.6g}, which", worst);
  throw ValueError(fmt::format("{} is {}{}{}", which, key.range.violation(), in_unit, unit_hint(value, key)));
}

std::vector<double> read_numbers(const TomlValue& list, const Unit& unit, const std::string& name) {
  if (list.kind != TomlValue::Kind::array)
    throw ValueError(fmt::format("has {} that is {}, not a list of numbers", name, list.kind_name()));
  std::vector<double> numbers;
  for (const auto& item : list.items) {
    try {
      numbers.push_back(read_number(item, unit));
    } catch (const ValueError& error) {
      throw ValueError(fmt::format("has {} in {}, which {}", item.shown(), name, error.what()));
    }
  }
  return numbers;
}

std::string written(const std::vector<double>& numbers) {
  std::string text;
  for (const double number : numbers) text += (text.empty() ? "[" : ", ") + toml_number(number);
  return text + "]";
}

/// The two lists of a table such as { depth = [...], value = [...] }; nothing if it has other keys.
bool has_exactly(const TomlValue& table, const std::vector<std::string>& names) {
  if (table.entries.size() != names.size()) return false;
  for (const auto& name : names) {
    if (table.find(name) == nullptr) return false;
  }
  return true;
}

Given<Profile> equal_layers(const TomlValue& list, const Unit& unit) {
  const auto values = read_numbers(list, unit, "the list of layers");
  if (values.empty())
    throw ValueError("is an empty list; a profile needs one value a layer, from collector to separator");
  std::vector<double> edges;
  for (std::size_t i = 0; i <= values.size(); ++i)
    edges.push_back(static_cast<double>(i) / static_cast<double>(values.size()));
  return {Profile::layers(edges, values), From::given, written(values)};
}

Given<Profile> unequal_layers(const TomlValue& table, const Unit& unit) {
  const auto values = read_numbers(*table.find("layers"), unit, "layers");
  const auto fractions = read_numbers(*table.find("fractions"), unit::one, "fractions");
  if (values.size() != fractions.size() || values.empty()) {
    throw ValueError(
        fmt::format("has {} layers and {} fractions; it needs one fraction a layer", values.size(), fractions.size()));
  }
  std::vector<double> edges = {0};
  for (const double fraction : fractions) {
    if (!(fraction > 0)) throw ValueError(fmt::format("has a fraction {}; every fraction must be > 0", fraction));
    edges.push_back(edges.back() + fraction);
  }
  if (std::abs(edges.back() - 1) > 1e-6)
    throw ValueError(fmt::format("has fractions that add up to {:.8g}; they must add up to 1", edges.back()));
  edges.back() = 1;
  return {Profile::layers(edges, values), From::given,
          fmt::format("{{ layers = {}, fractions = {} }}", written(values), written(fractions))};
}

Given<Profile> piecewise_linear(const TomlValue& table, const Unit& unit) {
  const auto depth = read_numbers(*table.find("depth"), unit::one, "depth");
  const auto values = read_numbers(*table.find("value"), unit, "value");
  if (depth.size() != values.size() || depth.size() < 2) {
    throw ValueError(
        fmt::format("has {} depths and {} values; it needs as many of each, two or more", depth.size(), values.size()));
  }
  for (std::size_t i = 1; i < depth.size(); ++i) {
    if (!(depth[i] > depth[i - 1]))
      throw ValueError(fmt::format("has depth {} after {}; depths must increase", depth[i], depth[i - 1]));
  }
  if (depth.front() != 0 || depth.back() != 1) {
    throw ValueError(fmt::format("runs from depth {} to {}; it must run from 0 (collector) to 1 (separator)",
                                 depth.front(), depth.back()));
  }
  return {Profile::piecewise_linear(depth, values), From::given,
          fmt::format("{{ depth = {}, value = {} }}", written(depth), written(values))};
}

Given<Profile> read_profile(const TomlValue& value, const Unit& unit) {
  if (value.kind == TomlValue::Kind::array) return equal_layers(value, unit);
  if (value.kind != TomlValue::Kind::table) {
    const double number = read_number(value, unit);
    return {Profile(number), From::given, toml_number(number)};
  }
  if (has_exactly(value, {"layers", "fractions"})) return unequal_layers(value, unit);
  if (has_exactly(value, {"depth", "value"})) return piecewise_linear(value, unit);
  if (has_exactly(value, {"polynomial"})) {
    const auto coefficients = read_numbers(*value.find("polynomial"), unit, "polynomial");
    if (coefficients.empty()) throw ValueError("has an empty polynomial; it needs [c0, c1, ...] in xi");
    return {Profile::polynomial(coefficients), From::given,
            fmt::format("{{ polynomial = {} }}", written(coefficients))};
  }
  throw ValueError(
      "is not a profile; write a number, a list of equal layers, { layers = [...], fractions = [...] }, { polynomial = "
      "[...] } or "
      "{ depth = [0, ..., 1], value = [...] }");
}

Given<Function> read_function(const TomlValue& value, const Key& key) {
  if (value.kind == TomlValue::Kind::table) {
    if (!has_exactly(value, {"x", "y"}))
      throw ValueError("is not a function; write a number, an expression in x or { x = [...], y = [...] }");
    const auto x = read_numbers(*value.find("x"), unit::one, "x");
    const auto y = read_numbers(*value.find("y"), key.unit, "y");
    try {
      return {Function::table(x, y), From::given, fmt::format("{{ x = {}, y = {} }}", written(x), written(y))};
    } catch (const std::invalid_argument& error) {
      throw ValueError(std::string("is not a table of x and y: ") + error.what());
    }
  }
  if (value.kind == TomlValue::Kind::text) {
    try {
      const Function function = Function::expression(value.text);
      if (function.is_constant()) check_range(value, key, function(0).value, function(0).value);
      return {function, From::given, toml_quoted(value.text)};
    } catch (const ExpressionError& error) {
      const bool has_x = value.text.find_first_of("x()*+") != std::string::npos;
      if (has_x) throw ValueError(fmt::format("is not an expression in x: column {}: {}", error.column, error.what()));
    }
  }
  const double number = read_number(value, key.unit);
  check_range(value, key, number, number);
  return {Function(number), From::given, toml_number(number)};
}

/// What a table key's unit means, and what its column is called.
Control quantity_of(const Unit& unit) {
  return unit.symbol == unit::volt.symbol   ? Control::voltage
         : unit.symbol == unit::watt.symbol ? Control::power
                                            : Control::current;
}

/// Currents, C-rates among them.
void read_rates(const TomlValue& list, TableText& table) {
  for (const TomlValue& item : list.items) {
    try {
      const Rate rate =
          item.kind == TomlValue::Kind::text ? read_rate(item.text) : Rate{read_number(item, unit::ampere), {}, {}};
      table.value.push_back(rate.value);
      table.kind.push_back(rate.kind);
    } catch (const ValueError& error) {
      throw ValueError(fmt::format("has {} in current, which {}", item.shown(), error.what()));
    }
  }
  const bool all_amperes =
      std::all_of(table.kind.begin(), table.kind.end(), [](Rate::Kind kind) { return kind == Rate::Kind::ampere; });
  if (all_amperes) table.kind.clear();
}

void check_times(const std::vector<double>& time) {
  if (time.front() != 0) throw ValueError(fmt::format("starts at {} s; the first time must be 0", time.front()));
  for (std::size_t i = 1; i < time.size(); ++i) {
    if (time[i] < time[i - 1])
      throw ValueError(fmt::format("has time {} s after {} s; times must not fall", time[i], time[i - 1]));
    if (i > 1 && time[i] == time[i - 2])
      throw ValueError(fmt::format("has three rows at {} s; two are a jump", time[i]));
  }
  if (time.back() == 0) throw ValueError("ends at 0 s, where it starts");
}

TableText read_table(const TomlValue& value, const Unit& unit, const std::string& directory) {
  const Control quantity = quantity_of(unit);
  const std::string column = table_column(quantity);
  if (value.kind == TomlValue::Kind::text) {
    const std::filesystem::path path = std::filesystem::path(directory) / value.text;  // an absolute one stays itself
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(path, ignored))
      throw ValueError(
          fmt::format("is no file: {} is not there; a {} table is a CSV file with columns time [s], {} [{}]",
                      path.string(), column, column, unit.symbol));
    return read_table_file(path.string(), quantity);
  }
  if (!has_exactly(value, {"time", column}))
    throw ValueError(fmt::format("is neither the name of a CSV file nor {{ time = [...], {} = [...] }}", column));
  TableText table;
  table.quantity = quantity;
  table.time = read_numbers(*value.find("time"), unit::second, "time");
  const TomlValue& values = *value.find(column);
  if (quantity == Control::current && values.kind == TomlValue::Kind::array) {
    read_rates(values, table);
  } else {
    table.value = read_numbers(values, unit, column);
  }
  if (table.time.size() != table.value.size() || table.time.size() < 2) {
    throw ValueError(fmt::format("has {} times and {} {}s; it needs as many of each, two or more", table.time.size(),
                                 table.value.size(), column));
  }
  check_times(table.time);
  return table;
}

/// As an inline table that reads back the same.
std::string written(const TableText& table) {
  const std::string column = table_column(table.quantity);
  if (table.kind.empty())
    return fmt::format("{{ time = {}, {} = {} }}", written(table.time), column, written(table.value));
  std::string values;
  for (std::size_t i = 0; i < table.value.size(); ++i) {
    const std::string number = toml_number(table.value[i]);
    const char* const unit = table.kind[i] == Rate::Kind::c_rate ? "C" : " A/m2";
    values += (i == 0 ? "" : ", ") + (table.kind[i] == Rate::Kind::ampere ? number : toml_quoted(number + unit));
  }
  return fmt::format("{{ time = {}, {} = [{}] }}", written(table.time), column, values);
}

/// An expression, or a number that stands for one.
std::string read_expression(const TomlValue& value) {
  if (value.kind == TomlValue::Kind::text) return value.text;
  if (value.kind == TomlValue::Kind::integer) return fmt::format("{}", value.integer);
  if (value.is_number() && std::isfinite(value.number)) return toml_number(value.number);
  throw ValueError(fmt::format("has {}, which is {}, not an expression in quotes", value.shown(), value.kind_name()));
}

TimeText read_expression_in_t(const TomlValue& value) {
  if (value.kind != TomlValue::Kind::text)
    throw ValueError(fmt::format("is {}, not an expression in t in quotes", value.kind_name()));
  try {
    return {NamedExpression(value.text, {"t"}, {{"pi", "3.14159265358979323846"}}), toml_quoted(value.text)};
  } catch (const std::invalid_argument& error) {
    throw ValueError(std::string("is not an expression in t: ") + error.what());
  }
}

/// Reads into each type of slot; throws ValueError.
struct Reading {
  const TomlValue& value;
  const Key& key;
  const std::string& directory;

  double checked_number() const {
    const double number = read_number(value, key.unit);
    check_range(value, key, number, number);
    return number;
  }

  void operator()(bool* slot) const {
    if (value.kind != TomlValue::Kind::boolean)
      throw ValueError(fmt::format("is {}, not true or false", value.kind_name()));
    *slot = value.boolean;
  }
  void operator()(int* slot) const {
    if (!value.is_number()) throw ValueError(fmt::format("is {}, not a whole number", value.kind_name()));
    if (value.number != std::floor(value.number)) throw ValueError("is not a whole number");
    check_range(value, key, value.number, value.number);
    *slot = static_cast<int>(value.number);
  }
  void operator()(unsigned* slot) const {
    int number = 0;
    (*this)(&number);
    *slot = static_cast<unsigned>(number);
  }
  void operator()(std::vector<int>* slot) const {
    if (value.kind != TomlValue::Kind::array)
      throw ValueError(fmt::format("is {}, not a list of whole numbers", value.kind_name()));
    slot->clear();
    for (const auto& item : value.items) {
      slot->emplace_back();
      Reading{item, key, directory}(&slot->back());
    }
    if (slot->empty()) throw ValueError("is an empty list");
  }
  void operator()(CellCounts* slot) const {
    if (value.kind != TomlValue::Kind::array) {
      int number = 0;
      (*this)(&number);
      *slot = number;
      return;
    }
    std::vector<int> list;
    (*this)(&list);
    if (*std::min_element(list.begin(), list.end()) < 1) throw ValueError("has a piece without a control volume");
    *slot = list;
  }
  void operator()(std::vector<std::array<double, 3>>* slot) const {
    if (value.kind != TomlValue::Kind::array)
      throw ValueError(fmt::format("is {}, not a list of points [x, y, z]", value.kind_name()));
    slot->clear();
    for (const auto& item : value.items) {
      const std::vector<double> point = read_numbers(item, key.unit, "a point");
      if (point.size() != 3)
        throw ValueError(fmt::format("has a point of {} numbers where [x, y, z] takes three", point.size()));
      slot->push_back({point[0], point[1], point[2]});
    }
  }
  void operator()(std::vector<std::string>* slot) const {
    slot->clear();
    if (value.kind != TomlValue::Kind::array) return slot->push_back(read_expression(value));
    for (const auto& item : value.items) slot->push_back(read_expression(item));
  }
  void operator()(GroupNames* slot) const {
    const auto read = [](const TomlValue& item) {
      if (item.kind == TomlValue::Kind::text) return item.text;
      if (item.kind == TomlValue::Kind::integer) return fmt::format("{}", item.integer);
      throw ValueError(
          fmt::format("has {}, which is {}, not a name in quotes or a whole number", item.shown(), item.kind_name()));
    };
    slot->list.clear();
    if (value.kind != TomlValue::Kind::array) return slot->list.push_back(read(value));
    for (const auto& item : value.items) slot->list.push_back(read(item));
    if (slot->list.empty()) throw ValueError("is an empty list");
  }
  void operator()(double* slot) const { *slot = checked_number(); }
  void operator()(std::optional<double>* slot) const { *slot = checked_number(); }
  void operator()(std::string* slot) const {
    const auto is_choice = [&](const std::string& text) {
      return std::find(key.choices.begin(), key.choices.end(), text) != key.choices.end();
    };
    if (value.kind == TomlValue::Kind::integer && is_choice(fmt::format("{}", value.integer))) {  // dimension = 2
      *slot = fmt::format("{}", value.integer);
      return;
    }
    if (value.kind != TomlValue::Kind::text && key.choices.empty())
      throw ValueError(fmt::format("is {}, not a text in quotes", value.kind_name()));
    if (!key.choices.empty() && (value.kind != TomlValue::Kind::text || !is_choice(value.text))) {
      const std::string near = nearest_name(value.text, key.choices);
      throw ValueError(fmt::format("is not {}{}", key.type(), near.empty() ? "" : ". Did you mean " + near + "?"));
    }
    *slot = value.text;
  }
  void operator()(Given<std::string>* slot) const {
    std::string text;
    (*this)(&text);
    *slot = text;
  }
  void operator()(Solid* slot) const {
    std::string text;
    (*this)(&text);
    for (std::size_t k = 0; k < solid_names.size(); ++k)
      if (text == solid_names[k]) *slot = static_cast<Solid>(k);
  }
  void operator()(Given<double>* slot) const { *slot = checked_number(); }
  void operator()(std::optional<Rate>* slot) const {
    Rate rate;
    if (value.kind == TomlValue::Kind::text) {
      rate = read_rate(value.text);
    } else {
      rate.value = read_number(value, key.unit);
      rate.text = fmt::format("{} A", rate.value);
    }
    check_range(value, key, rate.value, rate.value);
    *slot = rate;
  }
  void operator()(std::optional<Accuracy>* slot) const {
    if (value.kind == TomlValue::Kind::text && value.text == "off") {
      *slot = Accuracy{0};
      return;
    }
    try {
      *slot = Accuracy{checked_number()};
    } catch (const ValueError& error) {
      throw ValueError(std::string(error.what()) + "; or write \"off\"");
    }
  }
  void operator()(Given<Profile>* slot) const {
    const Given<Profile> profile = read_profile(value, key.unit);
    check_range(value, key, profile->minimum(), profile->maximum());
    *slot = profile;
  }
  void operator()(Given<Function>* slot) const { *slot = read_function(value, key); }
  void operator()(std::optional<TableText>* slot) const { *slot = read_table(value, key.unit, directory); }
  void operator()(std::optional<TimeText>* slot) const { *slot = read_expression_in_t(value); }
};

/// Writes each type of slot.
struct Writing {
  using Text = std::optional<std::string>;
  Text operator()(const bool* slot) const { return *slot ? "true" : "false"; }
  Text operator()(const int* slot) const { return fmt::format("{}", *slot); }
  Text operator()(const unsigned* slot) const { return fmt::format("{}", *slot); }
  Text operator()(const std::vector<int>* slot) const { return fmt::format("[{}]", fmt::join(*slot, ", ")); }
  Text operator()(const CellCounts* slot) const {
    return slot->pieces.empty() ? fmt::format("{}", slot->all) : fmt::format("[{}]", fmt::join(slot->pieces, ", "));
  }
  Text operator()(const std::vector<std::array<double, 3>>* slot) const {
    if (slot->empty()) return Text();
    std::string list;
    for (const auto& point : *slot) list += (list.empty() ? "[" : ", ") + written({point.begin(), point.end()});
    return list + "]";
  }
  Text operator()(const std::vector<std::string>* slot) const {
    if (slot->empty()) return Text();
    if (slot->size() == 1) return toml_quoted(slot->front());
    std::string list;
    for (const auto& text : *slot) list += (list.empty() ? "[" : ", ") + toml_quoted(text);
    return list + "]";
  }
  Text operator()(const GroupNames* slot) const { return (*this)(&slot->list); }
  Text operator()(const double* slot) const { return toml_number(*slot); }
  Text operator()(const std::string* slot) const { return toml_quoted(*slot); }
  Text operator()(const Given<std::string>* slot) const { return slot->by_rule() ? Text() : toml_quoted(*slot); }
  Text operator()(const Given<double>* slot) const { return slot->by_rule() ? Text() : toml_number(*slot); }
  Text operator()(const Given<Profile>* slot) const {
    if (!slot->text.empty()) return slot->text;
    return slot->by_rule() || !(*slot)->is_constant() ? Text() : toml_number((*slot)->at(0));
  }
  Text operator()(const Given<Function>* slot) const {
    if (!slot->text.empty()) return slot->text;
    return slot->by_rule() || !(*slot)->is_constant() ? Text() : toml_number(slot->value(0).value);
  }
  Text operator()(const Solid* slot) const { return toml_quoted(solid_names[static_cast<std::size_t>(*slot)]); }
  Text operator()(const std::optional<double>* slot) const { return *slot ? Text(toml_number(**slot)) : Text(); }
  Text operator()(const std::optional<Rate>* slot) const { return *slot ? Text(toml_quoted((*slot)->text)) : Text(); }
  Text operator()(const std::optional<Accuracy>* slot) const {
    if (!*slot) return Text();
    return (*slot)->share == 0 ? toml_quoted("off") : toml_number((*slot)->share);
  }
  Text operator()(const std::optional<TableText>* slot) const { return *slot ? Text(written(**slot)) : Text(); }
  Text operator()(const std::optional<TimeText>* slot) const { return *slot ? Text((*slot)->toml) : Text(); }
};

}  // namespace

std::string table_column(Control quantity) {
  return quantity == Control::voltage ? "voltage" : quantity == Control::power ? "power" : "current";
}

void read_value(const TomlValue& value, const Key& key, const KeyField& slot, const std::string& label,
                const std::string& directory, Problems& problems) {
  try {
    std::visit(Reading{value, key, directory}, slot);
  } catch (const ValueError& error) {
    const std::string rest = error.what();
    problems.add(value.where, fmt::format("{} = {}{}{}", label, value.shown(), rest.front() == ' ' ? "" : " ", rest));
  } catch (const CaseError& error) {
    problems.add(error);
  }
}

std::optional<std::string> write_value(const KeyField& slot) {
  return std::visit([](const auto* field) { return Writing{}(field); }, slot);
}

}  // namespace porelith
