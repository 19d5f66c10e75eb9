/// The assembly of one implicit step: volumes, reactions, faces, collectors, each under its equation.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "solver/base/constants.hpp"
#include "solver/newman/model.hpp"
#include "solver/newman/worst.hpp"
#include "solver/text/vector_math.hpp"

namespace porelith {

using at = Isothermal;  // J(at::phi_e, at::c_e): the row of phi_e, which is (E2), by c_e

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
    for (int q = 0; q < at::n; ++q) system.residual[P][q] -= source[P][q];
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

/// Salt that a control volume stores (E1). What a volume lacks, phi_s without solid or c_e and phi_e in a foil, stays
/// as it was remembered, or 0: left to itself it would drift with what the predictor makes of rounding.
void Model::assemble_volumes(double gamma, const State& hat, const State& state, BlockSystem& system) const {
  const double *c_e = &state[layout_.c_e], *c_e_hat = &hat[layout_.c_e];
  const double *phi_e = &state[layout_.phi_e], *phi_s = &state[layout_.phi_s];
  for (int P = 0; P < layout_.cells; ++P) {
    const double storage = mesh_.volume[P] * medium_.eps[P] / gamma;
    const bool no_solid = medium_.sigma[P] == 0;
    Triple& res = system.residual[P];
    res = {};
    res[at::c_e] = storage * (c_e[P] - c_e_hat[P]);
    if (no_solid) res[at::phi_s] = phi_s[P];
    Block& J = system.diagonal[P];
    J = {};
    J(at::c_e, at::c_e) = storage;
    if (no_solid) J(at::phi_s, at::phi_s) = 1;
    if (medium_.eps[P] > 0) continue;
    res[at::c_e] = c_e[P] - c_e_hat[P];
    res[at::phi_e] = phi_e[P];
    J(at::c_e, at::c_e) = J(at::phi_e, at::phi_e) = 1;
  }
  for (int P = layout_.cells; P < mesh_.with_ghosts(); ++P) {
    system.diagonal[P] = {};
    system.residual[P] = {};
  }
}

/// The reaction of one bed: a source of salt (E1) and of ionic current (E2), a sink of electronic current (E5).
void Model::assemble_reaction(ModelBed& bed, const Layout::BedBlock& block, State& state, BlockSystem& system,
                              bool careful) {
  gather(bed, state, bed.c_e, bed.phi);
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
    res[at::c_e] -= salt * flux;
    res[at::phi_e] -= faraday * flux;
    res[at::phi_s] += faraday * flux;
    Block& J = system.diagonal[P];
    J(at::c_e, at::c_e) -= salt * flux_c;
    J(at::c_e, at::phi_e) += salt * flux_phi;
    J(at::c_e, at::phi_s) -= salt * flux_phi;
    J(at::phi_e, at::c_e) -= faraday * flux_c;
    J(at::phi_e, at::phi_e) += faraday * flux_phi;
    J(at::phi_e, at::phi_s) -= faraday * flux_phi;
    J(at::phi_s, at::c_e) += faraday * flux_c;
    J(at::phi_s, at::phi_e) -= faraday * flux_phi;
    J(at::phi_s, at::phi_s) += faraday * flux_phi;
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
    res[at::c_e] -= surface * total.salt.j[i];
    res[at::phi_e] -= charge * total.current.j[i];
    res[at::phi_s] += charge * total.current.j[i];
    Block& J = system.diagonal[P];
    J(at::c_e, at::c_e) -= salt_c, J(at::c_e, at::phi_e) += salt_phi, J(at::c_e, at::phi_s) -= salt_phi;
    J(at::phi_e, at::c_e) -= charge_c, J(at::phi_e, at::phi_e) += charge_phi, J(at::phi_e, at::phi_s) -= charge_phi;
    J(at::phi_s, at::c_e) += charge_c, J(at::phi_s, at::phi_e) -= charge_phi, J(at::phi_s, at::phi_s) += charge_phi;
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
    const double fall = c_e[P] - c_e[N] + jump[at::c_e];
    const double bend = -G * G / f.area * fall;
    const double salt = G * fall;
    const double salt_P = G + bend * way_P * dD_e[P], salt_N = -G + bend * way_N * dD_e[N];

    // (E2) ionic current: K (phi_P - phi_N - (X_P - X_N))
    const double K = f.area / (way_P * kappa[P] + way_N * kappa[N]);
    const double drive = phi_e[P] - phi_e[N] - salt_potential.fall(P, N) + jump[at::phi_e];
    const double bend_K = -K * K / f.area * drive;
    const double ionic = K * drive;
    const double ionic_P = bend_K * way_P * dkappa[P] - salt_potential.times_slope(K, P);
    const double ionic_N = bend_K * way_N * dkappa[N] + salt_potential.times_slope(K, N);

    // (E5) electronic current
    const double S = electronic_[k];
    const double electronic = S * (phi_s[P] - phi_s[N] + jump[at::phi_s]);
    if (skew) skew->linearise(k, G, K, S);

    Triple &res_P = system.residual[P], &res_N = system.residual[N];
    res_P[at::c_e] += salt, res_N[at::c_e] -= salt;
    res_P[at::phi_e] += ionic, res_N[at::phi_e] -= ionic;
    res_P[at::phi_s] += electronic, res_N[at::phi_s] -= electronic;

    Block &J_P = system.diagonal[P], &J_N = system.diagonal[N];
    J_P(at::c_e, at::c_e) += salt_P, J_N(at::c_e, at::c_e) -= salt_N;
    J_P(at::phi_e, at::c_e) += ionic_P, J_N(at::phi_e, at::c_e) -= ionic_N;
    J_P(at::phi_e, at::phi_e) += K, J_N(at::phi_e, at::phi_e) += K;
    J_P(at::phi_s, at::phi_s) += S, J_N(at::phi_s, at::phi_s) += S;
    FaceCoupling &of_P = system.owner_row[k], &of_N = system.neighbour_row[k];
    of_P(at::c_e, at::c_e) = salt_N, of_N(at::c_e, at::c_e) = -salt_P;
    of_P(at::phi_e, at::c_e) = ionic_N, of_N(at::phi_e, at::c_e) = -ionic_P;
    of_P(at::phi_e, at::phi_e) = of_N(at::phi_e, at::phi_e) = -K;
    of_P(at::phi_s, at::phi_s) = of_N(at::phi_s, at::phi_s) = -S;
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
    system.residual[P][at::phi_s] += negative_tie_[k] * phi_s[P];
    system.diagonal[P](at::phi_s, at::phi_s) += negative_tie_[k];
  }
  std::vector<Triple>& by_V = system.borders[0].column;
  for (const CollectorFace& f : mesh_.positive_collector) by_V[f.cell] = {};
  for (std::size_t k = 0; k < positive_tie_.size(); ++k) {
    const int P = mesh_.positive_collector[k].cell;
    system.residual[P][at::phi_s] += positive_tie_[k] * (phi_s[P] - V);
    system.diagonal[P](at::phi_s, at::phi_s) += positive_tie_[k];
    by_V[P][at::phi_s] -= positive_tie_[k];
  }
}

}  // namespace porelith
