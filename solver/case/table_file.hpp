#pragma once
/// A drive table in a file, as spreadsheets and cyclers write it: titles with units, other columns, quotes, remarks,
/// decimal commas, clocks and dates. What cannot be told is refused.
#include <string>

#include "solver/case/draft.hpp"

namespace porelith {

/// Time and the column of a quantity. Times are told from the first row on; of several rows at one time the first and
/// the last make a jump.
/// @throws CaseError with file, line and what cannot be told
TableText read_table_file(const std::string& path, Control quantity);
/// The same of a file's bytes.
TableText parse_table(const std::string& bytes, const std::string& path, Control quantity);

}  // namespace porelith
