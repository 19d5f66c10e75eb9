#include "solver/newman/layout.hpp"

#include <algorithm>
#include <stdexcept>

namespace porelith {

namespace {
/// Potentials are tested against 1 V.
constexpr double volt = 1;
}  // namespace

Layout::Layout(int cells_, double c_e0, const std::vector<BedShape>& shapes, const std::vector<Slot>& further)
    : cells(cells_) {
  const auto add_further = [&](const auto& belongs) {
    for (const Slot& slot : further)
      if (belongs(slot)) add(slot);
  };
  for (const BedShape& shape : shapes)
    beds.push_back({shape.cells, shape.shells, 0, 0, 0, static_cast<int>(shape.fluxes.size()),
                    static_cast<int>(shape.own.size())});
  const int n = static_cast<int>(beds.size());

  c_e = add({"c_e", "mol.m-3", "salt concentration in the electrolyte", Home::cell, Kind::differential, c_e0});
  add_further([](const Slot& s) { return s.kind == Kind::differential && s.home != Home::shell; });

  for (int b = 0; b < n; ++b) beds[b].own = add_of_bed(shapes[b].own, b);

  phi_e = add({"phi_e", "V", "potential of the electrolyte", Home::cell, Kind::algebraic, volt});
  phi_s = add(
      {"phi_s", "V", "potential of the solid; not a number where there is none", Home::cell, Kind::algebraic, volt});
  voltage = add({"voltage", "V", "voltage between the current collectors", Home::whole, Kind::algebraic});
  current = add({"current", "A", "current of the whole cell, positive on discharge", Home::whole, Kind::algebraic});
  add_further([](const Slot& s) { return !s.has_memory() && s.home != Home::shell; });
  for (int b = 0; b < n; ++b)
    beds[b].c_ss = add({"c_ss", "mol.m-3", "lithium concentration at the particles' surface", Home::surface,
                        Kind::condensed, shapes[b].c_s_max, b});
  for (int b = 0; b < n; ++b)
    beds[b].j = add({"j", "mol.m-2.s-1", "molar flux out of the particles", Home::surface, Kind::condensed, 0, b});
  for (int b = 0; b < n; ++b) beds[b].fluxes = add_of_bed(shapes[b].fluxes, b);

  solved = size;
  charge = add({"charge", "A.s", "charge discharged since the start", Home::whole, Kind::integral});
  energy = add({"energy", "J", "energy delivered since the start", Home::whole, Kind::integral});
  add_further([](const Slot& s) { return s.kind == Kind::integral && s.home != Home::shell; });
  add_further([](const Slot& s) { return s.home == Home::shell; });  // of whatever kind
  for (int b = 0; b < n; ++b)
    beds[b].c_s =
        add({"c_s", "mol.m-3", "mean lithium concentration of each shell", Home::shell, Kind::differential, 0, b});

  for (const Slot& slot : slots) {
    if (!slot.has_memory() || slot.size == 0) continue;
    if (memory.empty() || memory.back().to != slot.at) memory.push_back({slot.at, slot.at});
    memory.back().to = slot.at + slot.size;
  }
}

int Layout::add_of_bed(const std::vector<Slot>& list, int bed) {
  const int first = size;
  for (Slot slot : list) {
    slot.bed = bed;
    add(std::move(slot));
  }
  return first;
}

int Layout::add(Slot slot) {
  const bool of_bed = slot.home == Home::surface || slot.home == Home::shell;
  if (of_bed != (slot.bed >= 0) || slot.bed >= static_cast<int>(beds.size()))
    throw std::invalid_argument("the slot " + slot.name + " is of no bed");
  if (find(slot.name, slot.bed)) throw std::invalid_argument("there are two slots " + slot.name);
  slot.at = size;
  switch (slot.home) {
    case Home::cell:
      slot.size = cells;
      break;
    case Home::surface:
      slot.size = beds[slot.bed].cells;
      break;
    case Home::shell:
      slot.size = beds[slot.bed].cells * beds[slot.bed].shells;
      break;
    case Home::whole:
      slot.size = 1;
  }
  size += slot.size;
  slots.push_back(std::move(slot));
  return slots.back().at;
}

const Slot* Layout::find(const std::string& name, int bed) const {
  const auto found =
      std::find_if(slots.begin(), slots.end(), [&](const Slot& s) { return s.name == name && s.bed == bed; });
  return found == slots.end() ? nullptr : &*found;
}

}  // namespace porelith
