#include "solver/newman/pull_back.hpp"

#include <algorithm>

#include "solver/base/constants.hpp"
#include "solver/base/dual.hpp"
#include "solver/newman/mixing.hpp"
#include "solver/newman/skew_pull_back.hpp"
#include "solver/text/vector_math.hpp"

namespace porelith {

PullBack::PullBack(const Model& model, bool temperature)
    : model_(model),
      mesh_(model.mesh()),
      layout_(model.layout()),
      temperature_(temperature),
      lengths_(!model.team().any(!model.mesh().skew.empty())),
      exchange_(mesh_.halo, model.team()) {
  const int n = mesh_.with_ghosts();
  for (auto* v : {&c_e_, &phi_e_, &phi_s_, &D_e_, &kappa_, &X_, &slope_}) v->assign(n, 0.0);
  for (auto& v : lambda_) v.assign(n, 0.0);
  rate_.assign(layout_.cells, 0.0);
  for (const auto& block : layout_.beds) {
    Bed& bed = beds_.emplace_back();
    for (auto* v : {&bed.c_e, &bed.sto, &bed.beyond, &bed.charge, &bed.salt, &bed.by_ln_K, &bed.by_T, &bed.flux,
                    &bed.eta, &bed.by_j, &bed.by_c_e, &bed.by_sto, &bed.U, &bed.slope})
      v->assign(block.cells, 0.0);
  }
  derive_faces();
  if (!lengths_) skew_ = std::make_unique<SkewPullBack>(model);
}

PullBack::~PullBack() = default;

/// What of the conductances (S1) does not change from step to step.
void PullBack::derive_faces() {
  const Medium& medium = model_.medium();
  for (const Face& f : mesh_.faces) {
    const int axis = direction_of(mesh_, f);
    const double sigma[2] = {medium.sigma[f.owner], medium.sigma[f.neighbour]};
    const bool solid = sigma[0] > 0 && sigma[1] > 0;
    const double S = solid ? f.area / (f.d_owner / sigma[0] + f.d_neighbour / sigma[1]) : 0;
    std::array<Side, 2>& sides = sides_.emplace_back();
    for (int k = 0; k < 2; ++k) {
      const int P = k == 0 ? f.owner : f.neighbour;
      const double d = k == 0 ? f.d_owner : f.d_neighbour;
      using Number = Dual<3>;
      const Number B = B_through(mesh_, P, Number(medium.B[P], {1, 0, 0}), Number(matrix_part(mesh_, P), {0, 1, 0}),
                                 Number(wall_normal(mesh_, P, axis), {0, 0, 1}));
      const double by_through = -d / B.value / B.value;
      Side& side = sides[k];
      side.way = d / B.value, side.per_distance = 1 / B.value;
      side.by_B = by_through * B.slope[0], side.by_matrix = by_through * B.slope[1];
      side.by_normal = by_through * B.slope[2];
      side.S_by_distance = solid ? -S / f.area / sigma[k] : 0;
      side.S_by_sigma = -side.S_by_distance * d / sigma[k];
      if (!solid) side.S_by_sigma = 0;
    }
    S_.push_back(S), axes_.push_back(axis);
  }
  through_.resize(mesh_.faces.size());
}

void PullBack::take(double gamma, const State& hat, const State& state) {
  gamma_ = gamma, state_ = &state;
  const int n = layout_.cells;
  std::copy_n(&state[layout_.c_e], n, c_e_.begin());
  std::copy_n(&state[layout_.phi_e], n, phi_e_.begin());
  std::copy_n(&state[layout_.phi_s], n, phi_s_.begin());
  exchange_.start({c_e_.data(), phi_e_.data(), phi_s_.data()});
  for (int P = 0; P < n; ++P) rate_[P] = (c_e_[P] - hat[layout_.c_e + P]) / gamma;
  for (std::size_t b = 0; b < beds_.size(); ++b) take_bed(b, state);
  exchange_.finish();
  take_faces(state[layout_.voltage]);
}

/// Charge transfer (E3) and all fluxes (E6) of a bed.
void PullBack::take_bed(std::size_t b, const State& state) {
  const ModelBed& bed = model_.beds()[b];
  const auto& block = layout_.beds[b];
  const int n = block.cells;
  Bed& at = beds_[b];
  const double *j = state.data() + block.j, *c_ss = state.data() + block.c_ss, c_s_max = bed.law.c_s_max();
  for (int i = 0; i < n; ++i) {
    at.c_e[i] = c_e_[bed.cells[i]];
    const double sto = c_ss[i] / c_s_max;
    at.sto[i] = std::clamp(sto, sto_margin, 1 - sto_margin);
    at.beyond[i] = sto - at.sto[i];
    at.charge[i] = j[i];
    at.salt[i] = (1 - model_.electrolyte().t_plus()) * j[i];
  }
  for (int r = 0; r < block.reactions; ++r) {
    const double weight = bed.surface->reactions()[r]->lithium() - model_.electrolyte().t_plus();
    const double* flux = state.data() + block.fluxes + r * n;
    for (int i = 0; i < n; ++i) at.charge[i] += flux[i], at.salt[i] += weight * flux[i];
  }

  const Interface& interface = bed.kinetics.interface();
  bed.transfer->overpotential(interface, n, j, at.c_e.data(), at.sto.data(),
                              {at.eta.data(), at.by_j.data(), at.by_c_e.data(), at.by_sto.data(),
                               temperature_ ? at.by_T.data() : nullptr, at.by_ln_K.data()});
  if (temperature_) {
    bed.law.potential(n, at.sto.data(), at.U.data(), at.slope.data(), at.flux.data());
    const double barrier = gas_constant / faraday / sto_margin;
    for (int i = 0; i < n; ++i)
      at.by_T[i] = -at.flux[i] - (at.by_T[i] - at.by_ln_K[i] * interface.i0.dln_dT) + barrier * at.beyond[i];
  }
  for (double& by : at.by_ln_K) by = -by;

  const DiffusionPotential* potential = bed.particles.potential();
  if (!potential) return;
  const int all = n * block.shells;
  for (auto* v : {&at.Phi, &at.D}) v->resize(all);
  std::vector<double>& sto = at.D;  // evaluated in place
  for (int k = 0; k < all; ++k) sto[k] = state[block.c_s + k] / c_s_max;
  potential->evaluate(all, sto.data(), at.Phi.data(), at.D.data());
  for (double& Phi : at.Phi) Phi *= c_s_max;
}

/// Fluxes (E1), (E2), (E5) and how they follow their conductances.
void PullBack::take_faces(double V) {
  const int n = mesh_.with_ghosts();
  const ElectrolyteAt& liquid = model_.electrolyte();
  liquid.diffusivity(n, c_e_.data(), D_e_.data(), slope_.data());
  liquid.conductivity(n, c_e_.data(), kappa_.data(), slope_.data());
  if (liquid.varying_chi())
    liquid.varying_chi()->evaluate(n, c_e_.data(), X_.data(), slope_.data());
  else
    for (int P = 0; P < n; ++P) X_[P] = liquid.chi() * vector_math::log(c_e_[P]);
  if (skew_) skew_->take(c_e_, phi_e_, X_, phi_s_, V);
  for (std::size_t k = 0; k < mesh_.faces.size(); ++k) {
    const Face& f = mesh_.faces[k];
    const int P = f.owner, N = f.neighbour;
    const std::array<Side, 2>& side = sides_[k];
    const double G = f.area / (side[0].way / D_e_[P] + side[1].way / D_e_[N]);
    const double K = f.area / (side[0].way / kappa_[P] + side[1].way / kappa_[N]);
    double fall = c_e_[P] - c_e_[N], drive = phi_e_[P] - phi_e_[N] - (X_[P] - X_[N]), drop = phi_s_[P] - phi_s_[N];
    if (skew_) {
      const Triple& jump = skew_->jump(k);
      fall += jump[0], drive += jump[1], drop += jump[2];
      skew_->conductances(k, {G, K, S_[k]});
    }
    const double salt = G * fall, ionic = K * drive;
    const double bend = -salt * G / f.area, bend_K = -ionic * K / f.area;
    through_[k] = {salt,
                   ionic,
                   S_[k] * drop,
                   K * (X_[P] - X_[N]),
                   {bend / D_e_[P], bend / D_e_[N]},
                   {bend_K / kappa_[P], bend_K / kappa_[N]}};
  }
}

void PullBack::add(const State& lambda, State& by_hat, ParameterChange& by) {
  if (by.medium.B.empty()) porelith::add(by, 1, no_change(model_));
  const int from[3] = {layout_.c_e, layout_.phi_e, layout_.phi_s};
  for (int q = 0; q < 3; ++q) std::copy_n(&lambda[from[q]], layout_.cells, lambda_[q].begin());
  // (E1), (E2) of foils, (E5) where there is no solid stand for identities; only faces add to them
  add_volumes(lambda, by_hat, by);
  for (std::size_t b = 0; b < beds_.size(); ++b) {
    add_reactions(b, lambda, by);
    add_particles(b, lambda, by_hat, by.beds[b]);
  }
  add_faces(by);
  add_collectors(lambda, by);
  for (const int integral : {layout_.charge, layout_.energy}) by_hat[integral] -= lambda[integral] / gamma_;
}

/// Salt that a control volume stores (E1).
void PullBack::add_volumes(const State& lambda, State& by_hat, ParameterChange& by) const {
  const std::vector<double>& eps = model_.medium().eps;
  for (int P = 0; P < layout_.cells; ++P) {
    const double l = lambda[layout_.c_e + P], V = mesh_.volume[P];
    if (eps[P] == 0) {
      by_hat[layout_.c_e + P] -= l;
      continue;
    }
    by_hat[layout_.c_e + P] -= l * V * eps[P] / gamma_;
    by.medium.eps[P] += l * V * rate_[P];
    if (lengths_) by.lengths.volume[P] += l * eps[P] * rate_[P];
  }
}

/// Sources in (E1), (E2), (E5), the kinetics (E3) and the past of the reactions' own states (E6).
void PullBack::add_reactions(std::size_t b, const State& lambda, ParameterChange& by) const {
  const ModelBed& bed = model_.beds()[b];
  const auto& block = layout_.beds[b];
  const Bed& at = beds_[b];
  ParameterChange::Bed& by_bed = by.beds[b];
  double by_t_plus = 0, by_ln_K = 0, by_T = 0;
  for (int i = 0; i < block.cells; ++i) {
    const int P = bed.cells[i];
    const double V = mesh_.volume[P], l = lambda_[0][P];
    const double source = faraday * (lambda_[2][P] - lambda_[1][P]) * at.charge[i] - l * at.salt[i];
    by_bed.a[i] += V * source;
    if (lengths_) by.lengths.volume[P] += bed.a[i] * source;
    by_t_plus += l * V * bed.a[i] * at.charge[i];
    by_ln_K += lambda[block.j + i] * at.by_ln_K[i];
    by_T += lambda[block.j + i] * at.by_T[i];
  }
  by.t_plus += by_t_plus, by_bed.ln_K += by_ln_K;
  if (temperature_) by.temperature += by_T;
}

/// Shells (E4) and surface (S2).
void PullBack::add_particles(std::size_t b, const State& lambda, State& by_hat, ParameterChange::Bed& by) {
  const ModelBed& bed = model_.beds()[b];
  const auto& block = layout_.beds[b];
  const ShellGeometry& shells = bed.shells;
  const int n = block.cells, last = block.shells - 1;
  const double D = bed.particles.mean_diffusivity(), per_rate = -1 / gamma_;
  const double* Phi = bed.particles.potential() ? beds_[b].Phi.data() : state_->data() + block.c_s;
  double* sum = beds_[b].flux.data();  // of lambda's fall times the conducted flux, without D/R^2
  std::fill_n(sum, n, 0.0);
  for (int k = 0; k <= last; ++k) {
    const double* l = lambda.data() + block.c_s + k * n;
    const double *l_in = k > 0 ? l - n : l, *l_out = k < last ? l + n : l;
    const double own = shells.storage[k] * per_rate, in = k > 0 ? -shells.lag_out[k] * per_rate : 0;
    const double out = k < last ? shells.lag_in[k + 1] * per_rate : 0, g = shells.conductance[k];
    double* hat = by_hat.data() + block.c_s + k * n;
    for (int i = 0; i < n; ++i) hat[i] += own * l[i] + in * l_in[i] + out * l_out[i];
    if (k == 0) continue;
    const double* at = Phi + k * n;
    for (int i = 0; i < n; ++i) sum[i] += g * (l[i] - l_in[i]) * (at[i] - at[i - n]);
  }
  const double *l_last = lambda.data() + block.c_s + last * n, *l_ss = lambda.data() + block.c_ss;
  const double* j = state_->data() + block.j;
  double by_ln_D_s = 0;
  for (int i = 0; i < n; ++i) {
    const double R = bed.R[i], conducted = sum[i] * D / (R * R), closed = l_ss[i] * shells.w_slope * j[i] / D;
    by.R[i] += closed - l_last[i] * j[i] / (R * R) - 2 * conducted / R;
    by_ln_D_s += conducted - closed * R;
  }
  by.ln_D_s += by_ln_D_s;
  for (int k = 0; k < block.states * n; ++k) by_hat[block.own + k] += per_rate * lambda[block.own + k];
}

void PullBack::add_faces(ParameterChange& by) {
  double by_ln_D = 0, by_ln_kappa = 0, by_ln_chi = 0;
  const bool cut = lengths_ && !mesh_.wall_normal.empty();
  for (std::size_t k = 0; k < mesh_.faces.size(); ++k) {
    const Face& f = mesh_.faces[k];
    const int P = f.owner, N = f.neighbour;
    const Through& t = through_[k];
    double fall[3];
    for (int q = 0; q < 3; ++q) fall[q] = lambda_[q][P] - lambda_[q][N];
    const double salt = fall[0] * t.salt, ionic = fall[1] * t.ionic, electronic = fall[2] * t.electronic;
    by_ln_D += salt, by_ln_kappa += ionic, by_ln_chi -= fall[1] * t.chi;
    double by_distance[2];
    for (int side = 0; side < 2; ++side) {
      const Side& s = sides_[k][side];
      const int cell = side == 0 ? P : N;
      const double by_way = fall[0] * t.salt_by_way[side] + fall[1] * t.ionic_by_way[side];
      by.medium.B[cell] += by_way * s.by_B;
      by.medium.sigma[cell] += electronic * s.S_by_sigma;
      if (cut) {
        by.lengths.matrix[cell] += by_way * s.by_matrix;
        by.lengths.wall_normal[cell][axes_[k]] += by_way * s.by_normal;
      }
      by_distance[side] = by_way * s.per_distance + electronic * s.S_by_distance;
    }
    if (!lengths_) continue;
    std::array<double, 3>& lengths = by.lengths.faces[k];
    lengths[0] += (salt + ionic + electronic) / f.area, lengths[1] += by_distance[0], lengths[2] += by_distance[1];
  }
  if (skew_) by_ln_chi += skew_->add(lambda_, X_, by.medium.B, by.medium.sigma);
  by.ln_D_e += by_ln_D, by.ln_kappa += by_ln_kappa;
  add_slope_by_chi(model_, by_ln_chi, by, temperature_);
}

/// (B1), and the whole cell's current.
void PullBack::add_collectors(const State& lambda, ParameterChange& by) const {
  const double per_area = -lambda[layout_.current] / mesh_.footprint, V = (*state_)[layout_.voltage];
  const auto add = [&](const CollectorFace& f, double fall, double whole, double* by_distance, double* by_area) {
    const double sigma = model_.medium().sigma[f.cell], current = f.area * sigma / f.distance * fall;
    const double counts = (lambda_[2][f.cell] + whole) * current;
    if (sigma > 0) by.medium.sigma[f.cell] += counts / sigma;  // a channel ends there without solid
    if (lengths_) *by_distance -= counts / f.distance, *by_area += counts / f.area;
    return current;
  };
  ParameterChange::Lengths& l = by.lengths;
  for (std::size_t k = 0; k < mesh_.negative_collector.size(); ++k) {
    const CollectorFace& f = mesh_.negative_collector[k];
    add(f, phi_s_[f.cell], 0, l.negative_distance.data() + k, l.negative_area.data() + k);
  }
  double through = 0;
  for (std::size_t k = 0; k < mesh_.positive_collector.size(); ++k) {
    const CollectorFace& f = mesh_.positive_collector[k];
    through += add(f, phi_s_[f.cell] - V, per_area * model_.area(), l.positive_distance.data() + k,
                   l.positive_area.data() + k);
  }
  by.area += per_area * through;
  if (lengths_) l.footprint -= per_area * model_.area() / mesh_.footprint * through;
}

void pull_back(const Model& model, double gamma, const State& hat, const State& state, const State& lambda,
               State& by_hat, ParameterChange& by_parameters) {
  PullBack step(model);
  step.take(gamma, hat, state);
  step.add(lambda, by_hat, by_parameters);
}

}  // namespace porelith
