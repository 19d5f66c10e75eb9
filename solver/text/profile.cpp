#include "solver/text/profile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace porelith {

namespace {

using Polynomial = std::vector<double>;  ///< coefficients of 1, xi, xi^2, ...

double value(const Polynomial& p, double xi) {
  double sum = 0;
  for (std::size_t k = p.size(); k-- > 0;) sum = sum * xi + p[k];
  return sum;
}

Polynomial derivative(const Polynomial& p) {
  Polynomial d;
  for (std::size_t k = 1; k < p.size(); ++k) d.push_back(static_cast<double>(k) * p[k]);
  return d;
}

/// Mean over [from, to]: (to^(k+1) - from^(k+1))/(to - from) is written as a sum, so thin slices lose no digits.
double mean_of(const Polynomial& p, double from, double to) {
  double mean = 0, sum = 1, power_of_to = 1;  // sum = from^k + from^(k-1) to + ... + to^k
  for (std::size_t k = 0; k < p.size(); ++k) {
    mean += p[k] * sum / static_cast<double>(k + 1);
    power_of_to *= to;
    sum = sum * from + power_of_to;
  }
  return mean;
}

/// Where p changes sign in (from, to): between the roots of its derivative it is monotone, and bisection is safe.
std::vector<double> roots(const Polynomial& p, double from, double to) {
  if (p.size() < 2) return {};
  std::vector<double> borders{from};
  for (const double r : roots(derivative(p), from, to)) borders.push_back(r);
  borders.push_back(to);
  std::vector<double> found;
  for (std::size_t k = 0; k + 1 < borders.size(); ++k) {
    double low = borders[k], high = borders[k + 1];
    const bool rises = value(p, low) < 0;
    if (rises == (value(p, high) < 0)) continue;
    for (int i = 0; i < 100 && high - low > 1e-16; ++i) {
      const double middle = 0.5 * (low + high);
      ((value(p, middle) < 0) == rises ? low : high) = middle;
    }
    found.push_back(0.5 * (low + high));
  }
  return found;
}

void require(bool holds, const std::string& sentence) {
  if (!holds) throw std::invalid_argument(sentence);
}

void require_finite(const std::vector<double>& values, const char* what) {
  for (const double v : values) require(std::isfinite(v), fmt::format("{} must be finite numbers, not {}", what, v));
}

void require_zero_to_one(const std::vector<double>& xi, const char* what) {
  require_finite(xi, what);
  require(xi.front() == 0 && xi.back() == 1,
          fmt::format("{} must start at 0 and end at 1, not run from {} to {}", what, xi.front(), xi.back()));
  for (std::size_t k = 0; k + 1 < xi.size(); ++k) {
    require(xi[k] < xi[k + 1], fmt::format("{} must increase; {} is followed by {}", what, xi[k], xi[k + 1]));
  }
}

}  // namespace

Profile::Profile(double constant) : edges_{0, 1}, pieces_{{constant}} {}

Profile Profile::layers(std::vector<double> edges, std::vector<double> values) {
  require(!values.empty(), "a layered profile needs at least one layer");
  require(edges.size() == values.size() + 1,
          fmt::format("{} layers need {} edges, not {}", values.size(), values.size() + 1, edges.size()));
  require_zero_to_one(edges, "the edges of the layers");
  require_finite(values, "the values of the layers");
  Profile p;
  p.edges_ = std::move(edges);
  p.pieces_.clear();
  for (std::size_t k = 0; k < values.size(); ++k) {
    p.pieces_.push_back({values[k]});
    if (k > 0) p.borders_.push_back(p.edges_[k]);
    if (k > 0 && values[k] != values[k - 1]) p.jumps_.push_back(p.edges_[k]);
  }
  return p;
}

Profile Profile::polynomial(std::vector<double> coefficients) {
  require(!coefficients.empty(), "a polynomial profile needs at least one coefficient");
  require_finite(coefficients, "the coefficients of a polynomial profile");
  Profile p;
  while (coefficients.size() > 1 && coefficients.back() == 0) coefficients.pop_back();
  p.pieces_ = {std::move(coefficients)};
  return p;
}

Profile Profile::piecewise_linear(std::vector<double> xi, std::vector<double> values) {
  require(xi.size() == values.size(),
          fmt::format("a piecewise linear profile has {} positions and {} values", xi.size(), values.size()));
  require(xi.size() >= 2, "a piecewise linear profile needs at least two points");
  require_zero_to_one(xi, "the positions of a piecewise linear profile");
  require_finite(values, "the values of a piecewise linear profile");
  Profile p;
  p.pieces_.clear();
  for (std::size_t k = 0; k + 1 < xi.size(); ++k) {
    const double slope = (values[k + 1] - values[k]) / (xi[k + 1] - xi[k]);
    p.pieces_.push_back(slope == 0 ? Polynomial{values[k]} : Polynomial{values[k] - slope * xi[k], slope});
  }
  p.edges_ = std::move(xi);
  return p;
}

double Profile::at(double xi) const {
  const auto above = std::upper_bound(edges_.begin() + 1, edges_.end() - 1, xi);
  return value(pieces_[static_cast<std::size_t>(above - edges_.begin()) - 1], xi);
}

double Profile::mean(double from, double to) const {
  double mean = 0;
  for (std::size_t k = 0; k < pieces_.size(); ++k) {
    const double low = std::max(from, edges_[k]), high = std::min(to, edges_[k + 1]);
    if (low < high) mean += mean_of(pieces_[k], low, high) * ((high - low) / (to - from));
  }
  return mean;
}

/// Values at the ends and at the inner extremes of every piece
static std::vector<double> extremes(const std::vector<double>& edges, const std::vector<Polynomial>& pieces) {
  std::vector<double> values;
  for (std::size_t k = 0; k < pieces.size(); ++k) {
    values.push_back(value(pieces[k], edges[k]));
    for (const double xi : roots(derivative(pieces[k]), edges[k], edges[k + 1])) {
      values.push_back(value(pieces[k], xi));
    }
    values.push_back(value(pieces[k], edges[k + 1]));
  }
  return values;
}

double Profile::minimum() const {
  const auto values = extremes(edges_, pieces_);
  return *std::min_element(values.begin(), values.end());
}

double Profile::maximum() const {
  const auto values = extremes(edges_, pieces_);
  return *std::max_element(values.begin(), values.end());
}

bool Profile::is_constant() const {
  return std::all_of(pieces_.begin(), pieces_.end(),
                     [&](const Polynomial& p) { return p.size() == 1 && p[0] == pieces_[0][0]; });
}

bool Profile::is_layered() const {
  return std::all_of(pieces_.begin(), pieces_.end(), [](const Polynomial& p) { return p.size() == 1; });
}

Profile Profile::scaled(double factor, double plus) const {
  Profile p = *this;
  for (auto& piece : p.pieces_) {
    for (double& c : piece) c *= factor;
    piece.front() += plus;
  }
  return p;
}

}  // namespace porelith
