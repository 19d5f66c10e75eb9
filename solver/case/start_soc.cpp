#include "solver/case/start_soc.hpp"

#include <algorithm>

#include "solver/cell/cell.hpp"

namespace porelith {

double soc_before_run(const Initial& initial, const Cell& cell) {
  double soc = cell.soc_initial.value_or(1);
  const auto& materials = cell.negative.materials;
  if (initial.soc)
    soc = *initial.soc;
  else if (initial.voltage)
    soc = (*initial.voltage - cell.V_min) / (cell.V_max - cell.V_min);
  else if (initial.sto_negative && !materials.empty())
    soc = (*initial.sto_negative - materials.front().sto_min) / (materials.front().sto_max - materials.front().sto_min);
  return std::clamp(soc, 0.0, 1.0);
}

}  // namespace porelith
