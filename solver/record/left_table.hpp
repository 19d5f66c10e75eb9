#pragma once
/// What a run used beyond what is known of it.
#include <string>

namespace porelith {

/// A law that was used beyond the points of its table.
struct LeftTable {
  std::string law;    ///< with its range: "Electrolyte / Diffusivity [m2.s-1], a table from 500 to 1500 mol.m-3"
  bool salt = false;  ///< of c_e [mol m-3]; else of the stoichiometry at the surface [1]
  double low, high;   ///< farthest value beyond either end; NaN where it was not left
};

}  // namespace porelith
