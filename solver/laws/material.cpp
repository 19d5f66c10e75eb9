#include "solver/laws/material.hpp"

#include "solver/laws/registry.hpp"

namespace porelith {

MaterialLaw::MaterialLaw(const ActiveMaterial& m, double T_ref)
    : material_(m), U_(open_circuit_potential(m, T_ref)), D_s_(solid_diffusivity(m, T_ref)), T_ref_(T_ref) {}

MaterialAt MaterialLaw::at(double T) const {
  MaterialAt at;
  at.D_s_law_ = D_s_;
  at.U_ = U_->at(T);
  at.D_s_ = D_s_->at(T);
  at.i0_ = ExchangeCurrent::at(material_, T_ref_, T);
  at.c_s_max_ = material_.c_s_max;
  return at;
}

double MaterialAt::potential(double sto) const {
  double U, slope;
  potential(1, &sto, &U, &slope);
  return U;
}

}  // namespace porelith
