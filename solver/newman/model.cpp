#include "solver/newman/model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "solver/base/constants.hpp"
#include "solver/case/vector_math.hpp"

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
  const auto potential_of = [&](Region region) {  // a blend rests at the mean of its materials
    double sum = 0, count = 0;
    for (std::size_t b = 0; b < beds_.size(); ++b)
      if (beds_[b].electrode == region) sum += beds_[b].law.potential(sto[b]), count += 1;
    return sum / count;
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

bool Model::assemble(double gamma, const State& hat, State& state, BlockSystem& system) {
  const int n = layout_.cells;
  const double* c_e = &state[layout_.c_e];
  electrolyte_.diffusivity(n, c_e, D_e_.data(), dD_e_.data());
  electrolyte_.conductivity(n, c_e, kappa_.data(), dkappa_.data());
  law_evaluations_ += 2;
  for (int P = 0; P < n; ++P)
    if (!(D_e_[P] > 0) || !(kappa_[P] > 0)) {
      complaint_ = fmt::format("the electrolyte's {} law gives {:.4g} at c_e = {:.6g} mol/m3 (x = {:.4g} um)",
                               D_e_[P] > 0 ? "conductivity" : "diffusivity", D_e_[P] > 0 ? kappa_[P] : D_e_[P], c_e[P],
                               1e6 * mesh_.centre[P][0]);
      return false;
    }
  assemble_volumes(gamma, hat, state, system);
  kinetics_residual_ = 0;
  for (std::size_t b = 0; b < beds_.size(); ++b) assemble_reaction(beds_[b], layout_.beds[b], state, system);
  assemble_faces(state, system);
  assemble_collectors(state, system);
  for (std::size_t P = 0; P < source.size(); ++P)
    for (int q = 0; q < 3; ++q) system.residual[P][q] -= source[P][q];
  return true;
}

/// Salt that a control volume stores (E1); the separator has no phi_s and gets an identity in its place.
void Model::assemble_volumes(double gamma, const State& hat, const State& state, BlockSystem& system) {
  const double *c_e = &state[layout_.c_e], *c_e_hat = &hat[layout_.c_e], *phi_s = &state[layout_.phi_s];
  for (int P = 0; P < layout_.cells; ++P) {
    const double storage = mesh_.volume[P] * medium_.eps[P] / gamma;
    const bool no_solid = mesh_.region[P] == Region::separator;
    system.diagonal[P] = {storage, 0, 0, 0, 0, 0, 0, 0, no_solid ? 1.0 : 0.0};
    system.residual[P] = {storage * (c_e[P] - c_e_hat[P]), 0, no_solid ? phi_s[P] : 0.0};
  }
}

/// The reaction of one bed: a source of salt (E1) and of ionic current (E2), a sink of electronic current (E5).
void Model::assemble_reaction(ModelBed& bed, const Layout::BedBlock& block, State& state, BlockSystem& system) {
  const int n = block.cells;
  for (int i = 0; i < n; ++i) {
    const int P = bed.cells[i];
    bed.c_e[i] = state[layout_.c_e + P];
    bed.phi[i] = state[layout_.phi_s + P] - state[layout_.phi_e + P];
  }
  double* j = &state[block.j];
  law_evaluations_ += bed.kinetics.respond(bed.particles, bed.c_e.data(), bed.phi.data(), j, bed.response);

  const double salt = 1 - electrolyte_.t_plus();
  for (int i = 0; i < n; ++i) {
    const int P = bed.cells[i];
    const double surface = mesh_.volume[P] * bed.a[i];
    const double flux = surface * bed.response.j[i];
    const double flux_c = surface * bed.response.dj_dc_e[i], flux_phi = surface * bed.response.dj_dphi[i];
    Triple& res = system.residual[P];
    res[0] -= salt * flux;
    res[1] -= faraday * flux;
    res[2] += faraday * flux;
    Block& J = system.diagonal[P];
    J[0] -= salt * flux_c, J[1] += salt * flux_phi, J[2] -= salt * flux_phi;
    J[3] -= faraday * flux_c, J[4] += faraday * flux_phi, J[5] -= faraday * flux_phi;
    J[6] += faraday * flux_c, J[7] -= faraday * flux_phi, J[8] += faraday * flux_phi;
    kinetics_residual_ = std::max(kinetics_residual_, std::abs((bed.response.j[i] - j[i]) / bed.response.dj_dphi[i]));
  }
}

/// Fluxes between control volumes: each computed once and added with opposite signs.
void Model::assemble_faces(const State& state, BlockSystem& system) {
  const int n = layout_.cells;
  const double *c_e = &state[layout_.c_e], *phi_e = &state[layout_.phi_e], *phi_s = &state[layout_.phi_s];
  const double chi = electrolyte_.chi();
  for (int P = 0; P < n; ++P) ln_c_e_[P] = vector_math::log(c_e[P]);
  // From here on: resistivities 1/(B D_e), 1/(B kappa) and their slopes.
  for (int P = 0; P < n; ++P) {
    const double r_D = 1 / (medium_.B[P] * D_e_[P]), r_k = 1 / (medium_.B[P] * kappa_[P]);
    dD_e_[P] *= -r_D / D_e_[P];
    dkappa_[P] *= -r_k / kappa_[P];
    D_e_[P] = r_D;
    kappa_[P] = r_k;
  }
  for (std::size_t k = 0; k < mesh_.faces.size(); ++k) {
    const Face& f = mesh_.faces[k];
    const int P = f.owner, N = f.neighbour;

    // (E1) salt: G (c_P - c_N), G the harmonic mean of B D_e over the face
    const double G = f.area / (f.d_owner * D_e_[P] + f.d_neighbour * D_e_[N]);
    const double fall = c_e[P] - c_e[N];
    const double bend = -G * G / f.area * fall;
    const double salt = G * fall;
    const double salt_P = G + bend * f.d_owner * dD_e_[P], salt_N = -G + bend * f.d_neighbour * dD_e_[N];

    // (E2) ionic current: K (phi_P - phi_N - chi (ln c_P - ln c_N))
    const double K = f.area / (f.d_owner * kappa_[P] + f.d_neighbour * kappa_[N]);
    const double drive = phi_e[P] - phi_e[N] - chi * (ln_c_e_[P] - ln_c_e_[N]);
    const double bend_K = -K * K / f.area * drive;
    const double ionic = K * drive;
    const double ionic_P = bend_K * f.d_owner * dkappa_[P] - K * chi / c_e[P];
    const double ionic_N = bend_K * f.d_neighbour * dkappa_[N] + K * chi / c_e[N];

    // (E5) electronic current
    const double S = electronic_[k];
    const double electronic = S * (phi_s[P] - phi_s[N]);

    Triple &res_P = system.residual[P], &res_N = system.residual[N];
    res_P[0] += salt, res_N[0] -= salt;
    res_P[1] += ionic, res_N[1] -= ionic;
    res_P[2] += electronic, res_N[2] -= electronic;

    Block &J_P = system.diagonal[P], &J_N = system.diagonal[N];
    J_P[0] += salt_P, J_N[0] -= salt_N;
    J_P[3] += ionic_P, J_N[3] -= ionic_N;
    J_P[4] += K, J_N[4] += K;
    J_P[8] += S, J_N[8] += S;
    system.owner_row[k] = {salt_N, ionic_N, -K, -S};
    system.neighbour_row[k] = {-salt_P, -ionic_P, -K, -S};
  }
}

/// (B1) the negative collector is ground, the positive one is at V.
void Model::assemble_collectors(const State& state, BlockSystem& system) {
  const double *phi_s = &state[layout_.phi_s], V = state[layout_.voltage];
  for (std::size_t k = 0; k < negative_tie_.size(); ++k) {
    const int P = mesh_.negative_collector[k].cell;
    system.residual[P][2] += negative_tie_[k] * phi_s[P];
    system.diagonal[P][8] += negative_tie_[k];
  }
  for (std::size_t k = 0; k < positive_tie_.size(); ++k) {
    const int P = mesh_.positive_collector[k].cell;
    system.residual[P][2] += positive_tie_[k] * (phi_s[P] - V);
    system.diagonal[P][8] += positive_tie_[k];
    system.border[P] = {0, 0, -positive_tie_[k]};
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
