#include "solver/case/table_layout.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

namespace porelith {

namespace {

const std::string separators = "\t;|, ";  ///< the likeliest first: a comma or a blank may stand within a cell

bool all_data(const TableRow& row) {
  return row.cells.size() > 1 && std::all_of(row.cells.begin(), row.cells.end(), is_datum);
}

/// One way to cut a file, judged by its titles.
class Cut {
 public:
  Cut(const std::vector<SheetLine>& lines, char separator, Measured wanted) : wanted_(wanted) {
    layout_.separator = separator;
    for (const SheetLine& line : lines) {
      const bool comment = is_comment(line.text);
      std::string text = line.text;
      if (comment) text.erase(0, std::min(text.find_first_not_of("#%/ \t\""), text.size()));
      TableRow row{line.number, cells_of(text, separator)};
      while (!row.cells.empty() && row.cells.back().empty()) row.cells.pop_back();
      if (row.cells.empty()) continue;
      const bool of_units = units(line.text, row);
      if (!of_units && !data_seen_ && !(comment && has_titles_) && titles(row, comment)) continue;
      if (comment && !of_units) continue;
      data_seen_ |= all_data(row) || (has_titles_ && layout_.columns.time < row.cells.size() &&
                                      is_datum(row.cells[layout_.columns.time]));
      layout_.rows.push_back(std::move(row));
    }
  }

  TableLayout& layout() { return layout_; }
  bool has_titles() const { return has_titles_; }
  /// Why titles of the right kind do not tell the columns apart; "" if they do, or are none.
  const std::string& trouble() const { return trouble_; }
  bool has_data() const {
    const TableColumns& c = layout_.columns;
    return std::any_of(layout_.rows.begin(), layout_.rows.end(), [&](const TableRow& row) {
      return row.cells.size() > std::max(c.time, c.value) && is_datum(row.cells[c.time]);
    });
  }

 private:
  /// Whether the line below the titles is one of units, as Gamry's, which begins with #. Then the row is all of it.
  bool units(const std::string& line, TableRow& row) const {
    if (!has_titles_ || data_seen_ || !layout_.rows.empty()) return false;
    std::vector<std::string> cells = cells_of(line, layout_.separator);
    const TableColumns& c = layout_.columns;
    if (cells.size() <= std::max(c.time, c.value) || !is_unit(cells[c.time], Measured::time) ||
        !is_unit(cells[c.value], wanted_))
      return false;
    row.cells = std::move(cells);
    return true;
  }

  /// Whether the row names time and the wanted quantity; what stood above is then a preamble.
  bool titles(const TableRow& row, bool comment) {
    if (row.cells.size() < 2 || std::any_of(row.cells.begin(), row.cells.end(), is_datum)) return false;
    if (comment && layout_.separator == ' ' && row.cells.size() > 2) return false;  // a sentence
    const auto time = best(row, Measured::time, row.cells.size());
    const auto value = time ? best(row, wanted_, *time) : std::nullopt;
    if (!time || !value) return false;
    layout_.columns = {*time,
                       *value,
                       row.cells.size(),
                       split_title(row.cells[*time], Measured::time),
                       split_title(row.cells[*value], wanted_),
                       row.cells[*time],
                       row.cells[*value],
                       row.line};
    layout_.rows.clear();
    has_titles_ = true;
    return true;
  }

  /// The column that speaks of a quantity best; the first of several that say the same in other units.
  std::optional<std::size_t> best(const TableRow& row, Measured measured, std::size_t but) {
    std::optional<std::size_t> found;
    int fits = 0;
    bool tied = false;
    for (std::size_t k = 0; k < row.cells.size(); ++k) {
      if (k == but) continue;
      const int here = fitness(split_title(row.cells[k], measured), measured);
      if (here > fits)
        found = k, fits = here, tied = false;
      else if (here > 0 && here == fits)
        tied |= !same_in_other_unit(row.cells[*found], row.cells[k], measured);
    }
    if (!tied) return found;
    std::vector<std::string> candidates;
    for (std::size_t k = 0; k < row.cells.size(); ++k)
      if (k != but && fitness(split_title(row.cells[k], measured), measured) == fits)
        candidates.push_back(shown_cell(row.cells[k]));
    trouble_ = fmt::format("holds several columns that may be the {}: {}; leave one", word_of(measured),
                           fmt::join(candidates, ", "));
    return std::nullopt;
  }

  static bool same_in_other_unit(const std::string& a, const std::string& b, Measured measured) {
    const ColumnTitle one = split_title(a, measured), two = split_title(b, measured);
    return one.name == two.name && one.unit != two.unit;
  }

  Measured wanted_;
  TableLayout layout_;
  bool has_titles_ = false, data_seen_ = false;
  std::string trouble_;
};

[[noreturn]] void refuse(const std::string& file, int line, const std::string& sentence) {
  throw CaseError({{{file, line, line == 0 ? 0 : 1}, sentence}});
}

std::string titles_wanted(Measured wanted) {
  const char* example = wanted == Measured::current   ? "current [A]"
                        : wanted == Measured::voltage ? "voltage [V]"
                                                      : "power [W]";
  return fmt::format("a table has a line of titles such as \"time [s]\", \"{}\", or two columns of numbers alone",
                     example);
}

/// Titles stand above the data, but not those that are needed.
[[noreturn]] void refuse_titles(const std::string& file, const TableRow& row, Measured wanted) {
  const bool has_time = std::any_of(row.cells.begin(), row.cells.end(), [](const std::string& cell) {
    return fitness(split_title(cell, Measured::time), Measured::time) > 0;
  });
  std::vector<std::string> titles;
  for (const auto& cell : row.cells) titles.push_back(shown_cell(cell));
  refuse(file, row.line,
         fmt::format("names no column of {}: {}; {}", word_of(has_time ? wanted : Measured::time),
                     fmt::join(titles, ", "), titles_wanted(wanted)));
}

}  // namespace

bool is_datum(const std::string& cell) {
  for (const Decimals decimals : {Decimals::point, Decimals::comma}) {
    const auto number = read_sheet_number(cell, decimals);
    if (number && number->rest.size() < 7 && number->rest.find(' ') == std::string::npos) return true;
  }
  return read_clock(cell, ClockForm::minutes_seconds) || read_date(cell, DateOrder::day_first) ||
         read_date(cell, DateOrder::month_first);
}

std::string shown_cell(const std::string& cell) {
  return cell.size() > 40 ? "\"" + cell.substr(0, 40) + "...\"" : "\"" + cell + "\"";
}

TableLayout table_layout(std::vector<SheetLine> lines, Measured wanted, const std::string& file) {
  std::string order = separators;
  if (!lines.empty() && lines[0].text.size() == 5 && lines[0].text.compare(0, 4, "sep=") == 0) {  // Excel's
    order = std::string(1, lines[0].text[4]);
    lines.erase(lines.begin());
  }
  std::string trouble;
  const TableRow* titles = nullptr;
  std::vector<Cut> untitled;
  for (const char separator : order) {
    Cut cut(lines, separator, wanted);
    if (trouble.empty()) trouble = cut.trouble();
    if (cut.has_titles() && cut.has_data()) return std::move(cut.layout());
    if (!cut.has_titles()) untitled.push_back(std::move(cut));
  }
  if (!trouble.empty()) refuse(file, 0, trouble);
  const TableRow* widest = nullptr;
  for (Cut& cut : untitled) {
    const auto& rows = cut.layout().rows;
    const auto first = std::find_if(rows.begin(), rows.end(), all_data);
    if (first == rows.end()) continue;
    if (first != rows.begin() && std::prev(first)->cells.size() > 1 && titles == nullptr) titles = &*std::prev(first);
    if (first->cells.size() == 2 && first == rows.begin()) return std::move(cut.layout());
    if (widest == nullptr || first->cells.size() > widest->cells.size()) widest = &*first;
  }
  if (titles != nullptr) refuse_titles(file, *titles, wanted);
  if (widest != nullptr && widest->cells.size() > 2)
    refuse(file, widest->line,
           fmt::format("holds {} columns and no line of titles says which is which ({}); {}", widest->cells.size(),
                       fmt::join(widest->cells, " | "), titles_wanted(wanted)));
  if (widest != nullptr)
    refuse(file, widest->line,
           fmt::format("begins the numbers, and what stands above names no columns; {}", titles_wanted(wanted)));
  refuse(file, 0, fmt::format("holds no rows of time and {}; {}", word_of(wanted), titles_wanted(wanted)));
}

}  // namespace porelith
