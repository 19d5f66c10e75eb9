#pragma once
/// Expressions in several names, "energy/(1e-3 + n1)": those of expression.hpp with names where x stands there.
#include <map>
#include <string>
#include <vector>

#include "solver/text/expression.hpp"

namespace porelith {

/// An expression that is to be computed often. Immutable, safe to share between threads.
class NamedExpression {
 public:
  /// @param names what may stand in it; values are given in this order
  /// @throws std::invalid_argument what is wrong with it: "column 3: n5 is not known here; did you mean n4?"
  NamedExpression(std::string text, const std::vector<std::string>& names);

  const std::string& text() const { return text_; }
  /// NaN where it, or a part of it, is not a finite number.
  double value(const std::vector<double>& values) const;
  /// d expression / d values[k], exact; 0 if that name does not appear, NaN where it is not a finite number.
  double slope(const std::vector<double>& values, std::size_t k) const;

 private:
  std::string text_;
  std::vector<ExpressionNode> nodes_;
};

/// Value of an expression in named numbers; NaN where it is not a finite number.
/// @throws std::invalid_argument a name that is not known, or no expression at all
double evaluate_expression(const std::string& expression, const std::map<std::string, double>& names);

/// d expression / d names[name], exact; 0 if the name does not appear, NaN where it is not a finite number.
/// @throws std::invalid_argument as above
double expression_slope(const std::string& expression, const std::map<std::string, double>& names,
                        const std::string& name);

/// Names that an expression uses, each once, in order; functions are not among them.
std::vector<std::string> names_in(const std::string& expression);

/// @throws std::invalid_argument what is wrong with an expression that may use these names, as NamedExpression's
void check_expression(const std::string& expression, const std::vector<std::string>& known);

/// Whether a variable may be called this: letters, digits and _, not a digit first, not the name of a function.
bool is_variable_name(const std::string& name);

}  // namespace porelith
