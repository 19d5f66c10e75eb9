#include "solver/case/echo.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "solver/case/draft.hpp"
#include "solver/case/geometry_keys.hpp"
#include "solver/case/keys.hpp"
#include "solver/case/values.hpp"
#include "solver/text/toml.hpp"
#include "surrogate/learners/registry.hpp"

namespace porelith {
namespace {

/// Puts one table down, and the tables inside it.
class Page {
 public:
  Page(Draft draft, const Echo& echo, const std::string& cell_digest) : draft_(std::move(draft)), echo_(echo) {
    if (echo.by_digest) {
      draft_.of_cell.file = "sha256:" + cell_digest;
      if (!draft_.mesh.file.empty()) draft_.mesh.file = "sha256:" + draft_.mesh.sha256;
    }
    if (echo.mesh_digest && !draft_.mesh.sha256.empty())
      draft_.remarks["mesh"].push_back("sha256 of the file: " + draft_.mesh.sha256);
    for (const auto& table : tables()) write(table);
  }

  std::string text;
  std::vector<KeyValue> values;

 private:
  void write(const Table& table) {
    if (table.name == "step.until") return;  // stands inside its step
    if (table.name == "design" && echo_.design && draft_.given.count("design") != 0) design();
    if (table.name == "output" && !echo_.output) return;
    if (table.name.rfind("design", 0) == 0 || is_absent(table.name)) return;
    switch (table.shape) {
      case Table::Shape::single:
        return single(table);
      case Table::Shape::list:
        return table.name == "step" ? steps(table) : channels(table);
      case Table::Shape::named:
        return materials(table);
      case Table::Shape::open:
        return;  // only in [design]
    }
  }

  /// Foils and tabs that the cell has not, names that no mesh file has. A mesh file's foils have no thickness here.
  bool is_absent(const std::string& table) const {
    const bool grid = draft_.mesh.file.empty();
    return (table == "negative.foil" && grid && !draft_.negative_foil.thickness) ||
           (table == "positive.foil" && grid && !draft_.positive_foil.thickness) ||
           (table == "mesh.names" && draft_.mesh.names.by_part().empty()) ||
           (table == "negative.tab" && !draft_.negative_tab.width) ||
           (table == "positive.tab" && !draft_.positive_tab.width);
  }

  /// A table begins. @param path as --set has it @param heading with its brackets
  void begin(const std::string& path, const std::string& heading) {
    path_ = path + ".";
    text += "\n" + heading + "\n";
  }

  void value(const std::string& name, const std::string& value, const std::string& unit = "1") {
    text += fmt::format("{} = {}{}\n", name, value, unit == "1" ? "" : "  # " + unit);
    keep(name, value, unit);
  }

  /// Among the values; one in quotes says its unit itself.
  void keep(const std::string& name, const std::string& value, const std::string& unit) {
    values.push_back({path_ + name, unit == "1" || value.front() == '"' ? value : value + " " + unit});
  }

  void line(const Key& key, std::size_t item) {
    if (const auto written = write_value(key.slot(draft_, item)))
      value(key.name, *written, key.unit.symbol);
    else if (!key.rare && !is_replaced(key))
      text += fmt::format("# {}: {}\n", key.name, key.unless_given);
  }

  /// A temperature that is a function of time has no other beside it.
  bool is_replaced(const Key& key) const {
    return path_ + key.name == "cell.temperature" && draft_.of_cell.temperature_function;
  }

  void given_only(const Table& table, std::size_t item) {
    for (const auto& key : table.keys)
      if (write_value(key.slot(draft_, item))) line(key, item);
  }

  void single(const Table& table) {
    if (!table.name.empty()) begin(table.name, fmt::format("[{}]", table.name));
    for (const auto& key : table.keys) {
      if (!echo_.output && path_ + key.name == "solver.tape_memory") continue;  // it changes no result
      if (key.rare && write_value(key.slot(draft_, 0)) == write_value(key.slot(usual_, 0))) continue;
      if (key.learner.empty() || takes(draft_.design.plain.learner, key.name)) line(key, 0);
    }
    for (const auto& remark : draft_.remarks[table.name]) text += "# " + remark + "\n";
  }

  void begin_item(const Table& table, std::size_t item) {
    begin(fmt::format("{}.{}", table.name, item + 1), fmt::format("[[{}]]", table.name));
  }

  void channels(const Table& table) {
    for (std::size_t i = 0; i < draft_.channels.size(); ++i) {
      begin_item(table, i);
      for (const auto& key : table.keys)
        if (applies_to(draft_.channels[i].shape, key.name) && write_value(key.slot(draft_, i))) line(key, i);
    }
  }

  void steps(const Table& table) {
    for (std::size_t i = 0; i < draft_.steps.size(); ++i) {
      begin_item(table, i);
      const StepKeys& step = draft_.steps[i];
      const bool follows = step.current_table || step.voltage_table || step.power_table;
      for (const auto& key : table.keys) {
        const bool of_tables = key.name == "interpolation" || key.name == "table_sign" || key.name == "cut_off";
        if (write_value(key.slot(draft_, i)) && (follows || !of_tables)) line(key, i);
      }
      stops(i);
    }
  }

  /// In one line, as people write them.
  void stops(std::size_t step) {
    std::string list;
    for (const auto& key : find_table("step.until")->keys) {
      const auto written = write_value(key.slot(draft_, step));
      if (!written) continue;
      list += fmt::format("{}{} = {}", list.empty() ? "" : ", ", key.name, *written);
      keep("until." + key.name, *written, key.unit.symbol);
    }
    if (!list.empty()) text += fmt::format("until = {{ {} }}\n", list);
  }

  void materials(const Table& table) {
    const auto& electrode = table.name == "negative.material" ? draft_.cell.negative : draft_.cell.positive;
    for (std::size_t i = 0; i < electrode.materials.size(); ++i) {
      const std::string path = fmt::format("{}.{}", table.name, toml_quoted(electrode.materials[i].name));
      if (draft_.given.count(path) == 0) continue;  // as its file has it
      begin(path, "[" + path + "]");
      for (const auto& key : table.keys)
        if (draft_.given.count(path + "." + key.name) != 0) line(key, i);
    }
  }

  void design() {
    single(*find_table("design"));
    if (!draft_.design.let.empty()) begin("design.let", "[design.let]");
    for (const LetKeys& let : draft_.design.let) value(let.name, toml_quoted(let.expression));
    std::size_t variable = 0, set = 0;
    family("design", draft_.design.space, variable, set);
    for (std::size_t i = 0; i < draft_.design.gradings.size(); ++i) {
      begin_item(*find_table("design.grading"), i);
      for (const Key& key : find_table("design.grading")->keys)
        if (key.name != "keep" || draft_.design.gradings[i].mean.empty()) line(key, i);
    }
    variable = set = 0;
    for (std::size_t i = 0; i < draft_.design.rivals.size(); ++i) {
      begin_item(*find_table("design.rival"), i);
      given_only(*find_table("design.rival"), i);
      family("design.rival", draft_.design.rivals[i], variable, set, fmt::format("design.rival.{}", i + 1));
    }
  }

  /// What a family sets, and its variables; the counters go on through all rivals.
  void family(const std::string& name, const FamilyKeys& keys, std::size_t& variable, std::size_t& set,
              const std::string& path = "design") {
    begin(path + ".set", fmt::format("[{}.set]", name));
    const Key& expressions = find_table(name + ".set")->keys.front();
    for (const auto& entry : keys.set)
      value(toml_quoted(entry.key), write_value(expressions.slot(draft_, set++)).value_or("[]"));
    for (std::size_t i = 0; i < keys.variables.size(); ++i) {
      begin(fmt::format("{}.variable.{}", path, i + 1), fmt::format("[[{}.variable]]", name));
      given_only(*find_table(name + ".variable"), variable++);
    }
  }

  Draft draft_;
  Draft usual_;  ///< where nothing is given
  Echo echo_;
  std::string path_;  ///< of the table that is being written, with the dot behind it
};

const Draft& keys_of(const Case& the_case) {
  if (!the_case.keys) throw std::logic_error("a case that was not read has no echo");
  return *the_case.keys;
}

}  // namespace

std::string write_draft(const Draft& draft) { return Page(draft, {}, "").text; }

std::string echo_of(const Case& the_case, const Echo& echo) {
  return Page(keys_of(the_case), echo, the_case.cell_sha256()).text;
}

std::vector<KeyValue> values_of(const Case& the_case, const Echo& echo) {
  return Page(keys_of(the_case), echo, the_case.cell_sha256()).values;
}

}  // namespace porelith
