#include "solver/march/trouble.hpp"

#include <fmt/format.h>

#include <cmath>

#include "solver/newman/worst.hpp"

namespace porelith {

std::string largest_correction(const Model& model, const std::vector<Triple>& correction, double c_scale,
                               double phi_scale) {
  const std::string kinetics = "the kinetics";
  Worst worst;
  const auto offer = [&](double value, double scale, const char* field, const char* unit, int P) {
    worst.offer(std::abs(value) / scale, value, field, unit, P);
  };
  for (int P = 0; P < model.mesh().cells(); ++P) {
    for (int q = 0; q < Isothermal::n; ++q)
      offer(correction[P][q], q == Isothermal::c_e ? c_scale : phi_scale, Isothermal::names[q], Isothermal::units[q],
            P);
  }
  if (model.own_kinetics_residual() > 0)
    offer(model.own_kinetics_residual(), phi_scale, kinetics.c_str(), "V", model.kinetics_worst_cell());
  return worst.told(model.mesh(), model.team(), [&](const Worst::Candidate& c, const std::string& place) {
    if (c.field == kinetics) return fmt::format("{} in {} miss their balance by {:.2g} V", kinetics, place, c.value);
    if (!std::isfinite(c.value)) return fmt::format("{} in {} is not finite any more", c.field, place);
    return fmt::format("{} in {} still moves by {:.2g} {}", c.field, place, std::abs(c.value), c.unit);
  });
}

std::string largest_error(const Model& model, const State& error) {
  const Layout& l = model.layout();
  Worst worst;
  const auto offer = [&](double value, double scale, const char* field, const char* unit, int P) {
    worst.offer(std::abs(value) / scale, value, field, unit, P);
  };
  for (int P = 0; P < l.cells; ++P) {
    offer(error[l.c_e + P], model.electrolyte().c_e0(), "c_e", "mol/m3", P);
    offer(error[l.phi_e + P], 1, "phi_e", "V", P);
    offer(error[l.phi_s + P], 1, "phi_s", "V", P);
  }
  for (std::size_t b = 0; b < l.beds.size(); ++b) {
    const ModelBed& bed = model.beds()[b];
    const Layout::BedBlock& block = l.beds[b];
    const auto offer_bed = [&](int from, const char* field) {
      for (int i = 0; i < block.cells; ++i) offer(error[from + i], bed.law.c_s_max(), field, "mol/m3", bed.cells[i]);
    };
    offer_bed(block.c_ss, "c_ss");
    for (int k = 0; k < block.states; ++k) {
      const Reaction::OwnState& own = bed.surface->own_states()[k];
      for (int i = 0; i < block.cells; ++i)
        offer(error[block.own + k * block.cells + i], own.scale, own.name.c_str(), own.unit.c_str(), bed.cells[i]);
    }
    if (!bed.particles.nonlinear()) continue;
    offer_bed(block.c_s + (block.shells - 1) * block.cells, "c_s in the outermost shell");
    offer_bed(block.c_s + (block.shells - 2) * block.cells, "c_s in the shell before the outermost");
  }
  return worst.told(model.mesh(), model.team(), [](const Worst::Candidate& c, const std::string& place) {
    return fmt::format("largest of {} in {}, {:.2g} {}", c.field, place, std::abs(c.value), c.unit);
  });
}

}  // namespace porelith
