#pragma once
/// The observables that there are: each is a file of this folder and a line of the registry.
#include <string>
#include <string_view>
#include <vector>

#include "solver/record/curve_row.hpp"
#include "solver/record/observable.hpp"

namespace porelith {

/// In this order in every row of a curve; what the terminals show comes first.
const std::vector<Observable>& observables();
std::vector<std::string> observable_names();
/// So many at the beginning are what the terminals show: current, voltage, charge, energy.
inline constexpr std::size_t terminal_observables = 4;

/// Places of those that have a column in the curve of a run. @param also Results::also
std::vector<std::size_t> columns_of(const std::vector<std::string>& also);

/// Its place in observables().
/// @throws std::invalid_argument naming what there is
std::size_t observable_called(std::string_view name);

/// Of a row of a curve.
double observed(const CurveRow& row, std::string_view observable);

}  // namespace porelith
