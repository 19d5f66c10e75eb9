#pragma once
/// Observables against central differences.
#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "solver/newman/observables/observables.hpp"
#include "solver/newman/observables/observers.hpp"
#include "tests/support/linearised.hpp"

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

}  // namespace porelith
