#include "solver/text/named_expression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace porelith {
namespace {

using Kind = ExpressionNode::Kind;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

bool is_function(const std::string& name) {
  const auto& functions = expression_functions();
  return std::find(functions.begin(), functions.end(), name) != functions.end();
}

/// Value of a node whose operands are known.
double value_at(const ExpressionNode& node, const double* known, const double* names) {
  switch (node.kind) {
    case Kind::number:
      return node.number;
    case Kind::name:
      return names[node.name];
    case Kind::negate:
      return -known[node.a];
    case Kind::add:
      return known[node.a] + known[node.b];
    case Kind::subtract:
      return known[node.a] - known[node.b];
    case Kind::multiply:
      return known[node.a] * known[node.b];
    case Kind::divide:
      return known[node.a] / known[node.b];
    case Kind::power:
      return std::pow(known[node.a], known[node.b]);
    case Kind::function:
      break;
  }
  if (node.op == Op::minimum) return std::fmin(known[node.a], known[node.b]);
  if (node.op == Op::maximum) return std::fmax(known[node.a], known[node.b]);
  return value_of(node.op, known[node.a]);
}

/// d op(a) / da, with f = op(a).
double slope_of(Op op, double a, double f) {
  switch (op) {
    case Op::exp:
      return f;
    case Op::tanh:
      return 1 - f * f;
    case Op::sqrt:
      return 0.5 / f;
    case Op::log:
      return 1 / a;
    case Op::log10:
      return 1 / (a * M_LN10);
    case Op::sinh:
      return std::cosh(a);
    case Op::cosh:
      return std::sinh(a);
    case Op::sin:
      return std::cos(a);
    case Op::cos:
      return -std::sin(a);
    case Op::atan:
      return 1 / (1 + a * a);
    case Op::erf:
      return M_2_SQRTPI * std::exp(-a * a);
    default:  // Op::abs
      return a < 0 ? -1 : 1;
  }
}

/// A slope times a factor that need not be finite where the slope is 0.
double times(double slope, double factor) { return slope == 0 ? 0 : slope * factor; }

/// Slope of a node whose operands' values and slopes are known, by the chain rule; `f` is its own value.
double slope_at(const ExpressionNode& node, double f, const double* known, const double* slopes) {
  const double a = node.a < 0 ? 0 : known[node.a], b = node.b < 0 ? 0 : known[node.b];
  const double da = node.a < 0 ? 0 : slopes[node.a], db = node.b < 0 ? 0 : slopes[node.b];
  switch (node.kind) {
    case Kind::number:
    case Kind::name:
      return 0;
    case Kind::negate:
      return -da;
    case Kind::add:
      return da + db;
    case Kind::subtract:
      return da - db;
    case Kind::multiply:
      return da * b + a * db;
    case Kind::divide:
      return (da - f * db) / b;
    case Kind::power:
      return times(da, b == 0 ? 0 : b * std::pow(a, b - 1)) + times(db, f * std::log(a));
    case Kind::function:
      break;
  }
  if (node.op == Op::minimum) return a <= b ? da : db;
  if (node.op == Op::maximum) return a >= b ? da : db;
  return times(da, slope_of(node.op, a, f));
}

/// A part that holds no name and is not a finite number will never be one.
void require_finite(const std::vector<ExpressionNode>& nodes) {
  std::vector<double> values;
  std::vector<bool> fixed;
  for (const ExpressionNode& node : nodes) {
    const bool is_fixed = node.kind != Kind::name && (node.a < 0 || fixed[node.a]) && (node.b < 0 || fixed[node.b]);
    values.push_back(is_fixed ? value_at(node, values.data(), nullptr) : 0);
    fixed.push_back(is_fixed);
    if (!std::isfinite(values.back()))
      throw std::invalid_argument(fmt::format("column {}: this part is not a finite number", node.column));
  }
}

/// The names of a map, and its numbers in the same order.
struct NamesAndValues {
  explicit NamesAndValues(const std::map<std::string, double>& map) {
    for (const auto& [name, value] : map) {
      names.push_back(name);
      values.push_back(value);
    }
  }
  std::vector<std::string> names;
  std::vector<double> values;
};

}  // namespace

NamedExpression::NamedExpression(std::string text, const std::vector<std::string>& names) : text_(std::move(text)) {
  try {
    nodes_ = parse_expression(text_, names).nodes;
  } catch (const ExpressionError& error) {
    throw std::invalid_argument(fmt::format("column {}: {}", error.column, error.what()));
  }
  require_finite(nodes_);
}

double NamedExpression::value(const std::vector<double>& values) const {
  thread_local std::vector<double> known;
  known.clear();
  for (const ExpressionNode& node : nodes_) {
    known.push_back(value_at(node, known.data(), values.data()));
    if (!std::isfinite(known.back())) return not_a_number;
  }
  return known.back();
}

double NamedExpression::slope(const std::vector<double>& values, std::size_t k) const {
  std::vector<double> known, slopes;
  for (const ExpressionNode& node : nodes_) {
    const double f = value_at(node, known.data(), values.data());
    const bool is_k = node.kind == Kind::name && node.name == static_cast<int>(k);
    slopes.push_back(is_k ? 1 : slope_at(node, f, known.data(), slopes.data()));
    known.push_back(f);
    if (!std::isfinite(f) || !std::isfinite(slopes.back())) return not_a_number;
  }
  return slopes.back();
}

double evaluate_expression(const std::string& expression, const std::map<std::string, double>& names) {
  const NamesAndValues known(names);
  return NamedExpression(expression, known.names).value(known.values);
}

double expression_slope(const std::string& expression, const std::map<std::string, double>& names,
                        const std::string& name) {
  const NamesAndValues known(names);
  const auto place = std::find(known.names.begin(), known.names.end(), name) - known.names.begin();
  return NamedExpression(expression, known.names).slope(known.values, static_cast<std::size_t>(place));
}

std::vector<std::string> names_in(const std::string& expression) {
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

void check_expression(const std::string& expression, const std::vector<std::string>& known) {
  NamedExpression(expression, known);
}

bool is_variable_name(const std::string& name) {
  if (name.empty() || is_digit(name[0]) || is_function(name)) return false;
  return std::all_of(name.begin(), name.end(), [](char c) { return is_letter(c) || is_digit(c); });
}

}  // namespace porelith
