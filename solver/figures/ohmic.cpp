#include "solver/figures/ohmic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "solver/base/constants.hpp"
#include "solver/cell/cell.hpp"
#include "solver/laws/electrolyte.hpp"
#include "solver/laws/material.hpp"

namespace porelith {

namespace {

void require_positive(const std::vector<double>& values, const char* name, bool zero_allowed) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool good = std::isfinite(values[i]) && (values[i] > 0 || (zero_allowed && values[i] == 0));
    if (!good)
      throw std::invalid_argument(fmt::format("ohmic electrode: {} = {} in slice {} of {} must be {}0 and finite", name,
                                              values[i], i + 1, values.size(), zero_allowed ? ">= " : "> "));
  }
}

void require_solvable(const OhmicMedium& m) {
  const std::size_t n = m.h.size();
  if (n == 0 || m.s.size() != n || m.k.size() != n || m.g.size() != n)
    throw std::invalid_argument(fmt::format("ohmic electrode: {} thicknesses, {} s, {} k and {} g must be equally many",
                                            n, m.s.size(), m.k.size(), m.g.size()));
  require_positive(m.h, "h", false);
  require_positive(m.s, "s", false);
  require_positive(m.k, "k", false);
  require_positive(m.g, "g", true);
  if (*std::max_element(m.g.begin(), m.g.end()) == 0)
    throw std::invalid_argument("ohmic electrode: nothing reacts, so no current can pass from solid to electrolyte");
}

/// i_e at the faces for a unit current (O3). Row i of the tridiagonal matrix, r = 1/(g h):
///   (r_i + omega_k,i + omega_s,i + r_{i+1}) i_i - r_i i_{i-1} - r_{i+1} i_{i+1} = omega_s,i,   i_0 = 0,  i_N = 1
/// Eliminated as a ladder of resistances: `e` is that of the ladder so far, always a sum of positive terms. Nothing
/// cancels, whatever the contrast, and r may be infinite (a slice without reaction).
std::vector<double> electrolyte_current(const OhmicMedium& m) {
  const std::size_t n = m.h.size();
  std::vector<double> i_e(n + 1, 0.0), e(n, 0.0), source(n, 0.0);
  i_e[n] = 1;
  bool reacted = false;  // up to the first reacting slice the current is zero for certain
  for (std::size_t i = 1; i < n; ++i) {
    const double omega_k = (m.h[i - 1] / m.k[i - 1] + m.h[i] / m.k[i]) / 2;
    const double omega_s = (m.h[i - 1] / m.s[i - 1] + m.h[i] / m.s[i]) / 2;
    const double conductance = m.g[i - 1] * m.h[i - 1];
    if (reacted) {
      const double passed = 1 / (1 + e[i - 1] * conductance);
      e[i] = omega_k + omega_s + e[i - 1] * passed;
      source[i] = omega_s + source[i - 1] * passed;
    } else if (conductance > 0) {
      e[i] = omega_k + omega_s + 1 / conductance;
      source[i] = omega_s;
      reacted = true;
    }
  }
  for (std::size_t i = n - 1; i >= 1 && e[i] > 0; --i) {
    const double conductance = m.g[i] * m.h[i];
    i_e[i] = (i_e[i + 1] + source[i] * conductance) / (1 + e[i] * conductance);
  }
  return i_e;
}

double square(double x) { return x * x; }

}  // namespace

double OhmicSolution::uniformity() const { return 1 / *std::max_element(reaction.begin(), reaction.end()); }

OhmicSolution solve_ohmic(const OhmicMedium& medium) {
  require_solvable(medium);
  const auto& [h, s, k, g] = medium;
  const std::size_t n = h.size();
  double L = 0;
  for (double slice : h) L += slice;

  OhmicSolution out;
  out.i_e = electrolyte_current(medium);
  out.reaction.resize(n);
  out.R_s.resize(n);
  out.R_k.resize(n);
  out.R_reaction.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    const double in = out.i_e[i], up = out.i_e[i + 1];
    // Against a wall the current is known and leaves it linearly: its mean over that half slice (O6).
    const double solid_in = i == 0 ? (3 + (1 - up)) / 4 : square(1 - in);
    const double liquid_up = i + 1 == n ? (3 + in) / 4 : square(up);
    out.reaction[i] = L * (up - in) / h[i];
    out.R_s[i] = h[i] / (2 * s[i]) * (solid_in + square(1 - up));
    out.R_k[i] = h[i] / (2 * k[i]) * (square(in) + liquid_up);
    out.R_reaction[i] = g[i] > 0 ? square(up - in) / (g[i] * h[i]) : 0;
    out.R += out.R_s[i] + out.R_k[i] + out.R_reaction[i];
  }
  return out;
}

double penetration_number(double L, double s, double k, double g) { return L * std::sqrt(g * (1 / s + 1 / k)); }

double uniform_resistance(double L, double s, double k, double g) {
  const double nu = penetration_number(L, s, k, g);
  return L / (k + s) * (1 + (2 / std::sinh(nu) + (s / k + k / s) / std::tanh(nu)) / nu);  // (O8); no overflow
}

OhmicMedium ohmic_medium(const OhmicElectrode& electrode, int slices) {
  OhmicMedium m;
  for (int i = 0; i < slices; ++i) {
    const double eps = electrode.eps.mean(double(i) / slices, double(i + 1) / slices);
    const double active = 1 - eps - electrode.filler;
    const double a = 3 * active / electrode.R_p;
    m.h.push_back(electrode.L / slices);
    m.s.push_back(electrode.s0 * std::pow(active, electrode.b));
    m.k.push_back(electrode.k0 * std::pow(eps, electrode.b));
    m.g.push_back(a * electrode.i0 / thermal_voltage(electrode.T));
  }
  return m;
}

std::vector<double> resistance_slope(const OhmicElectrode& electrode, const OhmicSolution& solution) {
  const std::size_t n = solution.reaction.size();
  std::vector<double> slope(n);
  for (std::size_t i = 0; i < n; ++i) {
    const double eps = electrode.eps.mean(double(i) / n, double(i + 1) / n);
    const double active = 1 - eps - electrode.filler;
    slope[i] = (electrode.b * solution.R_s[i] + solution.R_reaction[i]) / active - electrode.b * solution.R_k[i] / eps;
  }
  return slope;
}

std::vector<double> depth_faces(const Electrode& electrode, int slices) {
  std::vector<double> fixed = electrode.jumps();
  fixed.insert(fixed.begin(), 0);
  fixed.push_back(1);

  std::vector<double> faces{0};
  for (std::size_t piece = 1; piece < fixed.size(); ++piece) {
    const double from = fixed[piece - 1], to = fixed[piece];
    const int count = std::max(1, static_cast<int>(std::ceil(slices * (to - from) - 1e-9)));
    for (int i = 1; i <= count; ++i) faces.push_back(i == count ? to : from + (to - from) * i / count);
  }
  return faces;
}

OhmicMedium ohmic_medium(const Cell& cell, const Electrode& electrode, const std::vector<double>& sto, double T,
                         int slices) {
  if (sto.size() != electrode.materials.size())
    throw std::invalid_argument(fmt::format("ohmic electrode: {} stoichiometries for {} active materials", sto.size(),
                                            electrode.materials.size()));
  const ElectrolyteAt liquid = ElectrolyteLaw(cell.electrolyte, cell.T_ref).at(T);
  const double c_e0 = liquid.c_e0();
  double kappa = 0, slope = 0;
  liquid.conductivity(1, &c_e0, &kappa, &slope);

  std::vector<double> i0;
  for (std::size_t m = 0; m < sto.size(); ++m)
    i0.push_back(MaterialLaw(electrode.materials[m], cell.T_ref).at(T).i0(1, sto[m]));

  const std::vector<double> xi = depth_faces(electrode, slices);
  OhmicMedium medium;
  for (std::size_t i = 0; i + 1 < xi.size(); ++i) {
    const double from = xi[i], to = xi[i + 1];
    double g = 0;
    for (std::size_t m = 0; m < sto.size(); ++m) {
      const double a = 3 * electrode.eps_s(m, from, to) / electrode.materials[m].R->mean(from, to);
      g += a * i0[m] / thermal_voltage(T);
    }
    medium.h.push_back(electrode.thickness * (to - from));
    medium.s.push_back(electrode.sigma(from, to));
    medium.k.push_back(electrode.B(from, to) * kappa);
    medium.g.push_back(g);
  }
  return medium;
}

}  // namespace porelith
