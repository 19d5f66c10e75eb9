#pragma once
/// What Model::linearise says of a state against differences of itself, field by field.
#include <cmath>
#include <vector>

#include "meshes/halo.hpp"
#include "solver/newman/model.hpp"
#include "tests/support/bordered_systems.hpp"

namespace porelith {

/// A state with everything out of balance, fluxes as well; alike on any number of ranks.
inline State uneven_state(const Model& model) {
  std::vector<double> sto;
  for (const ModelBed& bed : model.beds()) sto.push_back(bed.electrode == Region::negative ? 0.6 : 0.5);
  State x = model.rest(sto);
  const Layout& l = model.layout();
  const auto phase = [&](int P) {
    const auto& at = model.mesh().centre[P];
    return 1e5 * (at[0] + 0.7 * at[1] - 0.4 * at[2]);
  };
  for (int P = 0; P < l.cells; ++P) {
    x[l.c_e + P] *= 1 + 0.3 * std::sin(phase(P));
    x[l.phi_e + P] += 0.02 * std::cos(1.7 * phase(P));
    if (model.medium().sigma[P] > 0) x[l.phi_s + P] += 0.015 * std::cos(0.9 * phase(P) + 1);
  }
  x[l.voltage] += 0.01;
  for (std::size_t b = 0; b < model.beds().size(); ++b)
    for (int i = 0; i < l.beds[b].cells; ++i)
      x[l.beds[b].j + i] = 2e-5 * std::sin(1.3 * phase(model.beds()[b].cells[i]) + 0.5);
  return x;
}

/// A direction through all fields, V and all fluxes.
inline State random_direction(const Model& model, int seed) {
  const Layout& l = model.layout();
  State v(l.size, 0.0);
  for (int P = 0; P < l.cells; ++P) {
    RandomOf random(seed, number_of(model.mesh(), P));
    if (model.medium().eps[P] > 0) v[l.c_e + P] = random(-100, 100), v[l.phi_e + P] = random(-0.01, 0.01);
    v[l.phi_s + P] = random(-0.01, 0.01);
  }
  v[l.voltage] = 0.01;
  for (std::size_t b = 0; b < model.beds().size(); ++b)
    for (int i = 0; i < l.beds[b].cells; ++i)
      v[l.beds[b].j + i] = RandomOf(seed + 1, number_of(model.mesh(), model.beds()[b].cells[i]))(-1e-5, 1e-5);
  return v;
}

/// Rows (E1), (E2), (E5), then the kinetics of every bed; own cells.
using FullResidual = std::vector<std::vector<double>>;

inline FullResidual residual_of(const Linearisation& at, int cells) {
  FullResidual rows(3);
  for (int q = 0; q < 3; ++q)
    for (int P = 0; P < cells; ++P) rows[q].push_back(at.system.residual[P][q]);
  for (const KineticsRow& row : at.kinetics) rows.push_back(row.residual);
  return rows;
}

/// Derivative of the full residual along v, as the linearisation has it: its condensed part, and what fluxes that go
/// other ways than the fields want them to add.
inline FullResidual derivative_along(const State& v, const Linearisation& at, const Model& model) {
  const Layout& l = model.layout();
  const Mesh& mesh = model.mesh();
  std::vector<Triple> u(mesh.with_ghosts(), Triple{}), y(mesh.with_ghosts(), Triple{});
  for (int P = 0; P < l.cells; ++P) u[P] = {v[l.c_e + P], v[l.phi_e + P], v[l.phi_s + P]};
  HaloExchange exchange(mesh.halo, model.team());
  exchange.start(u[0].data(), 3);
  exchange.finish();
  const double V = v[l.voltage];
  for (int P = 0; P < l.cells; ++P)
    for (int p = 0; p < 3; ++p) {
      y[P][p] += at.system.borders[0].column[P][p] * V;
      for (int q = 0; q < 3; ++q) y[P][p] += at.system.diagonal[P][3 * p + q] * u[P][q];
    }
  const auto add = [&](int P, int N, const FaceCoupling& f) {
    for (std::size_t i = 0; i < f.size(); ++i)
      y[P][Isothermal::across[i].row] += f[i] * u[N][Isothermal::across[i].column];
  };
  for (std::size_t k = 0; k < mesh.faces.size(); ++k) {
    add(mesh.faces[k].owner, mesh.faces[k].neighbour, at.system.owner_row[k]);
    add(mesh.faces[k].neighbour, mesh.faces[k].owner, at.system.neighbour_row[k]);
  }
  if (at.system.far) {
    u.resize(l.cells), y.resize(l.cells);
    at.system.far->add(u, V, y);
  }
  FullResidual rows(3);
  for (std::size_t b = 0; b < model.beds().size(); ++b) {
    const ModelBed& bed = model.beds()[b];
    const KineticsRow& row = at.kinetics[b];
    rows.emplace_back();
    for (std::size_t i = 0; i < bed.cells.size(); ++i) {
      const int P = bed.cells[i];
      const double by_fields = row.by_c_e[i] * u[P][0] + u[P][2] - u[P][1], dj = v[l.beds[b].j + i];
      rows.back().push_back(by_fields + row.by_j[i] * dj);
      const double beyond = mesh.volume[P] * bed.a[i] * (dj + by_fields / row.by_j[i]);
      y[P][0] -= (1 - model.electrolyte().t_plus()) * beyond;
      y[P][1] -= faraday * beyond;
      y[P][2] += faraday * beyond;
    }
  }
  for (int q = 0; q < 3; ++q)
    for (int P = 0; P < l.cells; ++P) rows[q].push_back(y[P][q]);
  return rows;
}

/// Largest deviation of the derivative from a central difference, of each row against its largest over all ranks.
inline double derivative_error(const Model& model, double gamma, const State& hat, const State& x, int seed) {
  constexpr double h = 1e-3;
  const State v = random_direction(model, seed);
  State up = x, down = x;
  for (std::size_t i = 0; i < x.size(); ++i) up[i] += h * v[i], down[i] -= h * v[i];
  const int n = model.layout().cells;
  const FullResidual above = residual_of(model.linearise(gamma, hat, up), n),
                     below = residual_of(model.linearise(gamma, hat, down), n);
  const Linearisation at = model.linearise(gamma, hat, x);
  const FullResidual exact = derivative_along(v, at, model);
  double worst = 0;
  for (std::size_t r = 0; r < exact.size(); ++r) {
    double off = 0, size = 0;
    for (std::size_t i = 0; i < exact[r].size(); ++i) {
      off = std::max(off, std::abs((above[r][i] - below[r][i]) / (2 * h) - exact[r][i]));
      size = std::max(size, std::abs(exact[r][i]));
    }
    worst = std::max(worst, model.team().max(off) / model.team().max(size));
  }
  return worst;
}

}  // namespace porelith
