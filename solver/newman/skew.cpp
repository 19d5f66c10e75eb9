#include "solver/newman/skew.hpp"

#include <algorithm>

namespace porelith {

SkewCorrection::SkewCorrection(const Mesh& mesh, const std::vector<double>& B, const std::vector<double>& sigma,
                               const Team& team)
    : mesh_(mesh),
      ionic_(skew_weights(mesh, B, false)),
      electronic_(skew_weights(mesh, sigma, true)),
      jumps_(mesh.faces.size()),
      conductance_(mesh.faces.size()),
      exchange_(mesh.halo, team) {
  for (auto& g : gradient_) g.assign(mesh.with_ghosts(), 0.0);
  for (auto& c : change_) c.assign(mesh.with_ghosts(), 0.0);
}

void SkewCorrection::find_jumps(const double* c_e, const double* psi, const double* phi_s, double V) {
  for (auto& g : gradient_) std::fill(g.begin(), g.end(), 0.0);
  const std::array<const double*, 3> fields{c_e, psi, phi_s};
  const std::array<const SkewWeights<double>*, 3> weights{&ionic_, &ionic_, &electronic_};
  for (std::size_t k = 0; k < mesh_.faces.size(); ++k) {
    const int P = mesh_.faces[k].owner, N = mesh_.faces[k].neighbour;
    for (int q = 0; q < 3; ++q) {
      const double change = fields[q][N] - fields[q][P];
      const Vector &owner = weights[q]->owner[k], &neighbour = weights[q]->neighbour[k];
      for (int axis = 0; axis < 3; ++axis) {
        gradient_[3 * q + axis][P] += owner[axis] * change;
        gradient_[3 * q + axis][N] += neighbour[axis] * change;
      }
    }
  }
  auto& g = gradient_;
  for (std::size_t k = 0; k < mesh_.walls.size(); ++k) {
    const Wall& wall = mesh_.walls[k];
    if (wall.terminal == Terminal::none) continue;
    const double change = (wall.terminal == Terminal::positive ? V : 0) - phi_s[wall.cell];
    for (int axis = 0; axis < 3; ++axis) g[6 + axis][wall.cell] += electronic_.terminal[k][axis] * change;
  }
  exchange_.start({g[0].data(), g[1].data(), g[2].data(), g[3].data(), g[4].data(), g[5].data(), g[6].data(),
                   g[7].data(), g[8].data()});
  exchange_.finish();
  for (std::size_t k = 0; k < mesh_.faces.size(); ++k) {
    const int P = mesh_.faces[k].owner, N = mesh_.faces[k].neighbour;
    const Skew& skew = mesh_.skew[k];
    for (int q = 0; q < 3; ++q) {
      double jump = 0;
      for (int axis = 0; axis < 3; ++axis)
        jump += g[3 * q + axis][P] * skew.owner_shift[axis] - g[3 * q + axis][N] * skew.neighbour_shift[axis];
      jumps_[k][q] = jump;
    }
  }
}

void SkewCorrection::add(const std::vector<Triple>& x, double V, std::vector<Triple>& y) {
  for (int P = 0; P < mesh_.cells(); ++P) {
    change_[0][P] = x[P][0];
    change_[1][P] = x[P][1] - dX_dc_e_[P] * x[P][0];
    change_[2][P] = x[P][2];
  }
  exchange_.start({change_[0].data(), change_[1].data(), change_[2].data()});
  exchange_.finish();
  find_jumps(change_[0].data(), change_[1].data(), change_[2].data(), V);
  for (std::size_t k = 0; k < mesh_.faces.size(); ++k) {
    const Face& f = mesh_.faces[k];
    for (int q = 0; q < 3; ++q) {
      const double flux = conductance_[k][q] * jumps_[k][q];
      if (f.owner < mesh_.cells()) y[f.owner][q] += flux;
      if (f.neighbour < mesh_.cells()) y[f.neighbour][q] -= flux;
    }
  }
}

/// The same way back: fluxes to gradients of their two cells, those to the values that they were made of.
double SkewCorrection::add_transposed(const std::vector<Triple>& x, std::vector<Triple>& y) {
  for (int q = 0; q < 3; ++q)
    for (int P = 0; P < mesh_.cells(); ++P) change_[q][P] = x[P][q];
  exchange_.start({change_[0].data(), change_[1].data(), change_[2].data()});
  exchange_.finish();
  for (auto& g : gradient_) std::fill(g.begin(), g.end(), 0.0);
  for (std::size_t k = 0; k < mesh_.faces.size(); ++k) {
    const int P = mesh_.faces[k].owner, N = mesh_.faces[k].neighbour;
    const Skew& skew = mesh_.skew[k];
    for (int q = 0; q < 3; ++q) {
      const double flux = conductance_[k][q] * (change_[q][P] - change_[q][N]);
      for (int axis = 0; axis < 3; ++axis) {
        gradient_[3 * q + axis][P] += flux * skew.owner_shift[axis];
        gradient_[3 * q + axis][N] -= flux * skew.neighbour_shift[axis];
      }
    }
  }
  for (auto& c : change_) std::fill(c.begin(), c.end(), 0.0);
  const std::array<const SkewWeights<double>*, 3> weights{&ionic_, &ionic_, &electronic_};
  for (std::size_t k = 0; k < mesh_.faces.size(); ++k) {
    const int P = mesh_.faces[k].owner, N = mesh_.faces[k].neighbour;
    for (int q = 0; q < 3; ++q) {
      double change = 0;  // a ghost's gradient has no weight here
      for (int axis = 0; axis < 3; ++axis)
        change += weights[q]->owner[k][axis] * gradient_[3 * q + axis][P] +
                  weights[q]->neighbour[k][axis] * gradient_[3 * q + axis][N];
      change_[q][N] += change;
      change_[q][P] -= change;
    }
  }
  double V = 0;
  for (std::size_t k = 0; k < mesh_.walls.size(); ++k) {
    const Wall& wall = mesh_.walls[k];
    if (wall.terminal == Terminal::none) continue;
    double change = 0;
    for (int axis = 0; axis < 3; ++axis) change += electronic_.terminal[k][axis] * gradient_[6 + axis][wall.cell];
    change_[2][wall.cell] -= change;
    if (wall.terminal == Terminal::positive) V += change;
  }
  exchange_.give_back({change_[0].data(), change_[1].data(), change_[2].data()});
  for (int P = 0; P < mesh_.cells(); ++P) {
    y[P][0] += change_[0][P] - dX_dc_e_[P] * change_[1][P];
    y[P][1] += change_[1][P];
    y[P][2] += change_[2][P];
  }
  return V;
}

}  // namespace porelith
