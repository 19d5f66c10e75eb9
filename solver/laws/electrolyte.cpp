#include "solver/laws/electrolyte.hpp"

#include "solver/cell/cell.hpp"
#include "solver/laws/registry.hpp"

namespace porelith {

ElectrolyteLaw::ElectrolyteLaw(const Electrolyte& e, double T_ref)
    : laws_{salt_diffusivity(e, T_ref), salt_conductivity(e, T_ref), concentration_voltage(e, T_ref)},
      t_plus_(e.t_plus),
      c_e0_(e.c_e0) {}

ElectrolyteAt ElectrolyteLaw::at(double T) const { return {laws_, t_plus_, c_e0_, T}; }

ElectrolyteAt::ElectrolyteAt(Laws laws, double t_plus, double c_e0, double T)
    : laws_(std::move(laws)), D_e_(laws_.D_e->at(T)), kappa_(laws_.kappa->at(T)), t_plus_(t_plus), c_e0_(c_e0) {
  const std::shared_ptr<const LawAt> chi = laws_.chi->at(T);
  double slope;
  chi->evaluate(1, &c_e0_, &chi_, &slope);
  if (!laws_.chi->is_constant()) varying_chi_ = std::make_shared<SaltPotential>(*chi, c_e0_);
}

ElectrolyteAt ElectrolyteAt::at(double T) const { return {laws_, t_plus_, c_e0_, T}; }

}  // namespace porelith
