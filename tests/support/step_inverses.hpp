#pragma once
/// Inverses of a step's derivative against the derivative itself, which is written for other numbers elsewhere.
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "solver/newman/step_inverse.hpp"
#include "solver/newman/tangent.hpp"
#include "tests/support/step_samples.hpp"

namespace porelith {

/// Everything out of balance, shells and surfaces too; alike on any number of ranks.
inline StepPoint uneven_point(const Model& model) {
  StepPoint at{{}, uneven_state(model)};
  const Layout& l = model.layout();
  for (std::size_t b = 0; b < l.beds.size(); ++b) {
    const auto& block = l.beds[b];
    for (int i = 0; i < block.cells; ++i) {
      RandomOf random(40 + static_cast<int>(b), number_of(model.mesh(), model.beds()[b].cells[i]));
      at.x[block.c_ss + i] *= random(0.9, 1.1);
      for (int k = 0; k < block.shells; ++k) at.x[block.c_s + k * block.cells + i] *= random(0.9, 1.1);
      for (int r = 0; r < block.reactions; ++r) at.x[block.fluxes + r * block.cells + i] = random(-1e-7, 1e-7);
      for (int s = 0; s < block.states; ++s) at.x[block.own + s * block.cells + i] += random(0, 1e-9);
    }
  }
  at.x[l.current] = 4;
  at.hat = at.x;
  for (double& value : at.hat) value *= 0.999;
  return at;
}

/// One value an unknown, of its own magnitude, or over it: numbers by which unknowns are counted.
inline State random_unknowns(const Model& model, int seed, bool over = false) {
  State v(model.layout().size, 0.0);
  const Layout& l = model.layout();
  const auto magnitude = [](const Slot& slot) {
    if (slot.name[0] == 'c' && slot.name[1] == '_') return 100.0;
    if (slot.name.substr(0, 3) == "phi" || slot.name == "voltage") return 0.01;
    if (slot.name == "j") return 1e-5;
    if (slot.name.substr(0, 2) == "j_") return 1e-7;
    return slot.home == Home::surface ? slot.scale : 1.0;
  };
  for (std::size_t s = 0; s < l.slots.size(); ++s) {
    const Slot& slot = l.slots[s];
    const double scale = over ? 1 / magnitude(slot) : magnitude(slot);
    const int cells = slot.home == Home::whole ? 1 : slot.bed < 0 ? l.cells : l.beds[slot.bed].cells;
    for (int k = 0; k < slot.size; ++k) {
      const int cell = slot.bed < 0 ? k : model.beds()[slot.bed].cells[k % cells];
      const long number = slot.home == Home::whole ? 0 : number_of(model.mesh(), cell);
      v[slot.at + k] = scale * RandomOf(seed + static_cast<int>(s), number, k / std::max(1, cells))(-1, 1);
    }
  }
  return v;
}

/// Over all ranks; what the whole cell has one of counts once.
inline double product(const Model& model, const State& a, const State& b, bool absolute = false) {
  double sum = 0;
  for (const Slot& slot : model.layout().slots) {
    if (slot.home == Home::whole && !model.team().first()) continue;
    for (int k = slot.at; k < slot.at + slot.size; ++k) sum += absolute ? std::abs(a[k] * b[k]) : a[k] * b[k];
  }
  return model.team().sum(sum);
}

/// Largest of each field over all ranks.
inline std::vector<double> sizes_of(const Model& model, const State& rows) {
  std::vector<double> sizes;
  for (const Slot& slot : model.layout().slots) {
    double most = 0;
    for (int k = slot.at; k < slot.at + slot.size; ++k) most = std::max(most, std::abs(rows[k]));
    sizes.push_back(model.team().max(most));
  }
  return sizes;
}

/// Largest difference, each field's over its size.
inline double difference(const Model& model, State a, const State& b, const std::vector<double>& sizes,
                         std::string* where = nullptr) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] -= b[i];
  const std::vector<double> off = sizes_of(model, a);
  double worst = 0;
  for (std::size_t s = 0; s < off.size(); ++s)
    if (const double part = off[s] == 0 ? 0 : std::isfinite(off[s]) ? off[s] / sizes[s] : HUGE_VAL; part > worst) {
      worst = part;
      if (where) *where = model.layout().slots[s].name;
    }
  return worst;
}

struct InverseErrors {
  std::string where;      ///< the unknown that is off most
  double rows = 0;        ///< F_y F_y^-1 a against a
  double unknowns = 0;    ///< F_y^-1 F_y v against v
  double transposed = 0;  ///< <F_y v, F_y^-T b> against <v, b>
  double adjoint = 0;     ///< <F_y^-1 a, b> against <a, F_y^-T b>
};

/// At a point, with two columns at once. Collective.
inline InverseErrors inverse_errors(const Model& model, const StepPoint& at, TerminalsRow terminals,
                                    StepInverse& inverse) {
  const Layout& l = model.layout();
  const auto forward = [&](const State& v) {
    State rows = step_derivatives(model, sample_gamma, at.hat, at.x, {{&v}})[0];
    rows[l.voltage] = terminals.by_I * v[l.current] + terminals.by_V * v[l.voltage];
    return rows;
  };
  const State v = random_unknowns(model, 100), b = random_unknowns(model, 200, true), Fv = forward(v);
  State a = random_unknowns(model, 300);
  const std::vector<double> sizes = sizes_of(model, a);
  for (std::size_t s = 0; s < sizes.size(); ++s)  // any right side of the rows' own magnitude
    for (int k = l.slots[s].at; k < l.slots[s].at + l.slots[s].size; ++k) a[k] *= std::abs(Fv[k]) / sizes[s];

  inverse.take(sample_gamma, at.hat, at.x, terminals);
  std::vector<State> plain{a, Fv}, transposed{b, b};
  for (double& value : transposed[1]) value *= 2;
  inverse.solve(plain, Form::plain);
  inverse.solve(transposed, Form::transposed);
  const auto off = [&](const State& x, const State& y, const State& p, const State& q) {
    return std::abs(product(model, x, y) - product(model, p, q)) / product(model, x, y, true);
  };
  InverseErrors errors;
  errors.rows = difference(model, forward(plain[0]), a, sizes_of(model, a));
  errors.unknowns = difference(model, plain[1], v, sizes_of(model, v), &errors.where);
  errors.transposed = off(Fv, transposed[0], v, b);
  errors.adjoint = off(plain[0], b, a, transposed[0]);
  for (double& value : transposed[1]) value /= 2;
  errors.adjoint =
      std::max(errors.adjoint, difference(model, transposed[1], transposed[0], sizes_of(model, transposed[0])));
  return errors;
}

/// What a current, a voltage and a power of 4 A at 3.8 V hold.
inline std::array<TerminalsRow, 3> terminals_rows() { return {{{1, 0}, {0, 1}, {3.8, 4}}}; }

}  // namespace porelith
