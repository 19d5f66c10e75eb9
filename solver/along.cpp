#include "solver/along.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <map>
#include <stdexcept>
#include <utility>

#include "solver/base/error.hpp"
#include "solver/case/echo.hpp"
#include "solver/case/keys.hpp"
#include "solver/case/reader.hpp"
#include "solver/case_change.hpp"
#include "solver/case_plan.hpp"
#include "solver/cell/cell.hpp"
#include "solver/cell/side.hpp"
#include "solver/newman/observables/observables.hpp"

namespace porelith {

namespace {

/// Steps of differences, relative; of what is 0 absolute, in its own unit.
constexpr double difference_step = 1e-3;

/// Tables whose keys are about what is solved, not how or when.
bool is_physical(const std::string& key) {
  for (const char* table :
       {"cell.", "negative.", "positive.", "separator.", "electrolyte.", "initial.", "geometry.", "channel."})
    if (key.rfind(table, 0) == 0) return true;
  return false;
}

/// Charges of one hour, and where a step ends by itself, are about the protocol.
bool is_protocol(const std::string& key) {
  return key == "cell.nominal_capacity" || key == "cell.voltage_min" || key == "cell.voltage_max";
}

/// The numbers that a value as TOML consists of; none where it is something else.
std::vector<double> numbers_in(std::string text) {
  const bool list = !text.empty() && text.front() == '[';
  if (list) text = text.substr(1, text.find(']') - 1);
  std::vector<double> numbers;
  const char* at = text.c_str();
  while (true) {
    char* end = nullptr;
    const double number = std::strtod(at, &end);
    if (end == at) return {};
    numbers.push_back(number);
    while (*end == ' ') ++end;
    if (!list) return numbers;
    if (*end == '\0') return numbers;
    if (*end != ',') return {};
    at = end + 1;
  }
}

/// A number that a key of a case holds.
struct KeyNumber {
  std::string name, key;
  std::size_t item = 0;
  std::vector<double> numbers;  ///< all that the key holds
};

std::vector<KeyNumber> key_numbers(const Case& input) {
  std::vector<KeyNumber> list;
  for (const KeyValue& value : values_of(input)) {
    if (!is_physical(value.key) || is_protocol(value.key)) continue;
    const Key* key = find_key(value.key);
    if (!key || key->type().find("integer") != std::string::npos || !key->choices.empty()) continue;
    const std::vector<double> numbers = numbers_in(value.value);
    for (std::size_t i = 0; i < numbers.size(); ++i)
      list.push_back({numbers.size() == 1 ? value.key : fmt::format("{}.{}", value.key, i + 1), value.key, i, numbers});
  }
  return list;
}

double step_of(double value) { return difference_step * (value != 0 ? std::abs(value) : 1); }

const char* drive_unit(const Step& step) {
  return step.control == Control::voltage ? "V" : step.control == Control::power ? "W" : "A";
}

/// Of the run's own numbers: a drive, the value of a stop, a factor on a law.
std::vector<Along> run_numbers(const Case& input, const TapedRun& run) {
  std::vector<Along> list;
  const std::size_t steps = run.tape.ends.size();
  for (std::size_t k = 0; k < steps; ++k) {
    const Step& step = input.protocol[k];
    if (step.control == Control::table || step.function) continue;
    Along drive{fmt::format("step.{}.value", k + 1), drive_unit(step), step.value, {}, "", {}, 0};
    drive.case_at = [&input, k](double by) {
      Case c = input;
      c.protocol[k].value += by;
      return c;
    };
    drive.step = step_of(step.value);
    drive.change->drives.assign(steps, 0.0);
    drive.change->drives[k] = 1;
    list.push_back(std::move(drive));
  }
  for (std::size_t k = 0; k < steps; ++k) {
    const TapedEnd& end = run.tape.ends[k];
    if (end.by == TapedEnd::By::nothing) continue;
    const Stop& stop = (end.of_protocol ? input.until : input.protocol[k].stops)[end.stop];
    const bool in_time = end.by == TapedEnd::By::time;
    Along until{fmt::format("step.{}.until", k + 1),
                in_time ? "s" : observables()[end.observable].unit,
                stop.value,
                {},
                "",
                {},
                0};
    until.case_at = [&input, k, stop = end.stop, of_protocol = end.of_protocol](double by) {
      Case c = input;
      (of_protocol ? c.until : c.protocol[k].stops)[stop].value += by;
      return c;
    };
    until.step = 0.1 * step_of(stop.value);
    until.change->stops.assign(steps, 0.0);
    until.change->stops[k] = 1;
    list.push_back(std::move(until));
  }
  for (const ModelParameter& parameter : named_parameters(*run.model)) {
    const std::string& name = parameter.name;
    const auto ends = [&](const char* symbol) {
      const std::string tail = symbol;
      return name.size() > tail.size() && name.compare(name.size() - tail.size(), tail.size(), tail) == 0;
    };
    if (!ends(".K") && !ends(".D_s") && !ends(".D_e") && !ends(".kappa")) continue;  // the others are keys
    Along factor{name, "1", 1, {}, "", {}, 0};
    factor.change->model = change_with(*run.model, name);
    list.push_back(std::move(factor));
  }
  return list;
}

Along key_along(const Case& input, const KeyNumber& number, const TapedRun& run) {
  const double value = number.numbers[number.item];
  const CaseAt case_at = [&input, number, plan = plan_of(input, Layers::as_valued)](double by) {
    CaseChange change{number.key, number.numbers};
    change.values[number.item] += by;
    std::vector<CaseChange> changes = plan;
    changes.push_back(std::move(change));
    return changed(input, changes, Care::variant);
  };
  // where slanted walls pass the corners of control volumes, errors go with the step itself
  const bool across = number.key.rfind("geometry.", 0) == 0 || number.key.rfind("channel.", 0) == 0;
  const double step = (across ? 0.1 : 1) * step_of(value);
  return along(case_at, number.name, find_key(number.key)->unit.symbol, value, step, run);
}

/// An activation energy of the cell file, by the law's name: "negative.K.activation_energy".
struct ActivationEnergy {
  std::string name;
  std::function<double&(Cell&)> of;
};

std::vector<ActivationEnergy> activation_energies(const Case& input) {
  std::vector<ActivationEnergy> list;
  for (const Side side : both_sides) {
    const auto& materials = electrode_of(*input.cell, side).materials;
    for (std::size_t m = 0; m < materials.size(); ++m) {
      const std::string of =
          std::string(word_of(side)) + "." + (materials[m].name.empty() ? "" : materials[m].name + ".");
      const auto add = [&](const char* law, double ActiveMaterial::*energy) {
        list.push_back({of + law + ".activation_energy", [side, m, energy](Cell& cell) -> double& {
                          return (side == Side::negative ? cell.negative : cell.positive).materials[m].*energy;
                        }});
      };
      add("K", &ActiveMaterial::K_activation), add("D_s", &ActiveMaterial::D_s_activation);
    }
  }
  list.push_back(
      {"electrolyte.D_e.activation_energy", [](Cell& cell) -> double& { return cell.electrolyte.D_e_activation; }});
  list.push_back(
      {"electrolyte.kappa.activation_energy", [](Cell& cell) -> double& { return cell.electrolyte.kappa_activation; }});
  return list;
}

Along energy_along(const Case& input, const ActivationEnergy& energy, const TapedRun& run) {
  constexpr double least_step = 10;  // [J mol-1], where there is none
  const auto case_at = [&input, energy](double by) {
    Case c = input;
    energy.of(*c.cell) += by;
    return c;
  };
  Case c = input;
  const double value = energy.of(*c.cell), step = std::max(difference_step * std::abs(value), least_step);
  return along(case_at, energy.name, "J.mol-1", value, step, run);
}

}  // namespace

std::vector<std::string> names_along(const Case& input) {
  std::vector<std::string> names;
  for (const KeyNumber& key : key_numbers(input)) names.push_back(key.name);
  for (std::size_t k = 0; k < input.protocol.size(); ++k) {
    names.push_back(fmt::format("step.{}.value", k + 1));
    names.push_back(fmt::format("step.{}.until", k + 1));
  }
  for (const Side side : both_sides)
    for (const ActiveMaterial& material : electrode_of(*input.cell, side).materials)
      for (const char* symbol : {"K", "D_s"})
        names.push_back(std::string(word_of(side)) + "." + (material.name.empty() ? "" : material.name + ".") + symbol);
  names.insert(names.end(), {"electrolyte.D_e", "electrolyte.kappa"});
  for (const ActivationEnergy& energy : activation_energies(input)) names.push_back(energy.name);
  return names;
}

Along along(const CaseAt& case_at, std::string name, std::string unit, double value, double step, const TapedRun& run) {
  Along along{std::move(name), std::move(unit), value, {}, "", case_at, step};
  try {
    along.change = change_along(case_at, step, run);
  } catch (const CaseError& error) {
    along.missing = error.problems().empty() ? error.what() : error.problems().front().sentence;
  } catch (const std::invalid_argument& error) {
    along.missing = error.what();
  }
  return along;
}

Along without_slopes(std::string name, std::string unit, double value, std::string why) {
  return {std::move(name), std::move(unit), value, {}, std::move(why), {}, 0};
}

std::vector<Along> along(const Case& input, const TapedRun& run, const std::vector<std::string>& names) {
  const std::vector<KeyNumber> keys = key_numbers(input);
  const std::vector<Along> others = run_numbers(input, run);
  const std::vector<ActivationEnergy> energies = activation_energies(input);
  std::vector<Along> list;
  if (names.empty()) {
    for (const KeyNumber& key : keys) list.push_back(key_along(input, key, run));
    list.insert(list.end(), others.begin(), others.end());
    for (const ActivationEnergy& energy : energies)
      if (!input.at_T_ref()) list.push_back(energy_along(input, energy, run));
    return list;
  }
  std::vector<std::string> known;
  known.reserve(keys.size() + others.size());
  for (const KeyNumber& key : keys) known.push_back(key.name);
  for (const Along& other : others) known.push_back(other.name);
  for (const ActivationEnergy& energy : energies) known.push_back(energy.name);
  for (const std::string& name : names) {
    const auto key = std::find_if(keys.begin(), keys.end(), [&](const KeyNumber& k) { return k.name == name; });
    const auto other = std::find_if(others.begin(), others.end(), [&](const Along& a) { return a.name == name; });
    const auto energy =
        std::find_if(energies.begin(), energies.end(), [&](const ActivationEnergy& e) { return e.name == name; });
    if (key != keys.end()) {
      list.push_back(key_along(input, *key, run));
    } else if (energy != energies.end()) {
      list.push_back(energy_along(input, *energy, run));
    } else if (other != others.end()) {
      list.push_back(*other);
    } else {
      const std::string near = nearest_name(name, known);
      throw std::invalid_argument(fmt::format("{} is no number of this case that slopes are taken by{}", name,
                                              near.empty() ? fmt::format("; there are {}", fmt::join(known, ", "))
                                                           : fmt::format(". Did you mean {}?", near)));
    }
  }
  return list;
}

std::vector<Along> handful(const Case& input, const TapedRun& run) {
  constexpr int of_a_table = 2, of_the_run = 4;
  std::map<std::string, int> found;
  std::vector<Along> list;
  for (const KeyNumber& key : key_numbers(input)) {
    int& so_many = found[key.key.substr(0, key.key.find('.'))];
    if (so_many == of_a_table) continue;
    Along one = key_along(input, key, run);
    if (!one.missing.empty()) continue;
    ++so_many;
    list.push_back(std::move(one));
  }
  int so_many = 0;
  for (Along& one : run_numbers(input, run)) {
    if (!one.case_at || one.value == 0 || so_many == of_the_run) continue;
    ++so_many;
    list.push_back(std::move(one));
  }
  return list;
}

}  // namespace porelith
