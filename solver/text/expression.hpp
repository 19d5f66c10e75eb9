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
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "solver/text/tape.hpp"

namespace porelith {

/// What is wrong with an expression, in one sentence, and the column (from 1) at which it shows.
class ExpressionError : public std::runtime_error {
 public:
  ExpressionError(const std::string& sentence, int at_column) : std::runtime_error(sentence), column(at_column) {}
  int column;
};

/// Well written, but a part made of numbers alone is not finite: "1/0".
class NotFiniteError : public ExpressionError {
 public:
  using ExpressionError::ExpressionError;
};

/// One operation of an expression. Operands are places in the list of nodes, always earlier ones.
struct ExpressionNode {
  enum class Kind : std::uint8_t { number, name, negate, add, subtract, multiply, divide, power, function };
  Kind kind;
  int column;          ///< where it stands, from 1
  int a = -1, b = -1;  ///< operands
  double number = 0;
  int name = 0;     ///< place in the list of names
  Op op = Op::abs;  ///< of a function
};

/// What an expression says, before anything is computed. The last node is the whole.
struct ExpressionTree {
  std::vector<ExpressionNode> nodes;
  std::vector<std::string> beyond_bpx;  ///< functions used that other BPX readers may not know, each once
};

/// A name that stands for a whole expression, in the same names as the one that uses it.
struct Definition {
  std::string name;
  ExpressionTree tree;
};

/// Reads an expression with `names`, and those of `definitions`, where the grammar says x. @throws ExpressionError
ExpressionTree parse_expression(const std::string& text, const std::vector<std::string>& names,
                                const std::vector<Definition>& definitions = {});

struct CompiledExpression {
  Tape tape;
  std::vector<std::string> beyond_bpx;  ///< functions used that other BPX readers may not know, each once
};

/// What to make of an expression in names that is a finite number nowhere, "1/(n - n)": no law, but an objective may
/// be.
enum class NowhereFinite { refused, not_a_number };

/// An expression in `names`, which are the tape's arguments in this order.
/// @throws ExpressionError; NotFiniteError for a part made of numbers alone too
CompiledExpression compile_expression(const std::string& text, const std::vector<std::string>& names = {"x"},
                                      NowhereFinite nowhere = NowhereFinite::refused,
                                      const std::vector<Definition>& definitions = {});

/// The names of the functions, as they are written.
const std::vector<std::string>& expression_functions();

}  // namespace porelith
