#pragma once
/// Text files of rows and columns as spreadsheets and cyclers write them, cut into cells.
#include <string>
#include <vector>

#include "solver/base/error.hpp"

namespace porelith {

struct SheetLine {
  int number;        ///< in the file, from 1
  std::string text;  ///< UTF-8, without its line end; a break inside quotes is a blank
};

/// The lines of a file's bytes that are not blank: UTF-8 or UTF-16 with or without byte order mark, else Latin-1; ends
/// of lines as any system writes them.
/// @throws CaseError where the bytes are no such text
std::vector<SheetLine> sheet_lines(const std::string& bytes, const std::string& file);

/// Whether the line is a remark: it begins with #, % or //.
bool is_comment(const std::string& line);

/// What stands between separators, without quotes and blanks around. The separator ' ' is any number of blanks and
/// tabs, and a unit in brackets belongs to the cell before it.
std::vector<std::string> cells_of(const std::string& line, char separator);

}  // namespace porelith
