#include "solver/newman/gauge.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "solver/base/constants.hpp"

namespace porelith {

Gauge::Gauge(const Model& model, double soc_start)
    : model_(model),
      soc_start_(soc_start),
      exchange_(model.mesh().halo, model.team()),
      c_e_(model.mesh().with_ghosts()),
      phi_e_(model.mesh().with_ghosts()) {
  const Mesh& mesh = model.mesh();
  for (int P = 0; P < mesh.cells(); ++P)
    if (mesh.region[P] == Region::negative && model.medium().sigma[P] > 0) negative_cells_.push_back(P);
  const auto& sigma = model.medium().sigma;
  const auto plates = [&](int P) { return P < mesh.cells() && mesh.region[P] == Region::negative && sigma[P] > 0; };
  for (const Face& f : mesh.faces) {  // where the solid ends: at the separator, or at a channel
    if (plates(f.owner) && sigma[f.neighbour] == 0)
      interfaces_.push_back({f.owner, f.neighbour, f.d_owner, f.d_neighbour});
    if (plates(f.neighbour) && sigma[f.owner] == 0)
      interfaces_.push_back({f.neighbour, f.owner, f.d_neighbour, f.d_owner});
  }
  for (const ModelBed& bed : model.beds()) {
    if (bed.electrode != Region::negative) continue;
    const double window = bed.sto_max - bed.sto_min;
    for (std::size_t i = 0; i < bed.cells.size(); ++i)
      charge_capacity_ += faraday * window * bed.law.c_s_max() * bed.eps_s[i] * mesh.volume[bed.cells[i]];
  }
  charge_capacity_ = model.team().sum(charge_capacity_) * model.cells_in_parallel();
  rate_.assign(mesh.cells(), 0.0);
}

double Gauge::plating_margin(const State& state) const {
  const Layout& l = model_.layout();
  std::copy_n(&state[l.c_e], l.cells, c_e_.begin());
  std::copy_n(&state[l.phi_e], l.cells, phi_e_.begin());
  exchange_.start({c_e_.data(), phi_e_.data()});
  double margin = std::numeric_limits<double>::infinity();
  for (int P : negative_cells_) margin = std::min(margin, state[l.phi_s + P] - state[l.phi_e + P]);
  exchange_.finish();
  // On a face where the solid ends no electrons flow, and phi_e - X(c_e) is continuous with its flux (E2).
  const ElectrolyteAt& liquid = model_.electrolyte();
  for (const Interface& f : interfaces_) {
    const double c[2] = {c_e_[f.electrode], c_e_[f.other]};
    double D[2], kappa[2], slope[2];
    liquid.diffusivity(2, c, D, slope);
    liquid.conductivity(2, c, kappa, slope);
    const double B[2] = {model_.medium().B[f.electrode] / f.d_electrode, model_.medium().B[f.other] / f.d_other};
    const double c_face = (B[0] * D[0] * c[0] + B[1] * D[1] * c[1]) / (B[0] * D[0] + B[1] * D[1]);
    const double g[2] = {B[0] * kappa[0], B[1] * kappa[1]};
    const double drive = (g[0] * (phi_e_[f.electrode] - liquid.salt_potential(c[0])) +
                          g[1] * (phi_e_[f.other] - liquid.salt_potential(c[1]))) /
                         (g[0] + g[1]);
    margin = std::min(margin, state[l.phi_s + f.electrode] - (drive + liquid.salt_potential(c_face)));
  }
  return model_.team().min(margin);
}

double Gauge::c_e_min(const State& state) const {
  const auto from = state.begin() + model_.layout().c_e;
  const auto to = from + model_.layout().cells;
  return model_.team().min(from == to ? std::numeric_limits<double>::infinity() : *std::min_element(from, to));
}

double Gauge::c_e_max(const State& state) const {
  const auto from = state.begin() + model_.layout().c_e;
  const auto to = from + model_.layout().cells;
  return model_.team().max(from == to ? 0 : *std::max_element(from, to));
}

double Gauge::uniformity(const State& state, Region electrode) const {
  std::fill(rate_.begin(), rate_.end(), 0.0);
  for (std::size_t b = 0; b < model_.beds().size(); ++b) {
    const ModelBed& bed = model_.beds()[b];
    if (bed.electrode != electrode) continue;
    for (std::size_t i = 0; i < bed.cells.size(); ++i)
      rate_[bed.cells[i]] += bed.a[i] * state[model_.layout().beds[b].j + i];
  }
  double sum = 0, volume = 0, largest = 0;
  for (int P = 0; P < model_.mesh().cells(); ++P) {
    if (model_.mesh().region[P] != electrode || model_.medium().sigma[P] == 0) continue;
    sum += std::abs(rate_[P]) * model_.mesh().volume[P];
    volume += model_.mesh().volume[P];
    largest = std::max(largest, std::abs(rate_[P]));
  }
  std::array<double, 2> sums{sum, volume};
  model_.team().sum(sums.data(), 2);
  largest = model_.team().max(largest);
  return largest > 0 ? sums[0] / sums[1] / largest : 0;
}

}  // namespace porelith
