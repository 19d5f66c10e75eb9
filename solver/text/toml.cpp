#include "solver/text/toml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <sstream>

// toml++ asserts on some damaged inputs ("[.]") that it then reports properly.
#define TOML_ASSERT(condition) static_cast<void>(0)
#include <toml++/toml.h>

namespace porelith {
namespace {

constexpr std::size_t longest_case_file = 4u << 20;  // bytes

Location place(const std::string& file, const toml::source_position& at) {
  return {file, static_cast<int>(at.line), static_cast<int>(at.column)};
}

TomlValue plain(const toml::node& node, const std::string& file) {
  TomlValue value;
  value.where = place(file, node.source().begin);
  if (const auto* table = node.as_table()) {
    value.kind = TomlValue::Kind::table;
    for (const auto& [key, child] : *table) {
      value.entries.push_back({std::string(key.str()), place(file, key.source().begin), plain(child, file)});
    }
    const auto earlier = [](const TomlEntry& a, const TomlEntry& b) {  // toml++ sorts by name
      return std::make_pair(a.where.line, a.where.column) < std::make_pair(b.where.line, b.where.column);
    };
    std::stable_sort(value.entries.begin(), value.entries.end(), earlier);
  } else if (const auto* array = node.as_array()) {
    value.kind = TomlValue::Kind::array;
    for (const auto& item : *array) value.items.push_back(plain(item, file));
  } else if (const auto* integer = node.as_integer()) {
    value.kind = TomlValue::Kind::integer;
    value.integer = integer->get();
    value.number = static_cast<double>(integer->get());
  } else if (const auto* number = node.as_floating_point()) {
    value.kind = TomlValue::Kind::number;
    value.number = number->get();
  } else if (const auto* text = node.as_string()) {
    value.kind = TomlValue::Kind::text;
    value.text = text->get();
  } else if (const auto* boolean = node.as_boolean()) {
    value.kind = TomlValue::Kind::boolean;
    value.boolean = boolean->get();
  } else {
    value.kind = TomlValue::Kind::date;
  }
  return value;
}

/// The right side of an assignment: TOML where it is TOML, a string otherwise.
TomlValue assigned_value(const std::string& text) {
  try {
    TomlValue parsed = parse_toml("value = " + text, "");
    if (parsed.entries.size() == 1) return std::move(parsed.entries.front().value);
  } catch (const CaseError&) {  // a bare word or a number with a unit
  }
  TomlValue value;
  value.kind = TomlValue::Kind::text;
  value.text = text;
  return value;
}

void stand_at(TomlValue& value, const Location& where) {
  value.where = where;
  for (auto& item : value.items) stand_at(item, where);
  for (auto& entry : value.entries) {
    entry.where = where;
    stand_at(entry.value, where);
  }
}

/// The value below `node` that one part of a path names, made if a table has none of that name; nullptr if it cannot
/// be.
TomlValue* step_into(TomlValue& node, const std::string& part, const Location& where) {
  if (node.kind == TomlValue::Kind::array) {
    std::size_t number = 0;
    const auto read = std::from_chars(part.data(), part.data() + part.size(), number);
    const bool good =
        read.ec == std::errc() && read.ptr == part.data() + part.size() && number >= 1 && number <= node.items.size();
    return good ? &node.items[number - 1] : nullptr;
  }
  if (node.kind != TomlValue::Kind::table) return nullptr;
  for (auto& entry : node.entries) {
    if (entry.name == part) return &entry.value;
  }
  TomlValue empty;
  empty.where = where;
  node.entries.push_back({part, where, empty});
  return &node.entries.back().value;
}

/// The same. @throws CaseError where it cannot be
TomlValue* step_or_fail(TomlValue& node, const std::string& part, const Location& where) {
  if (TomlValue* below = step_into(node, part, where)) return below;
  const bool list = node.kind == TomlValue::Kind::array;
  throw CaseError({{where, list ? fmt::format("there is no item {} in a list of {}", part, node.items.size())
                                : fmt::format("{} cannot stand below a value", part)}});
}

/// Where a path leads. @throws CaseError if nowhere
TomlValue* lead(TomlValue& root, const std::vector<std::string>& path, const Location& where) {
  TomlValue* node = &root;
  for (const auto& part : path) node = step_or_fail(*node, part, where);
  return node;
}

/// Removes one key of a table.
void take_out(TomlValue& table, const std::string& name, const Location& where) {
  const auto entry = std::find_if(table.entries.begin(), table.entries.end(),
                                  [&](const TomlEntry& candidate) { return candidate.name == name; });
  const bool was_there = entry != table.entries.end() && entry->where.file != where.file;
  if (!was_there) throw CaseError({{where, fmt::format("{} is not in the case and cannot be taken out", name)}});
  table.entries.erase(entry);
}

}  // namespace

const TomlValue* TomlValue::find(const std::string& name) const {
  for (const auto& entry : entries) {
    if (entry.name == name) return &entry.value;
  }
  return nullptr;
}

std::string TomlValue::shown() const {
  std::string all;
  switch (kind) {
    case Kind::boolean:
      all = boolean ? "true" : "false";
      break;
    case Kind::integer:
      all = fmt::format("{}", integer);
      break;
    case Kind::number:
      all = toml_number(number);
      break;
    case Kind::text:
      all = toml_quoted(text);
      break;
    case Kind::date:
      all = "a date or time";
      break;
    case Kind::array:
      for (const auto& item : items) {
        if (all.size() > 60) break;
        all += (all.empty() ? "[" : ", ") + item.shown();
      }
      all = all.empty() ? "[]" : all + "]";
      break;
    case Kind::table:
      for (const auto& entry : entries) {
        if (all.size() > 60) break;
        all += (all.empty() ? "{ " : ", ") + entry.name + " = " + entry.value.shown();
      }
      all = all.empty() ? "{}" : all + " }";
      break;
  }
  if (all.size() <= 60) return all;
  std::size_t cut = 57;
  while (cut > 0 && (static_cast<unsigned char>(all[cut]) & 0xC0) == 0x80) --cut;  // not inside a UTF-8 character
  return all.substr(0, cut) + "...";
}

const char* TomlValue::kind_name() const {
  switch (kind) {
    case Kind::boolean:
      return "true or false";
    case Kind::integer:
      return "a whole number";
    case Kind::number:
      return "a number";
    case Kind::text:
      return "a string";
    case Kind::array:
      return "a list";
    case Kind::table:
      return "a table";
    case Kind::date:
      break;
  }
  return "a date or time";
}

TomlValue parse_toml(const std::string& text, const std::string& filename) {
  if (text.size() > longest_case_file) {
    throw CaseError(
        {{{filename, 0, 0},
          fmt::format("is {} MB long; a case file of more than 4 MB is surely a mistake", text.size() >> 20)}});
  }
  try {
    const toml::table table = toml::parse(std::string_view(text), std::string_view(filename));
    return plain(table, filename);
  } catch (const toml::parse_error& error) {
    throw CaseError({{place(filename, error.source().begin), "is not TOML: " + std::string(error.description())}});
  }
}

std::vector<std::string> split_path(const std::string& path) {
  std::vector<std::string> parts(1);
  bool quoted = false;
  for (const char c : path) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == '.' && !quoted) {
      parts.emplace_back();
    } else if (c != ' ' || quoted) {
      parts.back() += c;
    }
  }
  const bool has_gap = std::any_of(parts.begin(), parts.end(), [](const std::string& part) { return part.empty(); });
  return quoted || has_gap ? std::vector<std::string>{} : parts;
}

void assign(TomlValue& root, const std::string& assignment) {
  const Location where{"--set " + assignment, 0, 0};
  const std::size_t equals = assignment.find('=');
  if (equals == std::string::npos)
    throw CaseError({{where, "is not table.key=value, e.g. --set negative.thickness=85um"}});
  const auto path = split_path(assignment.substr(0, equals));
  if (path.empty())
    throw CaseError({{where, "has no key in front of the equals sign, e.g. --set negative.thickness=85um"}});

  const std::string text = assignment.substr(equals + 1);
  const auto first = text.find_first_not_of(' ');
  if (first == std::string::npos) {
    TomlValue* table = lead(root, {path.begin(), path.end() - 1}, where);
    step_or_fail(*table, path.back(), where);
    return take_out(*table, path.back(), where);
  }
  TomlValue value = assigned_value(text.substr(first, text.find_last_not_of(' ') - first + 1));
  TomlValue& node = *lead(root, path, where);
  node = std::move(value);
  stand_at(node, where);
}

std::string toml_quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      quoted += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

std::string toml_number(double value) {
  std::string text = fmt::format("{}", value);
  const bool whole = text.find_first_not_of("-0123456789") == std::string::npos;
  return whole ? text + ".0" : text;
}

}  // namespace porelith
