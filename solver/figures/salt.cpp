#include "solver/figures/salt.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "solver/base/constants.hpp"
#include "solver/cell/cell.hpp"
#include "solver/figures/ohmic.hpp"

namespace porelith {

namespace {

void add_electrode(SaltColumn& column, const Electrode& electrode, int slices, bool collector_first) {
  std::vector<double> xi = depth_faces(electrode, slices);
  if (!collector_first) std::reverse(xi.begin(), xi.end());
  for (std::size_t i = 0; i + 1 < xi.size(); ++i) {
    const double from = std::min(xi[i], xi[i + 1]), to = std::max(xi[i], xi[i + 1]);
    column.h.push_back(electrode.thickness * (to - from));
    column.eps.push_back(electrode.eps(from, to));
    column.B.push_back(electrode.B(from, to));
    column.i_e.push_back(xi[i + 1]);
  }
}

/// Solves (diagonal, off) x = x in place; off[i] couples i and i + 1, both ways.
void solve_tridiagonal(const std::vector<double>& diagonal, const std::vector<double>& off, std::vector<double>& x) {
  const std::size_t n = x.size();
  std::vector<double> pivot = diagonal;
  for (std::size_t i = 1; i < n; ++i) {
    const double factor = off[i - 1] / pivot[i - 1];
    pivot[i] -= factor * off[i - 1];
    x[i] -= factor * x[i - 1];
  }
  x[n - 1] /= pivot[n - 1];
  for (std::size_t i = n - 1; i-- > 0;) x[i] = (x[i] - off[i] * x[i + 1]) / pivot[i];
}

/// D_e of the column's law, floored; c_e below zero counts as zero.
std::vector<double> diffusivities(const SaltColumn& column, std::vector<double> c_e) {
  for (double& c : c_e) c = std::max(c, 0.0);
  c_e.push_back(column.law.c_e0());
  std::vector<double> D_e(c_e.size()), slope(c_e.size());
  column.law.diffusivity(static_cast<int>(c_e.size()), c_e.data(), D_e.data(), slope.data());
  const double least = D_e.back() / 100;
  D_e.pop_back();
  for (double& D : D_e)
    if (!(D > least)) D = least;
  return D_e;
}

/// c_e as a function of Phi = integral of D_e from 0 to c_e: in Phi the steady diffusion is linear (Kirchhoff).
class Kirchhoff {
 public:
  explicit Kirchhoff(const SaltColumn& column) : step_(column.law.c_e0() / 200) {
    std::vector<double> middle(4000);
    for (std::size_t k = 0; k < middle.size(); ++k) middle[k] = (k + 0.5) * step_;
    Phi_.push_back(0);
    for (double D : diffusivities(column, middle)) Phi_.push_back(Phi_.back() + step_ * D);
  }
  double c_e(double Phi) const {
    const auto above = std::upper_bound(Phi_.begin() + 1, Phi_.end() - 1, Phi);  // the last piece goes on for ever
    const auto k = static_cast<std::size_t>(above - Phi_.begin());
    return step_ * (k - 1 + (Phi - Phi_[k - 1]) / (Phi_[k] - Phi_[k - 1]));
  }

 private:
  double step_;
  std::vector<double> Phi_;
};

/// Mean c_e of the steady column at current i whose far end (first slice, or last) is just empty.
double mean_concentration(const SaltColumn& c, const Kirchhoff& kirchhoff, double i, bool first_empty) {
  const std::size_t n = c.h.size();
  double Phi = 0, salt = 0, pores = 0;
  for (std::size_t step = 0; step < n; ++step) {
    const std::size_t k = first_empty ? step : n - 1 - step;
    const double w0 = c.i_e[first_empty ? k : k + 1], w1 = c.i_e[first_empty ? k + 1 : k];
    const double length = i * (1 - c.law.t_plus()) / faraday * c.h[k] / c.B[k];
    const double middle = Phi + length * (3 * w0 + w1) / 8, end = Phi + length * (w0 + w1) / 2;
    const double mean = (kirchhoff.c_e(Phi) + 4 * kirchhoff.c_e(middle) + kirchhoff.c_e(end)) / 6;  // Simpson
    salt += c.eps[k] * c.h[k] * mean;
    pores += c.eps[k] * c.h[k];
    Phi = end;
  }
  return salt / pores;
}

double limit(const SaltColumn& column, const Kirchhoff& kirchhoff, bool first_empty) {
  const double c_e0 = column.law.c_e0();
  double low = 0, high = 1;
  while (mean_concentration(column, kirchhoff, high, first_empty) < c_e0) high *= 2;
  while (high - low > 1e-12 * high) {
    const double middle = 0.5 * (low + high);
    (mean_concentration(column, kirchhoff, middle, first_empty) < c_e0 ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

/// c_e(t) of every slice by finite volumes under a constant current (F14).
///   eps h dc/dt = D_e B dc/dx at the two faces + (1 - t_plus)/F i (share leaving - share entering)
class Transient {
 public:
  Transient(const SaltColumn& column, double i)
      : column_(column), c_e_(column.h.size(), column.law.c_e0()), i_(i), conductance_(column.h.size() - 1) {}

  void set_current(double i) { i_ = i; }

  /// One step of the two-stage L-stable Runge-Kutta method of order 2 (R. Alexander, SIAM J. Numer. Anal. 14 (1977)
  /// 1006); D_e is that of the step's start.
  void step(double dt) {
    const std::vector<double> D_e = diffusivities(column_, c_e_);
    const auto half = [&](std::size_t k) { return column_.h[k] / (2 * column_.B[k] * D_e[k]); };
    for (std::size_t k = 0; k < conductance_.size(); ++k) conductance_[k] = 1 / (half(k) + half(k + 1));
    const double gamma = 1 - std::sqrt(0.5);
    const std::vector<double> first = rate(c_e_, gamma * dt);
    for (std::size_t k = 0; k < c_e_.size(); ++k) c_e_[k] += (1 - gamma) * dt * first[k];
    const std::vector<double> second = rate(c_e_, gamma * dt);
    for (std::size_t k = 0; k < c_e_.size(); ++k) c_e_[k] += gamma * dt * second[k];
  }

  // The collectors' faces included; there the slope is zero.
  double lowest() const {
    return std::min(std::min(first_wall(), last_wall()), *std::min_element(c_e_.begin(), c_e_.end()));
  }
  double highest() const {
    return std::max(std::max(first_wall(), last_wall()), *std::max_element(c_e_.begin(), c_e_.end()));
  }

 private:
  double first_wall() const { return (9 * c_e_[0] - c_e_[1]) / 8; }
  double last_wall() const { return (9 * c_e_[c_e_.size() - 1] - c_e_[c_e_.size() - 2]) / 8; }

  /// The rate r of r = f(from + dt r) [mol m-3 s-1]
  std::vector<double> rate(const std::vector<double>& from, double dt) const {
    const std::size_t n = from.size();
    std::vector<double> diagonal(n), off(n - 1), rate(n);
    for (std::size_t k = 0; k < n; ++k) {
      diagonal[k] = column_.eps[k] * column_.h[k];
      rate[k] = (1 - column_.law.t_plus()) / faraday * i_ * (column_.i_e[k + 1] - column_.i_e[k]);
    }
    for (std::size_t k = 0; k + 1 < n; ++k) {
      const double flux = conductance_[k] * (from[k + 1] - from[k]);
      rate[k] += flux;
      rate[k + 1] -= flux;
      diagonal[k] += dt * conductance_[k];
      diagonal[k + 1] += dt * conductance_[k];
      off[k] = -dt * conductance_[k];
    }
    solve_tridiagonal(diagonal, off, rate);
    return rate;
  }

  const SaltColumn& column_;
  std::vector<double> c_e_;
  double i_;
  std::vector<double> conductance_;  ///< between neighbouring centres [m s-1]
};

/// Pore volume times diffusion resistance: the slowest mode decays about pi^2 times as fast [s]
double settling_time(const SaltColumn& column) {
  double pores = 0, resistance = 0;
  const double D_e = diffusivities(column, {column.law.c_e0()})[0];
  for (std::size_t k = 0; k < column.h.size(); ++k) {
    pores += column.eps[k] * column.h[k];
    resistance += column.h[k] / (column.B[k] * D_e);
  }
  return pores * resistance;
}

/// Until the salt of one slice is gone where no other arrives; infinite without a current [s]
double lonely_time(const SaltColumn& column, double i) {
  double alone = std::numeric_limits<double>::infinity();
  for (std::size_t k = 0; k < column.h.size(); ++k) {
    const double taken = std::abs(i * (column.i_e[k + 1] - column.i_e[k]));
    if (taken > 0)
      alone = std::min(alone,
                       column.eps[k] * column.h[k] * column.law.c_e0() * faraday / ((1 - column.law.t_plus()) * taken));
  }
  return alone;
}

}  // namespace

SaltColumn salt_column(const Cell& cell, double T, int slices) {
  SaltColumn column{ElectrolyteLaw(cell.electrolyte, cell.T_ref).at(T), {}, {}, {}, {0}};
  add_electrode(column, cell.negative, slices, true);
  const int in_separator = std::max(2, slices / 4);
  for (int k = 0; k < in_separator; ++k) {
    column.h.push_back(cell.separator.thickness / in_separator);
    column.eps.push_back(cell.separator.porosity);
    column.B.push_back(cell.separator.transport_efficiency);
    column.i_e.push_back(1);
  }
  add_electrode(column, cell.positive, slices, false);
  return column;
}

LimitingCurrent limiting_current(const SaltColumn& column) {
  const Kirchhoff kirchhoff(column);
  return {limit(column, kirchhoff, false), limit(column, kirchhoff, true)};
}

SaltSpan salt_span(const SaltColumn& column, const std::vector<Spell>& spells) {
  constexpr int most_steps = 20000;  // the beginning of a protocol says enough about a long one
  const double c_e0 = column.law.c_e0(), tau = settling_time(column);
  SaltSpan span{c_e0, c_e0};
  Transient transient(column, 0);
  int steps = 0;
  for (const Spell& spell : spells) {
    transient.set_current(spell.i);
    const double end = std::min(spell.duration, 5 * tau),
                 first = std::min(0.02 * lonely_time(column, spell.i), 0.01 * tau);
    for (double t = 0; t < end && steps < most_steps; ++steps) {
      const double dt = std::min(std::max(first, 0.1 * t), end - t);
      transient.step(dt);
      t += dt;
      span.least = std::max(0.0, std::min(span.least, transient.lowest()));
      span.greatest = std::max(span.greatest, transient.highest());
      if (span.least == 0) return span;
    }
  }
  return span;
}

double depletion_time(const SaltColumn& column, const LimitingCurrent& bearable, double i) {
  if (-bearable.charge < i && i < bearable.discharge) return std::numeric_limits<double>::infinity();

  const double c_e0 = column.law.c_e0(), alone = lonely_time(column, i), tau = settling_time(column);
  Transient transient(column, i);
  double t = 0, lowest = c_e0;
  for (double dt = 0.02 * alone; t < 50 * tau; dt = std::max(dt, 0.04 * t)) {
    const double before = lowest;
    transient.step(dt);
    lowest = transient.lowest();
    if (lowest <= 0) return t + dt * before / (before - lowest);
    t += dt;
  }
  return std::numeric_limits<double>::infinity();
}

}  // namespace porelith
