#pragma once
/// Expressions in `x` as BPX writes them. Nothing but a value can come out: no names but `x`, no assignment, no
/// conditions.
///
///     sum    = term  { ("+" | "-") term }
///     term   = sign  { ("*" | "/") sign }
///     sign   = { "+" | "-" } power
///     power  = atom [ "**" sign ]                     right-associative; binds tighter than a sign on its left
///     atom   = number | "x" | name "(" sum { "," sum } ")" | "(" sum ")"
///     number = digits [ "." [ digits ] ] [ exponent ] | "." digits [ exponent ],  exponent = ("e" | "E") [sign] digits
///
/// Functions: exp tanh cosh (BPX); sinh sqrt log log10 sin cos atan erf abs min(a, b) max(a, b) pow(a, b) (ours too).
/// Blanks, tabs and line ends may stand anywhere between these.
#include <stdexcept>
#include <string>
#include <vector>

#include "solver/case/tape.hpp"

namespace porelith {

/// What is wrong with an expression, in one sentence, and the column (from 1) at which it shows.
class ExpressionError : public std::runtime_error {
 public:
  ExpressionError(const std::string& sentence, int at_column) : std::runtime_error(sentence), column(at_column) {}
  int column;
};

/// Well written so far, but a part made of numbers alone is not finite: "1/0".
class NotFiniteError : public ExpressionError {
 public:
  using ExpressionError::ExpressionError;
};

struct CompiledExpression {
  Tape tape;
  std::vector<std::string> beyond_bpx;  ///< functions used that other BPX readers may not know, each once
};

/// @throws ExpressionError
CompiledExpression compile_expression(const std::string& text);

/// The names of the functions, as they are written.
const std::vector<std::string>& expression_functions();

}  // namespace porelith
