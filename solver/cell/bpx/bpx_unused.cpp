#include "solver/cell/bpx/bpx_unused.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <functional>

#include "solver/text/expression.hpp"

namespace porelith {

namespace {

bool is_table(const Json& value) {
  const Json::Object* members = value.object();
  const auto is_axis = [](const JsonMember& m) { return m.key == "x" || m.key == "y"; };
  return members != nullptr && members->size() == 2 && std::all_of(members->begin(), members->end(), is_axis);
}

/// Whether the value changes with x.
bool is_curve(const Json& value) {
  if (is_table(value)) return true;
  if (value.string() == nullptr) return false;
  try {
    return !compile_expression(*value.string()).tape.is_constant();
  } catch (const ExpressionError&) {
    return false;  // a text
  }
}

/// Every value below an object, tables whole.
void walk(const Json& object, const std::string& path,
          const std::function<void(const std::string&, const Json&)>& visit) {
  for (const JsonMember& member : *object.object()) {
    const std::string name = path + " / " + shortened(member.key);
    if (member.value.object() == nullptr || member.value.object()->empty() || is_table(member.value)) {
      visit(name, member.value);
    } else {
      walk(member.value, name, visit);
    }
  }
}

void walk(const Json* section, const std::function<void(const std::string&, const Json&)>& visit) {
  if (section != nullptr && section->object() != nullptr) walk(*section, "User-defined", visit);
}

std::string lower_case(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

bool has_any(const std::string& text, const std::vector<const char*>& words) {
  return std::any_of(words.begin(), words.end(), [&](const char* w) { return text.find(w) != std::string::npos; });
}

/// Whether a unit in brackets stands in the name that is not that of a potential.
bool has_other_unit(const std::string& name) {
  const auto open = name.rfind('['), close = name.rfind(']');
  if (open == std::string::npos || close == std::string::npos || close < open) return false;
  const std::string unit = name.substr(open + 1, close - open - 1);
  return unit != "V" && unit != "mV";
}

}  // namespace

void UnusedContent::add(std::string name, const std::string& why) {
  const auto same = [&](const auto& entry) { return entry.first == why; };
  auto found = std::find_if(by_reason_.begin(), by_reason_.end(), same);
  if (found == by_reason_.end()) found = by_reason_.insert(by_reason_.end(), {why, {}});
  found->second.push_back(std::move(name));
}

std::vector<std::string> UnusedContent::sentences() const {
  std::vector<std::string> sentences;
  for (const auto& [why, names] : by_reason_)
    sentences.push_back(fmt::format("Not used of the cell's file ({}): {}.", why, fmt::join(names, ", ")));
  return sentences;
}

std::vector<std::string> user_defined_names(const Json* section) {
  std::vector<std::string> names;
  walk(section, [&](const std::string& name, const Json&) { names.push_back(name); });
  return names;
}

std::vector<std::string> user_defined_potentials(const Json* section, const std::string& electrode) {
  const std::vector<const char*> negative{"negative", "anode"}, positive{"positive", "cathode"};
  const bool is_negative = electrode.rfind("Negative", 0) == 0;
  std::vector<std::string> names;
  walk(section, [&](const std::string& name, const Json& value) {
    const std::string words = lower_case(name.substr(name.find('/')));
    const bool ours = has_any(words, is_negative ? negative : positive);
    const bool elsewhere =
        has_any(words, is_negative ? positive : negative) || has_any(words, {"electrolyte", "separator"});
    const bool potential =
        has_any(words, {"ocp", "ocv", "open-circuit", "open circuit", "potential", "hysteresis", "lithiation", "[v]"});
    if ((!ours && (elsewhere || !potential)) || has_other_unit(name) || !is_curve(value)) return;
    names.push_back(name);
  });
  return names;
}

}  // namespace porelith
