#pragma once
/// Cases for tests: shipped cells by name, with protocols put together in a line.
#include <fmt/format.h>

#include <string>

#include "solver/case/case.hpp"
#include "solver/cell/bpx/bpx.hpp"
#include "solver/cell/cell.hpp"

namespace porelith {

inline Case shipped_case(const std::string& name) {
  Case c;
  c.title = name;
  c.cell = read_bpx(std::string(PORELITH_SOURCE_DIR) + "/cases/cells/" + name + ".json");
  c.temperature = c.cell->T_ref;
  c.initial.soc = 1;
  c.output.max_snapshots = 0;
  return c;
}

/// The LG M50 with a made-up silicon-like material in its negative and the NMC111 of another cell in its positive
/// electrode; the limits of blended materials are at different potentials.
inline Case blended_case() {
  Case c = shipped_case("lgm50_chen2020");
  auto& negative = c.cell->negative.materials;
  negative[0].name = "Graphite";
  negative[0].eps_s = 0.65;
  negative.push_back(negative[0]);
  negative[1].name = "Silicon";
  negative[1].eps_s = 0.05;
  negative[1].c_s_max = 278000;
  negative[1].U = Function::expression("0.7 - 0.55*x - 0.05*log(x/(1 - x))");
  negative[1].sto_min = 0.1, negative[1].sto_max = 0.9;
  auto& positive = c.cell->positive.materials;
  positive[0].name = "NMC811";
  positive[0].eps_s = 0.4;
  positive.push_back(shipped_case("nmc111_pouch").cell->positive.materials[0]);
  positive[1].name = "NMC111";
  positive[1].eps_s = 0.25;
  return c;
}

/// Constant current to the cut-off; rate in C, discharge positive.
inline Step at_rate(const Cell& cell, double rate) {
  Step s;
  s.label = fmt::format("{} at {}C", rate > 0 ? "discharge" : "charge", std::abs(rate));
  s.value = rate * cell.nominal_capacity;
  s.stops = {rate > 0 ? Stop{Quantity::voltage_below, cell.V_min} : Stop{Quantity::voltage_above, cell.V_max}};
  return s;
}

inline Step rest_for(double seconds) {
  Step s;
  s.label = "rest";
  s.stops = {{Quantity::time, seconds}};
  return s;
}

inline Step hold_at(double voltage, double until_current) {
  Step s;
  s.label = "hold";
  s.control = Control::voltage;
  s.value = voltage;
  s.stops = {{Quantity::current_below, until_current}};
  return s;
}

/// Both coatings `factor` times as thick; rates keep their meaning relative to the larger capacity.
inline void thicken(Case& c, double factor) {
  c.cell->negative.thickness.value *= factor;
  c.cell->positive.thickness.value *= factor;
  c.cell->nominal_capacity *= factor;
}

inline void set_mesh(Case& c, int electrode, int separator, int shells) {
  c.mesh.negative = c.mesh.positive = electrode;
  c.mesh.separator = separator;
  c.mesh.shells = shells;
}

}  // namespace porelith
