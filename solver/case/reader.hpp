#pragma once
/// From a case file to a Case: everything read, judged and told at once, nothing solved.
#include <memory>
#include <string>
#include <vector>

#include "solver/case/case.hpp"

namespace porelith {

/// Reads a case: a folder that holds case.toml, or the file itself; then the cell that it names.
/// @param overrides "table.key=value" each, as behind --set; typo-checked and recorded
/// @throws CaseError with every problem of the case, its overrides, its cell and the files they name
Case read_case(const std::string& path, const std::vector<std::string>& overrides = {});

/// The same from text. `filename` is what problems are called after; its folder is where relative names start.
/// @param cell if not null, stands in for the cell file, which is then not read
/// @throws CaseError
Case parse_case(const std::string& text, const std::string& filename, const std::vector<std::string>& overrides = {},
                const Cell* cell = nullptr);

/// The resolved case with the cell and the mesh by their files' SHA-256 instead of their names: what tells cases apart.
std::string content_of(const Case& the_case);

/// What a variant of a case does to one key: a number, or the values of a profile's layers. In the key's SI unit.
struct CaseChange {
  std::string key;  ///< "negative.porosity", "step.1.charge"
  std::vector<double> values;
};

/// A case of which many variants are wanted: its text and its cell are read once.
class CaseTemplate {
 public:
  /// @param path as read_case's. @throws CaseError
  explicit CaseTemplate(const std::string& path, const std::vector<std::string>& overrides = {});
  /// The case with further overrides, without [design], new warnings and hash. Thread-safe. @throws CaseError
  Case with(const std::vector<std::string>& overrides) const;
  /// The same from numbers, without `resolved` and `overrides`: for solving only, in a small part of the time.
  Case changed(const std::vector<CaseChange>& changes) const;
  /// The case as read_case gives it.
  const Case& plain() const { return plain_; }

 private:
  struct Parts;
  std::shared_ptr<const Parts> parts_;
  Case plain_;
};

/// The names of the cells that come with the program, sorted: "lgm50_chen2020".
std::vector<std::string> shipped_cells();

}  // namespace porelith
