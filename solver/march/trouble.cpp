#include "solver/march/trouble.hpp"

#include <fmt/format.h>

#include <cmath>

namespace porelith {

namespace {

const char* name_of(Region region) {
  switch (region) {
    case Region::negative:
      return "negative electrode";
    case Region::positive:
      return "positive electrode";
    case Region::negative_foil:
      return "negative foil";
    case Region::positive_foil:
      return "positive foil";
    case Region::separator:
      break;
  }
  return "separator";
}

/// The largest of many candidates; what is not finite is larger than everything.
struct Worst {
  double size = -1, value = 0;
  const char* field = "";
  const char* unit = "";
  int cell = 0;

  void offer(double candidate, double scale, const char* f, const char* u, int P) {
    const double measure = std::isfinite(candidate) ? std::abs(candidate) / scale : HUGE_VAL;
    if (measure > size) *this = {measure, candidate, f, u, P};
  }
};

}  // namespace

std::string place_of(const Mesh& mesh, int cell) {
  if (mesh.cells() == 0) return "no cell of this rank";
  const auto& at = mesh.centre[cell];
  std::string place = fmt::format("x = {:.4g} um", 1e6 * at[0]);
  if (mesh.axisymmetric) place += fmt::format(", r = {:.4g} um", 1e6 * at[1]);
  if (mesh.dimension > 1 && !mesh.axisymmetric) place += fmt::format(", y = {:.4g} um", 1e6 * at[1]);
  if (mesh.dimension > 2) place += fmt::format(", z = {:.4g} um", 1e6 * at[2]);
  return fmt::format("cell {} ({}, {})", mesh.number.empty() ? cell + 1 : mesh.number[cell] + 1,
                     name_of(mesh.region[cell]), place);
}

std::string largest_correction(const Model& model, const std::vector<Triple>& correction, double c_scale,
                               double phi_scale) {
  Worst worst;
  for (int P = 0; P < model.mesh().cells(); ++P) {
    worst.offer(correction[P][0], c_scale, "c_e", "mol/m3", P);
    worst.offer(correction[P][1], phi_scale, "phi_e", "V", P);
    worst.offer(correction[P][2], phi_scale, "phi_s", "V", P);
  }
  if (model.kinetics_residual() / phi_scale > worst.size)
    return fmt::format("the kinetics in {} miss their balance by {:.3g} V",
                       place_of(model.mesh(), model.kinetics_worst_cell()), model.kinetics_residual());
  const std::string place = place_of(model.mesh(), worst.cell);
  if (!std::isfinite(worst.value)) return fmt::format("{} in {} is not finite any more", worst.field, place);
  return fmt::format("{} in {} still moves by {:.3g} {}", worst.field, place, std::abs(worst.value), worst.unit);
}

std::string largest_error(const Model& model, const State& error) {
  const Layout& l = model.layout();
  Worst worst;
  for (int P = 0; P < l.cells; ++P) {
    worst.offer(error[l.c_e + P], model.electrolyte().c_e0(), "c_e", "mol/m3", P);
    worst.offer(error[l.phi_e + P], 1, "phi_e", "V", P);
    worst.offer(error[l.phi_s + P], 1, "phi_s", "V", P);
  }
  for (std::size_t b = 0; b < l.beds.size(); ++b) {
    const ModelBed& bed = model.beds()[b];
    const Layout::BedBlock& block = l.beds[b];
    const auto offer = [&](int from, const char* field) {
      for (int i = 0; i < block.cells; ++i)
        worst.offer(error[from + i], bed.law.c_s_max(), field, "mol/m3", bed.cells[i]);
    };
    offer(block.c_ss, "c_ss");
    if (!bed.particles.nonlinear()) continue;
    offer(block.c_s + (block.shells - 1) * block.cells, "c_s in the outermost shell");
    offer(block.c_s + (block.shells - 2) * block.cells, "c_s in the shell before the outermost");
  }
  return fmt::format("largest of {} in {}, {:.3g} {}", worst.field, place_of(model.mesh(), worst.cell),
                     std::abs(worst.value), worst.unit);
}

}  // namespace porelith
