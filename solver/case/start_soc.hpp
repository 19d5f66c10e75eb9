#pragma once
/// The state of charge that a run starts from, as far as it is known before one.
#include "solver/case/case.hpp"

namespace porelith {

/// As the case says, or the cell's file, else full. Of a voltage its share of the window, of a stoichiometry that of
/// the negative electrode's first material: an estimate for warnings.
double soc_before_run(const Initial& initial, const Cell& cell);

}  // namespace porelith
