/// The assembly of one implicit step: volumes, reactions, faces, collectors, each under its equation.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "solver/base/constants.hpp"
#include "solver/newman/model.hpp"
#include "solver/newman/worst.hpp"
#include "solver/text/vector_math.hpp"

namespace porelith {

bool Model::assemble(double gamma, const State& hat, State& state, BlockSystem& system, bool careful) {
  gather(state, fields_);
  assemble_volumes(gamma, hat, state, system);
  kinetics_residual_ = 0;
  for (std::size_t b = 0; b < beds_.size(); ++b) {
    if (beds_[b].surface)
      assemble_surface(beds_[b], layout_.beds[b], gamma, hat, state, system);
    else
      assemble_reaction(beds_[b], layout_.beds[b], state, system, careful);
  }
  fields_.exchange.finish();
  own_kinetics_residual_ = kinetics_residual_;
  law_evaluations_ += 2;
  std::array<double, 2> worst{evaluate_electrolyte(fields_) ? 0.0 : 1.0, kinetics_residual_};
  team_.max(worst.data(), 2);
  kinetics_residual_ = worst[1];
  if (worst[0] > 0) {
    complaint_ = electrolyte_complaint(fields_);
    return false;
  }
  assemble_faces(state[layout_.voltage], fields_, system);
  assemble_collectors(state, system);
  subtract_sources(system);
  return true;
}

void Model::subtract_sources(BlockSystem& system) const {
  for (std::size_t P = 0; P < source.size(); ++P)
    for (int q = 0; q < 3; ++q) system.residual[P][q] -= source[P][q];
}

void Model::gather(const State& state, FaceFields& fields) const {
  const int n = layout_.cells;
  std::copy_n(&state[layout_.c_e], n, fields.c_e.begin());
  std::copy_n(&state[layout_.phi_e], n, fields.phi_e.begin());
  std::copy_n(&state[layout_.phi_s], n, fields.phi_s.begin());
  fields.exchange.start({fields.c_e.data(), fields.phi_e.data(), fields.phi_s.data()});
}

/// The electrolyte's laws in every cell, ghosts included.
bool Model::evaluate_electrolyte(FaceFields& fields) const {
  const int n = mesh_.with_ghosts();
  electrolyte_.diffusivity(n, fields.c_e.data(), fields.D_e.data(), fields.dD_e.data());
  electrolyte_.conductivity(n, fields.c_e.data(), fields.kappa.data(), fields.dkappa.data());
  for (int P = 0; P < n; ++P)
    if (!(fields.D_e[P] > 0) || !(fields.kappa[P] > 0)) return false;
  return true;
}

std::string Model::electrolyte_complaint(const FaceFields& fields) const {
  const auto fails = [&](const std::vector<double>& law) {
    const auto bad = [](double value) { return !(value > 0); };
    return team_.any(std::any_of(law.begin(), law.begin() + mesh_.cells(), bad));
  };
  const bool diffusivity = fails(fields.D_e);
  const std::vector<double>& law = diffusivity ? fields.D_e : fields.kappa;
  double scale = 0;
  for (int P = 0; P < mesh_.cells(); ++P) scale = std::max(scale, law[P]);
  scale = team_.max(scale);
  // At the end of ever shorter steps the law is next to nothing there, and rounding chooses which of like cells fail.
  const double nothing = 1e-7 * scale;
  Worst worst;
  for (int P = 0; P < mesh_.cells(); ++P)
    worst.offer(1 - law[P] / (1e3 * nothing), std::abs(law[P]) < nothing ? 0 : law[P],
                diffusivity ? "diffusivity" : "conductivity", diffusivity ? "m2/s" : "S/m", P);
  return worst.told(mesh_, team_, [&](const Worst::Candidate& c, const std::string& place) {
    return fmt::format("the electrolyte's {} law gives {:.2g} {} at c_e = {:.4g} mol/m3 in {}", c.field, c.value,
                       c.unit, fields.c_e[c.cell], place);
  });
}

/// Salt that a control volume stores (E1). What a volume lacks, phi_s without solid or c_e and phi_e in a foil, gets an
/// identity in its place.
void Model::assemble_volumes(double gamma, const State& hat, const State& state, BlockSystem& system) const {
  const double *c_e = &state[layout_.c_e], *c_e_hat = &hat[layout_.c_e], *phi_s = &state[layout_.phi_s];
  for (int P = 0; P < layout_.cells; ++P) {
    const double storage = mesh_.volume[P] * medium_.eps[P] / gamma;
    const bool no_solid = medium_.sigma[P] == 0;
    system.diagonal[P] = {storage, 0, 0, 0, 0, 0, 0, 0, no_solid ? 1.0 : 0.0};
    system.residual[P] = {storage * (c_e[P] - c_e_hat[P]), 0, no_solid ? phi_s[P] : 0.0};
    if (medium_.eps[P] == 0) system.diagonal[P][0] = system.diagonal[P][4] = 1;
  }
  for (int P = layout_.cells; P < mesh_.with_ghosts(); ++P) {
    system.diagonal[P] = {};
    system.residual[P] = {};
  }
}

/// The reaction of one bed: a source of salt (E1) and of ionic current (E2), a sink of electronic current (E5).
void Model::assemble_reaction(ModelBed& bed, const Layout::BedBlock& block, State& state, BlockSystem& system,
                              bool careful) {
  const int n = block.cells;
  for (int i = 0; i < n; ++i) {
    const int P = bed.cells[i];
    bed.c_e[i] = state[layout_.c_e + P];
    bed.phi[i] = state[layout_.phi_s + P] - state[layout_.phi_e + P];
  }
  double* j = &state[block.j];
  law_evaluations_ += bed.kinetics.respond(bed.particles, bed.c_e.data(), bed.phi.data(), j, bed.response, careful);

  add_reaction(bed, bed.response.j.data(), bed.response, system);
  note_kinetics(bed, bed.response, j);
}

/// All that happens at the surfaces of one bed (E6): the same, with what each flux gives the salt.
void Model::assemble_surface(ModelBed& bed, const Layout::BedBlock& block, double gamma, const State& hat, State& state,
                             BlockSystem& system) {
  gather(bed, state, bed.c_e, bed.phi);
  double* j = &state[block.j];
  law_evaluations_ +=
      bed.surface->respond(bed.particles, bed.kinetics, bed.c_e.data(), bed.phi.data(), gamma, hat.data() + block.own,
                           {j, state.data() + block.fluxes, state.data() + block.own});
  add_reactions(bed, bed.surface->total(), system);
  note_kinetics(bed, bed.surface->response(0), j);
}

/// What the search for the fluxes has left over, the worst of all [V].
void Model::note_kinetics(const ModelBed& bed, const FluxResponse& response, const double* j) {
  for (std::size_t i = 0; i < bed.cells.size(); ++i) {
    const double off = std::abs((response.j[i] - j[i]) / response.dj_dphi[i]);
    if (off > kinetics_residual_) kinetics_residual_ = off, kinetics_worst_cell_ = bed.cells[i];
  }
}

/// Fluxes `j` with the derivatives of `response`.
void Model::add_reaction(const ModelBed& bed, const double* j, const FluxResponse& response,
                         BlockSystem& system) const {
  const double salt = 1 - electrolyte_.t_plus();
  for (std::size_t i = 0; i < bed.cells.size(); ++i) {
    const int P = bed.cells[i];
    const double surface = mesh_.volume[P] * bed.a[i];
    const double flux = surface * j[i];
    const double flux_c = surface * response.dj_dc_e[i], flux_phi = surface * response.dj_dphi[i];
    Triple& res = system.residual[P];
    res[0] -= salt * flux;
    res[1] -= faraday * flux;
    res[2] += faraday * flux;
    Block& J = system.diagonal[P];
    J[0] -= salt * flux_c, J[1] += salt * flux_phi, J[2] -= salt * flux_phi;
    J[3] -= faraday * flux_c, J[4] += faraday * flux_phi, J[5] -= faraday * flux_phi;
    J[6] += faraday * flux_c, J[7] -= faraday * flux_phi, J[8] += faraday * flux_phi;
  }
}

namespace {

/// X = chi ln c_e, the part of phi_e that salt makes and that drives no current, where chi does not vary (L2b).
struct ConstantChi {
  double chi;
  const double *ln_c_e, *c_e;

  double of(int P) const { return chi * ln_c_e[P]; }
  double fall(int P, int N) const { return chi * (ln_c_e[P] - ln_c_e[N]); }
  double slope(int P) const { return chi / c_e[P]; }
  double times_slope(double K, int P) const { return K * chi / c_e[P]; }
};

/// X = int chi dln c_e, where it does.
struct VaryingChi {
  const double *X, *chi, *c_e;

  double of(int P) const { return X[P]; }
  double fall(int P, int N) const { return X[P] - X[N]; }
  double slope(int P) const { return chi[P] / c_e[P]; }
  double times_slope(double K, int P) const { return K * chi[P] / c_e[P]; }
};

/// On skew faces, what the falls between the centres lack (S4).
template <class Salt>
void complete_falls(const Salt& salt_potential, double V, FaceFields& fields) {
  std::vector<double> psi(fields.phi_e), slope(psi.size());
  for (std::size_t P = 0; P < psi.size(); ++P) {
    psi[P] -= salt_potential.of(static_cast<int>(P));
    slope[P] = salt_potential.slope(static_cast<int>(P));
  }
  fields.skew->find_jumps(fields.c_e.data(), psi.data(), fields.phi_s.data(), V);
  fields.skew->linearise_at(std::move(slope));
}

}  // namespace

/// Fluxes of charge and salt with their derivatives.
void Model::add_reactions(const ModelBed& bed, const SurfaceResponse& total, BlockSystem& system) const {
  for (std::size_t i = 0; i < bed.cells.size(); ++i) {
    const int P = bed.cells[i];
    const double surface = mesh_.volume[P] * bed.a[i], charge = faraday * surface;
    const double salt_c = surface * total.salt.dj_dc_e[i], salt_phi = surface * total.salt.dj_dphi[i];
    const double charge_c = charge * total.current.dj_dc_e[i], charge_phi = charge * total.current.dj_dphi[i];
    Triple& res = system.residual[P];
    res[0] -= surface * total.salt.j[i];
    res[1] -= charge * total.current.j[i];
    res[2] += charge * total.current.j[i];
    Block& J = system.diagonal[P];
    J[0] -= salt_c, J[1] += salt_phi, J[2] -= salt_phi;
    J[3] -= charge_c, J[4] += charge_phi, J[5] -= charge_phi;
    J[6] += charge_c, J[7] -= charge_phi, J[8] += charge_phi;
  }
}

/// Fluxes between control volumes: each computed once and added with opposite signs.
template <class Salt>
void Model::assemble_faces_with(const Salt& salt_potential, FaceFields& fields, BlockSystem& system) const {
  const int n = mesh_.with_ghosts();
  const double *c_e = fields.c_e.data(), *phi_e = fields.phi_e.data(), *phi_s = fields.phi_s.data();
  double *D_e = fields.D_e.data(), *dD_e = fields.dD_e.data(), *kappa = fields.kappa.data();
  double* dkappa = fields.dkappa.data();
  SkewCorrection* skew = fields.skew ? &*fields.skew : nullptr;
  const Triple square{};  // a face square on the line between its centres feels no more than these two
  // From here on: 1/D_e, 1/kappa and their slopes; 1/B is in the faces' ways.
  for (int P = 0; P < n; ++P) {
    const double r_D = 1 / D_e[P], r_k = 1 / kappa[P];
    dD_e[P] *= -r_D / D_e[P];
    dkappa[P] *= -r_k / kappa[P];
    D_e[P] = r_D;
    kappa[P] = r_k;
  }
  for (std::size_t k = 0; k < mesh_.faces.size(); ++k) {
    const Face& f = mesh_.faces[k];
    const int P = f.owner, N = f.neighbour;
    const auto [way_P, way_N] = ways_[k];

    // (E1) salt: G (c_P - c_N), G the harmonic mean of B D_e over the face
    const double G = f.area / (way_P * D_e[P] + way_N * D_e[N]);
    const Triple& jump = skew ? skew->jump(k) : square;
    const double fall = c_e[P] - c_e[N] + jump[0];
    const double bend = -G * G / f.area * fall;
    const double salt = G * fall;
    const double salt_P = G + bend * way_P * dD_e[P], salt_N = -G + bend * way_N * dD_e[N];

    // (E2) ionic current: K (phi_P - phi_N - (X_P - X_N))
    const double K = f.area / (way_P * kappa[P] + way_N * kappa[N]);
    const double drive = phi_e[P] - phi_e[N] - salt_potential.fall(P, N) + jump[1];
    const double bend_K = -K * K / f.area * drive;
    const double ionic = K * drive;
    const double ionic_P = bend_K * way_P * dkappa[P] - salt_potential.times_slope(K, P);
    const double ionic_N = bend_K * way_N * dkappa[N] + salt_potential.times_slope(K, N);

    // (E5) electronic current
    const double S = electronic_[k];
    const double electronic = S * (phi_s[P] - phi_s[N] + jump[2]);
    if (skew) skew->linearise(k, G, K, S);

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

void Model::assemble_faces(double V, FaceFields& fields, BlockSystem& system) const {
  const int n = mesh_.with_ghosts();
  const double* c_e = fields.c_e.data();
  system.far = fields.skew ? &*fields.skew : nullptr;
  const auto assemble = [&](const auto& salt_potential) {
    if (fields.skew) complete_falls(salt_potential, V, fields);
    assemble_faces_with(salt_potential, fields, system);
  };
  if (const SaltPotential* varying = electrolyte_.varying_chi()) {
    fields.X.resize(n), fields.chi.resize(n);
    varying->evaluate(n, c_e, fields.X.data(), fields.chi.data());
    return assemble(VaryingChi{fields.X.data(), fields.chi.data(), c_e});
  }
  for (int P = 0; P < n; ++P) fields.ln_c_e[P] = vector_math::log(c_e[P]);
  assemble(ConstantChi{electrolyte_.chi(), fields.ln_c_e.data(), c_e});
}

/// (B1) the negative collector is ground, the positive one is at V.
void Model::assemble_collectors(const State& state, BlockSystem& system) const {
  const double *phi_s = &state[layout_.phi_s], V = state[layout_.voltage];
  for (std::size_t k = 0; k < negative_tie_.size(); ++k) {
    const int P = mesh_.negative_collector[k].cell;
    system.residual[P][2] += negative_tie_[k] * phi_s[P];
    system.diagonal[P][8] += negative_tie_[k];
  }
  for (const CollectorFace& f : mesh_.positive_collector) system.border[f.cell] = {};
  for (std::size_t k = 0; k < positive_tie_.size(); ++k) {
    const int P = mesh_.positive_collector[k].cell;
    system.residual[P][2] += positive_tie_[k] * (phi_s[P] - V);
    system.diagonal[P][8] += positive_tie_[k];
    system.border[P][2] -= positive_tie_[k];
  }
}

}  // namespace porelith
