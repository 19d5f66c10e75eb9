#pragma once
/// What a case changes of its cell: as a whole, its separator, its electrolyte.
#include <optional>
#include <string>

#include "solver/case/as_written.hpp"
#include "solver/case/holds.hpp"

namespace porelith {

/// Of every cell at any time of a run.
inline const Range temperature_range = between(200, 400);  // [K]

struct CellKeys {
  std::string file;
  std::optional<TimeText> temperature_function;
  std::optional<double> temperature, nominal_capacity, voltage_min, voltage_max, area;

  template <class Keys>
  static void declare(Keys& keys) {
    keys.about("The cell, from a BPX file, and what the case changes of the cell as a whole.");
    keys.key("file", &CellKeys::file, {unit::one, any(), "required"},
             "BPX file, relative to the case file; or the name of a cell that comes with the program, e.g. "
             "\"lgm50_chen2020\".")
        .key("temperature", &CellKeys::temperature,
             {unit::kelvin, temperature_range, "the cell file's initial, else reference temperature"},
             "Temperature T of the whole cell during the run.")
        .key("temperature_function", &CellKeys::temperature_function,
             {unit::kelvin, temperature_range, "not used", {}, true},
             "In place of temperature: an expression in the time t [s] since the start of the run, "
             "\"298.15 + 10*sin(pi*t/1800)\".")
        .key("nominal_capacity", &CellKeys::nominal_capacity, {unit::ampere_hour, above(0), from_file},
             "The charge that 1C takes out in one hour.")
        .key("voltage_min", &CellKeys::voltage_min, {unit::volt, inside(-10, 10), from_file},
             "Lower cut-off voltage V_min: ends every discharge.")
        .key("voltage_max", &CellKeys::voltage_max, {unit::volt, inside(-10, 10), from_file},
             "Upper cut-off voltage V_max: ends every charge.")
        .key("area", &CellKeys::area, {unit::square_metre, above(0), from_file},
             "Electrode area of the whole cell, all pairs together.");
  }
};

struct SeparatorKeys {
  std::optional<double> thickness, porosity, transport_efficiency;

  template <class Keys>
  static void declare(Keys& keys) {
    keys.about("The separator: what differs from the cell file.");
    keys.key("thickness", &SeparatorKeys::thickness, {unit::metre, above(0, 0.01), from_file},
             "Thickness of the separator.")
        .key("porosity", &SeparatorKeys::porosity, {unit::one, above(0, 1), from_file},
             "Electrolyte volume fraction eps.")
        .key("transport_efficiency", &SeparatorKeys::transport_efficiency,
             {unit::one, above(0, 1), "eps^b with the cell file's b"},
             "Transport efficiency B: the factor on D_e and kappa in the pores.");
  }
};

struct ElectrolyteKeys {
  std::optional<double> concentration, t_plus;
  std::optional<FunctionText> diffusivity, conductivity, thermodynamic_factor;

  template <class Keys>
  static void declare(Keys& keys) {
    keys.about("The electrolyte: what differs from the cell file.");
    keys.key("concentration", &ElectrolyteKeys::concentration, {unit::concentration, above(0, 1e4), from_file},
             "Salt concentration c_e0 at the start, to which the kinetics refer as well.")
        .key("t_plus", &ElectrolyteKeys::t_plus, {unit::one, inside(-1, 1), from_file},
             "Cation transference number t_plus.")
        .key("diffusivity", &ElectrolyteKeys::diffusivity, {unit::diffusivity, above(0), from_file},
             "Salt diffusivity D_e, a number or an expression of x = c_e [mol.m-3].")
        .key("conductivity", &ElectrolyteKeys::conductivity, {unit::conductivity, above(0), from_file},
             "Ionic conductivity kappa, a number or an expression of x = c_e [mol.m-3].")
        .key("thermodynamic_factor", &ElectrolyteKeys::thermodynamic_factor,
             {unit::one, above(0), "1, as BPX defines", {}, true},
             "1 + dln f/dln c_e, the factor on chi = 2 (1 - t_plus) R T/F, a number or an expression of x = c_e "
             "[mol.m-3].");
  }
};

}  // namespace porelith
