#include "solver/text/function.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>
#include <stdexcept>
#include <variant>

#include "solver/text/expression.hpp"

namespace porelith {

namespace {

/// Linear between points of rising x, constant beyond the ends.
struct Table {
  std::vector<double> x, y;

  ValueAndSlope at(double position) const {
    if (!(position >= x.front())) return {y.front(), 0};
    if (position >= x.back()) return {y.back(), 0};
    const auto above = std::upper_bound(x.begin(), x.end(), position) - x.begin();
    const double slope = (y[above] - y[above - 1]) / (x[above] - x[above - 1]);
    return {y[above - 1] + slope * (position - x[above - 1]), slope};
  }
};

struct MeanOfTwo {
  Function a, b;

  void evaluate(int n, const double* x, double* f, double* df) const {
    constexpr int block = 64;
    double other[block], other_slope[block];
    a.evaluate(n, x, f, df);
    for (int start = 0; start < n; start += block) {
      const int points = std::min(block, n - start);
      b.evaluate(points, x + start, other, other_slope);
      for (int i = 0; i < points; ++i) {
        f[start + i] = 0.5 * (f[start + i] + other[i]);
        df[start + i] = 0.5 * (df[start + i] + other_slope[i]);
      }
    }
  }
};

}  // namespace

struct Function::Impl {
  std::variant<double, Tape, Table, MeanOfTwo> kind;
  std::string text;
};

Function::Function(double constant)
    : impl_(std::make_shared<const Impl>(Impl{constant, fmt::format("{}", constant)})) {}

Function Function::expression(const std::string& text) {
  Tape tape = compile_expression(text).tape;
  if (tape.is_constant()) return Function(std::make_shared<const Impl>(Impl{tape.constant(), text}));
  return Function(std::make_shared<const Impl>(Impl{std::move(tape), text}));
}

Function Function::table(std::vector<double> x, std::vector<double> y) {
  if (x.size() != y.size()) {
    throw std::invalid_argument(fmt::format("the table has {} values of x and {} of y", x.size(), y.size()));
  }
  if (x.size() < 2) throw std::invalid_argument(fmt::format("the table has {} points; it needs two or more", x.size()));
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!std::isfinite(x[i]) || !std::isfinite(y[i])) {
      throw std::invalid_argument(fmt::format("point {} of the table, ({}, {}), is not finite", i + 1, x[i], y[i]));
    }
  }
  std::vector<std::size_t> order(x.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
  Table table;
  for (const std::size_t i : order) {
    if (!table.x.empty() && table.x.back() == x[i]) {
      if (table.y.back() == y[i]) continue;
      throw std::invalid_argument(
          fmt::format("x = {} occurs twice in the table, with y = {} and {}", x[i], table.y.back(), y[i]));
    }
    table.x.push_back(x[i]);
    table.y.push_back(y[i]);
  }
  if (table.x.size() < 2)
    throw std::invalid_argument(fmt::format("the table has one point, at x = {}; it needs two or more", table.x[0]));
  std::string text = fmt::format("table of {} points", table.x.size());
  return Function(std::make_shared<const Impl>(Impl{std::move(table), std::move(text)}));
}

Function Function::mean_of(const Function& a, const Function& b) {
  std::string text = fmt::format("mean of ({}) and ({})", a.text(), b.text());
  return Function(std::make_shared<const Impl>(Impl{MeanOfTwo{a, b}, std::move(text)}));
}

bool Function::is_constant() const { return std::holds_alternative<double>(impl_->kind); }

Range Function::range() const {
  if (const auto* table = std::get_if<Table>(&impl_->kind)) return {table->x.front(), table->x.back()};
  if (const auto* mean = std::get_if<MeanOfTwo>(&impl_->kind)) {
    const Range a = mean->a.range(), b = mean->b.range();
    return {std::max(a.low, b.low), std::min(a.high, b.high)};
  }
  return {};
}

ValueAndSlope Function::operator()(double x) const {
  ValueAndSlope result{};
  evaluate(1, &x, &result.value, &result.slope);
  return result;
}

void Function::evaluate(int n, const double* x, double* f, double* df) const {
  if (const auto* constant = std::get_if<double>(&impl_->kind)) {
    std::fill(f, f + n, *constant);
    std::fill(df, df + n, 0.0);
  } else if (const auto* tape = std::get_if<Tape>(&impl_->kind)) {
    tape->evaluate(n, x, f, df);
  } else if (const auto* mean = std::get_if<MeanOfTwo>(&impl_->kind)) {
    mean->evaluate(n, x, f, df);
  } else {
    const auto& table = std::get<Table>(impl_->kind);
    for (int i = 0; i < n; ++i) {
      const ValueAndSlope point = table.at(x[i]);
      f[i] = point.value;
      df[i] = point.slope;
    }
  }
}

std::vector<double> Function::kinks() const {
  if (const auto* table = std::get_if<Table>(&impl_->kind)) return table->x;
  const auto* mean = std::get_if<MeanOfTwo>(&impl_->kind);
  if (!mean) return {};
  const std::vector<double> a = mean->a.kinks(), b = mean->b.kinks();
  std::vector<double> both;
  std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  return both;
}

const std::string& Function::text() const { return impl_->text; }

}  // namespace porelith
