#include "solver/march/trouble.hpp"

#include <fmt/format.h>

#include <cmath>

#include "solver/newman/worst.hpp"
#include "solver/text/units.hpp"

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
  const auto offer = [&](int from, int n, const Slot& slot, const char* field, const auto& cell_of) {
    for (int i = 0; i < n; ++i)
      worst.offer(std::abs(error[from + i]) / slot.scale, error[from + i], field, slot.unit.c_str(), cell_of(i));
  };
  for (const Slot& slot : l.slots) {
    if (slot.scale == 0) continue;
    const auto cell_of = [&](int i) {
      if (slot.home == Home::whole) return Worst::whole_cell;
      return slot.home == Home::cell ? i : model.beds()[slot.bed].cells[i % l.beds[slot.bed].cells];
    };
    offer(slot.at, slot.size, slot, slot.name.c_str(), cell_of);
    if (slot.bed < 0 || slot.at != l.beds[slot.bed].c_ss || !model.beds()[slot.bed].particles.nonlinear()) continue;
    const Layout::BedBlock& bed = l.beds[slot.bed];
    const int outermost = bed.c_s + (bed.shells - 1) * bed.cells;
    offer(outermost, bed.cells, slot, "c_s in the outermost shell", cell_of);
    offer(outermost - bed.cells, bed.cells, slot, "c_s in the shell before the outermost", cell_of);
  }
  return worst.told(model.mesh(), model.team(), [](const Worst::Candidate& c, const std::string& place) {
    return fmt::format("largest of {} in {}, {:.2g} {}", c.field, place, std::abs(c.value), spoken_unit(c.unit));
  });
}

}  // namespace porelith
