/// (L2) Diffusivity of the salt in the bulk electrolyte.
#include "solver/cell/cell.hpp"
#include "solver/laws/arrhenius.hpp"
#include "solver/laws/registry.hpp"

namespace porelith {

LawPointer salt_diffusivity(const Electrolyte& e, double T_ref) {
  return std::make_shared<ActivatedLaw>(
      LawFacts{"D_e", "m2 s-1", "c_e", "mol m-3", "diffusivity of the salt: the cell's function of c_e, times (L1)",
               "the cell's file; S. Arrhenius, Z. Phys. Chem. 4 (1889) 226"},
      e.D_e, e.D_e_activation, T_ref);
}

}  // namespace porelith
