#pragma once
/// Numbers, durations and dates as spreadsheets and cyclers write them.
#include <optional>
#include <string>

namespace porelith {

/// Which sign separates the decimals; the other one, blanks and apostrophes may stand between groups of three digits.
enum class Decimals { point, comma };

/// A number at the front of a cell, and what follows it (a unit).
struct SheetNumber {
  double value;
  std::string rest;
};

/// "+1.5", "1,234.5", "-1.0E+003", "5 mA"; nothing where the cell does not begin with a number of this kind.
std::optional<SheetNumber> read_sheet_number(const std::string& cell, Decimals decimals);

/// What a clock with one colon shows.
enum class ClockForm { unknown, hours_minutes, minutes_seconds };

/// "1:02:03.5", "2 01:02:03", "2d 01:02:03", "-0:00:01", "02:03" where the form is known [s]
std::optional<double> read_clock(const std::string& cell, ClockForm form);

/// The order of day and month in dates like 03/04/2024.
enum class DateOrder { day_first, month_first };

/// "2024-03-04 10:00:00.5", "2024-03-04T10:00Z", "04.03.2024 10:00:00", "3/4/2024 1:00:00 PM", "4-Mar-2024 10:00:00":
/// seconds since 1970-01-01, in the date's own time zone where none is given.
std::optional<double> read_date(const std::string& cell, DateOrder order);

}  // namespace porelith
