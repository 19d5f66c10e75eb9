#pragma once
/// One object of a BPX file, read key by key: each call declares a key, its unit (in the name), its range and whether
/// it must be there. What was not declared when the section closes is an unknown key.
#include <optional>
#include <string>
#include <vector>

#include "solver/text/function.hpp"
#include "solver/text/json.hpp"
#include "solver/text/range.hpp"

namespace porelith {

enum class Need { required, optional };

class BpxSection {
 public:
  /// @param object  may be null: the section is not there, and every call on it does nothing
  /// @param path    as the user would say it: "Negative electrode"; "" for the whole file
  BpxSection(const Json* object, Location where, std::string path, Problems& problems,
             std::vector<std::string>& warnings);

  bool exists() const { return object_ != nullptr; }
  bool has(const std::string& key) const { return find(key) != nullptr; }
  const std::string& path() const { return path_; }
  /// Leaves this section's own name out of what is said about its content.
  void omit_name() { path_.clear(); }

  /// Reads into `target`, which stays as it is when the key is missing or wrong.
  void number(const std::string& key, Range range, Need need, double& target);
  std::optional<double> number(const std::string& key, Range range, Need need = Need::optional);
  void function(const std::string& key, Need need, std::optional<Function>& target);
  std::string text(const std::string& key);
  /// Finite numbers of an array.
  std::vector<double> numbers(const std::string& key, Need need);
  /// The section under a key; a missing required one is one problem here, and then silent.
  BpxSection section(const std::string& key, Need need);
  /// All members as sections, for keys that the user chose (materials, experiments).
  std::vector<std::pair<std::string, BpxSection>> sections();
  /// Declares keys that are read elsewhere, or on purpose not at all.
  void known(const std::string& key) { known_.push_back(key); }
  void known_with_prefix(const std::string& prefix) { prefixes_.push_back(prefix); }
  const Json* value(const std::string& key) const;
  std::vector<std::string> keys() const;

  /// Adds a problem at the value of a key, or at the section.
  void problem(const std::string& key, const std::string& sentence);
  void warn(const std::string& sentence) { warnings_.push_back(sentence); }
  /// "Negative electrode / Porosity"
  std::string name_of(const std::string& key) const;

  /// Reports the missing and the unknown keys; a key that looks like a misspelt missing one is told once.
  /// @param hint  what an unknown key is told where no known one is near
  void close(const std::string& hint = "");

 private:
  const JsonMember* find(const std::string& key) const;
  const JsonMember* declare(const std::string& key, Need need);
  Location where(const Json& value) const { return {where_.file, value.line, value.column}; }
  std::optional<Function> read_function(const std::string& key, const Json& value);
  std::optional<Function> read_expression(const std::string& key, const Json& value);
  std::optional<Function> read_table(const std::string& key, const Json& value);

  const Json::Object* object_;
  Location where_;
  std::string path_;
  Problems& problems_;
  std::vector<std::string>& warnings_;
  std::vector<std::string> known_, prefixes_, missing_;
};

}  // namespace porelith
