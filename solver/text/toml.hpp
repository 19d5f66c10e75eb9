#pragma once
/// TOML text as a plain tree that knows where everything stands. The only place that sees toml++.
#include <cstdint>
#include <string>
#include <vector>

#include "solver/base/error.hpp"

namespace porelith {

struct TomlEntry;

struct TomlValue {
  enum class Kind { boolean, integer, number, text, array, table, date };
  Kind kind = Kind::table;
  bool boolean = false;
  std::int64_t integer = 0;
  double number = 0;               ///< also set for integers
  std::string text;                ///< of a string
  std::vector<TomlValue> items;    ///< of an array
  std::vector<TomlEntry> entries;  ///< of a table, as they stand in the file
  Location where;

  bool is_number() const { return kind == Kind::integer || kind == Kind::number; }
  const TomlValue* find(const std::string& name) const;
  /// As it would stand in a TOML file, shortened to about 60 characters: for sentences.
  std::string shown() const;
  /// "a string", "a table": for sentences.
  const char* kind_name() const;
};

struct TomlEntry {
  std::string name;
  Location where;  ///< of the key
  TomlValue value;
};

/// @throws CaseError with the place of the first thing that is not TOML
TomlValue parse_toml(const std::string& text, const std::string& filename);

/// Puts "table.key=value" into the tree; lists count from 1 ("step.2.charge=1C"), a name with dots is quoted. The value
/// is TOML; a bare word or number with a unit needs no quotes; nothing behind the equals sign takes the key out. What
/// it sets carries the assignment as its location. Names are not checked here.
/// @throws CaseError when the text is no assignment or the path leads through a value or past the end of a list
void assign(TomlValue& root, const std::string& assignment);

/// a."b.c".d as its parts; empty when a quote is left open or a part is empty.
std::vector<std::string> split_path(const std::string& path);

/// A string as TOML writes it, quotes included.
std::string toml_quoted(const std::string& text);
/// A number as TOML writes it; reads back to the same bits.
std::string toml_number(double value);

}  // namespace porelith
