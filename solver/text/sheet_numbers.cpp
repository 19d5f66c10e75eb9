#include "solver/text/sheet_numbers.hpp"

#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <vector>

namespace porelith {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Walks along a text.
class Cursor {
 public:
  explicit Cursor(const std::string& text) : text_(text) {}

  bool done() const { return at_ >= text_.size(); }
  char peek() const { return done() ? '\0' : text_[at_]; }
  bool take(char c) {
    if (peek() != c || done()) return false;
    ++at_;
    return true;
  }
  bool take(const std::string& word) {
    if (text_.compare(at_, word.size(), word) != 0) return false;
    at_ += word.size();
    return true;
  }
  std::string digits() {
    const std::size_t start = at_;
    while (is_digit(peek())) ++at_;
    return text_.substr(start, at_ - start);
  }
  void blanks() {
    while (peek() == ' ' || peek() == '\t') ++at_;
  }
  std::string rest() const { return text_.substr(std::min(at_, text_.size())); }
  std::size_t at() const { return at_; }
  void back_to(std::size_t at) { at_ = at; }

 private:
  const std::string& text_;
  std::size_t at_ = 0;
};

/// '-' and the minus sign of typesetters, '+'.
double take_sign(Cursor& cursor) {
  if (cursor.take('-') || cursor.take("\u2212") || cursor.take("\u2013")) return -1;
  cursor.take('+');
  return 1;
}

/// Takes a separator of groups of three digits if exactly three digits follow it.
bool take_group(Cursor& cursor, Decimals decimals, std::string& digits) {
  static const std::vector<std::string> always = {"'", "\u2019", "\u00a0", "\u2009", "\u202f", " "};
  const std::size_t start = cursor.at();
  bool separated = cursor.take(decimals == Decimals::point ? ',' : '.');
  for (std::size_t k = 0; !separated && k < always.size(); ++k) separated = cursor.take(always[k]);
  if (separated) {
    const std::string group = cursor.digits();
    if (group.size() == 3) {
      digits += group;
      return true;
    }
  }
  cursor.back_to(start);
  return false;
}

/// Days since 1970-01-01 (H. Hinnant, "chrono-compatible low-level date algorithms").
long days_from_civil(long year, long month, long day) {
  year -= month <= 2 ? 1 : 0;
  const long era = (year >= 0 ? year : year - 399) / 400, of_era = year - era * 400;
  const long of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

std::optional<long> whole(const std::string& digits) {
  long value = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return read.ec == std::errc() && digits.size() < 10 ? std::optional<long>(value) : std::nullopt;
}

/// "03.5" behind a colon: seconds with their fraction.
std::optional<double> seconds_part(Cursor& cursor) {
  std::string digits = cursor.digits();
  if (digits.empty() || digits.size() > 2) return std::nullopt;
  const std::size_t mark = cursor.at();
  if (cursor.take('.') || cursor.take(',')) {
    const std::string fraction = cursor.digits();
    if (fraction.empty()) cursor.back_to(mark);
    digits += "." + fraction;
  }
  double value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value < 60 ? std::optional<double>(value) : std::nullopt;
}

/// Number of the month that a word names in English, from 1.
std::optional<long> month_of(std::string word) {
  static const std::array<const char*, 12> names = {"jan", "feb", "mar", "apr", "may", "jun",
                                                    "jul", "aug", "sep", "oct", "nov", "dec"};
  for (char& c : word) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  for (std::size_t k = 0; k < names.size(); ++k)
    if (word.size() >= 3 && word.compare(0, 3, names[k]) == 0) return static_cast<long>(k + 1);
  return std::nullopt;
}

struct Day {
  long year, month, day;
};

std::optional<Day> take_day(Cursor& cursor, DateOrder order) {
  std::array<std::string, 3> parts;
  char separator = '\0';
  for (std::size_t k = 0; k < 3; ++k) {
    parts[k] = cursor.digits();
    if (parts[k].empty() && k == 1) {  // the month as a word
      std::string word;
      while (std::isalpha(static_cast<unsigned char>(cursor.peek()))) {
        word += cursor.peek();
        cursor.take(cursor.peek());
      }
      const auto month = month_of(word);
      if (!month) return std::nullopt;
      parts[k] = std::to_string(*month);
      order = DateOrder::day_first;
    }
    if (parts[k].empty()) return std::nullopt;
    if (k == 2) break;
    const char here = cursor.peek();
    if (std::string("-/. ").find(here) == std::string::npos || (k == 1 && here != separator)) return std::nullopt;
    separator = here;
    cursor.take(here);
  }
  const auto first = whole(parts[0]), second = whole(parts[1]), third = whole(parts[2]);
  if (!first || !second || !third) return std::nullopt;
  Day day{*third, *second, *first};
  if (parts[0].size() == 4)
    day = {*first, *second, *third};
  else if (order == DateOrder::month_first && separator != '.')
    day = {*third, *first, *second};
  if (day.year < 100) day.year += 2000;
  const bool real = day.month >= 1 && day.month <= 12 && day.day >= 1 && day.day <= 31 && day.year < 10000;
  return real ? std::optional<Day>(day) : std::nullopt;
}

/// "10:00", "10:00:00.5", "1:00:00 PM" [s]
std::optional<double> take_time_of_day(Cursor& cursor) {
  const auto hours = whole(cursor.digits());
  if (!hours || *hours > 24 || !cursor.take(':')) return std::nullopt;
  const std::string minute_digits = cursor.digits();
  const auto minutes = whole(minute_digits);
  if (!minutes || *minutes > 59 || minute_digits.size() != 2) return std::nullopt;
  double seconds = 0;
  if (cursor.take(':')) {
    const auto part = seconds_part(cursor);
    if (!part) return std::nullopt;
    seconds = *part;
  }
  cursor.blanks();
  long hour = *hours;
  const bool morning = cursor.take("AM") || cursor.take("am"),
             evening = !morning && (cursor.take("PM") || cursor.take("pm"));
  if ((morning || evening) && (hour < 1 || hour > 12)) return std::nullopt;
  if (morning || evening) hour = hour % 12 + (evening ? 12 : 0);
  return 3600.0 * static_cast<double>(hour) + 60.0 * static_cast<double>(*minutes) + seconds;
}

/// "Z", "+02:00", "-0530" [s]
std::optional<double> take_zone(Cursor& cursor) {
  if (cursor.done() || cursor.take('Z') || cursor.take("UTC")) return 0.0;
  const bool west = cursor.peek() == '-';
  if (!cursor.take('-') && !cursor.take('+')) return std::nullopt;
  std::string digits = cursor.digits();
  if (digits.size() == 2) digits += cursor.take(':') ? cursor.digits() : "00";
  if (digits.size() != 4) return std::nullopt;
  const double offset =
      3600.0 * static_cast<double>(*whole(digits.substr(0, 2))) + 60.0 * static_cast<double>(*whole(digits.substr(2)));
  return west ? -offset : offset;
}

}  // namespace

std::optional<SheetNumber> read_sheet_number(const std::string& cell, Decimals decimals) {
  Cursor cursor(cell);
  const double sign = take_sign(cursor);
  std::string digits = cursor.digits();
  const bool may_group = !digits.empty() && digits.size() <= 3 && digits[0] != '0';
  while (may_group && take_group(cursor, decimals, digits)) {
  }
  std::string fraction;
  if (cursor.take(decimals == Decimals::point ? '.' : ',')) {
    fraction = cursor.digits();
    if (fraction.empty() && digits.empty()) return std::nullopt;
  }
  if (digits.empty() && fraction.empty()) return std::nullopt;
  std::string plain = (digits.empty() ? "0" : digits) + "." + (fraction.empty() ? "0" : fraction);
  const std::size_t before = cursor.at();
  if (cursor.take('e') || cursor.take('E') || cursor.take('d') || cursor.take('D')) {
    std::string exponent;
    if (cursor.take('-'))
      exponent = "-";
    else
      cursor.take('+');
    const std::string power = cursor.digits();
    if (power.empty())
      cursor.back_to(before);  // the beginning of a unit
    else
      plain += "e" + exponent + power;
  }
  double value = 0;
  const auto read = std::from_chars(plain.data(), plain.data() + plain.size(), value);
  if (read.ec != std::errc() || !std::isfinite(value)) return std::nullopt;
  cursor.blanks();
  // A separator or a digit that is left over says that this was no number of this kind.
  const char next = cursor.peek();
  if (next == '.' || next == ',' || next == '\'' || next == ':' || is_digit(next)) return std::nullopt;
  return SheetNumber{sign * value, cursor.rest()};
}

std::optional<double> read_clock(const std::string& cell, ClockForm form) {
  Cursor cursor(cell);
  const double sign = take_sign(cursor);
  std::string first = cursor.digits();
  double days = 0;
  if (first.empty()) return std::nullopt;
  if (cursor.peek() != ':') {  // days, then the clock
    if (!whole(first)) return std::nullopt;
    days = static_cast<double>(*whole(first));
    cursor.blanks();
    for (const char* mark : {"days", "day", "d", "D", "-", ".", ","})
      if (cursor.take(std::string(mark))) break;
    cursor.blanks();
    first = cursor.digits();
  }
  const auto leading = whole(first);
  if (!leading || !cursor.take(':')) return std::nullopt;
  const std::size_t mark = cursor.at();
  const std::string middle = cursor.digits();
  double seconds = 0;
  if (cursor.peek() == ':') {
    const auto minutes = whole(middle);
    cursor.take(':');
    const auto part = seconds_part(cursor);
    if (!minutes || *minutes > 59 || middle.size() > 2 || !part) return std::nullopt;
    seconds = 3600.0 * static_cast<double>(*leading) + 60.0 * static_cast<double>(*minutes) + *part;
  } else {
    cursor.back_to(mark);
    const auto part = seconds_part(cursor);  // minutes, where the form says so
    if (form == ClockForm::unknown || !part) return std::nullopt;
    seconds = (60.0 * static_cast<double>(*leading) + *part) * (form == ClockForm::hours_minutes ? 60 : 1);
  }
  cursor.blanks();
  return cursor.done() ? std::optional<double>(sign * (86400 * days + seconds)) : std::nullopt;
}

std::optional<double> read_date(const std::string& cell, DateOrder order) {
  Cursor cursor(cell);
  const auto day = take_day(cursor, order);
  if (!day) return std::nullopt;
  if (!cursor.take('T')) cursor.take(',');
  cursor.blanks();
  const auto time = take_time_of_day(cursor);
  if (!time) return std::nullopt;
  const auto zone = take_zone(cursor);
  cursor.blanks();
  if (!zone || !cursor.done()) return std::nullopt;
  return 86400.0 * static_cast<double>(days_from_civil(day->year, day->month, day->day)) + *time - *zone;
}

}  // namespace porelith
