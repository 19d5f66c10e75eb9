#include "solver/text/units.hpp"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>
#include <sstream>
#include <utility>
#include <vector>

#include "solver/base/constants.hpp"
#include "solver/base/error.hpp"

namespace porelith {
namespace {

/// A unit as a power product: factor times kg, m, s, A, K, mol, rad, byte to whole powers.
struct Power {
  double factor = 1;
  std::array<int, 8> exponents{};
};

struct Symbol {
  const char* name;
  bool takes_prefix;
  Power power;
};

Power bytes(double factor) { return {factor, {0, 0, 0, 0, 0, 0, 0, 1}}; }

const std::vector<Symbol>& symbols() {
  static const std::vector<Symbol> list = {
      {"1", false, {1, {0, 0, 0, 0, 0, 0}}},
      {"%", false, {0.01, {0, 0, 0, 0, 0, 0}}},
      {"m", true, {1, {0, 1, 0, 0, 0, 0}}},
      {"g", true, {1e-3, {1, 0, 0, 0, 0, 0}}},
      {"s", true, {1, {0, 0, 1, 0, 0, 0}}},
      {"min", false, {60, {0, 0, 1, 0, 0, 0}}},
      {"h", false, {3600, {0, 0, 1, 0, 0, 0}}},
      {"d", false, {86400, {0, 0, 1, 0, 0, 0}}},
      {"A", true, {1, {0, 0, 0, 1, 0, 0}}},
      {"K", true, {1, {0, 0, 0, 0, 1, 0}}},
      {"mol", true, {1, {0, 0, 0, 0, 0, 1}}},
      {"L", true, {1e-3, {0, 3, 0, 0, 0, 0}}},
      {"l", true, {1e-3, {0, 3, 0, 0, 0, 0}}},
      {"J", true, {1, {1, 2, -2, 0, 0, 0}}},
      {"W", true, {1, {1, 2, -3, 0, 0, 0}}},
      {"V", true, {1, {1, 2, -3, -1, 0, 0}}},
      {"S", true, {1, {-1, -2, 3, 2, 0, 0}}},
      {"ohm", true, {1, {1, 2, -3, -2, 0, 0}}},
      {"rad", false, {1, {0, 0, 0, 0, 0, 0, 1}}},
      {"deg", false, {3.14159265358979323846 / 180, {0, 0, 0, 0, 0, 0, 1}}},
      {"Ah", true, {3600, {0, 0, 1, 1, 0, 0}}},
      {"Wh", true, {3600, {1, 2, -2, 0, 0, 0}}},
      {"B", false, bytes(1)},
      {"kB", false, bytes(1e3)},
      {"MB", false, bytes(1e6)},
      {"GB", false, bytes(1e9)},
      {"KiB", false, bytes(0x1p10)},
      {"MiB", false, bytes(0x1p20)},
      {"GiB", false, bytes(0x1p30)},
      {"TiB", false, bytes(0x1p40)},
  };
  return list;
}

std::optional<Power> read_symbol(const std::string& name) {
  static const std::vector<std::pair<char, double>> prefixes = {{'n', 1e-9}, {'u', 1e-6}, {'m', 1e-3}, {'c', 1e-2},
                                                                {'d', 1e-1}, {'k', 1e3},  {'M', 1e6}};
  for (const Symbol& symbol : symbols()) {
    if (name == symbol.name) return symbol.power;
  }
  for (const Symbol& symbol : symbols()) {
    if (!symbol.takes_prefix || name.size() < 2 || name.substr(1) != symbol.name) continue;
    for (const auto& [letter, factor] : prefixes) {
      if (name[0] == letter) return Power{factor * symbol.power.factor, symbol.power.exponents};
    }
  }
  return std::nullopt;
}

/// The signs that people type or paste for the same thing.
std::string in_plain_letters(std::string text) {
  static const std::vector<std::pair<std::string, std::string>> same = {
      {"\u00b5", "u"}, {"\u03bc", "u"}, {"\u00b0C", "degC"}, {"\u00b2", "2"},
      {"\u00b3", "3"}, {"\u00b7", "."}, {"\u03a9", "ohm"}};
  for (const auto& [sign, plain] : same) {
    for (std::size_t at = text.find(sign); at != std::string::npos; at = text.find(sign))
      text.replace(at, sign.size(), plain);
  }
  return text;
}

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t");
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// "mol.m-3", "mol/m3", "A h", "m^2/s". @throws UnitError naming the part that is not a unit
Power read_unit(const std::string& text) {
  Power product;
  bool inverse = false;
  std::size_t i = 0;
  while (i < text.size()) {
    const std::size_t start = i;
    while (i < text.size() && (std::isalpha(static_cast<unsigned char>(text[i])) || text[i] == '%')) ++i;
    if (i == start && text[i] == '1') ++i;
    const std::string name = text.substr(start, i - start);
    const auto symbol = read_symbol(name);
    if (!symbol) throw UnitError(fmt::format("{} is not a known unit", name.empty() ? text : name));

    const bool hat = i < text.size() && text[i] == '^';
    if (hat) ++i;
    int exponent = 1;
    const auto number = std::from_chars(text.data() + i, text.data() + text.size(), exponent);
    const bool has_exponent = number.ec == std::errc();
    if (has_exponent) i = static_cast<std::size_t>(number.ptr - text.data());
    const bool too_large = number.ec == std::errc::result_out_of_range || std::abs(exponent) > 9;
    if (too_large || (hat && !has_exponent)) throw UnitError(text + " is not a known unit");
    if (inverse) exponent = -exponent;
    product.factor *= std::pow(symbol->factor, exponent);
    for (std::size_t k = 0; k < product.exponents.size(); ++k) product.exponents[k] += exponent * symbol->exponents[k];

    inverse = false;
    while (i < text.size() && std::string(" .*/").find(text[i]) != std::string::npos) inverse |= text[i++] == '/';
    if (i == text.size() && text.find_last_of("./*") == text.size() - 1) throw UnitError(text + " is not a known unit");
  }
  return product;
}

/// The number at the front of a text and what follows it, both ends trimmed; nothing if there is no number in front.
std::optional<std::pair<double, std::string>> split_number(const std::string& text) {
  const std::string all = trimmed(text);
  const std::size_t sign = !all.empty() && (all[0] == '+' || all[0] == '-') ? 1 : 0;
  if (all.size() == sign || (!std::isdigit(static_cast<unsigned char>(all[sign])) && all[sign] != '.'))
    return std::nullopt;
  double value = 0;
  const auto read = std::from_chars(all.data() + sign, all.data() + all.size(), value);
  if (read.ec != std::errc()) return std::nullopt;
  if (all[0] == '-') value = -value;
  return std::make_pair(value, trimmed(std::string(read.ptr, all.data() + all.size())));
}

/// value times factor; a power of ten moves the decimal point instead, so that 112.4 um is the same bits as 0.0001124.
double scaled(double value, double factor) {
  const double exponent = std::round(std::log10(factor));
  std::string digits = fmt::format("{}", value);
  if (std::abs(factor / std::pow(10, exponent) - 1) > 1e-12 || digits.find('e') != std::string::npos)
    return value * factor;
  digits += fmt::format("e{:.0f}", exponent);
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

std::string possible(const Unit& unit) { return fmt::format("possible units of {}: {}", unit.what, unit.usual); }

std::vector<std::string> usual_names(const Unit& unit) {
  std::vector<std::string> names;
  for (std::size_t from = 0; from < unit.usual.size();) {
    const std::size_t comma = std::min(unit.usual.find(", ", from), unit.usual.size());
    names.push_back(unit.usual.substr(from, comma - from));
    from = comma + 2;
  }
  return names;
}

}  // namespace

double read_quantity(const std::string& text, const Unit& unit) {
  const auto split = split_number(in_plain_letters(text));
  if (!split) throw UnitError("is not a number with a unit; " + possible(unit));
  const auto& [value, written] = *split;
  if (written.empty()) {
    throw UnitError(fmt::format("has no unit; write the number without quotes to mean {}, or add one; {}", unit.symbol,
                                possible(unit)));
  }
  if (written == "degC" && unit.symbol == "K") return value + zero_celsius;
  Power power;
  try {
    power = written == "degC" ? read_symbol("K").value() : read_unit(written);
  } catch (const UnitError& error) {
    const std::string near = nearest_name(written, usual_names(unit));
    throw UnitError(fmt::format("cannot be read: {}{}; {}", error.what(),
                                near.empty() ? "" : ". Did you mean " + near + "?", possible(unit)));
  }
  const Power wanted = read_unit(unit.symbol);
  if (power.exponents != wanted.exponents) {
    throw UnitError(fmt::format("has the wrong unit: {} does not measure {}; {}", written, unit.what, possible(unit)));
  }
  return scaled(value, power.factor / wanted.factor);
}

double Rate::amperes(double nominal_capacity, double area) const {
  switch (kind) {
    case Kind::c_rate:
      return value * nominal_capacity;
    case Kind::per_area:
      return value * area;
    case Kind::ampere:
      break;
  }
  return value;
}

Rate read_rate(const std::string& text) {
  const std::string plain = trimmed(in_plain_letters(text));
  auto split = split_number(plain);
  if (!split && !plain.empty()) {  // C/20, -C/20
    const bool negative = plain[0] == '-', sign = negative || plain[0] == '+';
    const std::string rest = trimmed(plain.substr(sign ? 1 : 0));
    if (!rest.empty() && rest[0] == 'C') split = std::make_pair(negative ? -1.0 : 1.0, rest);
  }
  if (split && !split->second.empty() && split->second[0] == 'C') {
    const std::string rest = trimmed(split->second.substr(1));
    if (rest.empty()) return {split->first, Rate::Kind::c_rate, plain};
    const auto divisor = rest[0] == '/' ? split_number(rest.substr(1)) : std::nullopt;
    if (divisor && divisor->second.empty() && divisor->first > 0)
      return {split->first / divisor->first, Rate::Kind::c_rate, plain};
    throw UnitError("is not a C-rate; write 1C, 0.5C or C/20");
  }
  static const Unit density{"A.m-2", "current", unit::ampere.usual};
  try {
    return {read_quantity(plain, density), Rate::Kind::per_area, plain};
  } catch (const UnitError&) {  // then it must be a plain current, and that sentence is the one to tell
    return {read_quantity(plain, unit::ampere), Rate::Kind::ampere, plain};
  }
}

std::string spoken_unit(const std::string& symbol) {
  if (symbol == "1") return "";
  std::string above, below;
  std::stringstream parts(symbol);
  for (std::string part; std::getline(parts, part, '.');) {
    const std::size_t minus = part.find('-');
    std::string& side = minus == std::string::npos ? above : below;
    if (!side.empty()) side += minus == std::string::npos ? "." : "/";
    if (minus != std::string::npos)
      part = part.substr(0, minus) + (part.substr(minus) == "-1" ? "" : part.substr(minus + 1));
    side += part;
  }
  return below.empty() ? above : (above.empty() ? "1" : above) + "/" + below;
}

}  // namespace porelith
