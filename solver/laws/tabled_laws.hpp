#pragma once
/// The laws of a cell that are known on a range only: tables, which stay at their end values beyond their ends.
#include <string>
#include <vector>

#include "solver/text/range.hpp"

namespace porelith {

struct Cell;

struct TabledLaw {
  /// What the law depends on.
  enum class Of { salt, negative, positive };

  std::string name;      ///< as BPX has it: "Electrolyte / Diffusivity [m2.s-1]"
  Of of;                 ///< c_e [mol m-3], or the stoichiometry of a material of that electrode [1]
  std::size_t material;  ///< index into Electrode::materials; 0 for the salt
  Range range;           ///< from end to end, in the unit of what it depends on
};

/// Those that a run uses. @param at_T_ref it stays at the reference temperature, and asks for no entropic coefficient
std::vector<TabledLaw> tabled_laws(const Cell& cell, bool at_T_ref);

/// "a table from 500 to 1500 mol.m-3", "a table from 0.05 to 0.9 of stoichiometry"
std::string range_text(const TabledLaw& law);

}  // namespace porelith
