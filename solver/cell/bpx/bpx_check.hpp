#pragma once
/// What a careful reader would ask about a cell whose numbers are all possible by themselves.
#include <string>
#include <vector>

#include "solver/cell/bpx/bpx_section.hpp"
#include "solver/cell/cell.hpp"

namespace porelith {

/// A law must be finite, and positive where asked, on [from, to]; else adds one problem at the key that holds it.
/// @param of  what the law depends on, with its unit: "stoichiometry", "mol/m3"
void require_on_range(BpxSection& section, const std::string& key, const Function& law, double from, double to,
                      bool positive, const std::string& of);

/// Whether an open-circuit potential is the same, to 1 uV, between the stoichiometry limits: it says nothing of the
/// charge.
bool is_flat(const ActiveMaterial& material);

/// Sentences on: open-circuit potentials that miss the cut-offs by more than 1 mV, capacities of the electrodes that
/// differ by more than 1 % or from the nominal one by more than 30 %, transport efficiencies above the porosity,
/// solid diffusivities that are not positive beyond the stoichiometry limits, electrolyte laws that turn negative
/// between 10 and 3000 mol/m3, open-circuit potentials that are constant or rise with stoichiometry by more than 1 mV.
std::vector<std::string> doubts(const Cell& cell);

}  // namespace porelith
