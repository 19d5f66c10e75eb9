#pragma once
/// The whole implicit step as one system, nothing condensed, and its derivatives along any directions: what
/// sensitivities and adjoints need beside Model::linearise.
#include <string>
#include <vector>

#include "solver/newman/parameter_change.hpp"

namespace porelith {

/// What changes at once; nullptr: stays.
struct Direction {
  const State* state = nullptr;
  const State* hat = nullptr;
  const ParameterChange* parameters = nullptr;
};

/// Residual of y' = (y - hat)/gamma at `state`, laid out as the state: (E1), (E2), (E5) [mol s-1, A, A] where c_e,
/// phi_e, phi_s are; (E3) [V] where the fluxes are; the surface's potential (S2) [mol m-3] where c_ss is; the balances
/// of the shells (E4) [mol m-3 s-1] where they are; where the current is, how far it is from that of the positive
/// collector [A]; charge [A] and energy [W] as integrals; of reactions (E6) their fluxes [mol m-2 s-1] and the balances
/// of their states where these are. The terminals' equation, in place of V, is the caller's and 0
/// here. Fields that a cell lacks, in foils and where there is no solid, have an identity in their place. Collective.
State step_residual(const Model& model, double gamma, const State& hat, const State& state);

/// Its derivative along each direction, likewise. Collective.
std::vector<State> step_derivatives(const Model& model, double gamma, const State& hat, const State& state,
                                    const std::vector<Direction>& directions);

/// Its derivatives by parameters of these names. Collective. @throws std::invalid_argument as change_with
std::vector<State> step_derivatives_by(const Model& model, double gamma, const State& hat, const State& state,
                                       const std::vector<std::string>& names);

}  // namespace porelith
