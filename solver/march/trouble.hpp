#pragma once
/// Where a solve is stuck, in words: which field, in which cell, by how much, over all ranks. Collective.
#include <string>
#include <vector>

#include "solver/newman/model.hpp"

namespace porelith {

/// The worst offender of a Newton iteration that has not converged: "c_e in cell 12 (...) still moves by 5 mol/m3".
/// @param correction of c_e, phi_e, phi_s, one a cell
/// @param c_scale, phi_scale what a correction of each field is measured by [mol m-3], [V]
std::string largest_correction(const Model& model, const std::vector<Triple>& correction, double c_scale,
                               double phi_scale);

/// The worst offender of a step whose local error is too large: "of c_ss in cell 3 (...), 40 mol/m3".
/// @param error of c_e, phi_e, phi_s, V and the surface concentrations, laid out like a state
std::string largest_error(const Model& model, const State& error);

}  // namespace porelith
