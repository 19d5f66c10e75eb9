#include "solver/laws/material.hpp"

#include "solver/cell/cell.hpp"
#include "solver/laws/registry.hpp"

namespace porelith {

MaterialLaw::MaterialLaw(const ActiveMaterial& m, double T_ref)
    : laws_(std::make_shared<const MaterialAt::Laws>(
          MaterialAt::Laws{m, open_circuit_potential(m, T_ref), solid_diffusivity(m, T_ref), T_ref})) {}

MaterialAt MaterialLaw::at(double T) const { return {laws_, T}; }

MaterialAt::MaterialAt(std::shared_ptr<const Laws> laws, double T)
    : laws_(std::move(laws)),
      U_(laws_->U->at(T)),
      D_s_(laws_->D_s->at(T)),
      i0_(ExchangeCurrent::at(*laws_->material, laws_->T_ref, T)),
      c_s_max_(laws_->material->c_s_max) {}

MaterialAt MaterialAt::at(double T) const { return {laws_, T}; }

double MaterialAt::potential(double sto) const {
  double U, slope;
  potential(1, &sto, &U, &slope);
  return U;
}

}  // namespace porelith
