#include "surrogate/learners/settings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>

#include "solver/base/error.hpp"

namespace porelith {
namespace {

struct Violation {
  const Option& option;

  std::string operator()(int value) const { return of_number(value); }
  std::string operator()(double value) const { return of_number(value); }
  std::string operator()(const std::vector<int>& list) const {
    const auto wrong = std::find_if(list.begin(), list.end(), [this](int n) { return !option.range.holds(n); });
    return list.empty() ? "an empty list" : wrong == list.end() ? "" : of_number(*wrong);
  }
  std::string operator()(const std::string& text) const {
    const auto& choices = option.choices;
    if (choices.empty() || std::find(choices.begin(), choices.end(), text) != choices.end()) return "";
    const std::string near = nearest_name(text, choices);
    return fmt::format("{} is none of {}.{}", text, fmt::join(choices, ", "),
                       near.empty() ? "" : " Did you mean " + near + "?");
  }

 private:
  template <class Number>
  std::string of_number(Number value) const {
    return option.range.holds(value) ? "" : fmt::format("{} is {}", value, option.range.violation());
  }
};

}  // namespace

std::string violation(const Option& option, const Setting& value) { return std::visit(Violation{option}, value); }

template <class Value>
const Value& setting(const Settings& settings, const std::string& name) {
  const auto found = settings.find(name);
  const Value* value = found == settings.end() ? nullptr : std::get_if<Value>(&found->second);
  if (value == nullptr) throw std::invalid_argument(name + " is missing among the settings of a learner");
  return *value;
}
template const int& setting(const Settings&, const std::string&);
template const double& setting(const Settings&, const std::string&);
template const std::string& setting(const Settings&, const std::string&);
template const std::vector<int>& setting(const Settings&, const std::string&);

Settings completed(const std::vector<Option>& options, const Settings& given, const std::string& learner) {
  Settings all;
  for (const Option& option : options) all[option.name] = option.value;
  for (const auto& [name, value] : given) {
    const auto option =
        std::find_if(options.begin(), options.end(), [&name = name](const Option& o) { return o.name == name; });
    if (option == options.end() || option->value.index() != value.index())
      throw std::invalid_argument(fmt::format("{} is no option of learner {}", name, learner));
    const std::string wrong = violation(*option, value);
    if (!wrong.empty()) throw std::invalid_argument(fmt::format("{} {}", name, wrong));
    all[name] = value;
  }
  return all;
}

}  // namespace porelith
