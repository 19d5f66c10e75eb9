/// (L2) Conductivity of the bulk electrolyte.
#include "solver/cell/cell.hpp"
#include "solver/laws/arrhenius.hpp"
#include "solver/laws/registry.hpp"

namespace porelith {

LawPointer salt_conductivity(const Electrolyte& e, double T_ref) {
  return std::make_shared<ActivatedLaw>(
      LawFacts{"kappa", "S m-1", "c_e", "mol m-3",
               "conductivity of the electrolyte: the cell's function of c_e, times (L1)",
               "the cell's file; S. Arrhenius, Z. Phys. Chem. 4 (1889) 226"},
      e.kappa, e.kappa_activation, T_ref);
}

}  // namespace porelith
