#include "solver/case/table_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <fstream>
#include <iterator>
#include <optional>

#include "solver/case/table_layout.hpp"
#include "solver/text/sheet.hpp"

namespace porelith {

namespace {

constexpr int most_complaints = 20;

bool is_filler(const std::string& cell) {
  return std::none_of(cell.begin(), cell.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || static_cast<unsigned char>(c) >= 0x80;
  });
}

bool begins_like_a_number(const std::string& cell) {
  const auto at = cell.find_first_not_of("+-.,'");
  return at != std::string::npos && std::isdigit(static_cast<unsigned char>(cell[at])) != 0;
}

class TableReader {
 public:
  TableReader(const std::string& file, Measured wanted) : file_(file), wanted_(wanted) {}

  TableText read(std::vector<SheetLine> lines) {
    TableLayout layout = table_layout(std::move(lines), wanted_, file_);
    rows_ = std::move(layout.rows);
    columns_ = layout.columns;
    separator_ = layout.separator;
    table_.file = file_;
    table_.title = columns_.value_text;
    table_.way = columns_.value_title.way;
    if (columns_.line > 0) take_units_row();
    time_unit_ = unit(columns_.time_title, columns_.time_text, Measured::time);
    value_unit_ = unit(columns_.value_title, columns_.value_text, wanted_);
    if (wanted_ == Measured::current && is_density(columns_.value_title) && value_unit_.kind == Rate::Kind::ampere)
      problems_.add({file_, columns_.line, 1},
                    fmt::format("the column {} is a current by area, and {}; it may be A/m2, A/cm2 or "
                                "mA/cm2",
                                shown_cell(columns_.value_text),
                                columns_.value_title.unit.empty() ? "has no unit"
                                                                  : columns_.value_title.unit + " is no unit of one"));
    problems_.throw_if_any();
    drop_what_is_no_data();
    check_width();
    settle_decimals();
    settle_dates();
    read_rows();
    problems_.throw_if_any();
    if (table_.time.size() < 2)
      refuse(0, fmt::format("holds {} of time and {}; a table needs two or more",
                            table_.time.empty() ? "no row" : "one row", word_of(wanted_)));
    if (table_.time.back() == 0) refuse(0, "has all its rows at one time");
    if (value_unit_.kind != Rate::Kind::ampere) table_.kind.assign(table_.value.size(), value_unit_.kind);
    return std::move(table_);
  }

 private:
  [[noreturn]] void refuse(int line, const std::string& sentence) const {
    throw CaseError({{{file_, line, line == 0 ? 0 : 1}, sentence}});
  }

  /// A line of units below the titles: "s, mA", "(s);(A)".
  void take_units_row() {
    if (rows_.empty() || rows_[0].cells.size() <= std::max(columns_.time, columns_.value)) return;
    const auto inside = [](std::string cell) {
      if (cell.size() > 2 && (cell.front() == '[' || cell.front() == '(')) cell = cell.substr(1, cell.size() - 2);
      return cell;
    };
    const std::string time = inside(rows_[0].cells[columns_.time]), value = inside(rows_[0].cells[columns_.value]);
    const bool alone = is_filler(time) && is_unit(value, wanted_);  // below clock times there need be none
    if (is_datum(time) || is_datum(value) || (is_filler(time) && !alone) || is_filler(value)) return;
    if (columns_.time_title.unit.empty() && !alone) columns_.time_title.unit = time;
    if (columns_.value_title.unit.empty()) columns_.value_title.unit = value;
    rows_.erase(rows_.begin());
  }

  ColumnUnit unit(const ColumnTitle& title, const std::string& text, Measured measured) {
    if (title.unit.empty()) return {};
    try {
      return read_column_unit(title.unit, measured);
    } catch (const UnitError& error) {
      problems_.add({file_, columns_.line, 1}, fmt::format("the column {}: {}", shown_cell(text), error.what()));
      return {};
    }
  }

  const std::string& cell(const TableRow& row, std::size_t column) const {
    static const std::string none;
    return column < row.cells.size() ? row.cells[column] : none;
  }
  const std::string& time_cell(const TableRow& row) const { return cell(row, columns_.time); }
  const std::string& value_cell(const TableRow& row) const { return cell(row, columns_.value); }

  /// Rows without time and value, rules between rows, and what a program writes below a table.
  void drop_what_is_no_data() {
    const auto empty = [&](const TableRow& row) { return is_filler(time_cell(row)) && is_filler(value_cell(row)); };
    rows_.erase(std::remove_if(rows_.begin(), rows_.end(), empty), rows_.end());
    const auto words = [&](const TableRow& row) {
      const std::string& time = time_cell(row);
      return is_filler(time) ? !is_datum(value_cell(row)) : !is_datum(time) && !begins_like_a_number(time);
    };
    while (!rows_.empty() && words(rows_.back())) rows_.pop_back();
  }

  /// More cells than columns: a decimal comma between commas, perhaps. Blanks leave none empty.
  void check_width() {
    int complaints = 0;
    for (const TableRow& row : rows_) {
      const std::size_t cells = row.cells.size();
      if (separator_ == ' ' ? cells == columns_.titles : cells <= columns_.titles) continue;
      problems_.add({file_, row.line, 1},
                    fmt::format("holds {} cells where {} {}", cells,
                                columns_.line > 0 ? "the titles are" : "the first row holds", columns_.titles));
      if (++complaints == most_complaints) break;
    }
    problems_.throw_if_any();
  }

  /// Decides what points and commas mean: one of both separates decimals, the other one groups of thousands. Every
  /// number in the file that can be read in one way only tells, and times that would go back.
  void settle_decimals() {
    bool point = true, comma = true, any_comma = false;
    const TableRow* doubtful = nullptr;
    std::string example;
    for (const TableRow& row : rows_) {
      for (std::size_t k = 0; k < row.cells.size(); ++k) {
        const std::string& text = row.cells[k];
        if (text.find_first_of(".,") == std::string::npos || read_clock(text, ClockForm::minutes_seconds)) continue;
        any_comma |= text.find(',') != std::string::npos;
        const bool used = k == columns_.time || k == columns_.value;
        const auto by_point = read_sheet_number(text, Decimals::point),
                   by_comma = read_sheet_number(text, Decimals::comma);
        const bool bare = (by_point ? by_point : by_comma).value_or(SheetNumber{0, "?"}).rest.empty();
        if (by_point.has_value() != by_comma.has_value() && (used || bare)) (by_point ? comma : point) = false;
        if (used && doubtful == nullptr && by_point && by_comma && by_point->value != by_comma->value)
          doubtful = &row, example = text;
      }
    }
    if (separator_ == ',' && !any_comma) comma = false;  // decimal commas would stand in quotes
    if (point && comma && doubtful != nullptr) {
      const bool point_falls = falls(Decimals::point), comma_falls = falls(Decimals::comma);
      if (point_falls == comma_falls)
        refuse(doubtful->line,
               fmt::format("{} may be {} or {}: nothing in the file tells whether it groups thousands or separates "
                           "decimals; write it without groups, or with another number of decimals than three",
                           example, std::min(number(example, Decimals::point), number(example, Decimals::comma)),
                           std::max(number(example, Decimals::point), number(example, Decimals::comma))));
      point = !point_falls;
    }
    decimals_ = point || !comma ? Decimals::point : Decimals::comma;
    const Decimals other = decimals_ == Decimals::point ? Decimals::comma : Decimals::point;
    if (doubtful != nullptr && std::abs(number(example, decimals_)) > std::abs(number(example, other)))
      table_.notes.push_back(fmt::format("{}:{}: {} is read as {}, in groups of thousands", file_, doubtful->line,
                                         example, number(example, decimals_)));
  }

  static double number(const std::string& text, Decimals decimals) {
    return read_sheet_number(text, decimals).value_or(SheetNumber{0, ""}).value;
  }

  /// Whether numbers in the column of times would go back.
  bool falls(Decimals decimals) const {
    double last = -1e300;
    for (const TableRow& row : rows_) {
      const auto number = read_sheet_number(time_cell(row), decimals);
      if (!number) continue;
      if (number->value < last) return true;
      last = number->value;
    }
    return false;
  }

  /// Decides which of 3/4/2024 is the month; it does not matter where all rows are of one day.
  void settle_dates() {
    bool day_first = true, month_first = true, differ = false;
    const TableRow* first = nullptr;
    for (const TableRow& row : rows_) {
      const auto day = read_date(time_cell(row), DateOrder::day_first),
                 month = read_date(time_cell(row), DateOrder::month_first);
      if (!day && !month) continue;
      if (first == nullptr) first = &row;
      if (!day) day_first = false;
      if (!month) month_first = false;
      if (day && month) {
        const auto start_day = read_date(time_cell(*first), DateOrder::day_first),
                   start_month = read_date(time_cell(*first), DateOrder::month_first);
        differ |= start_day && start_month && std::abs((*day - *start_day) - (*month - *start_month)) > 1;
      }
    }
    if (differ && day_first && month_first)
      refuse(first->line, fmt::format("{} may begin with the day or with the month: nothing in the file tells; write "
                                      "dates as 2024-12-31",
                                      shown_cell(time_cell(*first))));
    order_ = day_first ? DateOrder::day_first : DateOrder::month_first;
  }

  std::optional<double> read_time(const std::string& text) const {
    if (const auto date = read_date(text, order_)) return date;
    const auto clock = read_clock(text, time_unit_.clock);
    if (clock || time_unit_.is_clock) return clock;
    return read_number(text, time_unit_, Measured::time);
  }

  /// A number in the column's unit, or in the one behind it.
  std::optional<double> read_number(const std::string& text, const ColumnUnit& unit, Measured measured) const {
    const auto number = read_sheet_number(text, decimals_);
    if (!number) return std::nullopt;
    const auto sane = [](double value) { return std::abs(value) < 1e15 ? std::optional<double>(value) : std::nullopt; };
    if (number->rest.empty()) return sane(number->value * unit.factor);
    try {
      const ColumnUnit own = read_column_unit(number->rest, measured);
      const bool same = own.kind == unit.kind && !own.is_clock;
      return same ? sane(number->value * own.factor) : std::nullopt;
    } catch (const UnitError&) {
      return std::nullopt;
    }
  }

  void read_rows() {
    int complaints = 0;
    std::optional<double> start, last;
    for (const TableRow& row : rows_) {
      const auto complain = [&](const std::string& sentence) {
        problems_.add({file_, row.line, 1}, sentence);
        ++complaints;
      };
      if (complaints == most_complaints) return;
      const auto time = read_time(time_cell(row)), value = read_number(value_cell(row), value_unit_, wanted_);
      if (!time) {
        complain(bad_cell("time", time_cell(row)));
      } else if (!value) {
        complain(bad_cell(word_of(wanted_), value_cell(row)));
      } else if (last && *time < *last) {
        complain(fmt::format("the time {} goes back from {:.9g} s to {:.9g} s; {}", shown_cell(time_cell(row)),
                             *last - *start, *time - *start,
                             "a table needs the time from the start of the whole table"));
      } else {
        start = start.value_or(*time);
        last = time;
        add(*time - *start, *value);
      }
    }
  }

  std::string bad_cell(const char* what, const std::string& text) const {
    if (text.empty()) return fmt::format("has no {}: the cell is empty", what);
    const bool clock = text.find(':') != std::string::npos && std::string(what) == "time";
    if (clock && read_clock(text, ClockForm::minutes_seconds))
      return fmt::format(
          "the time {} may be minutes and seconds or hours and minutes; say hh:mm or mm:ss in the title, "
          "or write hh:mm:ss",
          shown_cell(text));
    return fmt::format("the {} {} is no number{}{}", what, shown_cell(text),
                       decimals_ == Decimals::comma ? " with a decimal comma" : "",
                       std::string(what) == "time" && time_unit_.is_clock ? ", and no clock hh:mm:ss" : "");
  }

  /// Of several rows at one time the first and the last make the jump.
  void add(double time, double value) {
    auto& t = table_.time;
    auto& v = table_.value;
    const std::size_t n = t.size();
    if (n > 0 && t[n - 1] == time && v[n - 1] == value) return;
    if (n > 1 && t[n - 1] == time && t[n - 2] == time) {
      v[n - 1] = value;
      return;
    }
    t.push_back(time);
    v.push_back(value);
  }

  const std::string& file_;
  Measured wanted_;
  Problems problems_;
  std::vector<TableRow> rows_;
  TableColumns columns_;
  char separator_ = ',';
  ColumnUnit time_unit_, value_unit_;
  Decimals decimals_ = Decimals::point;
  DateOrder order_ = DateOrder::day_first;
  TableText table_;
};

}  // namespace

TableText parse_table(const std::string& bytes, const std::string& path, Control quantity) {
  const Measured wanted = quantity == Control::voltage ? Measured::voltage
                          : quantity == Control::power ? Measured::power
                                                       : Measured::current;
  TableText table = TableReader(path, wanted).read(sheet_lines(bytes, path));
  table.quantity = quantity;
  return table;
}

TableText read_table_file(const std::string& path, Control quantity) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw CaseError({{{path, 0, 0}, "cannot be opened; check its permissions"}});
  return parse_table({std::istreambuf_iterator<char>(file), {}}, path, quantity);
}

}  // namespace porelith
