#include "solver/newman/model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <limits>

#include "meshes/region_names.hpp"
#include "solver/base/together.hpp"
#include "solver/newman/mixing.hpp"
#include "solver/newman/worst.hpp"

namespace porelith {

using at = Isothermal;

ModelBed::ModelBed(BedParameters parameters, const ElectrolyteAt& electrolyte, double T)
    : BedParameters(std::move(parameters)),
      particles(law, shells, R),
      kinetics(law, *transfer, alpha, electrolyte.c_e0(), T, static_cast<int>(cells.size())),
      c_e(cells.size(), 0.0),
      phi(cells.size(), 0.0) {
  for (auto* v : {&response.j, &response.dj_dc_e, &response.dj_dphi}) v->assign(cells.size(), 0.0);
  if (!reactions.empty()) surface.emplace(reactions, electrolyte.t_plus(), T, static_cast<int>(cells.size()));
}

Model::Model(Parameters parameters, Mesh mesh, const Team& team)
    : mesh_(std::move(mesh)),
      team_(team),
      medium_(std::move(parameters.medium)),
      electrolyte_(std::move(parameters.electrolyte)),
      area_(parameters.area),
      temperature_(parameters.temperature),
      fields_(mesh_, team_),
      further_(std::move(parameters.further)) {
  together(team_, [&] {
    std::vector<Layout::BedShape> shapes;
    for (BedParameters& bed : parameters.beds) {
      beds_.emplace_back(std::move(bed), electrolyte_, temperature_);
      const ModelBed& made = beds_.back();
      shapes.push_back({made.particles.cells(), made.shells.shells, made.law.c_s_max()});
      if (made.surface)
        shapes.back().fluxes = made.surface->flux_slots(), shapes.back().own = made.surface->own_slots();
      keeps_salt_ = keeps_salt_ && (!made.surface || made.surface->keeps_salt());
      nonlinear_particles_ = nonlinear_particles_ || made.particles.nonlinear();
    }
    std::vector<Slot> slots;
    for (const FurtherField& field : further_) slots.push_back(field.slot);
    layout_ = Layout(mesh_.cells(), electrolyte_.c_e0(), shapes, slots);
  });
  // Foils hold no salt; the laws are asked there all the same.
  std::fill(fields_.c_e.begin(), fields_.c_e.end(), electrolyte_.c_e0());
  derive_medium();
}

void Model::set_medium(Medium medium) {
  medium_ = std::move(medium);
  derive_medium();
}

void Model::set_temperature(double T) {
  temperature_ = T;
  electrolyte_ = electrolyte_.at(T);
  for (ModelBed& bed : beds_) {
    bed.law = bed.law.at(T);
    bed.particles.set_law(bed.law);
    bed.kinetics.set_law(bed.law, T);
    if (bed.surface) bed.surface->set_temperature(T);
  }
}

void Model::set_surfaces(std::size_t bed, std::vector<double> eps_s, std::vector<double> a) {
  beds_[bed].eps_s = std::move(eps_s);
  beds_[bed].a = std::move(a);
}

void Model::derive_medium() {
  derive_ways();
  derive_electronic();
  if (team_.any(!mesh_.skew.empty())) fields_.skew.emplace(mesh_, medium_.B, medium_.sigma, team_);
}

/// How far it is through both cells of a face, for ions (S1).
void Model::derive_ways() {
  ways_.clear();
  for (const Face& f : mesh_.faces) {
    const int d = direction_of(mesh_, f);
    const auto B = [&](int P) {
      return B_through(mesh_, P, medium_.B[P], matrix_part(mesh_, P), wall_normal(mesh_, P, d));
    };
    ways_.push_back({f.d_owner / B(f.owner), f.d_neighbour / B(f.neighbour)});
  }
}

/// Conductances for electrons (S1), of faces and of the collectors' (B1). Electrons never pass from one electrode's
/// side to the other's: what lies between conducts none.
void Model::derive_electronic() {
  for (auto* v : {&electronic_, &negative_tie_, &positive_tie_}) v->clear();
  for (const Face& f : mesh_.faces) {
    const double sigma[2] = {medium_.sigma[f.owner], medium_.sigma[f.neighbour]};
    const bool solid = sigma[0] > 0 && sigma[1] > 0;
    electronic_.push_back(solid ? f.area / (f.d_owner / sigma[0] + f.d_neighbour / sigma[1]) : 0.0);
  }
  for (const auto& f : mesh_.negative_collector) negative_tie_.push_back(f.area * medium_.sigma[f.cell] / f.distance);
  terminals_.clear();
  collector_conductance_ = 0;
  for (const auto& f : mesh_.positive_collector) {
    positive_tie_.push_back(f.area * medium_.sigma[f.cell] / f.distance);
    terminals_.push_back({f.cell, at::phi_s, positive_tie_.back() * cells_in_parallel()});
    collector_conductance_ -= terminals_.back().by;
  }
  collector_conductance_ = team_.sum(collector_conductance_);
}

State Model::rest(const std::vector<double>& sto) const {
  State state(layout_.size, 0.0);
  for (const Slot& slot : layout_.slots) std::fill_n(state.begin() + slot.at, slot.size, slot.start);
  // All materials of an electrode rest at one potential, but for those that are full or empty before the others.
  const auto potential_of = [&](Region region) {
    double U = 0, farthest = -1;  // from empty and full
    for (std::size_t b = 0; b < beds_.size(); ++b) {
      const double distance = std::min(sto[b], 1 - sto[b]);
      if (beds_[b].electrode == region && distance > farthest) farthest = distance, U = beds_[b].law.potential(sto[b]);
    }
    return U;
  };
  const double U_n = potential_of(Region::negative), U_p = potential_of(Region::positive);
  for (int P = 0; P < layout_.cells; ++P) {
    state[layout_.c_e + P] = electrolyte_.c_e0();
    state[layout_.phi_e + P] = -U_n;
    state[layout_.phi_s + P] = medium_.sigma[P] > 0 && is_positive_side(mesh_.region[P]) ? U_p - U_n : 0;
  }
  state[layout_.voltage] = U_p - U_n;
  for (std::size_t b = 0; b < beds_.size(); ++b) {
    const auto& block = layout_.beds[b];
    const double c = sto[b] * beds_[b].law.c_s_max();
    std::fill_n(state.begin() + block.c_ss, block.cells, c);
    std::fill_n(state.begin() + block.c_s, block.cells * block.shells, c);
  }
  return state;
}

void Model::condense(double gamma, const State& hat, const State& state) {
  for (std::size_t b = 0; b < beds_.size(); ++b) {
    const auto& block = layout_.beds[b];
    beds_[b].particles.condense(gamma, &hat[block.c_s], &state[block.c_s]);
  }
}

Model::Update Model::update(const std::vector<Triple>& delta, double phi_limit, State& state) const {
  constexpr double sto_slack = 1e-6;  // beyond empty and full
  Triple largest{};
  for (int P = 0; P < layout_.cells; ++P)
    for (int q = 0; q < at::n; ++q)  // a maximum alone would pass over what is not a number
      largest[q] = std::isfinite(delta[P][q]) ? std::max(largest[q], std::abs(delta[P][q]))
                                              : std::numeric_limits<double>::infinity();
  team_.max(largest.data(), at::n);
  const double most = std::max(largest[at::phi_e], largest[at::phi_s]);
  const double part = most > phi_limit ? phi_limit / most : 1;
  bool settled = part == 1;
  for (std::size_t b = 0; b < beds_.size(); ++b) {
    const ModelBed& bed = beds_[b];
    const auto& r = bed.surface ? bed.surface->response(0) : bed.response;
    const double *alpha = bed.particles.alpha().data(), *beta = bed.particles.beta().data();
    const double low = bed.particles.potential_at(-sto_slack), high = bed.particles.potential_at(1 + sto_slack);
    double* j = &state[layout_.beds[b].j];
    const auto moved = [&](const FluxResponse& response, std::size_t i) {
      const Triple& d = delta[bed.cells[i]];
      return response.j[i] +
             part * (response.dj_dc_e[i] * d[at::c_e] + response.dj_dphi[i] * (d[at::phi_s] - d[at::phi_e]));
    };
    for (std::size_t i = 0; i < bed.cells.size(); ++i) {
      j[i] = moved(r, i);
      const double Phi_ss = alpha[i] + beta[i] * j[i];
      settled = settled && Phi_ss > low && Phi_ss < high;
    }
    const auto& block = layout_.beds[b];
    for (int q = 0; q < block.reactions + block.states; ++q) {  // what else happens at the surfaces follows alike
      const FluxResponse& other = bed.surface->response(1 + q);
      double* u = q < block.reactions ? &state[block.fluxes + q * block.cells]
                                      : &state[block.own + (q - block.reactions) * block.cells];
      for (int i = 0; i < block.cells; ++i) u[i] = moved(other, i);
    }
  }
  for (int P = 0; P < layout_.cells; ++P) {
    double& c_e = state[layout_.c_e + P];
    const double wanted = c_e + part * delta[P][at::c_e];
    settled = settled && wanted >= 0.1 * c_e;
    c_e = std::max(wanted, 0.1 * c_e);
    state[layout_.phi_e + P] += part * delta[P][at::phi_e];
    state[layout_.phi_s + P] += part * delta[P][at::phi_s];
  }
  return {part, !team_.any(!settled), largest};
}

void Model::expand(const State& hat, State& state, bool shells) const {
  for (std::size_t b = 0; b < beds_.size(); ++b) {
    const auto& block = layout_.beds[b];
    beds_[b].particles.surface(&state[block.j], &state[block.c_ss]);
    if (shells) beds_[b].particles.expand(&state[block.j], &hat[block.c_s], &state[block.c_s]);
  }
}

void Model::follow(double gamma, const State& hat, State& state) const {
  std::vector<double> given;
  for (const FurtherField& field : further_) {
    const Slot& slot = *layout_.find(field.slot.name, field.slot.bed);
    given.assign(slot.size, slot.has_memory() ? 0 : slot.start);
    if (field.law) field.law(state, given.data());
    for (int i = 0; i < slot.size; ++i)
      state[slot.at + i] = slot.has_memory() ? hat[slot.at + i] + gamma * given[i] : given[i];
  }
}

double Model::relinearise(double gamma, const State& hat, State& state) {
  double imbalance = 0;
  for (std::size_t b = 0; b < beds_.size(); ++b) {
    Particles& particles = beds_[b].particles;
    if (!particles.nonlinear()) continue;
    const auto& block = layout_.beds[b];
    const double *j = &state[block.j], *c_hat = &hat[block.c_s];
    double* c_s = &state[block.c_s];
    particles.expand(j, c_hat, c_s);
    particles.condense(gamma, c_hat, c_s);
    imbalance = std::max(imbalance, particles.imbalance(j, c_hat, c_s));
  }
  return team_.max(imbalance);
}

bool Model::diffusivity_holds(const State& state) {
  bool holds = true;
  const auto visit = [&](const auto& ask) {
    for (std::size_t b = 0; b < beds_.size(); ++b) {
      const ModelBed& bed = beds_[b];
      if (!bed.particles.potential() || bed.particles.potential()->positive()) continue;
      const auto& block = layout_.beds[b];
      for (int i = 0; i < block.cells; ++i) {
        ask(bed, i, state[block.c_ss + i]);
        for (int k = 0; k < block.shells; ++k) ask(bed, i, state[block.c_s + k * block.cells + i]);
      }
    }
  };
  const auto D_s_at = [](const ModelBed& bed, double sto) {
    double D_s, slope;
    bed.law.diffusivity(1, &sto, &D_s, &slope);
    return D_s;
  };
  const auto sto_of = [](const ModelBed& bed, double c) { return std::clamp(c / bed.law.c_s_max(), 0.0, 1.0); };
  visit([&](const ModelBed& bed, int, double c) {
    const double D_s = D_s_at(bed, sto_of(bed, c));
    holds = holds && D_s > 0 && std::isfinite(D_s);
  });
  if (!team_.any(!holds)) return true;

  Worst worst;
  std::deque<std::string> sentences;
  visit([&](const ModelBed& bed, int i, double c) {
    const double sto = sto_of(bed, c), D_s = D_s_at(bed, sto);
    if (D_s > 0 && std::isfinite(D_s)) return;
    sentences.push_back(fmt::format("D_s of {}the {} electrode is {:.2g} m2/s at stoichiometry {:.3g}",
                                    bed.name.empty() ? "" : bed.name + " in ", name_of(bed.electrode), D_s, sto));
    worst.offer(std::isfinite(D_s) ? -D_s : HUGE_VAL, D_s, sentences.back().c_str(), "m2/s", bed.cells[i]);
  });
  complaint_ = worst.told(mesh_, team_, [](const Worst::Candidate& c, const std::string& place) {
    return fmt::format("{} in {}", c.field, place);
  });
  return false;
}

void Model::balance_salt(const State& hat, State& state) const {
  if (!source.empty() || !keeps_salt_) return;
  std::array<double, 2> sums{};  // salt too many [mol], pore volume [m3]
  for (int P = 0; P < layout_.cells; ++P) {
    const double pores = mesh_.volume[P] * medium_.eps[P];
    sums[0] += pores * (state[layout_.c_e + P] - hat[layout_.c_e + P]);
    sums[1] += pores;
  }
  team_.sum(sums.data(), 2);
  for (int P = 0; P < layout_.cells; ++P)
    if (medium_.eps[P] > 0) state[layout_.c_e + P] -= sums[0] / sums[1];
}

double Model::current(const State& state, double V) const {
  double sum = 0;
  for (const Border::Entry& t : terminals_) sum += t.by * (state[layout_.phi_s + t.cell] - V);
  return team_.sum(sum);
}

}  // namespace porelith
