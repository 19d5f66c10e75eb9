#pragma once
/// How a file of rows is cut into columns, and which of them hold the time and another quantity.
#include <optional>
#include <string>
#include <vector>

#include "solver/case/column_names.hpp"
#include "solver/text/sheet.hpp"

namespace porelith {

struct TableRow {
  int line;                        ///< in the file
  std::vector<std::string> cells;  ///< the last of them not empty
};

struct TableColumns {
  std::size_t time = 0, value = 1, titles = 2;
  ColumnTitle time_title, value_title;
  std::string time_text, value_text;  ///< the titles as they stand in the file; "" where there are none
  int line = 0;                       ///< of the titles
};

struct TableLayout {
  char separator = ',';
  TableColumns columns;
  std::vector<TableRow> rows;  ///< below the titles, without remarks
};

/// "0", "0,5", "1e3", "5 mA", "00:01:00", "2024-01-31 10:00": something that a column of data may hold.
bool is_datum(const std::string& cell);

/// The layout under which titles name time and the wanted quantity and data follow; without titles two columns.
/// @throws CaseError with what cannot be told
TableLayout table_layout(std::vector<SheetLine> lines, Measured wanted, const std::string& file);

/// A cell as a message may show it.
std::string shown_cell(const std::string& cell);

}  // namespace porelith
