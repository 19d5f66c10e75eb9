/// The equations at exactly one state, beside what a Newton iteration assembles.
#include "solver/newman/model.hpp"

namespace porelith {

Linearisation Model::linearise(double gamma, const State& hat, const State& state) const {
  Linearisation result{BlockSystem(mesh_.with_ghosts(), static_cast<int>(mesh_.faces.size())),
                       {},
                       {},
                       "",
                       std::make_unique<FaceFields>(fields_)};
  FaceFields& fields = *result.fields;
  linearise_volumes(gamma, hat, state, fields, result.system);
  for (std::size_t b = 0; b < beds_.size(); ++b) {
    const bool many = beds_[b].surface.has_value();
    result.kinetics.push_back(many ? KineticsRow{}
                                   : linearise_bed(beds_[b], layout_.beds[b], gamma, hat, state, result.system));
    result.surfaces.push_back(many ? linearise_surface(beds_[b], layout_.beds[b], gamma, hat, state, result.system)
                                   : SurfaceRows{});
  }
  result.trouble = linearise_faces(state, fields, result.system);
  return result;
}

void Model::linearise_volumes(double gamma, const State& hat, const State& state, FaceFields& fields,
                              BlockSystem& system) const {
  gather(state, fields);
  assemble_volumes(gamma, hat, state, system);
}

std::string Model::linearise_faces(const State& state, FaceFields& fields, BlockSystem& system) const {
  fields.exchange.finish();
  if (team_.any(!evaluate_electrolyte(fields))) return electrolyte_complaint(fields);
  assemble_faces(state[layout_.voltage], fields, system);
  assemble_collectors(state, system);
  subtract_sources(system);
  return "";
}

KineticsRow Model::linearise_bed(const ModelBed& bed, const Layout::BedBlock& block, double gamma, const State& hat,
                                 const State& state, BlockSystem& system) const {
  Particles particles = bed.particles;
  particles.condense(gamma, &hat[block.c_s], &state[block.c_s]);
  std::vector<double> c_e, phi;
  gather(bed, state, c_e, phi);
  const double* j = &state[block.j];
  Kinetics kinetics = bed.kinetics;
  const FluxResponse response = kinetics.at(particles, c_e.data(), phi.data(), j, &state[block.c_ss]);
  add_reaction(bed, j, response, system);

  KineticsRow row;
  for (int i = 0; i < block.cells; ++i) {
    row.residual.push_back((response.j[i] - j[i]) / response.dj_dphi[i]);
    row.by_c_e.push_back(response.dj_dc_e[i] / response.dj_dphi[i]);
    row.by_j.push_back(-1 / response.dj_dphi[i]);
  }
  return row;
}

SurfaceRows Model::linearise_surface(const ModelBed& bed, const Layout::BedBlock& block, double gamma, const State& hat,
                                     const State& state, BlockSystem& system) const {
  Particles particles = bed.particles;
  particles.condense(gamma, &hat[block.c_s], &state[block.c_s]);
  std::vector<double> c_e, phi;
  gather(bed, state, c_e, phi);
  State unknowns = state;
  Kinetics kinetics = bed.kinetics;
  Surface surface = *bed.surface;
  SurfaceRows rows = surface.at(particles, kinetics, c_e.data(), phi.data(), gamma, hat.data() + block.own,
                                {&unknowns[block.j], unknowns.data() + block.fluxes, unknowns.data() + block.own});
  add_reactions(bed, surface.total(), system);
  return rows;
}

void Model::gather(const ModelBed& bed, const State& state, std::vector<double>& c_e, std::vector<double>& phi) const {
  c_e.resize(bed.cells.size());
  phi.resize(bed.cells.size());
  for (std::size_t i = 0; i < bed.cells.size(); ++i) {
    const int P = bed.cells[i];
    c_e[i] = state[layout_.c_e + P];
    phi[i] = state[layout_.phi_s + P] - state[layout_.phi_e + P];
  }
}

}  // namespace porelith
