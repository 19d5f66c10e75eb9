#include "solver/case/draft_reader.hpp"

#include <fmt/format.h>

#include "solver/case/geometry_keys.hpp"
#include "solver/case/keys.hpp"
#include "solver/case/values.hpp"

namespace porelith {
namespace {

class Walk {
 public:
  Walk(Draft& draft, Problems& problems) : draft_(draft), problems_(problems) {}

  /// Reads the entries of one table. `item` counts the items of list and named tables; `label` is how sentences call
  /// it.
  void table(const Table& table, std::size_t item, const TomlValue& value, const std::string& label) {
    for (const auto& entry : value.entries) {
      const std::string below = label.empty() ? entry.name : label + "." + entry.name;
      if (const Key* key = table.find(entry.name)) {
        const std::string name = label.empty() ? entry.name : fmt::format("[{}] {}", label, entry.name);
        read_value(entry.value, *key, key->slot(draft_, item), name, draft_.directory, problems_);
        draft_.given[below] = entry.value.where;
      } else if (const Table* inner = find_table(table.name.empty() ? entry.name : table.name + "." + entry.name)) {
        inner_table(*inner, item, entry, below);
      } else {
        unknown(table, entry, label);
      }
    }
  }

 private:
  void inner_table(const Table& inner, std::size_t item, const TomlEntry& entry, const std::string& label) {
    const TomlValue& value = entry.value;
    switch (inner.shape) {
      case Table::Shape::single:
        if (value.kind != TomlValue::Kind::table) return wrong_shape(inner, entry, "a table");
        draft_.given[label] = entry.where;
        return table(inner, item, value, label);
      case Table::Shape::open:
        if (value.kind != TomlValue::Kind::table) return wrong_shape(inner, entry, "a table");
        return open_table(inner, value, label, "");
      case Table::Shape::list:
        if (value.kind != TomlValue::Kind::array) return wrong_shape(inner, entry, "a list of tables");
        for (std::size_t i = 0; i < value.items.size(); ++i) {
          const TomlValue& element = value.items[i];
          const std::string element_label = fmt::format("{} {}", label, i + 1);
          if (element.kind != TomlValue::Kind::table) {
            problems_.add(element.where, fmt::format("[{}] is {}, not a table", element_label, element.kind_name()));
            continue;
          }
          const std::size_t number = inner.add_item(draft_, "");
          draft_.given[element_label] = element.where;
          if (inner.name == "step") draft_.steps[number].where = element.where;
          table(inner, number, element, element_label);
        }
        return;
      case Table::Shape::named:
        if (value.kind != TomlValue::Kind::table) return wrong_shape(inner, entry, "a table of tables");
        for (const auto& named : value.entries) {
          const std::string named_label = fmt::format("{}.\"{}\"", label, named.name);
          if (named.value.kind != TomlValue::Kind::table) {
            problems_.add(named.where, fmt::format("[{}] is {}, not a table", named_label, named.value.kind_name()));
            continue;
          }
          draft_.given[named_label] = named.where;
          table(inner, inner.add_item(draft_, named.name), named.value, named_label);
        }
        return;
    }
  }

  /// Every entry is an item; tables inside are names with dots, so that quotes around them are a matter of taste.
  void open_table(const Table& open, const TomlValue& value, const std::string& label, const std::string& prefix) {
    for (const auto& entry : value.entries) {
      const std::string name = prefix + entry.name;
      if (entry.value.kind == TomlValue::Kind::table) {
        open_table(open, entry.value, label, name + ".");
        continue;
      }
      const std::size_t number = open.add_item(draft_, name);
      const Key& key = open.keys.front();
      read_value(entry.value, key, key.slot(draft_, number), fmt::format("[{}] {}", label, toml_quoted(name)),
                 draft_.directory, problems_);
      draft_.given[label + "." + name] = entry.value.where;
    }
  }

  void wrong_shape(const Table& inner, const TomlEntry& entry, const std::string& wanted) {
    draft_.given[inner.name] = entry.where;
    problems_.add(entry.where, fmt::format("{} is {}, not {}; write {}", entry.name, entry.value.kind_name(), wanted,
                                           inner.heading()));
  }

  void unknown(const Table& table, const TomlEntry& entry, const std::string& label) {
    std::vector<std::string> names = tables_inside(table.name);
    for (const auto& key : table.keys) names.push_back(key.name);
    const std::string shown = entry.name.size() <= 60 ? entry.name : entry.name.substr(0, 57) + "...";
    const std::string near = nearest_name(shown, names);
    std::string help = near.empty() ? "" : " Did you mean " + near + "?";
    if (help.empty()) help = elsewhere(entry.name, table.name);
    if (help.empty())
      help = fmt::format(" `porelith explain{}` lists what is.", table.name.empty() ? "" : " " + table.name);
    problems_.add(entry.where, fmt::format("{}{} is not a {}.{}", label.empty() ? "" : "[" + label + "] ", shown,
                                           entry.value.kind == TomlValue::Kind::table ? "table" : "key", help));
  }

  /// " It belongs into [solver]." where another table has a key of that name.
  static std::string elsewhere(const std::string& name, const std::string& here) {
    for (const auto& other : tables()) {
      if (other.name != here && other.find(name) != nullptr)
        return fmt::format(" It belongs into {}.", other.heading());
    }
    return "";
  }

  Draft& draft_;
  Problems& problems_;
};

/// Puts one table down, and the tables inside it.
class Page {
 public:
  explicit Page(Draft draft) : draft_(std::move(draft)) {}

  std::string text() {
    for (const auto& table : tables()) {
      if (table.name == "step.until") continue;  // stands inside its step
      if (table.name == "design" && draft_.given.count("design") != 0) design();
      if (table.name.rfind("design", 0) == 0 || is_absent(table.name)) continue;
      switch (table.shape) {
        case Table::Shape::single:
          single(table);
          break;
        case Table::Shape::list:
          table.name == "step" ? steps(table) : channels(table);
          break;
        case Table::Shape::named:
          materials(table);
          break;
        case Table::Shape::open:
          break;  // only in [design]
      }
    }
    return text_;
  }

 private:
  /// Foils and tabs that the cell has not, names that no mesh file has. A mesh file's foils have no thickness here.
  bool is_absent(const std::string& table) const {
    const bool grid = draft_.mesh.file.empty();
    return (table == "negative.foil" && grid && !draft_.negative_foil.thickness) ||
           (table == "positive.foil" && grid && !draft_.positive_foil.thickness) ||
           (table == "mesh.names" && draft_.mesh.names.by_part().empty()) ||
           (table == "negative.tab" && !draft_.negative_tab.width) ||
           (table == "positive.tab" && !draft_.positive_tab.width);
  }

  void line(const Key& key, std::size_t item) {
    const auto value = write_value(key.slot(draft_, item));
    const std::string unit = key.unit.symbol == "1" ? "" : fmt::format("  # {}", key.unit.symbol);
    if (value) {
      text_ += fmt::format("{} = {}{}\n", key.name, *value, unit);
    } else {
      text_ += fmt::format("# {}: {}\n", key.name, key.unless_given);
    }
  }

  void single(const Table& table) {
    if (!table.name.empty()) text_ += fmt::format("\n[{}]\n", table.name);
    for (const auto& key : table.keys) line(key, 0);
    for (const auto& remark : draft_.remarks[table.name]) text_ += "# " + remark + "\n";
  }

  void channels(const Table& table) {
    for (std::size_t i = 0; i < draft_.channels.size(); ++i) {
      text_ += fmt::format("\n[[{}]]\n", table.name);
      for (const auto& key : table.keys)
        if (applies_to(draft_.channels[i].shape, key.name) && write_value(key.slot(draft_, i))) line(key, i);
    }
  }

  void steps(const Table& table) {
    for (std::size_t i = 0; i < draft_.steps.size(); ++i) {
      text_ += fmt::format("\n[[{}]]\n", table.name);
      const StepKeys& step = draft_.steps[i];
      const bool follows = step.current_table || step.voltage_table || step.power_table;
      for (const auto& key : table.keys) {
        const bool of_tables = key.name == "interpolation" || key.name == "table_sign" || key.name == "cut_off";
        if (write_value(key.slot(draft_, i)) && (follows || !of_tables)) line(key, i);
      }
      std::string stops;
      for (const auto& key : find_table("step.until")->keys) {
        const auto value = write_value(key.slot(draft_, i));
        if (value) stops += fmt::format("{}{} = {}", stops.empty() ? "" : ", ", key.name, *value);
      }
      if (!stops.empty()) text_ += fmt::format("until = {{ {} }}\n", stops);
    }
  }

  void materials(const Table& table) {
    const auto& electrode = table.name == "negative.material" ? draft_.negative : draft_.positive;
    for (std::size_t i = 0; i < electrode.materials.size(); ++i) {
      text_ += fmt::format("\n[{}.{}]\n", table.name, toml_quoted(electrode.materials[i].name));
      given_only(table, i);
    }
  }

  void design() {
    single(*find_table("design"));
    if (!draft_.design.let.empty()) text_ += "\n[design.let]\n";
    for (const LetKeys& let : draft_.design.let)
      text_ += fmt::format("{} = {}\n", let.name, toml_quoted(let.expression));
    std::size_t variable = 0, set = 0;
    family("design", draft_.design.space, variable, set);
    variable = set = 0;
    for (std::size_t i = 0; i < draft_.design.rivals.size(); ++i) {
      text_ += "\n[[design.rival]]\n";
      given_only(*find_table("design.rival"), i);
      family("design.rival", draft_.design.rivals[i], variable, set);
    }
  }

  /// What a family sets, and its variables; the counters go on through all rivals.
  void family(const std::string& name, const FamilyKeys& keys, std::size_t& variable, std::size_t& set) {
    text_ += fmt::format("\n[{}.set]\n", name);
    const Key& expressions = find_table(name + ".set")->keys.front();
    for (const auto& entry : keys.set) {
      const auto value = write_value(expressions.slot(draft_, set++));
      text_ += fmt::format("{} = {}\n", toml_quoted(entry.key), value.value_or("[]"));
    }
    for (std::size_t i = 0; i < keys.variables.size(); ++i) {
      text_ += fmt::format("\n[[{}.variable]]\n", name);
      given_only(*find_table(name + ".variable"), variable++);
    }
  }

  void given_only(const Table& table, std::size_t item) {
    for (const auto& key : table.keys) {
      if (write_value(key.slot(draft_, item))) line(key, item);
    }
  }

  Draft draft_;
  std::string text_;
};

}  // namespace

Location Draft::where(const std::string& key) const {
  const auto found = given.find(key);
  return found == given.end() ? Location{file, 0, 0} : found->second;
}

Draft read_draft(const TomlValue& root, const std::string& directory, Problems& problems) {
  Draft draft;
  draft.file = root.where.file;
  draft.directory = directory;
  Walk(draft, problems).table(tables().front(), 0, root, "");
  return draft;
}

void read_onto(Draft& draft, const TomlValue& changes, Problems& problems) {
  Walk(draft, problems).table(tables().front(), 0, changes, "");
}

std::string write_draft(Draft draft) { return Page(std::move(draft)).text(); }

}  // namespace porelith
