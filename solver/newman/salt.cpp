#include "solver/newman/salt.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "solver/base/constants.hpp"
#include "solver/cell/laws.hpp"
#include "solver/newman/ohmic.hpp"

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

/// c_e = c_e0 - i H: H(t) of every slice by finite volumes (F14).
///   eps h dH/dt = D_e (B dH/dx at the two faces) - (1 - t_plus)/F (i_e leaving - i_e entering)
class UnitResponse {
 public:
  explicit UnitResponse(const SaltColumn& c) : H(c.h.size(), 0.0), column_(c), conductance_(c.h.size() - 1) {
    for (std::size_t i = 0; i + 1 < c.h.size(); ++i)
      conductance_[i] = c.D_e / (c.h[i] / (2 * c.B[i]) + c.h[i + 1] / (2 * c.B[i + 1]));
  }

  /// One step of the two-stage L-stable Runge-Kutta method of order 2 (R. Alexander, SIAM J. Numer. Anal. 14 (1977)
  /// 1006)
  void step(double dt) {
    const double gamma = 1 - std::sqrt(0.5);
    const std::vector<double> k1 = stage(H, gamma * dt);
    std::vector<double> between = H;
    for (std::size_t i = 0; i < H.size(); ++i) between[i] += (1 - gamma) * dt * k1[i];
    const std::vector<double> k2 = stage(between, gamma * dt);
    for (std::size_t i = 0; i < H.size(); ++i) H[i] = between[i] + gamma * dt * k2[i];
  }

  /// Largest of sign * H, the collectors' faces included; there the slope is zero.
  double largest(double sign) const {
    const std::size_t n = H.size();
    double most = std::max(sign * (9 * H[0] - H[1]) / 8, sign * (9 * H[n - 1] - H[n - 2]) / 8);
    for (double value : H) most = std::max(most, sign * value);
    return most;
  }

  std::vector<double> H;  ///< [mol m-3/(A m-2)]

 private:
  /// The rate k of k = f(from + dt k)
  std::vector<double> stage(const std::vector<double>& from, double dt) const {
    const std::size_t n = from.size();
    std::vector<double> diagonal(n), off(n - 1), rate(n);
    for (std::size_t i = 0; i < n; ++i) {
      diagonal[i] = column_.eps[i] * column_.h[i];
      rate[i] = -(1 - column_.t_plus) / faraday * (column_.i_e[i + 1] - column_.i_e[i]);
    }
    for (std::size_t i = 0; i + 1 < n; ++i) {
      const double flux = conductance_[i] * (from[i + 1] - from[i]);
      rate[i] += flux;
      rate[i + 1] -= flux;
      diagonal[i] += dt * conductance_[i];
      diagonal[i + 1] += dt * conductance_[i];
      off[i] = -dt * conductance_[i];
    }
    solve_tridiagonal(diagonal, off, rate);
    return rate;
  }

  const SaltColumn& column_;
  std::vector<double> conductance_;  ///< between neighbouring centres [m s-1]
};

/// The time of a growing curve at which it reaches y; curve(0) = 0.
template <class Curve>
double reaches(const std::vector<double>& time, Curve curve, double y) {
  double t0 = 0, y0 = 0;
  for (std::size_t i = 0; i < time.size(); ++i) {
    const double y1 = curve(i);
    if (y1 >= y) return t0 + (time[i] - t0) * (y - y0) / (y1 - y0);
    t0 = time[i], y0 = y1;
  }
  return std::numeric_limits<double>::infinity();
}

}  // namespace

SaltColumn salt_column(const Cell& cell, double T, int slices) {
  const ElectrolyteLaw law(cell.electrolyte, cell.T_ref, T);
  SaltColumn column;
  column.c_e0 = law.c_e0();
  column.t_plus = law.t_plus();
  double slope;
  law.diffusivity(1, &column.c_e0, &column.D_e, &slope);

  column.i_e.push_back(0);
  add_electrode(column, cell.negative, slices, true);
  const int in_separator = std::max(2, slices / 4);
  for (int i = 0; i < in_separator; ++i) {
    column.h.push_back(cell.separator.thickness / in_separator);
    column.eps.push_back(cell.separator.porosity);
    column.B.push_back(cell.separator.transport_efficiency);
    column.i_e.push_back(1);
  }
  add_electrode(column, cell.positive, slices, false);
  return column;
}

LimitingCurrent limiting_current(const SaltColumn& c) {
  // H(x) = (1 - t_plus)/(F D_e) integral of (i_e/B) dx: i_e is linear and B constant in a slice, so both integrals are
  // exact.
  const double scale = (1 - c.t_plus) / (faraday * c.D_e);
  double H = 0, salt_fall = 0, pores = 0;
  for (std::size_t i = 0; i < c.h.size(); ++i) {
    const double before = c.i_e[i], behind = c.i_e[i + 1], length = scale * c.h[i] / c.B[i];
    salt_fall += c.eps[i] * c.h[i] * (H + length * (before / 3 + behind / 6));
    pores += c.eps[i] * c.h[i];
    H += length * (before + behind) / 2;
  }
  const double mean = salt_fall / pores;  // the salt is conserved: eps-weighted mean of c_e stays c_e0
  return {c.c_e0 / (H - mean), c.c_e0 / mean};
}

SaltDepletion::SaltDepletion(const SaltColumn& column) : c_e0_(column.c_e0) {
  double pores = 0, resistance = 0;
  for (std::size_t i = 0; i < column.h.size(); ++i) {
    pores += column.eps[i] * column.h[i];
    resistance += column.h[i] / (column.B[i] * column.D_e);
  }
  const double tau = pores * resistance;  // the slowest mode decays about pi^2 times as fast
  UnitResponse response(column);
  double t = 0;
  for (double dt = 1e-5 * tau; t < 2 * tau; dt = std::max(dt, 0.03 * t)) {
    response.step(dt);
    t += dt;
    time_.push_back(t);
    fall_discharge_.push_back(response.largest(1));
    fall_charge_.push_back(response.largest(-1));
  }
}

double SaltDepletion::time(double i) const {
  const auto& fall = i > 0 ? fall_discharge_ : fall_charge_;
  return reaches(
      time_, [&](std::size_t k) { return fall[k]; }, c_e0_ / std::abs(i));
}

double SaltDepletion::fastest(double charge, bool discharge) const {
  const auto& fall = discharge ? fall_discharge_ : fall_charge_;
  const double t = reaches(
      time_, [&](std::size_t k) { return time_[k] * c_e0_ / fall[k]; }, charge);
  return std::isfinite(t) ? charge / t : c_e0_ / fall.back();
}

}  // namespace porelith
