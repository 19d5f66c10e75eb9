#pragma once
/// A case as the user wrote it, before the cell is known: one field a key. keys.cpp says what each may hold.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "solver/base/error.hpp"
#include "solver/case/case.hpp"
#include "solver/case/units.hpp"

namespace porelith {

/// A property through depth and the TOML that says it.
struct ProfileText {
  Profile profile;
  std::string toml;
};

/// A law of one variable and the TOML that says it.
struct FunctionText {
  Function function;
  std::string toml;
};

/// A current over time, and the file it came from ("" = written in the case).
struct CurrentTable {
  std::vector<double> time;     ///< [s]
  std::vector<double> current;  ///< [A]
  std::string file;
};

struct CellKeys {
  std::string file;
  std::optional<double> temperature, nominal_capacity, voltage_min, voltage_max, area;
};

struct MaterialKeys {
  std::string name;
  std::optional<ProfileText> active_fraction, particle_radius;
};

struct ElectrodeKeys {
  std::optional<double> thickness, bruggeman_exponent;
  std::optional<ProfileText> porosity, transport_efficiency, active_fraction, particle_radius, conductivity;
  std::string solid = "composition";
  std::vector<MaterialKeys> materials;
};

struct SeparatorKeys {
  std::optional<double> thickness, porosity, transport_efficiency;
};

struct ElectrolyteKeys {
  std::optional<double> concentration, t_plus;
  std::optional<FunctionText> diffusivity, conductivity;
};

struct UntilKeys {
  std::optional<double> time, voltage, voltage_below, voltage_above, capacity, soc, soc_below, soc_above,
      plating_margin, salt;
  std::optional<Rate> current, current_above;
};

struct StepKeys {
  std::optional<Rate> discharge, charge;
  std::optional<double> hold, power, rest;
  std::optional<CurrentTable> current_table;
  UntilKeys until;
  Location where;
};

struct ProtocolKeys {
  int repeat = 1;
  int repeat_from = 1;
};

struct VariableKeys {
  std::string name, scale = "linear";
  std::optional<double> low, high, start;
  bool integer = false;
};

/// What one case key is set to, as expressions in the variables.
struct SetKeys {
  std::string key;
  std::vector<std::string> expressions;
};

struct FamilyKeys {
  std::string name;
  std::vector<VariableKeys> variables;
  std::vector<SetKeys> set;
  std::vector<std::string> feasible;
};

struct DesignKeys {
  Design plain;  ///< whatever needs no more than its own value; without its families
  std::string sense = "maximise";
  FamilyKeys space;
  std::vector<FamilyKeys> rivals;
};

struct Draft {
  std::string title;
  CellKeys cell;
  ElectrodeKeys negative, positive;
  SeparatorKeys separator;
  ElectrolyteKeys electrolyte;
  Initial initial;
  ProtocolKeys protocol;
  std::vector<StepKeys> steps;
  MeshOptions mesh;
  SolverOptions solver;
  OutputOptions output;
  DesignKeys design;

  std::string directory;                  ///< of the case file: relative paths start here
  std::map<std::string, Location> given;  ///< "negative.porosity" -> where its value stands

  /// Where a key's value stands, or the case file as a whole.
  Location where(const std::string& key) const;
  std::string file;
};

}  // namespace porelith
