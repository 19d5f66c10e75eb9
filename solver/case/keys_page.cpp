#include "solver/case/keys_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "solver/case/draft.hpp"
#include "solver/case/keys.hpp"

namespace porelith {
namespace {

std::string unit_of(const Key& key) { return key.unit.symbol == "1" ? "" : key.unit.symbol; }

bool takes_unit(const Key& key) {
  const std::string type = key.type();
  return unit_of(key) != "" && (type == "number" || type == "current" || type == "profile" || type == "function of x");
}

std::string full_name(const Table& table, const Key& key) {
  return table.name.empty() ? key.name : table.name + "." + key.name;
}

/// A paragraph broken at 100 columns, every line indented.
std::string wrapped(const std::string& text, int indent) {
  std::string out, line;
  const std::string margin(static_cast<std::size_t>(indent), ' ');
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t to = std::min(text.find(' ', from), text.size());
    const std::string word = text.substr(from, to - from);
    if (!line.empty() && line.size() + word.size() > 99u - margin.size()) {
      out += margin + line + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
    from = to + 1;
  }
  return out + margin + line + "\n";
}

std::string one_key(const Table& table, const Key& key) {
  std::string text = fmt::format("{} {}\n", table.heading(), key.name) + wrapped(key.meaning, 2);
  const auto row = [&](const char* name, const std::string& value) {
    if (!value.empty()) text += fmt::format("  {:<10}{}\n", name, value);
  };
  row("type", key.type());
  row("unit", unit_of(key));
  row("range", key.range.text());
  row("default", key.default_text());
  if (takes_unit(key)) row("as text", "a number with a unit; " + key.unit.what + " in " + key.unit.usual);
  if (key.type() == "profile") {
    row("profile", "number | [collector, ..., separator] equal layers | { layers = [...], fractions = [...] }");
    text += "            { polynomial = [c0, c1, ...] } in xi | { depth = [0, ..., 1], value = [...] }\n";
  }
  return text;
}

std::string one_table(const Table& table) {
  std::string text = table.heading() + "\n" + wrapped(table.meaning, 2);
  for (const auto& key : table.keys) {
    const std::string unit = unit_of(key).empty() ? "" : "[" + unit_of(key) + "]";
    text += fmt::format("  {:<22} {:<10} default: {}\n", key.name, unit, key.default_text());
  }
  return text;
}

std::vector<std::string> all_names() {
  std::vector<std::string> names;
  for (const auto& table : tables()) {
    if (!table.name.empty()) names.push_back(table.name);
    for (const auto& key : table.keys) {
      names.push_back(key.name);
      if (!table.name.empty()) names.push_back(full_name(table, key));
    }
  }
  return names;
}

std::string json_text(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

/// {"type": "number", "minimum": 0, "exclusiveMinimum": true}: draft 4 writes open ends as flags.
std::string schema_number(const char* type, const Range& range) {
  std::string text = fmt::format("{{\"type\": \"{}\"", type);
  if (!std::isinf(range.low))
    text += fmt::format(", \"minimum\": {}", range.low) + (range.low_included ? "" : ", \"exclusiveMinimum\": true");
  if (!std::isinf(range.high))
    text += fmt::format(", \"maximum\": {}", range.high) + (range.high_included ? "" : ", \"exclusiveMaximum\": true");
  return text + "}";
}

/// What may stand at a key, as the members of a schema object.
std::string schema_type(const Key& key) {
  const std::string type = key.type();
  if (!key.choices.empty()) {
    std::string list;
    for (const auto& choice : key.choices) {
      list += (list.empty() ? "" : ", ") + json_text(choice);
      if (choice.find_first_not_of("0123456789") == std::string::npos) list += ", " + choice;  // 2 is as good as "2"
    }
    return fmt::format("\"enum\": [{}]", list);
  }
  const std::string number = schema_number("number", key.range);
  if (type == "true or false") return "\"type\": \"boolean\"";
  if (type == "text" || type == "expression in t") return "\"type\": \"string\"";
  if (type == "whole number") return "\"allOf\": [" + schema_number("integer", key.range) + "]";
  if (type == "list of whole numbers") return "\"type\": \"array\", \"items\": " + schema_number("integer", key.range);
  if (type == "list of points") {
    const std::string coordinate = "{\"anyOf\": [{\"type\": \"number\"}, {\"type\": \"string\"}]}";
    return fmt::format(
        "\"type\": \"array\", \"items\": {{\"type\": \"array\", \"minItems\": 3, \"maxItems\": 3, \"items\": {}}}",
        coordinate);
  }
  if (type == "expression or list")
    return "\"anyOf\": [{\"type\": \"string\"}, {\"type\": \"number\"}, {\"type\": \"array\"}]";
  if (type == "name, number or list") {
    const std::string one = "{\"type\": \"string\"}, {\"type\": \"integer\"}";
    return fmt::format("\"anyOf\": [{}, {{\"type\": \"array\", \"items\": {{\"anyOf\": [{}]}}}}]", one, one);
  }
  if (type == "number" || type == "current" || type == "number or off")
    return fmt::format("\"anyOf\": [{}, {{\"type\": \"string\"}}]", number);
  if (type == "file or table") return "\"anyOf\": [{\"type\": \"string\"}, {\"type\": \"object\"}]";
  if (type == "function of x")
    return fmt::format("\"anyOf\": [{}, {{\"type\": \"string\"}}, {{\"type\": \"object\"}}]", number);
  return fmt::format("\"anyOf\": [{}, {{\"type\": \"string\"}}, {{\"type\": \"array\"}}, {{\"type\": \"object\"}}]",
                     number);
}

/// The table as a schema object, the tables inside it included.
std::string schema_table(const Table& table, const std::string& margin) {
  const std::string inner = margin + "  ";
  if (table.shape == Table::Shape::open) {  // names without quotes make tables inside
    return fmt::format(
        "{{\"description\": {}, \"type\": \"object\", \"additionalProperties\": {{\"anyOf\": [{{{}}}, {{\"type\": "
        "\"object\"}}]}}}}",
        json_text(table.meaning + " " + table.keys.front().meaning), schema_type(table.keys.front()));
  }
  std::string members;
  const auto member = [&](const std::string& name, const std::string& schema) {
    members += fmt::format("{}{}  {}: {}", members.empty() ? "\n" : ",\n", inner, json_text(name), schema);
  };
  for (const auto& key : table.keys) {
    const std::string about = fmt::format("{}{} Default: {}.", key.meaning,
                                          unit_of(key).empty() ? "" : " [" + unit_of(key) + "]", key.default_text());
    member(key.name, fmt::format("{{\"description\": {}, {}}}", json_text(about), schema_type(key)));
  }
  for (const auto& name : tables_inside(table.name))
    member(name, schema_table(*find_table(table.name.empty() ? name : table.name + "." + name), inner + "  "));

  const std::string object = fmt::format(
      "\"type\": \"object\", \"additionalProperties\": false,\n{}\"properties\": {{{}\n{}}}", inner, members, inner);
  const std::string about = "\"description\": " + json_text(table.meaning);
  if (table.shape == Table::Shape::list)
    return fmt::format("{{{}, \"type\": \"array\", \"items\": {{{}}}}}", about, object);
  if (table.shape == Table::Shape::named)
    return fmt::format("{{{}, \"type\": \"object\", \"additionalProperties\": {{{}}}}}", about, object);
  const std::string first =
      table.name.empty() ? "\"$schema\": \"http://json-schema.org/draft-04/schema#\", \"title\": \"Porelith case\", "
                         : "";
  return fmt::format("{{{}{},\n{}{}}}", first, about, inner, object);
}

const char* const page_head = R"(# The keys of a case file

Written by `porelith explain --markdown` from the declarations in `solver/case/keys.cpp`; a test holds the two together.

A number is in the unit given here, or a text with a unit of the same kind: `"85.2 um"`, `"25 degC"`, `"30 min"`,
`"1 mol/L"`. A current is also a C-rate (`"1C"`, `"C/20"`, of the nominal capacity) or a current density (`"24 A/m2"`).

A *profile* runs through the depth of an electrode, xi = 0 at the current collector and 1 at the separator. It is one of

* a number: `0.3`
* a list of equal layers from collector to separator: `[0.30, 0.36, 0.42]`
* layers of unequal thickness: `{ layers = [0.3, 0.4], fractions = [0.7, 0.3] }`
* a polynomial, here 0.30 + 0.12 xi: `{ polynomial = [0.30, 0.12] }`
* straight lines between points: `{ depth = [0, 0.5, 1], value = [0.3, 0.32, 0.4] }`

A *function of x* is a number, an expression `"4.9e-10 - 4e-13*x"` or a table `{ x = [...], y = [...] }`.

On the command line `--set table.key=value` changes any key and `--set table.key=` takes it out; steps count from 1, as
in `--set step.1.discharge=2C`. Editors that know JSON Schema check a case file while it is typed: write
`porelith schema > case.schema.json` once, and `#:schema case.schema.json` as the first line of the file.
)";

}  // namespace

std::string explain(const std::string& name) {
  std::string text;
  if (name.empty()) {
    for (const auto& table : tables()) text += (text.empty() ? "" : "\n") + one_table(table);
    return text + "\n`porelith explain negative.porosity` tells all about one key.\n";
  }
  for (const auto& table : tables()) {
    if (table.name == name) text += one_table(table);
    for (const auto& key : table.keys) {
      if (name == key.name || name == full_name(table, key)) text += (text.empty() ? "" : "\n") + one_key(table, key);
    }
  }
  if (!text.empty()) return text;
  const std::string near = nearest_name(name, all_names());
  throw std::invalid_argument(
      fmt::format("{} is not a key of a case file.{}", name,
                  near.empty() ? " `porelith explain` lists all." : " Did you mean " + near + "?"));
}

std::string json_schema() { return schema_table(tables().front(), "") + "\n"; }

std::string keys_markdown() {
  std::string page = page_head;
  for (const auto& table : tables()) {
    page +=
        fmt::format("\n## {}\n\n{}\n\n| key | type | unit | range | default | meaning |\n|---|---|---|---|---|---|\n",
                    table.name.empty() ? "Top of the file" : "`" + table.heading() + "`", table.meaning);
    for (const auto& key : table.keys) {
      page += fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", key.name, key.type(), unit_of(key), key.range.text(),
                          key.default_text(), key.meaning);
    }
  }
  return page;
}

}  // namespace porelith
