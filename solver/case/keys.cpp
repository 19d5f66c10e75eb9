#include "solver/case/keys.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>
#include <type_traits>

#include "solver/case/draft.hpp"
#include "solver/case/key_writer.hpp"
#include "solver/case/values.hpp"
#include "solver/newman/observables/observables.hpp"
#include "solver/text/toml.hpp"
#include "surrogate/learners/registry.hpp"

namespace porelith {
namespace {

/// A table that is there once. @param at the field of a Draft with its keys
template <class Owner>
Table single(const std::string& name, Owner Draft::*at) {
  return Writer<Owner>(name, [at](Draft& d, std::size_t) -> Owner& { return d.*at; }).table();
}

/// Likewise, of the draft's cell.
template <class Owner>
Table single(const std::string& name, Owner Cell::*at) {
  return Writer<Owner>(name, [at](Draft& d, std::size_t) -> Owner& { return d.cell.*at; }).table();
}

/// [cell] is in two structs: which cell it is, and what is known of it.
Table cell_table() {
  Table table = single("cell", &Draft::of_cell);
  const Table more = single("cell", &Draft::cell);
  table.keys.insert(table.keys.end(), more.keys.begin(), more.keys.end());
  return table;
}

/// A list. @param list in a draft
template <class List>
Table list_of(const std::string& name, List list) {
  using Item = typename std::decay_t<decltype(list(std::declval<Draft&>()))>::value_type;
  return Writer<Item>(
             name, [list](Draft& d, std::size_t i) -> Item& { return list(d).at(i); }, Table::Shape::list)
      .items([list](Draft& d, const std::string&) {
        list(d).emplace_back();
        return list(d).size() - 1;
      })
      .table();
}

/// Names of the user's with an expression each.
template <class List>
Table open_of(const std::string& name, List list) {
  using Item = typename std::decay_t<decltype(list(std::declval<Draft&>()))>::value_type;
  return Writer<Item>(
             name, [list](Draft& d, std::size_t i) -> Item& { return list(d).at(i); }, Table::Shape::open)
      .items([list](Draft& d, const std::string& key) {
        list(d).push_back({key, {}});
        return list(d).size() - 1;
      })
      .table();
}

/// A blend's materials, by the names that the cell's file has.
Table materials(const std::string& name, Electrode Cell::*electrode) {
  return Writer<ActiveMaterial>(
             name,
             [electrode](Draft& d, std::size_t i) -> ActiveMaterial& { return (d.cell.*electrode).materials.at(i); },
             Table::Shape::named)
      .items([electrode](Draft& d, const std::string& material) {
        auto& materials = (d.cell.*electrode).materials;
        for (std::size_t i = 0; i < materials.size(); ++i)
          if (materials[i].name == material) return i;
        materials.emplace_back().name = material;  // apply() complains of it
        return materials.size() - 1;
      })
      .table();
}

/// Items of the rivals' lists, counted through; a new one goes to the last rival.
template <class Item>
Writer<Item> in_rivals(const std::string& name, std::vector<Item> FamilyKeys::*list, Table::Shape shape) {
  return Writer<Item>(
             name,
             [list](Draft& draft, std::size_t number) -> Item& {
               for (auto& rival : draft.design.rivals) {
                 if (number < (rival.*list).size()) return (rival.*list)[number];
                 number -= (rival.*list).size();
               }
               throw std::out_of_range("no such item in the rivals of the design");
             },
             shape)
      .items([list](Draft& draft, const std::string& key) {
        Item item;
        if constexpr (std::is_same_v<Item, SetKeys>) item.key = key;
        (draft.design.rivals.back().*list).push_back(std::move(item));
        std::size_t count = 0;
        for (const auto& rival : draft.design.rivals) count += (rival.*list).size();
        return count - 1;
      });
}

/// Stops at whatever is observed, beside those that have keys of their own.
template <class Until>
Table until_table(const std::string& name, const std::function<Until&(Draft&, std::size_t)>& access) {
  Table table = Writer<Until>(name, access).table();
  for (std::size_t k = terminal_observables; k < observables().size(); ++k) {
    const Observable& observable = observables()[k];
    for (const auto& [ending, way] : {std::pair{"_below", "fall"}, {"_above", "rise"}}) {
      const std::string key = observable.name + ending;
      if (table.find(key) != nullptr) continue;
      const Unit unit{observable.unit, observable.spoken, spoken_unit(observable.unit)};
      table.keys.push_back({key,
                            unit,
                            any(),
                            {},
                            "not used",
                            fmt::format("To {} to: {}.", way, observable.meaning),
                            [access, key](Draft& d, std::size_t i) { return KeyField(&access(d, i).observed[key]); },
                            {},
                            true});
    }
  }
  return table;
}

/// The options that learners declare, as keys of [design].
std::vector<Key> learner_keys() {
  std::vector<Key> keys;
  for (const Learner* learner : learners()) {
    for (const Option& option : learner->options()) {
      const auto slot = [option](Draft& d, std::size_t) {
        Setting& held = d.design.plain.settings.emplace(option.name, option.value).first->second;
        return std::visit([](auto& value) { return KeyField(&value); }, held);
      };
      keys.push_back({option.name, unit::one, option.range, option.choices, "",
                      fmt::format("{} For learner {}.", option.meaning, learner->name()), slot, learner->name()});
    }
  }
  return keys;
}

/// [design] is in three structs and what learners declare: what needs no more than its value, how the objective is
/// meant, the study's own family.
Table design_table() {
  Table table = Writer<Design>("design", [](Draft& d, std::size_t) -> Design& { return d.design.plain; }).table();
  const Table more = single("design", &Draft::design);
  const Table rival =
      Writer<FamilyKeys>("design", [](Draft& d, std::size_t) -> FamilyKeys& { return d.design.space; }).table();
  const auto learner =
      std::find_if(table.keys.begin(), table.keys.end(), [](const Key& key) { return key.name == "learner"; });
  learner->choices = learner_names();
  const std::vector<Key> options = learner_keys();
  table.keys.insert(learner + 1, options.begin(), options.end());
  table.keys.insert(table.keys.begin() + 1, more.keys.front());
  table.keys.push_back(*rival.find("feasible"));
  table.keys.back().meaning = "Expressions in the variables; where one is below 0 the point is not solved.";
  return table;
}

/// What a KeyField's type is called in the documentation.
struct TypeName {
  std::string operator()(bool*) const { return "true or false"; }
  std::string operator()(int*) const { return "whole number"; }
  std::string operator()(unsigned*) const { return "whole number"; }
  std::string operator()(std::vector<int>*) const { return "list of whole numbers"; }
  std::string operator()(CellCounts*) const { return "whole number or list"; }
  std::string operator()(std::vector<std::string>*) const { return "expression or list"; }
  std::string operator()(GroupNames*) const { return "name, number or list"; }
  std::string operator()(std::vector<std::array<double, 3>>*) const { return "list of points"; }
  std::string operator()(double*) const { return "number"; }
  std::string operator()(std::string*) const { return "text"; }
  std::string operator()(Given<double>*) const { return "number"; }
  std::string operator()(Given<std::string>*) const { return "text"; }
  std::string operator()(Given<Profile>*) const { return "profile"; }
  std::string operator()(Given<Function>*) const { return "function of x"; }
  std::string operator()(Solid*) const { return "text"; }
  std::string operator()(std::optional<double>*) const { return "number"; }
  std::string operator()(std::optional<Rate>*) const { return "current"; }
  std::string operator()(std::optional<Accuracy>*) const { return "number or off"; }
  std::string operator()(std::optional<TableText>*) const { return "file or table"; }
  std::string operator()(std::optional<TimeText>*) const { return "expression in t"; }
};

}  // namespace

std::string Key::type() const {
  if (!choices.empty()) return fmt::format("one of {}", fmt::join(choices, ", "));
  Draft draft = draft_with_items();
  return std::visit(TypeName{}, slot(draft, 0));
}

std::string Key::default_text() const {
  if (!unless_given.empty()) return unless_given;
  Draft draft = draft_with_items();
  return write_value(slot(draft, 0)).value_or("none");
}

std::string Table::heading() const {
  if (name.empty()) return "(top of the file)";
  if (shape == Shape::list) return "[[" + name + "]]";
  if (shape == Shape::named) return "[" + name + ".\"<name>\"]";
  return "[" + name + "]";  // single and open
}

const Key* Table::find(const std::string& key) const {
  for (const auto& candidate : keys) {
    if (candidate.name == key) return &candidate;
  }
  return nullptr;
}

/// The registry: every table, in the order in which a case file is written.
const std::vector<Table>& tables() {
  static const std::vector<Table> list = {
      Writer<Draft>("", [](Draft& d, std::size_t) -> Draft& { return d; }).table(),
      cell_table(),
      single("negative", &Cell::negative),
      materials("negative.material", &Cell::negative),
      single("negative.foil", &Draft::negative_foil),
      single("negative.tab", &Draft::negative_tab),
      single("separator", &Cell::separator),
      single("positive", &Cell::positive),
      materials("positive.material", &Cell::positive),
      single("positive.foil", &Draft::positive_foil),
      single("positive.tab", &Draft::positive_tab),
      single("electrolyte", &Cell::electrolyte),
      single("geometry", &Draft::geometry),
      list_of(
          "channel", [](Draft & d) -> auto& { return d.channels; }),
      single("initial", &Draft::initial),
      single("protocol", &Draft::protocol),
      until_table<ProtocolUntilKeys>("protocol.until",
                                     [](Draft& d, std::size_t) -> ProtocolUntilKeys& { return d.protocol.until; }),
      list_of(
          "step", [](Draft & d) -> auto& { return d.steps; }),
      until_table<UntilKeys>("step.until", [](Draft& d, std::size_t i) -> UntilKeys& { return d.steps.at(i).until; }),
      single("mesh", &Draft::mesh),
      Writer<MeshNames>("mesh.names", [](Draft& d, std::size_t) -> MeshNames& { return d.mesh.names; }).table(),
      single("solver", &Draft::solver),
      single("output", &Draft::output),
      design_table(),
      open_of(
          "design.let", [](Draft & d) -> auto& { return d.design.let; }),
      open_of(
          "design.set", [](Draft & d) -> auto& { return d.design.space.set; }),
      list_of(
          "design.variable", [](Draft & d) -> auto& { return d.design.space.variables; }),
      list_of(
          "design.grading", [](Draft & d) -> auto& { return d.design.gradings; }),
      list_of(
          "design.rival", [](Draft & d) -> auto& { return d.design.rivals; }),
      in_rivals("design.rival.set", &FamilyKeys::set, Table::Shape::open).table(),
      in_rivals("design.rival.variable", &FamilyKeys::variables, Table::Shape::list).table(),
  };
  return list;
}

const Key* find_key(const std::string& path) {
  const std::vector<std::string> parts = split_path(path);
  const Table* table = &tables().front();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i + 1 == parts.size()) return table->find(parts[i]);
    table = find_table(table->name.empty() ? parts[i] : table->name + "." + parts[i]);
    if (table == nullptr || table->shape == Table::Shape::open) return nullptr;
    if (table->shape == Table::Shape::single) continue;
    ++i;  // the number or name of the item
    const bool counted = i < parts.size() && parts[i].find_first_not_of("0123456789") == std::string::npos;
    if (table->shape == Table::Shape::list && !counted) return nullptr;
  }
  return nullptr;
}

std::vector<std::string> key_paths() {
  std::vector<std::string> paths;
  for (const auto& table : tables()) {
    for (const auto& key : table.keys) paths.push_back(table.name.empty() ? key.name : table.name + "." + key.name);
  }
  return paths;
}

Draft draft_with_items() {
  Draft draft;
  for (const auto& table : tables()) {
    if (table.add_item) table.add_item(draft, "name");
    if (table.shape == Table::Shape::named) table.add_item(draft, "another");
  }
  return draft;
}

const Table* find_table(const std::string& name) {
  for (const auto& table : tables()) {
    if (table.name == name) return &table;
  }
  return nullptr;
}

std::vector<std::string> tables_inside(const std::string& name) {
  const std::string prefix = name.empty() ? "" : name + ".";
  std::vector<std::string> inside;
  for (const auto& table : tables()) {
    if (table.name.size() <= prefix.size() || table.name.compare(0, prefix.size(), prefix) != 0) continue;
    const std::string rest = table.name.substr(prefix.size());
    if (rest.find('.') == std::string::npos) inside.push_back(rest);
  }
  return inside;
}

}  // namespace porelith
