#include "solver/text/named_expression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace porelith {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

bool is_function(const std::string& name) {
  const auto& functions = expression_functions();
  return std::find(functions.begin(), functions.end(), name) != functions.end();
}

/// Those definitions that can be read in these names.
std::vector<Definition> definitions_in(const std::vector<std::string>& names, const NamedTexts& let) {
  std::vector<Definition> known;
  for (const auto& [name, text] : let) try {
      known.push_back({name, parse_expression(text, names, known)});
    } catch (const ExpressionError&) {  // whoever uses it is told that it is not known
    }
  return known;
}

Tape compiled(const std::string& text, const std::vector<std::string>& names, const NamedTexts& let) {
  try {
    return compile_expression(text, names, NowhereFinite::not_a_number, definitions_in(names, let)).tape;
  } catch (const ExpressionError& error) {
    throw std::invalid_argument(fmt::format("column {}: {}", error.column, error.what()));
  }
}

}  // namespace

NamedExpression::NamedExpression(std::string text, const std::vector<std::string>& names, const NamedTexts& let)
    : text_(std::move(text)), tape_(compiled(text_, names, let)) {}

namespace {

/// The words of an expression that are no function.
std::vector<std::string> words_in(const std::string& expression) {
  std::vector<std::string> names;
  for (std::size_t at = 0; at < expression.size();) {
    const bool number = is_digit(expression[at]) || expression[at] == '.';
    if (!number && !is_letter(expression[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;  // the e of 2e3 belongs to the number
    while (end < expression.size() &&
           (is_letter(expression[end]) || is_digit(expression[end]) || expression[end] == '.'))
      ++end;
    const std::string word = expression.substr(at, end - at);
    at = end;
    if (!number && !is_function(word) && std::find(names.begin(), names.end(), word) == names.end())
      names.push_back(word);
  }
  return names;
}

}  // namespace

std::vector<std::string> names_in(const std::string& expression, const NamedTexts& let) {
  std::vector<std::string> names;
  for (const std::string& word : words_in(expression)) {
    const auto defined = std::find_if(let.begin(), let.end(), [&](const auto& l) { return l.first == word; });
    const std::vector<std::string> inside =
        defined == let.end() ? std::vector<std::string>{word} : names_in(defined->second, {let.begin(), defined});
    for (const std::string& name : inside)
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

void check_expression(const std::string& expression, const std::vector<std::string>& known, const NamedTexts& let) {
  NamedExpression(expression, known, let);
}

bool is_variable_name(const std::string& name) {
  if (name.empty() || is_digit(name[0]) || is_function(name)) return false;
  return std::all_of(name.begin(), name.end(), [](char c) { return is_letter(c) || is_digit(c); });
}

}  // namespace porelith
