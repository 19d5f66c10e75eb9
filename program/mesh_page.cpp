#include "program/mesh_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "meshes/region_names.hpp"
#include "solver/cell/cell.hpp"
#include "solver/laws/open_circuit.hpp"
#include "solver/region_side.hpp"

namespace porelith {
namespace {

constexpr double mAh_per_cm2 = 1e3 / 3600 * 1e-4;  ///< in an A.s/m2

/// As people say it: "negative foil".
std::string said(Region region) {
  std::string name = name_of(region);
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

const char* kept_name(Kept kept) {
  switch (kept) {
    case Kept::porosity:
      return "porosity";
    case Kept::active_mass:
      return "active mass";
    default:
      return "areal capacity";
  }
}

/// "112.4", or "112.4 -> 149.9" where the channels changed it.
std::string change(double before, double after) {
  if (std::abs(after - before) <= 1e-9 * std::abs(before)) return fmt::format("{:.4g}", after);
  return fmt::format("{:.4g} -> {:.4g}", before, after);
}

std::string electrode_row(const Case& input, Side side, const MeshSummary& mesh) {
  const Electrode& e = electrode_of(*input.cell, side);
  const double Phi = e.channel_fraction, eps = e.porosity->mean();
  const double capacity = OpenCircuit(e, input.cell->T_ref, input.temperature).capacity() * mAh_per_cm2;
  const Kept kept = input.geometry.keep;
  double meshed = 0;
  for (const auto& layer : mesh.layers)
    if (layer.region == region_of(side)) meshed = layer.channel;
  return fmt::format(
      "  {:<10} {:>10.6f} {:>10.6f}  {:<15} {:>18} {:>18} {:>18}\n", word_of(side), Phi, meshed, kept_name(kept),
      change(kept == Kept::areal_capacity ? e.thickness * (1 - Phi) * 1e6 : e.thickness * 1e6, e.thickness * 1e6),
      change(kept == Kept::active_mass ? 1 - (1 - eps) * (1 - Phi) : eps, eps),
      change(kept == Kept::porosity ? capacity / (1 - Phi) : capacity, capacity));
}

/// What an electrode of a mesh file has beyond the area that both share.
std::string overhangs(const Case& input, const MeshSummary& mesh) {
  std::string text;
  for (const auto& layer : mesh.layers) {
    if (!is_electrode(layer.region)) continue;
    const Electrode& e = electrode_of(*input.cell, side_of(layer.region));
    const double beyond = layer.volume / (e.thickness * mesh.footprint) - 1;
    if (beyond > 1e-3)
      text += fmt::format(
          "          the {} electrode reaches beyond the other: it has {:.3g} % more than the area that "
          "both share\n",
          said(layer.region), 100 * beyond);
  }
  return text;
}

/// Channels of a mesh file, of which the case says nothing.
std::string drawn_channels(const MeshSummary& mesh) {
  std::string text;
  for (const auto& layer : mesh.layers)
    if (layer.channel > 0)
      text +=
          fmt::format("          {:.4g} % of the {} electrode is channel\n", 100 * layer.channel, said(layer.region));
  return text;
}

}  // namespace

std::string mesh_page(const Case& input, const MeshSummary& mesh, const std::string& doubt) {
  const char* dimension = input.geometry.axisymmetric     ? "axisymmetric"
                          : input.geometry.dimension == 1 ? "one dimension"
                          : input.geometry.dimension == 2 ? "two dimensions"
                                                          : "three dimensions";
  std::string layers;
  for (const auto& layer : mesh.layers)
    layers += fmt::format("{}{} {}", layers.empty() ? "" : ", ", said(layer.region), layer.cells);
  std::string text = fmt::format("Mesh      {}, {} cells: {}; {} shells a particle\n", dimension, mesh.cells, layers,
                                 input.mesh.shells);
  if (input.geometry.dimension > 1) {
    text += fmt::format(
        "          edges {:.4g} to {:.4g} um, aspect ratio up to {:.3g}, neighbours' sizes up to {:.3g} : 1\n",
        mesh.shortest_edge * 1e6, mesh.longest_edge * 1e6, mesh.worst_aspect, mesh.worst_growth);
  }
  if (!input.mesh.file.empty()) text += overhangs(input, mesh);
  if (!doubt.empty()) text += fmt::format("warning: {}\n", doubt);
  if (!input.geometry.has_channels()) return text + drawn_channels(mesh);
  text += fmt::format("          {} cells are cut by a channel's wall\n\n", mesh.cut);
  text += fmt::format("  {:<10} {:>10} {:>10}  {:<15} {:>18} {:>18} {:>18}\n", "channels", "Phi", "as meshed", "kept",
                      "thickness [um]", "porosity between", "[mA.h/cm2]");
  return text + electrode_row(input, Side::negative, mesh) + electrode_row(input, Side::positive, mesh);
}

}  // namespace porelith
