#pragma once
/// Expressions in several names, "energy/(1e-3 + n1)": those of expression.hpp with names where x stands there.
#include <string>
#include <vector>

#include "solver/text/expression.hpp"

namespace porelith {

/// An expression ready to be computed. Immutable, safe to share between threads.
class NamedExpression {
 public:
  /// @param names what may stand in it; values are given in this order
  /// @throws std::invalid_argument what is wrong with it: "column 3: n5 is not known here; did you mean n4?"
  NamedExpression(std::string text, const std::vector<std::string>& names);

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

/// Names that an expression uses, each once, in order; functions are not among them.
std::vector<std::string> names_in(const std::string& expression);

/// @throws std::invalid_argument what is wrong with an expression that may use these names, as NamedExpression's
void check_expression(const std::string& expression, const std::vector<std::string>& known);

/// Whether a variable may be called this: letters, digits and _, not a digit first, not the name of a function.
bool is_variable_name(const std::string& name);

}  // namespace porelith
