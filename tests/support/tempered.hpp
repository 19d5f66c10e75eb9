#pragma once
/// Cases whose temperature is a function of time.
#include <memory>
#include <string>

#include "solver/case/case.hpp"
#include "solver/cell/cell.hpp"

namespace porelith {

/// Gives a case the temperature `text` of t [s] over a run of `planned` seconds, as the reader does.
inline void set_temperature_function(Case& c, const std::string& text, double planned) {
  TemperatureFunction T{NamedExpression(text, {"t"}), between(200, 400), planned, 200, 400, 5000};
  c.temperature = T.at(0);
  c.temperature_function = std::make_shared<const TemperatureFunction>(std::move(T));
}

/// Everything that may depend on the temperature does, and not a little.
inline void make_sensitive(Case& c) {
  c.cell->electrolyte.D_e_activation = 17e3, c.cell->electrolyte.kappa_activation = 15e3;
  double sign = 1;
  for (Electrode* electrode : {&c.cell->negative, &c.cell->positive}) {
    for (ActiveMaterial& m : electrode->materials) {
      m.D_s_activation = 30e3, m.K_activation = 40e3;
      m.dUdT = Function::expression(sign > 0 ? "1e-4 + 2e-4*x" : "-2e-4*x*x");
    }
    sign = -1;
  }
}

}  // namespace porelith
