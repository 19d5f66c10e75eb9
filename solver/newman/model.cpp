#include "solver/newman/model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace porelith {

namespace {

const Electrode& electrode_of(const Cell& cell, Region region) {
  return region == Region::negative ? cell.negative : cell.positive;
}

Medium medium_of(const Cell& cell, const Mesh& mesh) {
  Medium medium;
  for (int P = 0; P < mesh.cells(); ++P) {
    const double from = mesh.xi_from[P], to = mesh.xi_to[P];
    if (mesh.region[P] == Region::separator) {
      medium.eps.push_back(cell.separator.porosity);
      medium.B.push_back(cell.separator.transport_efficiency);
      medium.sigma.push_back(0);
    } else {
      const Electrode& electrode = electrode_of(cell, mesh.region[P]);
      medium.eps.push_back(electrode.eps(from, to));
      medium.B.push_back(electrode.B(from, to));
      medium.sigma.push_back(electrode.conductivity.mean(from, to));
    }
  }
  return medium;
}

ModelBed make_bed(const Case& input, const Mesh& mesh, Region region, std::size_t m) {
  const Electrode& electrode = electrode_of(input.cell, region);
  const ActiveMaterial& material = electrode.materials[m];
  std::vector<int> cells;
  std::vector<double> eps_s, a, R;
  for (int P = 0; P < mesh.cells(); ++P) {
    if (mesh.region[P] != region) continue;
    cells.push_back(P);
    eps_s.push_back(electrode.eps_s(m, mesh.xi_from[P], mesh.xi_to[P]));
    R.push_back(material.R.mean(mesh.xi_from[P], mesh.xi_to[P]));
    a.push_back(3 * eps_s.back() / R.back());
  }
  const int n = static_cast<int>(cells.size());
  const MaterialLaw law(material, input.cell.T_ref, input.temperature);
  const ShellGeometry shells(input.mesh.shells, input.mesh.shell_grading);
  const std::vector<double> zero(n, 0.0);
  return {region,
          m,
          cells,
          eps_s,
          a,
          R,
          material.sto_min,
          material.sto_max,
          law,
          Particles(law, shells, R),
          Kinetics(law, input.cell.electrolyte.c_e0, input.temperature, n),
          {zero, zero, zero},
          zero,
          zero};
}

}  // namespace

Model::Model(const Case& input, Mesh mesh)
    : mesh_(std::move(mesh)),
      medium_(medium_of(input.cell, mesh_)),
      electrolyte_(input.cell.electrolyte, input.cell.T_ref, input.temperature),
      area_(input.cell.area()) {
  std::vector<int> bed_cells;
  for (Region region : {Region::negative, Region::positive})
    for (std::size_t m = 0; m < electrode_of(input.cell, region).materials.size(); ++m) {
      beds_.push_back(make_bed(input, mesh_, region, m));
      bed_cells.push_back(static_cast<int>(beds_.back().cells.size()));
      nonlinear_particles_ = nonlinear_particles_ || beds_.back().particles.nonlinear();
    }
  layout_ = Layout(mesh_.cells(), bed_cells, input.mesh.shells);

  for (const Face& f : mesh_.faces) {
    const bool solid = mesh_.region[f.owner] == mesh_.region[f.neighbour] && medium_.sigma[f.owner] > 0;
    electronic_.push_back(
        solid ? f.area / (f.d_owner / medium_.sigma[f.owner] + f.d_neighbour / medium_.sigma[f.neighbour]) : 0.0);
  }
  for (const auto& f : mesh_.negative_collector) negative_tie_.push_back(f.area * medium_.sigma[f.cell] / f.distance);
  for (const auto& f : mesh_.positive_collector) {
    positive_tie_.push_back(f.area * medium_.sigma[f.cell] / f.distance);
    collector_conductance_ -= positive_tie_.back() * cells_in_parallel();
  }
  for (auto* v : {&D_e_, &dD_e_, &kappa_, &dkappa_, &ln_c_e_}) v->assign(mesh_.cells(), 0.0);
}

State Model::rest(const std::vector<double>& sto) const {
  State state(layout_.size, 0.0);
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
    state[layout_.phi_s + P] = mesh_.region[P] == Region::positive ? U_p - U_n : 0;
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
    beds_[b].particles.condense(gamma, &hat[block.c_s], &state[block.c_s], &state[block.c_ss], &state[block.j]);
  }
}

Model::Update Model::update(const std::vector<Triple>& delta, double phi_limit, State& state) const {
  constexpr double sto_slack = 1e-6;  // beyond empty and full
  double largest = 0;
  for (const auto& d : delta) largest = std::max({largest, std::abs(d[1]), std::abs(d[2])});
  const double part = largest > phi_limit ? phi_limit / largest : 1;
  bool settled = part == 1;
  for (std::size_t b = 0; b < beds_.size(); ++b) {
    const ModelBed& bed = beds_[b];
    const auto& r = bed.response;
    const double *alpha = bed.particles.alpha().data(), *beta = bed.particles.beta().data();
    const double low = -sto_slack * bed.law.c_s_max(), high = (1 + sto_slack) * bed.law.c_s_max();
    double* j = &state[layout_.beds[b].j];
    for (std::size_t i = 0; i < bed.cells.size(); ++i) {
      const Triple& d = delta[bed.cells[i]];
      j[i] = r.j[i] + part * (r.dj_dc_e[i] * d[0] + r.dj_dphi[i] * (d[2] - d[1]));
      const double c_ss = alpha[i] + beta[i] * j[i];
      settled = settled && c_ss > low && c_ss < high;
    }
  }
  for (int P = 0; P < layout_.cells; ++P) {
    double& c_e = state[layout_.c_e + P];
    const double wanted = c_e + part * delta[P][0];
    settled = settled && wanted >= 0.1 * c_e;
    c_e = std::max(wanted, 0.1 * c_e);
    state[layout_.phi_e + P] += part * delta[P][1];
    state[layout_.phi_s + P] += part * delta[P][2];
  }
  return {part, settled};
}

void Model::expand(const State& hat, State& state, bool shells) const {
  for (std::size_t b = 0; b < beds_.size(); ++b) {
    const auto& block = layout_.beds[b];
    const double* j = &state[block.j];
    const auto &alpha = beds_[b].particles.alpha(), &beta = beds_[b].particles.beta();
    for (int i = 0; i < block.cells; ++i) state[block.c_ss + i] = alpha[i] + beta[i] * j[i];
    if (shells) beds_[b].particles.expand(j, &hat[block.c_s], &state[block.c_s]);
  }
}

double Model::current(const State& state, double V) const {
  double sum = 0;
  for (std::size_t k = 0; k < positive_tie_.size(); ++k)
    sum += positive_tie_[k] * (state[layout_.phi_s + mesh_.positive_collector[k].cell] - V);
  return sum * cells_in_parallel();
}

}  // namespace porelith
