#include "solver/case/draft_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>

#include "solver/case/draft.hpp"
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

  /// Reads a value into the key that a path names.
  void one(const std::vector<std::string>& path, const TomlValue& value) {
    const Table* table = &tables().front();
    std::size_t item = 0;
    std::string label;
    for (std::size_t k = 0; k + 1 < path.size(); ++k) {
      table = find_table(table->name.empty() ? path[k] : table->name + "." + path[k]);
      if (table == nullptr) return no_key(path, value);
      label += (label.empty() ? "" : ".") + path[k];
      if (table->shape == Table::Shape::single) {
        draft_.given.emplace(label, value.where);
        continue;
      }
      if (++k + 1 >= path.size()) return no_key(path, value);
      if (table->shape == Table::Shape::named) {
        item = table->add_item(draft_, path[k]);
        label += "." + toml_quoted(path[k]);
        draft_.given.emplace(label, value.where);
      } else {
        label += " " + path[k];
        if (draft_.given.count(label) == 0)
          return problems_.add(value.where, fmt::format("there is no [{}] in the case", label));
        item = std::stoul(path[k]) - 1;
      }
    }
    const Key* key = table->find(path.back());
    if (key == nullptr) return no_key(path, value);
    const std::string name = label.empty() ? key->name : fmt::format("[{}] {}", label, key->name);
    read_value(value, *key, key->slot(draft_, item), name, draft_.directory, problems_);
    draft_.given[label.empty() ? key->name : label + "." + key->name] = value.where;
  }

 private:
  void no_key(const std::vector<std::string>& path, const TomlValue& value) {
    problems_.add(value.where, fmt::format("{} is not a key of a case", fmt::join(path, ".")));
  }

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
          const std::string named_label = label + "." + toml_quoted(named.name);
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

}  // namespace

Location Draft::where(const std::string& key) const {
  const auto found = given.find(key);
  return found == given.end() ? Location{file, 0, 0} : found->second;
}

void read_draft(Draft& draft, const TomlValue& root, Problems& problems) {
  Walk(draft, problems).table(tables().front(), 0, root, "");
}

void read_key(Draft& draft, const std::vector<std::string>& path, const TomlValue& value, Problems& problems) {
  Walk(draft, problems).one(path, value);
}

}  // namespace porelith
