#include "solver/newman/skew_pull_back.hpp"

namespace porelith {

using skew::dot, skew::sum;

SkewPullBack::SkewPullBack(const Model& model)
    : model_(model),
      mesh_(model.mesh()),
      ionic_{&model.medium().B, skew::normal_matrices(mesh_, model.medium().B),
             skew_weights(mesh_, model.medium().B, false)},
      electronic_{&model.medium().sigma, skew::normal_matrices(mesh_, model.medium().sigma),
                  skew_weights(mesh_, model.medium().sigma, true)},
      falling_(mesh_.with_ghosts()),
      conductance_(mesh_.faces.size()),
      by_gradient_(mesh_.with_ghosts()) {}

void SkewPullBack::take(const std::vector<double>& c_e, const std::vector<double>& phi_e, const std::vector<double>& X,
                        const std::vector<double>& phi_s, double V) {
  for (std::size_t P = 0; P < falling_.size(); ++P) falling_[P] = {c_e[P], phi_e[P] - X[P], phi_s[P]};
  gradient_ = skew_gradients(mesh_, model_.team(), ionic_.weights, electronic_.weights, falling_, V);
  jumps_ = skew_jumps(mesh_, gradient_);
}

double SkewPullBack::add(const std::array<std::vector<double>, 3>& lambda, const std::vector<double>& X,
                         std::vector<double>& by_B, std::vector<double>& by_sigma) {
  pull_gradients(lambda);
  double by_ln_chi = 0;  // of the gradients of psi
  for (std::size_t k = 0; k < mesh_.faces.size(); ++k) {
    const int P = mesh_.faces[k].owner, N = mesh_.faces[k].neighbour;
    const double by_change =
        dot(by_gradient_[P][1], ionic_.weights.owner[k]) + dot(by_gradient_[N][1], ionic_.weights.neighbour[k]);
    by_ln_chi -= by_change * (X[N] - X[P]);
  }
  pull_weights(ionic_, 0, 2, by_B);
  pull_weights(electronic_, 2, 3, by_sigma);
  return by_ln_chi;
}

/// Slopes by the gradients of own cells, those that other ranks' faces feel of them included.
void SkewPullBack::pull_gradients(const std::array<std::vector<double>, 3>& lambda) {
  std::fill(by_gradient_.begin(), by_gradient_.end(), std::array<Vector, 3>{});
  for (std::size_t k = 0; k < mesh_.faces.size(); ++k) {
    const int P = mesh_.faces[k].owner, N = mesh_.faces[k].neighbour;
    for (int q = 0; q < 3; ++q) {
      const double flux = conductance_[k][q] * (lambda[q][P] - lambda[q][N]);
      by_gradient_[P][q] = sum(by_gradient_[P][q], flux, mesh_.skew[k].owner_shift);
      by_gradient_[N][q] = sum(by_gradient_[N][q], -flux, mesh_.skew[k].neighbour_shift);
    }
  }
  std::array<std::vector<double>, 9> fields;
  for (int at = 0; at < 9; ++at)
    for (const auto& gradient : by_gradient_) fields[at].push_back(gradient[at / 3][at % 3]);
  auto& f = fields;
  HaloExchange(mesh_.halo, model_.team())
      .give_back({f[0].data(), f[1].data(), f[2].data(), f[3].data(), f[4].data(), f[5].data(), f[6].data(),
                  f[7].data(), f[8].data()});
  for (int P = 0; P < mesh_.with_ghosts(); ++P)
    for (int at = 0; at < 9; ++at) by_gradient_[P][at / 3][at % 3] = P < mesh_.cells() ? fields[at][P] : 0;
}

/// A gradient g solves M g = sum of w r change, M the sum of w r r^T over its faces, w r's equation's weight: what g is
/// multiplied with, solved with M for y, turns a change of r into
/// (dw y.r + w y.dr)(change - r.g) - w y.r dr.g, dw = -2 w r.dr/r.r, summed over the fields `first` to `last`.
void SkewPullBack::pull_weights(const Conductor& conductor, int first, int last, std::vector<double>& by) const {
  const std::vector<double>& conductivity = *conductor.conductivity;
  std::vector<std::array<Vector, 3>> y(mesh_.cells());
  for (int P = 0; P < mesh_.cells(); ++P)
    for (int q = first; q < last; ++q) y[P][q] = conductor.matrix[P].solve(by_gradient_[P][q]);
  for (std::size_t k = 0; k < mesh_.faces.size(); ++k) {
    const Face& f = mesh_.faces[k];
    if (!skew::passes(f, conductivity)) continue;
    for (const bool from_owner : {true, false}) {
      const int here = from_owner ? f.owner : f.neighbour, there = from_owner ? f.neighbour : f.owner;
      if (here >= mesh_.cells()) continue;
      const Vector r = skew::way(mesh_, conductivity, k, from_owner);
      const double weight = skew::weight_of(mesh_, k, r);
      // of r by the ratio of the conductivities
      const Vector dr = sum(Vector{}, from_owner ? f.d_neighbour : -f.d_owner, mesh_.skew[k].normal);
      const double dw = -2 * weight * dot(r, dr) / dot(r, r);
      double by_ratio = 0;
      for (int q = first; q < last; ++q) {
        const Vector &g = gradient_[here][q], &y_here = y[here][q];
        const double change = falling_[there][q] - falling_[here][q];
        const double along = dot(y_here, r);
        by_ratio += (dw * along + weight * dot(y_here, dr)) * (change - dot(r, g)) - weight * along * dot(dr, g);
      }
      by[here] += by_ratio / conductivity[there];
      by[there] -= by_ratio * conductivity[here] / (conductivity[there] * conductivity[there]);
    }
  }
}

}  // namespace porelith
