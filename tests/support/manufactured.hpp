#pragma once
/// Fields chosen beforehand, the sources that make them solve (E1), (E2), (E5), and how far from them the discrete
/// solution is.
#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>

#include "solver/base/constants.hpp"
#include "solver/case_parameters.hpp"
#include "solver/cell/cell.hpp"
#include "solver/linear/linear_solver.hpp"
#include "solver/newman/model.hpp"

namespace porelith {

/// Derivative of an analytic function, fourth order; h is far below any length of the fields.
template <typename Function1>
double slope(const Function1& f, double x, double h) {
  return (8 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * h);
}

/// Root of the kinetics at given fields by bisection, independent of the solver's own.
inline double flux_of(const ModelBed& bed, double c_e, double phi, double T) {
  const double alpha = bed.particles.alpha()[0], beta = bed.particles.beta()[0], c_max = bed.law.c_s_max();
  double low = (c_max - alpha) / beta, high = -alpha / beta;
  for (int i = 0; i < 200; ++i) {
    const double j = (low + high) / 2, sto = (alpha + beta * j) / c_max;
    const double i0 = bed.law.i0(c_e / 1000, sto), eta = phi - bed.law.potential(sto);
    (eta > 2 * thermal_voltage(T) * std::asinh(faraday * j / (2 * i0)) ? low : high) = j;
  }
  return (low + high) / 2;
}

/// D_e and kappa as functions of c_e alone.
struct Transport {
  const ElectrolyteAt& law;
  double D(double c_e) const {
    double value, by_c_e;
    law.diffusivity(1, &c_e, &value, &by_c_e);
    return value;
  }
  double kappa(double c_e) const {
    double value, by_c_e;
    law.conductivity(1, &c_e, &value, &by_c_e);
    return value;
  }
};

/// Root mean squares over the volume that has the field. [mol m-3, V, V]
struct FieldErrors {
  double c_e, phi_e, phi_s;
};

/// Goes from the exact fields to those that solve the discrete equations with the model's sources, at a given V.
/// @param exact holds V and the fields at the cells' centres
inline FieldErrors discrete_errors(Model& model, double gamma, const State& hat, const State& exact) {
  const Mesh& mesh = model.mesh();
  const Layout& l = model.layout();
  State x = exact;
  BlockSystem system(mesh.with_ghosts(), static_cast<int>(mesh.faces.size()));
  std::vector<Triple> delta(mesh.cells());
  const auto linear = make_linear_solver(mesh, "petsc");
  int iterations = 0;
  for (double moved = 1; moved > 1e-9; ++iterations) {
    if (iterations == 12 || !model.assemble(gamma, hat, x, system)) throw std::runtime_error("Newton's method fails");
    system.borders[0].row.clear();  // V is given
    system.corner[0] = 1, system.borders[0].residual = 0;
    double dV = 0;
    if (!linear->solve(system, delta, dV).solved) throw std::runtime_error("a linear solve fails");
    const auto update = model.update(delta, 0.1, x);
    moved = std::max({update.largest[0] / 1000, update.largest[1], update.largest[2]});
  }
  FieldErrors sum{0, 0, 0};
  double all = 0, solid = 0;
  for (int P = 0; P < mesh.cells(); ++P) {
    const auto square = [&](int field) { return mesh.volume[P] * std::pow(x[field + P] - exact[field + P], 2); };
    all += mesh.volume[P];
    sum.c_e += square(l.c_e);
    sum.phi_e += square(l.phi_e);
    if (model.medium().sigma[P] == 0) continue;
    solid += mesh.volume[P];
    sum.phi_s += square(l.phi_s);
  }
  return {std::sqrt(sum.c_e / all), std::sqrt(sum.phi_e / all), std::sqrt(sum.phi_s / solid)};
}

/// Smooth fields through three layers that meet the walls squarely. s measures depth in units of dx/B, so that fluxes
/// are smooth across the interfaces; W is the width along y and z, or the radius.
struct SmoothFields {
  const Cell& cell;
  double W;
  int dimension;
  double L_n = cell.negative.thickness, L_s = cell.separator.thickness, L_p = cell.positive.thickness;
  double B_n = cell.negative.reference_transport_efficiency, B_s = cell.separator.transport_efficiency,
         B_p = cell.positive.reference_transport_efficiency;
  double S = L_n / B_n + L_s / B_s + L_p / B_p, V = 3.7;

  double B(double x) const { return x < L_n ? B_n : x < L_n + L_s ? B_s : B_p; }
  double s(double x) const {
    if (x < L_n) return x / B_n;
    return x < L_n + L_s ? L_n / B_n + (x - L_n) / B_s : L_n / B_n + L_s / B_s + (x - L_n - L_s) / B_p;
  }
  double across(double y, double z) const {
    return 1 + 0.3 * std::cos(pi * y / W) * (dimension > 2 ? std::cos(pi * z / W) : 1);
  }
  double c_e(double s, double y, double z) const { return 1000 + 250 * std::cos(pi * s / S) * across(y, z); }
  double phi_e(double s, double y, double z) const { return -0.2 + 0.04 * std::cos(2 * pi * s / S) * across(y, z); }
  double phi_s(double x, double y, double z) const {
    if (x < L_n) return 0.01 * std::sin(pi * x / (2 * L_n)) * across(y, z);
    return V + 0.02 * std::sin(pi * (L_n + L_s + L_p - x) / (2 * L_p)) * across(y, z);
  }
};

/// The errors on a mesh of the case whose cells hold no channel.
/// @param X int chi dln c_e in closed form, where chi varies
inline FieldErrors smooth_errors(const Case& c, Mesh made, double W, std::function<double(double)> X = {}) {
  constexpr double gamma = 50;
  Model model = model_of(c, std::move(made));
  const Mesh& mesh = model.mesh();
  const Layout& l = model.layout();
  const SmoothFields exact{*c.cell, W, mesh.dimension};
  const State hat = model.rest({0.5, 0.5});
  model.condense(gamma, hat, hat);
  const auto& e = model.electrolyte();
  if (!X) X = [chi = e.chi()](double c_e) { return chi * std::log(c_e); };
  const Transport bulk{e};
  const double h_s = 1e-4 * exact.S, h = 1e-4 * W;
  model.source.assign(mesh.cells(), Triple{});
  State x = hat;
  x[l.voltage] = exact.V;
  for (int P = 0; P < mesh.cells(); ++P) {
    const auto& at = mesh.centre[P];
    const double s = exact.s(at[0]), y = at[1], z = at[2], B = exact.B(at[0]);
    const auto c_e = [&](double s_, double y_, double z_) { return exact.c_e(s_, y_, z_); };
    const auto psi = [&](double s_, double y_, double z_) {
      return exact.phi_e(s_, y_, z_) - X(exact.c_e(s_, y_, z_));
    };
    // div(k grad u) along y and z, at the depth s or x; around an axis y is the radius
    const auto sideways = [&](auto law, auto u, double depth) {
      const auto along_y = [&](double q) {
        return (mesh.axisymmetric ? q : 1) * law(q, z) * slope([&](double r) { return u(depth, r, z); }, q, h);
      };
      const auto along_z = [&](double q) { return law(y, q) * slope([&](double r) { return u(depth, y, r); }, q, h); };
      return slope(along_y, y, h) / (mesh.axisymmetric ? y : 1) + (mesh.dimension > 2 ? slope(along_z, z, h) : 0);
    };
    // -div(B k grad u), with d/dx = (1/B) d/ds
    const auto divergence = [&](auto law, auto u) {
      const auto along_s = [&](double q) {
        return law(c_e(q, y, z)) * slope([&](double r) { return u(r, y, z); }, q, h_s);
      };
      const auto beside = [&](double y_, double z_) { return law(c_e(s, y_, z_)); };
      return -slope(along_s, s, h_s) / B - B * sideways(beside, u, s);
    };
    double aj = 0;
    for (const ModelBed& bed : model.beds())
      if (bed.electrode == mesh.region[P])
        aj = bed.a[0] * flux_of(bed, c_e(s, y, z), exact.phi_s(at[0], y, z) - exact.phi_e(s, y, z), c.temperature);
    Triple& source = model.source[P];
    source[0] = model.medium().eps[P] * (c_e(s, y, z) - 1000) / gamma +
                divergence([&](double q) { return bulk.D(q); }, c_e) - (1 - e.t_plus()) * aj;
    source[1] = divergence([&](double q) { return bulk.kappa(q); }, psi) - faraday * aj;
    x[l.c_e + P] = c_e(s, y, z);
    x[l.phi_e + P] = exact.phi_e(s, y, z);
    x[l.phi_s + P] = 0;
    if (model.medium().sigma[P] > 0) {
      const bool negative = mesh.region[P] == Region::negative;
      const double k = pi / (2 * (negative ? exact.L_n : exact.L_p));
      const auto phi_s = [&](double x_, double y_, double z_) { return exact.phi_s(x_, y_, z_); };
      const double beside = sideways([](double, double) { return 1.0; }, phi_s, at[0]);
      x[l.phi_s + P] = phi_s(at[0], y, z);
      source[2] =
          model.medium().sigma[P] * (k * k * (x[l.phi_s + P] - (negative ? 0 : exact.V)) - beside) + faraday * aj;
    }
    for (double& q : source) q *= mesh.volume[P];
  }
  return discrete_errors(model, gamma, hat, x);
}

}  // namespace porelith
