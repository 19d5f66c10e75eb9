#pragma once
/// From a case file to a Case: everything read, judged and told at once, nothing solved.
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

/// For what a changed case is wanted. Warnings, hash and `resolved` take as long as a part of a short solve.
enum class Care {
  full,    ///< as if the changes had been typed behind --set
  variant  ///< for solving only: without [design], warnings, hash, `resolved` and `overrides`
};

/// The case with further changes, from what was read: no file is opened again. Thread-safe.
/// @param the_case read, or changed with full care @throws CaseError
Case changed(const Case& the_case, const std::vector<CaseChange>& changes, Care care = Care::full);

/// A change as it would be typed behind --set: "negative.porosity=[0.3, 0.4]".
std::string override_of(const CaseChange& change);

/// The names of the cells that come with the program, sorted: "lgm50_chen2020".
std::vector<std::string> shipped_cells();

}  // namespace porelith
