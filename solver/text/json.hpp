#pragma once
/// A strict JSON reader (RFC 8259) that remembers where every value and every key stands.
#include <string>
#include <variant>
#include <vector>

#include "solver/base/error.hpp"

namespace porelith {

struct JsonMember;

/// One value: null, true or false, a number, a string, an array or an object, and its place in the text.
struct Json {
  using Array = std::vector<Json>;
  using Object = std::vector<JsonMember>;

  std::variant<std::monostate, bool, double, std::string, Array, Object> value;
  int line = 1, column = 1;  ///< of its first character, from 1; columns count characters, not bytes
  bool escaped = false;      ///< a string that was written with escapes: its characters moved

  const double* number() const { return std::get_if<double>(&value); }
  const std::string* string() const { return std::get_if<std::string>(&value); }
  const Array* array() const { return std::get_if<Array>(&value); }
  const Object* object() const { return std::get_if<Object>(&value); }
  /// "a number", "a string", ...
  const char* kind() const;
};

struct JsonMember {
  std::string key;
  int line = 1, column = 1;  ///< of the key
  Json value;
};

/// A key or a text as a message may show it: cut off where it is long, at the border of a character.
std::string shortened(const std::string& text);

/// Reads a whole text (a byte order mark may lead it). A key that occurs twice in an object is added to `problems`, and
/// its first value stays.
/// @throws CaseError with the one place at which the text stops being JSON, or when it is larger than 64 MB, holds more
///         than 5 million values or is nested more than 100 deep
Json parse_json(const std::string& text, const std::string& file, Problems& problems);

}  // namespace porelith
