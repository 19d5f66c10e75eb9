#pragma once
/// From the keys that a struct declares to a table of them.
#include <functional>
#include <string>
#include <utility>

#include "solver/case/draft.hpp"
#include "solver/case/keys.hpp"
#include "solver/laws/registry.hpp"
#include "solver/text/holds.hpp"

namespace porelith {

/// What a struct declares its keys on: `Owner::declare(keys)` calls about() once and key() for every key.
template <class Owner>
class Writer {
 public:
  using Access = std::function<Owner&(Draft&, std::size_t)>;

  /// @param access to the struct in a draft
  Writer(std::string name, Access access, Table::Shape shape = Table::Shape::single) : access_(std::move(access)) {
    table_.name = std::move(name);
    table_.shape = shape;
    Owner::declare(*this);
  }

  void about(std::string meaning) { table_.meaning = std::move(meaning); }
  /// What the table is inside of: "negative" in negative.foil; its own name where in nothing.
  std::string side() const { return table_.name.substr(0, table_.name.rfind('.')); }
  /// What laws of charge transfer there are, the usual one first.
  static std::vector<std::string> kinetics_names() { return porelith::kinetics_names(); }

  template <class Value>
  Writer& key(const std::string& name, Value Owner::*member, const Holds& holds, const std::string& meaning) {
    return add(
        name, [member](Owner& owner) { return KeyField(&(owner.*member)); }, holds, meaning);
  }

  /// Of a part of the struct, which a function of it finds.
  template <class Part, class Value>
  Writer& key(const std::string& name, Part& (Owner::*part)(), Value Part::*member, const Holds& holds,
              const std::string& meaning) {
    return add(
        name, [part, member](Owner& owner) { return KeyField(&((owner.*part)().*member)); }, holds, meaning);
  }

  Writer& items(std::function<std::size_t(Draft&, const std::string&)> add) {
    table_.add_item = std::move(add);
    return *this;
  }

  Table table() const { return table_; }

 private:
  template <class Field>
  Writer& add(const std::string& name, Field field, const Holds& holds, const std::string& meaning) {
    auto slot = [access = access_, field](Draft& draft, std::size_t item) { return field(access(draft, item)); };
    table_.keys.push_back(
        {name, holds.unit, holds.range, holds.choices, holds.unless_given, meaning, slot, {}, holds.rare});
    return *this;
  }

  Table table_;
  Access access_;
};

}  // namespace porelith
