#pragma once
/// Observables against central differences.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "solver/case_parameters.hpp"
#include "solver/cell/cell.hpp"
#include "solver/newman/observables/observables.hpp"
#include "solver/newman/observables/observers.hpp"
#include "tests/support/pulled.hpp"

namespace porelith {

/// Everything out of balance and no two places alike: a least or greatest value is at one of them.
inline State state_without_ties(const Model& model) {
  State x = uneven_state(model);
  for (std::size_t b = 0; b < model.beds().size(); ++b) {
    const Layout::BedBlock& block = model.layout().beds[b];
    for (int i = 0; i < block.cells; ++i) {
      const auto& at = model.mesh().centre[model.beds()[b].cells[i]];
      const double factor = 1 + 0.1 * std::sin(1e5 * (at[0] + 0.6 * at[1] - 0.3 * at[2]) + 0.2 * double(b));
      x[block.c_ss + i] *= factor;
      for (int k = 0; k < block.shells; ++k) x[block.c_s + k * block.cells + i] *= factor;
    }
  }
  return x;
}

/// How far an observable's slope at x is from its central difference along a random direction, each field moved by
/// about `part` of what is usual for it; relative to the slope's size along that direction. Collective.
inline double slope_error(const Observers& observers, const Model& model, std::size_t observable, const State& x,
                          unsigned seed) {
  constexpr double part = 1e-6;
  const Layout& l = model.layout();
  std::mt19937 random(seed + 1000u * static_cast<unsigned>(model.team().rank()));
  std::uniform_real_distribution<double> between(-1, 1);
  State direction(l.size, 0.0);
  for (const Slot& slot : l.slots)
    for (int i = 0; i < slot.size; ++i)
      direction[slot.at + i] = between(random) * std::max(std::abs(x[slot.at + i]), 1e-9);
  for (const int whole : {l.voltage, l.current, l.charge, l.energy}) direction[whole] = 1;  // on all ranks alike
  State up = x, down = x;
  for (int i = 0; i < l.size; ++i) up[i] += part * direction[i], down[i] -= part * direction[i];
  const double difference = (observers.value(observable, up) - observers.value(observable, down)) / (2 * part);

  const State slope = observers.slope(observable, x);
  const std::vector<int> wholes{l.voltage, l.current, l.charge, l.energy};
  double own = 0, size = 0;
  for (int i = 0; i < l.size; ++i) {
    const bool whole = std::find(wholes.begin(), wholes.end(), i) != wholes.end();
    if (whole && !model.team().first()) continue;
    own += slope[i] * direction[i];
    size += std::abs(slope[i] * direction[i]);
  }
  // A place that happens hardly to move leaves the difference's rounding.
  const double usual = std::max(model.team().sum(size), 0.01 * std::abs(observers.value(observable, x)));
  return std::abs(model.team().sum(own) - difference) / std::max(usual, 1e-300);
}

/// The model of other numbers: those of a case on a mesh, and so much of a change.
inline Model changed_model(Case c, Mesh mesh, const ParameterChange& change, double part, const Team& team) {
  const auto times = [](const Function& law, double factor) {
    return law.is_constant() ? Function(law(0).value * factor)
                             : Function::expression(fmt::format("({})*{:.17g}", law.text(), factor));
  };
  Electrolyte& liquid = c.cell->electrolyte;
  liquid.t_plus.value += part * change.t_plus;
  c.temperature += part * change.temperature;
  liquid.thermodynamic_factor = times(liquid.thermodynamic_factor, 1 + part * change.ln_chi);
  liquid.D_e = times(liquid.D_e, 1 + part * change.ln_D_e);
  liquid.kappa = times(liquid.kappa, 1 + part * change.ln_kappa);
  std::size_t b = 0;
  for (Electrode* electrode : {&c.cell->negative, &c.cell->positive})
    for (ActiveMaterial& material : electrode->materials) {
      if (b >= change.beds.size()) continue;
      material.D_s = times(material.D_s, 1 + part * change.beds[b].ln_D_s);
      material.K *= 1 + part * change.beds[b++].ln_K;
    }
  Parameters numbers = parameters_of(c, mesh);
  numbers.area += part * change.area;
  const auto move = [part](auto& values, const auto& by) {
    for (std::size_t i = 0; i < by.size(); ++i) values[i] += part * by[i];
  };
  move(numbers.medium.eps, change.medium.eps), move(numbers.medium.B, change.medium.B);
  move(numbers.medium.sigma, change.medium.sigma);
  for (std::size_t b = 0; b < change.beds.size(); ++b) {
    move(numbers.beds[b].eps_s, change.beds[b].eps_s);
    move(numbers.beds[b].a, change.beds[b].a), move(numbers.beds[b].R, change.beds[b].R);
  }
  move(mesh.volume, change.lengths.volume);
  for (std::size_t k = 0; k < change.lengths.faces.size(); ++k) {
    Face& f = mesh.faces[k];
    const auto& by = change.lengths.faces[k];
    f.area += part * by[0], f.d_owner += part * by[1], f.d_neighbour += part * by[2];
  }
  const auto move_sides = [&](std::vector<CollectorFace>& sides, const auto& distances, const auto& areas) {
    for (std::size_t k = 0; k < distances.size(); ++k) sides[k].distance += part * distances[k];
    for (std::size_t k = 0; k < areas.size(); ++k) sides[k].area += part * areas[k];
  };
  move_sides(mesh.negative_collector, change.lengths.negative_distance, change.lengths.negative_area);
  move_sides(mesh.positive_collector, change.lengths.positive_distance, change.lengths.positive_area);
  mesh.footprint += part * change.lengths.footprint;
  move(mesh.matrix, change.lengths.matrix);
  for (std::size_t P = 0; P < change.lengths.wall_normal.size(); ++P)
    move(mesh.wall_normal[P], change.lengths.wall_normal[P]);
  return {std::move(numbers), std::move(mesh), team};
}

struct ParameterSlopeErrors {
  double worst = 0;               ///< of a change's difference, or of a hundredth of the value where that moves less
  std::vector<std::string> seen;  ///< "soc by eps_s of bed 0"
};

/// How far all observables' slopes by all kinds of numbers at x are from central differences. Collective.
inline ParameterSlopeErrors parameter_slope_errors(const Case& c, const Mesh& mesh, const State& x, const Team& team) {
  constexpr double part = 1e-4;
  const Model model = model_of(c, mesh, team);
  const Observers observers(model);
  ParameterSlopeErrors errors;
  for (const auto& [name, change] : random_changes(model, 4)) {
    const Model above = changed_model(c, mesh, change, part, team), below = changed_model(c, mesh, change, -part, team);
    const Observers up(above), down(below);
    for (std::size_t k = 0; k < observables().size(); ++k) {
      const double difference = (up.value(k, x) - down.value(k, x)) / (2 * part);
      const double slope = team.sum(dot(observers.parameter_slope(k, x), change));
      const double size = std::max(std::abs(difference), 0.01 * std::abs(observers.value(k, x)));
      if (slope != difference) errors.worst = std::max(errors.worst, std::abs(slope - difference) / size);
      if (std::abs(difference) > 1e-9 * std::abs(observers.value(k, x)))
        errors.seen.push_back(observables()[k].name + " by " + name);
    }
  }
  return errors;
}

}  // namespace porelith
