#include "solver/case_plan.hpp"

#include <stdexcept>

#include "meshes/unit_cell.hpp"
#include "solver/base/error.hpp"
#include "solver/case_mesh.hpp"
#include "solver/cell/cell.hpp"

namespace porelith {

std::vector<CaseChange> plan_of(const Case& input, Layers which) {
  if (!input.mesh.file.empty()) return {};
  LayerSpecs layers = layer_specs_of(*input.cell, input.mesh);
  if (which == Layers::as_declared) {
    layers.negative.breaks = input.cell->negative.borders();
    layers.positive.breaks = input.cell->positive.borders();
  }
  const Plan plan = [&] {
    try {
      return plan_of(input.geometry, layers, input.mesh.width, input.mesh.height);
    } catch (const std::invalid_argument& error) {
      throw CaseError({{{input.file, 0, 0}, error.what()}});
    }
  }();
  std::vector<CaseChange> changes;
  const auto add = [&](const char* key, const CellCounts& given, const std::vector<int>& pieces) {
    if (given.pieces.empty() && pieces.size() > 1) changes.push_back({key, CellCounts(pieces).values()});
  };
  if (layers.negative.breaks == input.cell->negative.borders())
    add("mesh.negative", input.mesh.negative, plan.negative);
  if (layers.positive.breaks == input.cell->positive.borders())
    add("mesh.positive", input.mesh.positive, plan.positive);
  if (input.mesh.separator == 0) changes.push_back({"mesh.separator", {static_cast<double>(plan.separator)}});
  add("mesh.width", input.mesh.width, plan.width);
  add("mesh.height", input.mesh.height, plan.height);
  return changes;
}

}  // namespace porelith
