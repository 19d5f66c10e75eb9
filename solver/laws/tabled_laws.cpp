#include "solver/laws/tabled_laws.hpp"

#include <fmt/format.h>

#include <cmath>

#include "solver/cell/cell.hpp"

namespace porelith {

namespace {

void add(std::vector<TabledLaw>& list, const std::string& name, const Function& law, TabledLaw::Of of,
         std::size_t material) {
  const Range range = law.range();
  if (std::isfinite(range.low) || std::isfinite(range.high)) list.push_back({name, of, material, range});
}

void add_electrode(std::vector<TabledLaw>& list, const std::string& electrode, const Electrode& e, TabledLaw::Of of,
                   bool warmer) {
  for (std::size_t m = 0; m < e.materials.size(); ++m) {
    const ActiveMaterial& material = e.materials[m];
    const std::string name = electrode + (material.name.empty() ? "" : " / Particle / " + material.name) + " / ";
    add(list, name + "OCP [V]", material.U, of, m);
    if (warmer) add(list, name + "Entropic change coefficient [V.K-1]", material.dUdT, of, m);
    add(list, name + "Diffusivity [m2.s-1]", material.D_s, of, m);
  }
}

}  // namespace

std::vector<TabledLaw> tabled_laws(const Cell& cell, bool at_T_ref) {
  std::vector<TabledLaw> list;
  add(list, "Electrolyte / Diffusivity [m2.s-1]", cell.electrolyte.D_e, TabledLaw::Of::salt, 0);
  add(list, "Electrolyte / Conductivity [S.m-1]", cell.electrolyte.kappa, TabledLaw::Of::salt, 0);
  add_electrode(list, "Negative electrode", cell.negative, TabledLaw::Of::negative, !at_T_ref);
  add_electrode(list, "Positive electrode", cell.positive, TabledLaw::Of::positive, !at_T_ref);
  return list;
}

std::string range_text(const TabledLaw& law) {
  return fmt::format("a table from {:.6g} to {:.6g} {}", law.range.low, law.range.high,
                     law.of == TabledLaw::Of::salt ? "mol.m-3" : "of stoichiometry");
}

}  // namespace porelith
