#include "solver/case/column_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <vector>

namespace porelith {

namespace {

std::string lower_case(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t");
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Letters and digits alone, others than ASCII's kept.
std::string bare(const std::string& text) {
  std::string name;
  for (const char c : lower_case(text))
    if (std::isalnum(static_cast<unsigned char>(c)) || static_cast<unsigned char>(c) >= 0x80) name += c;
  return name;
}

const std::map<std::string, std::string>& spellings(Measured measured) {
  static const std::map<std::string, std::string> time = {
      {"sec", "s"},           {"secs", "s"},      {"second", "s"},   {"seconds", "s"},   {"msec", "ms"},
      {"milliseconds", "ms"}, {"mins", "min"},    {"minute", "min"}, {"minutes", "min"}, {"hr", "h"},
      {"hrs", "h"},           {"hour", "h"},      {"hours", "h"},    {"day", "d"},       {"days", "d"},
      {"sekunden", "s"},      {"minuten", "min"}, {"stunden", "h"},  {"usec", "us"},     {"s", "s"},
      {"ms", "ms"},           {"min", "min"},     {"h", "h"},        {"d", "d"}};
  static const std::map<std::string, std::string> current = {
      {"amp", "A"},     {"amps", "A"},       {"ampere", "A"},
      {"amperes", "A"}, {"milliamps", "mA"}, {"milliampere", "mA"},
      {"a", "A"},       {"ma", "mA"},        {"ka", "kA"},
      {"ua", "uA"},     {"c", "C"},          {"c-rate", "C"},
      {"crate", "C"},   {"1/h", "C"},        {"h-1", "C"},
      {"h^-1", "C"},    {"-", "C"},          {"1", "C"},
      {"a/m2", "A/m2"}, {"a/cm2", "A/cm2"},  {"ma/cm2", "mA/cm2"}};
  static const std::map<std::string, std::string> voltage = {
      {"volt", "V"}, {"volts", "V"}, {"v", "V"}, {"mv", "mV"}, {"millivolts", "mV"}};
  static const std::map<std::string, std::string> power = {
      {"watt", "W"}, {"watts", "W"}, {"w", "W"}, {"mw", "mW"}, {"kw", "kW"}, {"milliwatts", "mW"}, {"kilowatts", "kW"}};
  return measured == Measured::time      ? time
         : measured == Measured::current ? current
         : measured == Measured::voltage ? voltage
                                         : power;
}

const Unit& unit_of(Measured measured) {
  return measured == Measured::time      ? unit::second
         : measured == Measured::current ? unit::ampere
         : measured == Measured::voltage ? unit::volt
                                         : unit::watt;
}

/// "hh:mm:ss.sss", "h:min:s.ms", "d hh:mm:ss", "mm:ss", "HH:MM".
std::optional<ColumnUnit> read_clock_format(const std::string& unit) {
  std::string plain = lower_case(unit), letters;
  for (const char* word : {"min", "sec"})
    for (std::size_t at = plain.find(word); at != std::string::npos; at = plain.find(word)) plain.erase(at + 1, 2);
  for (const char c : plain) {
    if (std::string("dhms:. ,-").find(c) == std::string::npos) return std::nullopt;
    if (letters.empty() || letters.back() != c) letters += c;
  }
  if (letters.find(':') == std::string::npos) return std::nullopt;
  ColumnUnit clock;
  clock.is_clock = true;
  if (letters == "h:m") clock.clock = ClockForm::hours_minutes;
  if (letters.rfind("m:s", 0) == 0) clock.clock = ClockForm::minutes_seconds;
  return clock;
}

/// Titles that say a quantity outright.
const std::vector<std::string>& names(Measured measured) {
  static const std::vector<std::string> time = {
      "time",     "t",           "testtime",    "totaltime",       "elapsedtime",    "elapsed",     "timeelapsed",
      "runtime",  "runningtime", "timetotal",   "measurementtime", "relativetime",   "reltime",     "cumulativetime",
      "zeit",     "gesamtzeit",  "laufzeit",    "temps",           "tiempo",         "tempo",       "seconds",
      "testzeit", "progtime",    "programtime", "recordtime",      "experimenttime", "timeseconds", "cycletime"};
  static const std::vector<std::string> current = {"current",
                                                   "i",
                                                   "icell",
                                                   "cellcurrent",
                                                   "appliedcurrent",
                                                   "currentapplied",
                                                   "averagecurrent",
                                                   "currentaverage",
                                                   "iavg",
                                                   "measuredcurrent",
                                                   "batterycurrent",
                                                   "loadcurrent",
                                                   "currentdensity",
                                                   "j",
                                                   "crate",
                                                   "rate",
                                                   "strom",
                                                   "stromstärke",
                                                   "courant",
                                                   "corriente",
                                                   "amps",
                                                   "amperes",
                                                   "ampere",
                                                   "dischargecurrent",
                                                   "chargecurrent",
                                                   "currentdischarge",
                                                   "currentcharge",
                                                   "iapp",
                                                   "icharge",
                                                   "idischarge",
                                                   "im",
                                                   "stromdichte",
                                                   "totalcurrent"};
  static const std::vector<std::string> voltage = {
      "voltage",     "u",           "v",         "e",        "ewe",     "ecell", "vcell",           "ucell",
      "cellvoltage", "voltagecell", "potential", "spannung", "tension", "volts", "terminalvoltage", "cellpotential",
      "ewecell",     "zellspannung"};
  static const std::vector<std::string> power = {"power",      "p",     "pcell",        "cellpower", "leistung",
                                                 "puissance",  "watts", "appliedpower", "loadpower", "dischargepower",
                                                 "chargepower"};
  return measured == Measured::time      ? time
         : measured == Measured::current ? current
         : measured == Measured::voltage ? voltage
                                         : power;
}

/// Of those the ones to prefer: times of the whole test, plain currents.
const std::vector<std::string>& best_names(Measured measured) {
  static const std::vector<std::string> time = {"testtime",    "totaltime", "elapsedtime", "elapsed",
                                                "timeelapsed", "timetotal", "gesamtzeit",  "testzeit"};
  static const std::vector<std::string> current = {"current", "i", "icell", "cellcurrent", "strom"};
  static const std::vector<std::string> none;
  return measured == Measured::time ? time : measured == Measured::current ? current : none;
}

bool has(const std::string& text, const std::vector<const char*>& words) {
  return std::any_of(words.begin(), words.end(), [&](const char* w) { return text.find(w) != std::string::npos; });
}

/// Whether a title is nothing but a unit. "C" is a temperature's as well.
bool is_bare_unit(const std::string& title, Measured measured) {
  const std::vector<std::string> short_ones = {"s", "h", "ms", "A", "mA", "mV", "W", "kW", "mW"};
  return (title.size() > 2 || std::find(short_ones.begin(), short_ones.end(), title) != short_ones.end()) &&
         is_unit(title, measured);
}

/// What follows the last separators of a title, if that is a unit: "mA" of "Current_mA", "A/m2" of "j_A_m2" and of
/// "j_A_per_m2", the longest first. With where the separator stands.
std::pair<std::string, std::size_t> unit_at_end(const std::string& title, Measured measured) {
  constexpr const char* separators = " _,";
  std::vector<std::size_t> ends;
  for (std::size_t at = title.find_last_of(separators); ends.size() < 3 && at != std::string::npos && at > 0;
       at = title.find_last_of(separators, at - 1))
    ends.push_back(at);
  for (auto end = ends.rbegin(); end != ends.rend(); ++end) {
    std::string tail = title.substr(*end + 1);
    if (is_unit(tail, measured)) return {tail, *end};
    for (const char* per : {"_per_", " per "})
      if (const auto at = tail.find(per); at != std::string::npos) tail.replace(at, 5, "/");
    std::replace(tail.begin(), tail.end(), '_', '/');
    if (is_unit(tail, measured)) return {tail, *end};
  }
  return {"", 0};
}

}  // namespace

const char* word_of(Measured measured) { return unit_of(measured).what.c_str(); }

ColumnUnit read_column_unit(const std::string& written, Measured measured) {
  const std::string text = trimmed(written);
  const Unit& unit = unit_of(measured);
  if (measured == Measured::time) {
    if (const auto clock = read_clock_format(text)) return *clock;
  }
  const auto& known = spellings(measured);
  std::string word = lower_case(text);
  if (word.size() > 1 && word.back() == '.') word.pop_back();  // "Sec."
  const auto found = known.find(word);
  const bool mega = text.size() > 1 && text[0] == 'M' && std::isupper(static_cast<unsigned char>(text[1])) != 0;
  if (mega && measured != Measured::time)
    throw UnitError(fmt::format("{} means mega, which no cell has; write m in small for milli", text));
  const std::string plain = found != known.end() ? found->second : text;
  try {
    if (measured == Measured::current) {
      const Rate rate = read_rate("1 " + plain);
      return {rate.value, rate.kind, false, ClockForm::unknown};
    }
    return {read_quantity("1 " + plain, unit), Rate::Kind::ampere, false, ClockForm::unknown};
  } catch (const UnitError&) {
    throw UnitError(fmt::format("{} is no unit of {}; it may be {}{}", text, unit.what, unit.usual,
                                measured == Measured::time ? ", d, ms or hh:mm:ss" : ""));
  }
}

bool is_unit(const std::string& unit, Measured measured) {
  try {
    read_column_unit(unit, measured);
    return true;
  } catch (const UnitError&) {
    return false;
  }
}

ColumnTitle split_title(const std::string& title, Measured measured) {
  const std::string text = trimmed(title);
  std::string name = text, unit;
  // "Current [A]", "Current (mA), mean", "Total Time, (h:m:s)": what stands in the first brackets that hold a unit
  for (std::size_t open = text.find_first_of("[("); open != std::string::npos;
       open = text.find_first_of("[(", open + 1)) {
    const std::size_t end = text.find(text[open] == '[' ? ']' : ')', open);
    if (end == std::string::npos || open == 0) continue;
    const std::string inside = trimmed(text.substr(open + 1, end - open - 1));
    if (inside.empty() || (!unit.empty() && !is_unit(inside, measured))) continue;
    unit = inside;
    name = text.substr(0, open) + " " + text.substr(end + 1);
    if (is_unit(unit, measured)) break;
  }
  const bool known = !unit.empty() && is_unit(unit, measured);
  const auto slash = text.find('/');
  const std::string behind = slash == std::string::npos ? "" : trimmed(text.substr(slash + 1));
  if (!known && slash != std::string::npos && slash > 0 && (unit.empty() || is_unit(behind, measured))) {  // "I/mA"
    unit = behind;
    name = text.substr(0, slash);
  } else if (unit.empty() && is_bare_unit(text, measured)) {  // "Seconds", "mA"
    unit = text;
    name = word_of(measured);
  } else if (unit.empty()) {  // "Current_mA", "time, s", "Time in h"
    const auto [tail, begin] = unit_at_end(text, measured);
    if (!tail.empty()) {
      unit = tail;
      name = trimmed(text.substr(0, begin));
      if (name.size() > 3 && name.compare(name.size() - 3, 3, " in") == 0) name.resize(name.size() - 3);
    }
  }
  ColumnTitle split{bare(name), unit, Way::unsaid};
  if (name.find('<') != std::string::npos) split.name += "avg";  // EC-Lab's mean over the time since the last row
  if (split.name == "crate" && split.unit.empty()) split.unit = "C";
  if (has(split.name, {"discharg", "entlad"}))
    split.way = Way::discharge;
  else if (has(split.name, {"charg", "laden", "ladung"}))
    split.way = Way::charge;
  return split;
}

bool is_density(const ColumnTitle& title) { return has(title.name, {"density", "dichte"}) || title.name == "j"; }

int fitness(const ColumnTitle& title, Measured measured) {
  const std::string& name = title.name;
  const auto is_among = [&](const std::vector<std::string>& list) {
    return std::find(list.begin(), list.end(), name) != list.end();
  };
  if (is_among(best_names(measured))) return 4;
  if (is_among(names(measured))) return 3;
  if (measured == Measured::time && name == "test" && !title.unit.empty()) return 3;  // "Test (Sec)"
  if (measured == Measured::time) {
    if (has(name, {"datetime", "timestamp", "absolutetime", "dateandtime", "systemtime", "realtime", "dptime"}) ||
        name == "date" || name == "datum")
      return 2;
    return has(name, {"time", "zeit"}) && !has(name, {"timeout", "times"}) ? 1 : 0;
  }
  if (has(name, {"range", "max", "min", "limit", "cutoff", "step", "error", "ripple", "index", "end"})) return 0;
  switch (measured) {
    case Measured::current:
      return has(name, {"current", "strom"}) ? 1 : 0;
    case Measured::voltage:
      return has(name, {"voltage", "spannung", "potential"}) ? 1 : 0;
    default:
      return has(name, {"power", "leistung"}) ? 1 : 0;
  }
}

}  // namespace porelith
