#include "solver/newman/worst.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "meshes/region_names.hpp"

namespace porelith {
namespace {

constexpr double nobody = std::numeric_limits<double>::infinity();
/// Numbers of ranks change a solution by what its linear solves leave over, which must not choose the cell.
constexpr double as_bad = 1e-3;

/// "negative electrode", "negative foil"
std::string said(Region region) {
  std::string name = name_of(region);
  std::replace(name.begin(), name.end(), '_', ' ');
  return is_electrode(region) ? name + " electrode" : name;
}

double order_of(const Cells& mesh, int cell) {
  if (cell == Worst::whole_cell) return -1;
  return mesh.order.empty() ? cell : static_cast<double>(mesh.order[cell]);
}

std::string numbered_place(const Cells& mesh, int cell, long number) {
  if (cell == Worst::whole_cell) return "the whole cell";
  return fmt::format("cell {} ({})", number, place_of(mesh, cell));
}

}  // namespace

std::string place_of(const Cells& mesh, int cell) {
  const auto& at = mesh.centre[cell];
  std::string place = fmt::format("x = {:.4g} um", 1e6 * at[0]);
  if (mesh.axisymmetric) place += fmt::format(", r = {:.4g} um", 1e6 * at[1]);
  if (mesh.dimension > 1 && !mesh.axisymmetric) place += fmt::format(", y = {:.4g} um", 1e6 * at[1]);
  if (mesh.dimension > 2) place += fmt::format(", z = {:.4g} um", 1e6 * at[2]);
  return fmt::format("{}, {}", said(mesh.region[cell]), place);
}

void Worst::offer(double measure, double value, const char* field, const char* unit, int cell) {
  candidates_.push_back({std::isnan(measure) ? nobody : measure, value, field, unit, cell});
}

std::string Worst::told(const Cells& mesh, const Team& team, const Sentence& sentence) const {
  double most = -nobody;
  for (const Candidate& c : candidates_) most = std::max(most, c.measure);
  most = team.max(most);
  const double least = std::isfinite(most) ? most - as_bad * std::abs(most) : most;
  const Candidate* chosen = nullptr;
  for (const Candidate& c : candidates_)
    if (c.measure >= least && (!chosen || order_of(mesh, c.cell) < order_of(mesh, chosen->cell))) chosen = &c;
  const double own = chosen ? order_of(mesh, chosen->cell) : nobody, first = team.min(own);
  long before = 0;
  for (int P = 0; P < mesh.cells(); ++P) before += order_of(mesh, P) < first;
  const long number = team.sum(before) + 1;
  const bool here = chosen && own == first;
  return team.any(here ? sentence(*chosen, numbered_place(mesh, chosen->cell, number)) : std::string());
}

}  // namespace porelith
