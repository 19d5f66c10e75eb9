#pragma once
/// What a cell's volume and mass come from, to tell whether those that its file gives are still true.
#include <string>
#include <vector>

#include "solver/cell/cell.hpp"

namespace porelith {

/// One of the numbers on which volume or mass depend.
struct Ingredient {
  std::string name;  ///< as the case calls it: "[negative] thickness"
  double value;      ///< SI; through depth the mean
};

/// Area, thicknesses, porosities, active fractions and salt of a cell, in a fixed order.
std::vector<Ingredient> makeup(const Cell& cell);

/// Those that differ: "[negative] thickness = 0.00017 (file: 8.52e-05)". Both of one cell file.
std::vector<std::string> differences(const std::vector<Ingredient>& file, const std::vector<Ingredient>& now);

}  // namespace porelith
