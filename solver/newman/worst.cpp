#include "solver/newman/worst.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace porelith {
namespace {

constexpr double nobody = std::numeric_limits<double>::infinity();
/// Numbers of ranks change a solution by what its linear solves leave over, which must not choose the cell.
constexpr double as_bad = 1e-3;

const char* name_of(Region region) {
  switch (region) {
    case Region::negative:
      return "negative electrode";
    case Region::positive:
      return "positive electrode";
    case Region::negative_foil:
      return "negative foil";
    case Region::positive_foil:
      return "positive foil";
    case Region::separator:
      break;
  }
  return "separator";
}

double order_of(const Mesh& mesh, int cell) {
  return mesh.order.empty() ? cell : static_cast<double>(mesh.order[cell]);
}

std::string place_of(const Mesh& mesh, int cell, long number) {
  const auto& at = mesh.centre[cell];
  std::string place = fmt::format("x = {:.4g} um", 1e6 * at[0]);
  if (mesh.axisymmetric) place += fmt::format(", r = {:.4g} um", 1e6 * at[1]);
  if (mesh.dimension > 1 && !mesh.axisymmetric) place += fmt::format(", y = {:.4g} um", 1e6 * at[1]);
  if (mesh.dimension > 2) place += fmt::format(", z = {:.4g} um", 1e6 * at[2]);
  return fmt::format("cell {} ({}, {})", number, name_of(mesh.region[cell]), place);
}

}  // namespace

void Worst::offer(double measure, double value, const char* field, const char* unit, int cell) {
  candidates_.push_back({std::isnan(measure) ? nobody : measure, value, field, unit, cell});
}

std::string Worst::told(const Mesh& mesh, const Team& team, const Sentence& sentence) const {
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
  return team.any(here ? sentence(*chosen, place_of(mesh, chosen->cell, number)) : std::string());
}

}  // namespace porelith
