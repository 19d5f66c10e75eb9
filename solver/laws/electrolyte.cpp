#include "solver/laws/electrolyte.hpp"

#include "solver/laws/registry.hpp"

namespace porelith {

ElectrolyteLaw::ElectrolyteLaw(const Electrolyte& e, double T_ref)
    : D_e_(salt_diffusivity(e, T_ref)),
      kappa_(salt_conductivity(e, T_ref)),
      chi_(concentration_voltage(e, T_ref)),
      t_plus_(e.t_plus),
      c_e0_(e.c_e0) {}

ElectrolyteAt ElectrolyteLaw::at(double T) const {
  ElectrolyteAt at;
  at.D_e_ = D_e_->at(T);
  at.kappa_ = kappa_->at(T);
  at.t_plus_ = t_plus_;
  at.c_e0_ = c_e0_;
  const std::shared_ptr<const LawAt> chi = chi_->at(T);
  double slope;
  chi->evaluate(1, &c_e0_, &at.chi_, &slope);
  if (!chi_->is_constant()) at.varying_chi_ = std::make_shared<SaltPotential>(*chi, c_e0_);
  return at;
}

}  // namespace porelith
