/// (L4) Diffusivity of lithium in an active material.
#include "solver/cell/cell.hpp"
#include "solver/laws/arrhenius.hpp"
#include "solver/laws/registry.hpp"

namespace porelith {

LawPointer solid_diffusivity(const ActiveMaterial& m, double T_ref) {
  return std::make_shared<ActivatedLaw>(
      LawFacts{"D_s", "m2 s-1", "sto", "1",
               "diffusivity of lithium in the particles: the cell's function of stoichiometry, times (L1)",
               "the cell's file; S. Arrhenius, Z. Phys. Chem. 4 (1889) 226"},
      m.D_s, m.D_s_activation, T_ref);
}

}  // namespace porelith
