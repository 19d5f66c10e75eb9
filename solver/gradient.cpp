#include "solver/gradient.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <map>
#include <stdexcept>

#include "solver/active_branch.hpp"
#include "solver/base/error.hpp"
#include "solver/case/echo.hpp"
#include "solver/case/keys.hpp"
#include "solver/case/reader.hpp"
#include "solver/case_change.hpp"
#include "solver/case_plan.hpp"
#include "solver/cell/cell.hpp"
#include "solver/cell/side.hpp"
#include "solver/newman/observables/observables.hpp"
#include "solver/newman/observables/scalar_results.hpp"
#include "solver/record/last_step.hpp"

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

std::vector<Along> along(const Case& input, const TapedRun& run, const std::vector<std::string>& names) {
  const std::vector<KeyNumber> keys = key_numbers(input);
  const std::vector<Along> others = run_numbers(input, run);
  std::vector<Along> list;
  if (names.empty()) {
    for (const KeyNumber& key : keys) list.push_back(key_along(input, key, run));
    list.insert(list.end(), others.begin(), others.end());
    return list;
  }
  std::vector<std::string> known;
  known.reserve(keys.size() + others.size());
  for (const KeyNumber& key : keys) known.push_back(key.name);
  for (const Along& other : others) known.push_back(other.name);
  for (const std::string& name : names) {
    const auto key = std::find_if(keys.begin(), keys.end(), [&](const KeyNumber& k) { return k.name == name; });
    const auto other = std::find_if(others.begin(), others.end(), [&](const Along& a) { return a.name == name; });
    if (key != keys.end()) {
      list.push_back(key_along(input, *key, run));
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

namespace {

/// The stop that leaves a result no slope; "" where none does.
std::string fixed_by(const Case& input, const TapedRun& run, const ResultSlope& slope) {
  if (run.tape.ends.empty() || run.tape.ends.back().by != TapedEnd::By::observable) return "";
  const TapedEnd& end = run.tape.ends.back();
  const Stop& stop = (end.of_protocol ? input.until : input.protocol[run.tape.ends.size() - 1].stops)[end.stop];
  const bool same = slope.times.empty() && slope.values.size() == 1 && slope.values[0].observable == end.observable &&
                    slope.values[0].row + 1 == run.results.accepted.size();
  return same ? why(stop) : "";
}

}  // namespace

std::vector<Gradient> gradients(const Case& input, const TapedRun& run, const std::vector<std::string>& results,
                                const std::vector<Along>& by) {
  const LastStep last = last_step(run.results);
  std::vector<Gradient> list;
  std::vector<ResultSlope> slopes;
  for (const std::string& name : results) {
    const auto& all = scalar_results();
    const auto found = std::find_if(all.begin(), all.end(), [&](const ScalarResult& s) { return s.name == name; });
    if (found == all.end()) {
      const std::string near = nearest_name(name, scalar_result_names());
      throw std::invalid_argument(
          fmt::format("{} is no scalar result{}", name,
                      near.empty() ? fmt::format("; there are {}", fmt::join(scalar_result_names(), ", "))
                                   : fmt::format(". Did you mean {}?", near)));
    }
    if (!found->of_the_run && !last.missing.empty())
      throw SolveFailure(fmt::format("{} has no slopes: {}", name, last.missing));
    Gradient gradient;
    gradient.name = name, gradient.unit = found->unit;
    gradient.value = found->value(run.results, last);
    slopes.push_back(found->slope(run.results, last));
    gradient.fixed = fixed_by(input, run, slopes.back());
    list.push_back(std::move(gradient));
  }
  Sensitivity sensitivity = run.sensitivity(input);
  std::vector<RunChange> backward = sensitivity.backward(slopes);
  for (std::size_t r = 0; r < list.size(); ++r) {
    const ActiveBranch branch = active_branch(run, sensitivity, list[r].name, slopes[r]);
    list[r].where = branch.where, list[r].one_sided = branch.one_sided;
    list[r].by = std::move(backward[r]);
    for (const Along& a : by)
      list[r].slopes.push_back(a.missing.empty() ? run.model->team().sum(dot(*list[r].by, *a.change))
                                                 : std::numeric_limits<double>::quiet_NaN());
  }
  return list;
}

}  // namespace porelith
