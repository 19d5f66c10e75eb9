#include "program/check_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "meshes/mesh.hpp"
#include "meshes/quality.hpp"
#include "program/mesh_page.hpp"
#include "solver/case_mesh.hpp"
#include "solver/cell/cell.hpp"
#include "solver/figures/figures.hpp"
#include "solver/figures/range_doubts.hpp"
#include "solver/simulation.hpp"

namespace porelith {
namespace {

constexpr int longest_figure_name = 52;

/// "0.25" where a profile is flat, "0.178 to 0.330" from collector to separator where it is not.
std::string span(const Profile& profile, double scale = 1) {
  if (profile.is_constant()) return fmt::format("{:.4g}", profile.at(0) * scale);
  return fmt::format("{:.3g} to {:.3g}", profile.at(0) * scale, profile.at(1) * scale);
}

/// The same for a quantity that is known slice by slice.
template <class F>
std::string span_of_slices(F mean_of_slice) {
  const double first = mean_of_slice(0.0, 0.01), last = mean_of_slice(0.99, 1.0);
  return std::abs(first - last) < 1e-9 * std::abs(first) ? fmt::format("{:.4g}", first)
                                                         : fmt::format("{:.3g} to {:.3g}", first, last);
}

std::string layer_row(const char* name, double thickness, const std::string& eps, const std::string& active,
                      const std::string& radius, const std::string& efficiency, const std::string& sigma) {
  return fmt::format("  {:<10} {:>9.4g} {:>16} {:>16} {:>12} {:>16} {:>10}\n", name, thickness * 1e6, eps, active,
                     radius, efficiency, sigma);
}

std::string electrode_rows(const char* name, const Electrode& electrode) {
  std::string rows;
  for (std::size_t m = 0; m < electrode.materials.size(); ++m) {
    const ActiveMaterial& material = electrode.materials[m];
    const std::string active = span_of_slices([&](double from, double to) { return electrode.eps_s(m, from, to); });
    const std::string radius = span(material.R, 1e6);
    if (m == 0) {
      const std::string efficiency = span_of_slices([&](double from, double to) { return electrode.B(from, to); });
      rows += layer_row(name, electrode.thickness, span(electrode.porosity), active, radius, efficiency,
                        span(electrode.conductivity));
    } else {
      rows += fmt::format("  {:<10} {:>9} {:>16} {:>16} {:>12}\n", "", "", "", active, radius);
    }
  }
  return rows;
}

std::string cell_section(const Case& input) {
  const Cell& cell = *input.cell;
  std::string text = fmt::format("Cell      {}\n          {}\n", cell.title, cell.file);
  text += fmt::format("          {:.6g} m2, {:.4g} A.h nominal, {:.4g} V to {:.4g} V, at {:.2f} K{}\n\n",
                      cell.area.value, cell.nominal_capacity.value, cell.V_min.value, cell.V_max.value,
                      input.temperature, input.temperature_function ? " at the start" : "");
  text += fmt::format("  {:<10} {:>9} {:>16} {:>16} {:>12} {:>16} {:>10}\n", "layer", "L [um]", "porosity", "active",
                      "R [um]", "transport eff.", "sigma [S/m]");
  const Separator& separator = cell.separator;
  text += electrode_rows(word_of(Side::negative), cell.negative);
  text += layer_row("separator", separator.thickness, fmt::format("{:.4g}", separator.porosity), "", "",
                    fmt::format("{:.4g}", separator.transport_efficiency), "");
  return text + electrode_rows(word_of(Side::positive), cell.positive);
}

/// What becomes of a temperature that changes.
std::string temperature_section(const Case& input) {
  if (!input.temperature_function) return "";
  const TemperatureFunction& T = *input.temperature_function;
  return fmt::format("\nTemperature  {} K, t in s: {:.2f} K to {:.2f} K over the {:.6g} s that the protocol says\n",
                     T.law.text(), T.least, T.most, T.planned);
}

std::string figures_section(const Case& input) {
  std::string text = "\nFigures\n";
  if (input.temperature_function)
    text += fmt::format("  At {:.2f} K, the temperature of the start.\n", input.temperature);
  if (input.geometry.has_channels())
    text +=
        "  Of the layers between the channels, where they are about transport; of the cell as it is, where about "
        "charge.\n";
  for (const auto& figure : design_figures(input)) {
    text += fmt::format("  {:<{}} {:>12.5g} {}\n", figure.name, longest_figure_name, figure.value,
                        figure.unit == "1" ? "" : figure.unit);
  }
  const Cell& cell = *input.cell;
  if (cell.unlike_file.empty() && !(cell.volume && cell.density))
    text += fmt::format("  No {}: the cell's file gives no {}.\n",
                        cell.volume ? "specific energy" : "energy per volume of the cell and no specific energy",
                        cell.volume ? "Density [kg.m-3]" : "Volume [m3]");
  return text;
}

std::string start_text(const Case& input) {
  const Initial& initial = input.initial;
  if (initial.soc)
    return fmt::format("soc {:.4g} ({:.4f} V at rest)", *initial.soc, open_circuit_voltage(input, *initial.soc));
  if (initial.voltage) return fmt::format("{:.4f} V at rest", *initial.voltage);
  return fmt::format("stoichiometries {:.4g} and {:.4g}", *initial.sto_negative, *initial.sto_positive);
}

std::string protocol_section(const Case& input) {
  constexpr std::size_t most_steps = 30;
  std::string text = fmt::format("\nProtocol  {} step{}, from {}\n", input.protocol.size(),
                                 input.protocol.size() == 1 ? "" : "s", start_text(input));
  for (std::size_t i = 0; i < std::min(input.protocol.size(), most_steps); ++i) {
    std::string stops;
    for (const auto& stop : input.protocol[i].stops) stops += (stops.empty() ? "" : ", ") + condition(stop);
    text += fmt::format("  {:3}  {:<26} until {}\n", i + 1, input.protocol[i].label, stops);
  }
  if (input.protocol.size() > most_steps)
    text += fmt::format("       and {} more\n", input.protocol.size() - most_steps);
  return text;
}

std::string mesh_section(const Case& input) {
  const Mesh mesh = mesh_of(input);
  return "\n" + mesh_page(input, summary_of(mesh), unsolvable(mesh));
}

}  // namespace

std::string check_page(const Case& input, const std::string& more) {
  std::string text = input.title + "\n\n" + cell_section(input) + temperature_section(input) + figures_section(input) +
                     mesh_section(input) + protocol_section(input) + more;
  std::vector<std::string> warnings = input.warnings;
  for (auto& doubt : range_doubts(input)) warnings.push_back(std::move(doubt));
  for (const auto& warning : warnings) text += "\nwarning: " + warning;
  return text + (warnings.empty() ? "\nNothing to complain about.\n" : "\n");
}

}  // namespace porelith
