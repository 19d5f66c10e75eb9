#include "solver/newman/model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <limits>

#include "solver/base/error.hpp"
#include "solver/base/together.hpp"
#include "solver/newman/worst.hpp"

namespace porelith {

namespace {

const Electrode& electrode_of(const Cell& cell, Region region) {
  return region == Region::negative ? cell.negative : cell.positive;
}

/// Slivers of matrix in a channel's cells are left out: they hold nothing and stiffen everything [1]
constexpr double least_matrix = 1e-4;
/// Stands for B = 0, so that a face of a foil has a flux of nothing rather than a division by nothing [1]
constexpr double no_electrolyte = 1e-60;

/// Thickness of the innermost shell over the outermost where the case does not say: the outermost knows the diffusion
/// layer of 10 ms after a jump of current, but where D_s varies the inner ones must not be too coarse [1]
constexpr double steep_shells = 300, gentle_shells = 40;
/// But no shell is more than so many times as thick as the next: few shells would know the outermost layer and nothing
/// else. 15 shells reach the whole grading. [1]
constexpr double steepest_growth = 1.503;

double matrix_of(const Mesh& mesh, int P) {
  const double part = mesh.matrix_of(P);
  return part < least_matrix ? 0 : part;
}

Medium medium_of(const Case& input, const Mesh& mesh) {
  const Cell& cell = input.cell;
  Medium medium;
  for (int P = 0; P < mesh.with_ghosts(); ++P) {
    const double from = mesh.xi_from[P], to = mesh.xi_to[P];
    double eps = 0, B = 0, sigma = 0;
    if (mesh.region[P] == Region::separator) {
      eps = cell.separator.porosity;
      B = cell.separator.transport_efficiency;
    } else if (is_electrode(mesh.region[P])) {
      const Electrode& electrode = electrode_of(cell, mesh.region[P]);
      const double matrix = matrix_of(mesh, P), channel = 1 - matrix;
      eps = channel + matrix * electrode.eps(from, to);
      B = channel + matrix * electrode.B(from, to);
      sigma = matrix * electrode.conductivity.mean(from, to);
    } else {
      const Geometry& geometry = input.geometry;
      const auto& foil = is_positive_side(mesh.region[P]) ? geometry.positive_foil : geometry.negative_foil;
      if (!foil) throw CaseError({{{input.file, 0, 0}, "the mesh has a foil that the case says nothing of"}});
      sigma = foil->conductivity;
    }
    medium.eps.push_back(eps);
    medium.B.push_back(B);
    medium.sigma.push_back(sigma);
  }
  return medium;
}

/// Along which axis of a grid a face's two cells lie.
int direction_of(const Mesh& mesh, const Face& f) {
  int d = 0;
  const auto apart = [&](int k) { return std::abs(mesh.centre[f.neighbour][k] - mesh.centre[f.owner][k]); };
  for (int k = 1; k < 3; ++k)
    if (apart(k) > apart(d)) d = k;
  return d;
}

/// Transport efficiency of a cell along one axis (S5): in series across the wall of a channel, side by side along it.
double B_along(const Mesh& mesh, const Medium& medium, int P, int d) {
  const double parallel = medium.B[P], matrix = matrix_of(mesh, P), channel = 1 - matrix;
  if (mesh.wall_normal.empty() || matrix == 0 || channel == 0 || !is_electrode(mesh.region[P])) return parallel;
  const double series = 1 / (channel + matrix * matrix / (parallel - channel));
  return parallel + mesh.wall_normal[P][d] * (series - parallel);
}

ModelBed make_bed(const Case& input, const Mesh& mesh, Region region, std::size_t m) {
  const Electrode& electrode = electrode_of(input.cell, region);
  const ActiveMaterial& material = electrode.materials[m];
  std::vector<int> cells;
  std::vector<double> eps_s, a, R;
  for (int P = 0; P < mesh.cells(); ++P) {
    const double matrix = mesh.region[P] == region ? matrix_of(mesh, P) : 0;
    if (matrix == 0) continue;
    cells.push_back(P);
    eps_s.push_back(matrix * electrode.eps_s(m, mesh.xi_from[P], mesh.xi_to[P]));
    R.push_back(material.R.mean(mesh.xi_from[P], mesh.xi_to[P]));
    a.push_back(3 * eps_s.back() / R.back());
  }
  const int n = static_cast<int>(cells.size());
  const MaterialLaw law(material, input.cell.T_ref, input.temperature);
  const bool constant = law.constant_diffusivity();
  const double by_default =
      constant ? std::min(steep_shells, std::pow(steepest_growth, input.mesh.shells - 1)) : gentle_shells;
  const ShellGeometry shells(input.mesh.shells, input.mesh.shell_grading > 0 ? input.mesh.shell_grading : by_default);
  const std::vector<double> zero(n, 0.0);
  return {region,
          m,
          material.name,
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

Model::Model(const Case& input, Mesh mesh, const Team& team)
    : mesh_(std::move(mesh)),
      team_(team),
      medium_(together(team_, [&] { return medium_of(input, mesh_); })),
      electrolyte_(input.cell.electrolyte, input.cell.T_ref, input.temperature),
      area_(input.cell.area()),
      fields_(mesh_, team_) {
  together(team_, [&] {
    std::vector<int> bed_cells;
    for (Region region : {Region::negative, Region::positive})
      for (std::size_t m = 0; m < electrode_of(input.cell, region).materials.size(); ++m) {
        beds_.push_back(make_bed(input, mesh_, region, m));
        bed_cells.push_back(static_cast<int>(beds_.back().cells.size()));
        nonlinear_particles_ = nonlinear_particles_ || beds_.back().particles.nonlinear();
      }
    layout_ = Layout(mesh_.cells(), bed_cells, input.mesh.shells);
  });

  // Electrons never pass from one electrode's side to the other's: what lies between conducts none.
  for (const Face& f : mesh_.faces) {
    const double sigma[2] = {medium_.sigma[f.owner], medium_.sigma[f.neighbour]};
    const bool solid = sigma[0] > 0 && sigma[1] > 0;
    electronic_.push_back(solid ? f.area / (f.d_owner / sigma[0] + f.d_neighbour / sigma[1]) : 0.0);
  }
  for (const auto& f : mesh_.negative_collector) negative_tie_.push_back(f.area * medium_.sigma[f.cell] / f.distance);
  for (const auto& f : mesh_.positive_collector) {
    positive_tie_.push_back(f.area * medium_.sigma[f.cell] / f.distance);
    terminals_.push_back({f.cell, positive_tie_.back() * cells_in_parallel()});
    collector_conductance_ -= terminals_.back().by_phi_s;
  }
  collector_conductance_ = team_.sum(collector_conductance_);
  // Foils hold no salt; the laws are asked there all the same.
  std::fill(fields_.c_e.begin(), fields_.c_e.end(), electrolyte_.c_e0());
  if (team_.any(!mesh_.skew.empty())) fields_.skew.emplace(mesh_, medium_.B, medium_.sigma, electrolyte_.chi(), team_);
  for (double& B : medium_.B) B = std::max(B, no_electrolyte);
  for (const Face& f : mesh_.faces) {
    const int d = direction_of(mesh_, f);
    ways_.push_back(
        {f.d_owner / B_along(mesh_, medium_, f.owner, d), f.d_neighbour / B_along(mesh_, medium_, f.neighbour, d)});
  }
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
    for (int q = 0; q < 3; ++q)  // a maximum alone would pass over what is not a number
      largest[q] = std::isfinite(delta[P][q]) ? std::max(largest[q], std::abs(delta[P][q]))
                                              : std::numeric_limits<double>::infinity();
  team_.max(largest.data(), 3);
  const double most = std::max(largest[1], largest[2]);
  const double part = most > phi_limit ? phi_limit / most : 1;
  bool settled = part == 1;
  for (std::size_t b = 0; b < beds_.size(); ++b) {
    const ModelBed& bed = beds_[b];
    const auto& r = bed.response;
    const double *alpha = bed.particles.alpha().data(), *beta = bed.particles.beta().data();
    const double low = bed.particles.potential_at(-sto_slack), high = bed.particles.potential_at(1 + sto_slack);
    double* j = &state[layout_.beds[b].j];
    for (std::size_t i = 0; i < bed.cells.size(); ++i) {
      const Triple& d = delta[bed.cells[i]];
      j[i] = r.j[i] + part * (r.dj_dc_e[i] * d[0] + r.dj_dphi[i] * (d[2] - d[1]));
      const double Phi_ss = alpha[i] + beta[i] * j[i];
      settled = settled && Phi_ss > low && Phi_ss < high;
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
  return {part, !team_.any(!settled), largest};
}

void Model::expand(const State& hat, State& state, bool shells) const {
  for (std::size_t b = 0; b < beds_.size(); ++b) {
    const auto& block = layout_.beds[b];
    beds_[b].particles.surface(&state[block.j], &state[block.c_ss]);
    if (shells) beds_[b].particles.expand(&state[block.j], &hat[block.c_s], &state[block.c_s]);
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
                                    bed.name.empty() ? "" : bed.name + " in ",
                                    bed.electrode == Region::negative ? "negative" : "positive", D_s, sto));
    worst.offer(std::isfinite(D_s) ? -D_s : HUGE_VAL, D_s, sentences.back().c_str(), "m2/s", bed.cells[i]);
  });
  complaint_ = worst.told(mesh_, team_, [](const Worst::Candidate& c, const std::string& place) {
    return fmt::format("{} in {}", c.field, place);
  });
  return false;
}

void Model::balance_salt(const State& hat, State& state) const {
  if (!source.empty()) return;
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
  for (const TerminalEntry& t : terminals_) sum += t.by_phi_s * (state[layout_.phi_s + t.cell] - V);
  return team_.sum(sum);
}

}  // namespace porelith
