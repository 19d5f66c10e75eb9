#pragma once
/// How a table of keys is written down in code: one call a key, each on the member that it fills.
#include <functional>
#include <limits>
#include <string>
#include <utility>

#include "solver/case/keys.hpp"

namespace porelith {

inline Range any() { return {}; }
inline Range at_least(double low) { return {low, std::numeric_limits<double>::infinity(), true, true}; }
inline Range between(double low, double high) { return {low, high, true, true}; }

/// What a key may hold, apart from its type.
struct Holds {
  Unit unit = unit::one;
  Range range = {};
  std::string unless_given = {};
  std::vector<std::string> choices = {};
};

/// Writes a table down key by key; `Owner` is the struct whose members the keys fill.
template <class Owner>
class Writer {
 public:
  using Access = std::function<Owner&(Draft&, std::size_t)>;

  Writer(std::string name, std::string meaning, Access access, Table::Shape shape = Table::Shape::single)
      : access_(std::move(access)) {
    table_.name = std::move(name);
    table_.meaning = std::move(meaning);
    table_.shape = shape;
  }

  template <class Value>
  Writer& key(const std::string& name, Value Owner::*member, const Holds& holds, const std::string& meaning) {
    auto slot = [access = access_, member](Draft& draft, std::size_t item) {
      return Slot(&(access(draft, item).*member));
    };
    table_.keys.push_back({name, holds.unit, holds.range, holds.choices, holds.unless_given, meaning, slot});
    return *this;
  }

  Writer& items(std::function<std::size_t(Draft&, const std::string&)> add) {
    table_.add_item = std::move(add);
    return *this;
  }

  operator Table() const { return table_; }  // NOLINT: a written table is a table

 private:
  Table table_;
  Access access_;
};

}  // namespace porelith
