#pragma once
/// The keys of a case file, each declared once, beside the member that it fills (the struct's `declare`); keys.cpp
/// lists the tables. Reader, range check, echo, `explain`, JSON Schema and docs/keys.md follow from it.
#include <array>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "solver/text/range.hpp"
#include "solver/text/units.hpp"

namespace porelith {

class Function;
class Profile;
struct Draft;
struct Rate;
struct Accuracy;
struct TableText;
struct TimeText;
struct GroupNames;
struct CellCounts;
enum class Solid;
template <class T>
struct Given;

/// The field of a Draft that a key fills; its type says what the key may hold.
using KeyField =
    std::variant<bool*, int*, unsigned*, double*, std::string*, std::optional<double>*, std::optional<Rate>*,
                 std::optional<Accuracy>*, std::optional<TableText>*, std::optional<TimeText>*, Given<double>*,
                 Given<std::string>*, Given<Profile>*, Given<Function>*, Solid*, std::vector<int>*,
                 std::vector<std::string>*, CellCounts*, GroupNames*, std::vector<std::array<double, 3>>*>;

struct Key {
  std::string name;
  Unit unit;  ///< "1" where there is none
  Range range;
  std::vector<std::string> choices;  ///< of a text key; empty = any text
  std::string unless_given;          ///< what holds without it, in words; "" = the slot's own default value
  std::string meaning;               ///< one sentence
  /// The field in a draft; `item` counts list and named tables from 0.
  std::function<KeyField(Draft&, std::size_t item)> slot;
  std::string learner = {};  ///< of an option: whose it is
  bool rare = false;         ///< not echoed where it is not given

  /// "number", "profile", "one of chain, petsc": what may stand there
  std::string type() const;
  /// The default as it would stand in a file, or in words.
  std::string default_text() const;
};

struct Table {
  enum class Shape {
    single,  ///< [mesh]
    list,    ///< [[step]]
    named,   ///< [negative.material."<name>"]
    open,    ///< [design.set]: any name may stand there; keys has one entry, which says what its value may be
  };
  std::string name;  ///< "" for the top of the file, "step.until" for a table inside another
  Shape shape = Shape::single;
  std::string meaning;  ///< a sentence or two
  std::vector<Key> keys;
  /// Adds an item to a list, named or open table and returns its number; `name` is the user's, and names one item of a
  /// named table. Items of a list inside the item of a list are counted through.
  std::function<std::size_t(Draft&, const std::string& name)> add_item;

  /// "[negative]", "[[step]]", "[negative.material.\"<name>\"]"
  std::string heading() const;
  const Key* find(const std::string& key) const;
};

/// The key that an override such as "negative.porosity" or "step.1.until.voltage" names, or nullptr.
const Key* find_key(const std::string& path);
/// "table.key" of every key, lists and named tables without their items: for nearest names.
std::vector<std::string> key_paths();

/// A draft with one item in every list, and blends of two materials, so that every slot is there and its own.
Draft draft_with_items();

/// Every table, in the order in which a case file is written.
const std::vector<Table>& tables();
const Table* find_table(const std::string& name);
/// Tables directly inside the named one, by their own names ("material" inside "negative").
std::vector<std::string> tables_inside(const std::string& name);

}  // namespace porelith
