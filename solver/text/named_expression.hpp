#pragma once
/// Expressions in several names, "energy/(1e-3 + n1)": those of expression.hpp with names where x stands there.
#include <string>
#include <utility>
#include <vector>

#include "solver/text/expression.hpp"

namespace porelith {

/// Names and the expressions that they stand for.
using NamedTexts = std::vector<std::pair<std::string, std::string>>;

/// An expression ready to be computed. Immutable, safe to share between threads.
class NamedExpression {
 public:
  /// @param names what may stand in it; values are given in this order
  /// @param let names that stand for expressions, each in `names` and in those before it; what is not (results, where
  /// there are none) is not known here
  /// @throws std::invalid_argument what is wrong with it: "column 3: n5 is not known here; did you mean n4?"
  NamedExpression(std::string text, const std::vector<std::string>& names, const NamedTexts& let = {});

  const std::string& text() const { return text_; }
  /// NaN where it, or a part of it, is not a finite number.
  double value(const std::vector<double>& values) const { return tape_.value(values.data()); }
  /// d expression / d values[k], exact; 0 if it does not depend on that name, NaN where it is not a finite number.
  double slope(const std::vector<double>& values, std::size_t k) const {
    return tape_.slope(values.data(), static_cast<int>(k));
  }
  /// Whether it depends on values[k].
  bool reads(std::size_t k) const { return tape_.reads(static_cast<int>(k)); }

 private:
  std::string text_;
  Tape tape_;
};

/// Names that an expression uses, each once, in order; functions are not among them. What `let` defines counts as what
/// its expression uses.
std::vector<std::string> names_in(const std::string& expression, const NamedTexts& let = {});

/// @throws std::invalid_argument what is wrong with an expression that may use these names, as NamedExpression's
void check_expression(const std::string& expression, const std::vector<std::string>& known, const NamedTexts& let = {});

/// Whether a variable may be called this: letters, digits and _, not a digit first, not the name of a function.
bool is_variable_name(const std::string& name);

}  // namespace porelith
