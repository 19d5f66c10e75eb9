#include "solver/cell/bpx/bpx_section.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "solver/text/expression.hpp"

namespace porelith {

namespace {
constexpr std::size_t most_members = 2000;  ///< of one object that is read key by key
}  // namespace

BpxSection::BpxSection(const Json* object, Location where, std::string path, Problems& problems,
                       std::vector<std::string>& warnings)
    : object_(object == nullptr ? nullptr : object->object()),
      where_(std::move(where)),
      path_(std::move(path)),
      problems_(problems),
      warnings_(warnings) {
  if (object != nullptr && object_ == nullptr) {
    problems_.add(where_, fmt::format("{} must be an object {{ ... }}, not {}", path_.empty() ? "the file" : path_,
                                      object->kind()));
  }
  if (object_ != nullptr && object_->size() > most_members) {
    problems_.add(where_, fmt::format("{} holds {} entries; at most {} are read", path_.empty() ? "the file" : path_,
                                      object_->size(), most_members));
    object_ = nullptr;
  }
}

std::string BpxSection::name_of(const std::string& key) const {
  return path_.empty() ? shortened(key) : path_ + " / " + shortened(key);
}

const JsonMember* BpxSection::find(const std::string& key) const {
  if (object_ == nullptr) return nullptr;
  const auto found =
      std::find_if(object_->begin(), object_->end(), [&](const JsonMember& member) { return member.key == key; });
  return found == object_->end() ? nullptr : &*found;
}

const JsonMember* BpxSection::declare(const std::string& key, Need need) {
  known_.push_back(key);
  const JsonMember* member = find(key);
  if (member == nullptr && need == Need::required) missing_.push_back(key);
  return member;
}

const Json* BpxSection::value(const std::string& key) const {
  const JsonMember* member = find(key);
  return member == nullptr ? nullptr : &member->value;
}

std::vector<std::string> BpxSection::keys() const {
  std::vector<std::string> keys;
  if (object_ != nullptr) {
    for (const JsonMember& member : *object_) keys.push_back(member.key);
  }
  return keys;
}

std::optional<double> BpxSection::number(const std::string& key, Range range, Need need) {
  const JsonMember* member = declare(key, need);
  if (member == nullptr) return {};
  const double* number = member->value.number();
  if (number == nullptr) {
    problem(key, fmt::format("{} must be a number, not {}", name_of(key), member->value.kind()));
    return {};
  }
  if (!range.holds(*number)) {
    problem(key, fmt::format("{} = {} is {}", name_of(key), *number, range.violation()));
    return {};
  }
  return *number;
}

void BpxSection::number(const std::string& key, Range range, Need need, double& target) {
  target = number(key, range, need).value_or(target);
}

void BpxSection::function(const std::string& key, Need need, std::optional<Function>& target) {
  const JsonMember* member = declare(key, need);
  if (member != nullptr) target = read_function(key, member->value);
}

std::optional<Function> BpxSection::read_function(const std::string& key, const Json& value) {
  if (const double* number = value.number()) return Function(*number);
  if (value.string() != nullptr) return read_expression(key, value);
  if (value.object() != nullptr) return read_table(key, value);
  problem(key,
          fmt::format("{} must be a number, an expression in x as a string, or a table {{\"x\": [...], \"y\": [...]}}, "
                      "not {}",
                      name_of(key), value.kind()));
  return {};
}

std::optional<Function> BpxSection::read_expression(const std::string& key, const Json& value) {
  const std::string& text = *value.string();
  try {
    for (const auto& name : compile_expression(text).beyond_bpx) {
      warn(fmt::format("{} uses {}, which BPX does not define: other programs may refuse this file.", name_of(key),
                       name));
    }
    return Function::expression(text);
  } catch (const ExpressionError& error) {
    Location place = where(value);
    if (!value.escaped) place.column += error.column;  // the opening quote takes one
    problems_.add(place, fmt::format("{}: column {} of the expression: {}", name_of(key), error.column, error.what()));
    return {};
  }
}

std::optional<Function> BpxSection::read_table(const std::string& key, const Json& value) {
  BpxSection table(&value, where(value), name_of(key), problems_, warnings_);
  auto x = table.numbers("x", Need::required), y = table.numbers("y", Need::required);
  const bool complete = table.has("x") && table.has("y") && !x.empty() && !y.empty();
  table.close("a table has x and y");
  if (!complete) return {};
  try {
    return Function::table(std::move(x), std::move(y));
  } catch (const std::invalid_argument& error) {
    problem(key, fmt::format("{}: {}", name_of(key), error.what()));
    return {};
  }
}

std::string BpxSection::text(const std::string& key) {
  const JsonMember* member = declare(key, Need::optional);
  if (member == nullptr) return "";
  if (const std::string* text = member->value.string()) return *text;
  problem(key, fmt::format("{} must be a string, not {}", name_of(key), member->value.kind()));
  return "";
}

std::vector<double> BpxSection::numbers(const std::string& key, Need need) {
  const JsonMember* member = declare(key, need);
  if (member == nullptr) return {};
  const Json::Array* items = member->value.array();
  if (items == nullptr || items->empty()) {
    problem(key, fmt::format("{} must be an array of numbers, not {}", name_of(key),
                             items == nullptr ? member->value.kind() : "an empty one"));
    return {};
  }
  std::vector<double> numbers;
  for (const Json& item : *items) {
    if (item.number() == nullptr) {
      problems_.add(where(item), fmt::format("{}: entry {} must be a number, not {}", name_of(key), numbers.size() + 1,
                                             item.kind()));
      return {};
    }
    numbers.push_back(*item.number());
  }
  return numbers;
}

BpxSection BpxSection::section(const std::string& key, Need need) {
  const JsonMember* member = declare(key, need);
  return {member == nullptr ? nullptr : &member->value, member == nullptr ? where_ : where(member->value), name_of(key),
          problems_, warnings_};
}

std::vector<std::pair<std::string, BpxSection>> BpxSection::sections() {
  std::vector<std::pair<std::string, BpxSection>> all;
  if (object_ == nullptr) return all;
  for (const JsonMember& member : *object_) all.emplace_back(member.key, section(member.key, Need::optional));
  return all;
}

void BpxSection::problem(const std::string& key, const std::string& sentence) {
  const JsonMember* member = find(key);
  problems_.add(member == nullptr ? where_ : where(member->value), sentence);
}

void BpxSection::close(const std::string& hint) {
  if (object_ == nullptr) return;
  for (const JsonMember& member : *object_) {
    const bool is_known =
        std::count(known_.begin(), known_.end(), member.key) > 0 ||
        std::any_of(prefixes_.begin(), prefixes_.end(), [&](const auto& p) { return member.key.rfind(p, 0) == 0; });
    if (is_known) continue;
    std::vector<std::string> absent;  // a key that is already there was not meant
    std::copy_if(known_.begin(), known_.end(), std::back_inserter(absent), [&](const auto& key) { return !has(key); });
    const std::string nearest = nearest_name(shortened(member.key), absent);
    missing_.erase(std::remove(missing_.begin(), missing_.end(), nearest), missing_.end());
    std::string sentence = fmt::format("{} is not a key of BPX", name_of(member.key));
    if (!nearest.empty()) {
      sentence += fmt::format("; did you mean {}?", nearest);
    } else if (!hint.empty()) {
      sentence += "; " + hint;
    }
    problems_.add({where_.file, member.line, member.column}, sentence);
  }
  for (const auto& key : missing_) problems_.add(where_, fmt::format("{} is missing", name_of(key)));
}

}  // namespace porelith
