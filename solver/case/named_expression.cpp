#include "solver/case/named_expression.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "solver/base/error.hpp"
#include "solver/case/expression.hpp"

namespace porelith {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

bool is_function(const std::string& name) {
  const auto& functions = expression_functions();
  return std::find(functions.begin(), functions.end(), name) != functions.end();
}

/// A stretch of an expression: a name, or whatever stands between names.
struct Piece {
  std::size_t from = 0, size = 0;
  bool is_name = false;
};

/// Just behind the number that starts here.
std::size_t behind_number(const std::string& text, std::size_t at) {
  while (at < text.size() && (is_digit(text[at]) || text[at] == '.')) ++at;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    std::size_t exponent = at + 1;
    if (exponent < text.size() && (text[exponent] == '+' || text[exponent] == '-')) ++exponent;
    if (exponent < text.size() && is_digit(text[exponent])) {
      at = exponent;
      while (at < text.size() && is_digit(text[at])) ++at;
    }
  }
  return at;
}

std::vector<Piece> pieces_of(const std::string& text) {
  std::vector<Piece> pieces;
  std::size_t at = 0, rest = 0;  // where what is no name began
  while (at < text.size()) {
    if (is_digit(text[at]) || text[at] == '.') {
      at = behind_number(text, at);
    } else if (is_letter(text[at])) {
      std::size_t end = at;
      while (end < text.size() && (is_letter(text[end]) || is_digit(text[end]))) ++end;
      if (!is_function(text.substr(at, end - at))) {
        if (at > rest) pieces.push_back({rest, at - rest, false});
        pieces.push_back({at, end - at, true});
        rest = end;
      }
      at = end;
    } else {
      ++at;
    }
  }
  if (text.size() > rest) pieces.push_back({rest, text.size() - rest, false});
  return pieces;
}

[[noreturn]] void unknown_name(const std::string& name, std::size_t at, const std::vector<std::string>& known) {
  std::vector<std::string> candidates = known;
  for (const auto& function : expression_functions()) candidates.push_back(function);
  const std::string near = name.size() > 1 ? nearest_name(name, candidates) : "";
  const std::string help = near.empty() ? fmt::format("an expression may use {} here", fmt::join(known, ", "))
                                        : fmt::format("did you mean {}?", near);
  throw std::invalid_argument(fmt::format("column {}: {} is not known here; {}", at + 1, name.substr(0, 40), help));
}

/// What an expression computes: value and slope along one name.
struct ValueAndSlope {
  double value, slope;
};

ValueAndSlope compute(const std::string& expression, const std::map<std::string, double>& names,
                      const std::string* along) {
  std::string text;
  double x = 0;
  for (const Piece& piece : pieces_of(expression)) {
    const std::string part = expression.substr(piece.from, piece.size);
    if (!piece.is_name) {
      text += part;
      continue;
    }
    const auto found = names.find(part);
    if (found == names.end()) {
      std::vector<std::string> known;
      for (const auto& [name, value] : names) known.push_back(name);
      unknown_name(part, piece.from, known);
    }
    if (!std::isfinite(found->second)) return {not_a_number, not_a_number};
    if (along != nullptr && part == *along) {
      x = found->second;
      text += "x";
    } else {
      fmt::format_to(std::back_inserter(text), "({})", found->second);  // shortest text that reads back the same
    }
  }
  try {
    const CompiledExpression compiled = compile_expression(text);
    if (compiled.tape.is_constant()) return {compiled.tape.constant(), 0};
    double value, slope;
    compiled.tape.evaluate(1, &x, &value, &slope);
    return {std::isfinite(value) ? value : not_a_number, std::isfinite(slope) ? slope : not_a_number};
  } catch (const ExpressionError&) {
    std::vector<std::string> known;
    for (const auto& [name, value] : names) known.push_back(name);
    check_expression(expression, known);
    return {not_a_number, not_a_number};  // well written: some part is not finite at these numbers
  }
}

}  // namespace

double evaluate_expression(const std::string& expression, const std::map<std::string, double>& names) {
  return compute(expression, names, nullptr).value;
}

double expression_slope(const std::string& expression, const std::map<std::string, double>& names,
                        const std::string& name) {
  return compute(expression, names, &name).slope;
}

std::vector<std::string> names_in(const std::string& expression) {
  std::vector<std::string> names;
  for (const Piece& piece : pieces_of(expression)) {
    const std::string part = expression.substr(piece.from, piece.size);
    if (piece.is_name && std::find(names.begin(), names.end(), part) == names.end()) names.push_back(part);
  }
  return names;
}

void check_expression(const std::string& expression, const std::vector<std::string>& known) {
  std::string text = expression;  // every name becomes x and blanks, so that columns stay
  for (const Piece& piece : pieces_of(expression)) {
    if (!piece.is_name) continue;
    const std::string name = expression.substr(piece.from, piece.size);
    if (std::find(known.begin(), known.end(), name) == known.end()) unknown_name(name, piece.from, known);
    text.replace(piece.from, piece.size, "x" + std::string(piece.size - 1, ' '));
  }
  try {
    compile_expression(text);
  } catch (const NotFiniteError& error) {  // with names it may be finite: 1/(n1 - n2)
    if (names_in(expression).empty()) throw std::invalid_argument(error.what());
  } catch (const ExpressionError& error) {
    throw std::invalid_argument(fmt::format("column {}: {}", error.column, error.what()));
  }
}

bool is_variable_name(const std::string& name) {
  if (name.empty() || is_digit(name[0]) || is_function(name)) return false;
  return std::all_of(name.begin(), name.end(), [](char c) { return is_letter(c) || is_digit(c); });
}

}  // namespace porelith
