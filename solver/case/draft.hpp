#pragma once
/// A case as the user wrote it, before the cell is known: one field a key. keys.cpp says what each may hold.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "solver/base/error.hpp"
#include "solver/case/case.hpp"
#include "solver/case/column_names.hpp"
#include "solver/text/units.hpp"

namespace porelith {

constexpr double copper_conductivity = 5.96e7;     ///< 1/1.678e-8 ohm m, CRC Handbook of Chemistry and Physics, 20 degC
constexpr double aluminium_conductivity = 3.55e7;  ///< EN AW-1050A, as for foils: 34 to 36 MS/m [S m-1]

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

/// A current, voltage or power over time as written, and the file it came from ("" = written in the case).
struct TableText {
  Control quantity = Control::current;
  std::vector<double> time;      ///< [s]
  std::vector<double> value;     ///< [A], [V], [W], or what `kind` says
  std::vector<Rate::Kind> kind;  ///< of each current; empty: all are in ampere
  std::string file;
  std::string title;               ///< of the file's column, "" if it has none
  Way way = Way::unsaid;           ///< what that title says of the sign
  std::vector<std::string> notes;  ///< what was understood in the file that is not plain, a sentence each
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

struct FoilKeys {
  std::optional<double> thickness;
  double conductivity = 0;
  bool shared = true;
};

struct TabKeys {
  std::string edge = "top";
  std::optional<double> width, offset, height;
};

struct GeometryKeys {
  std::string dimension = "1";
  std::optional<double> width, height;
  std::string arrangement = "square";
  std::string keep = "porosity";
};

struct ChannelKeys {
  std::string electrode = "both", shape = "groove", from = "separator";
  std::optional<double> width, width_bottom;
  double depth = 1;
  std::string spread = "radial";
  int generations = 2, branches = 2;
  double angle = 0.6544984694978736;  ///< 37.5 deg: two equal branches, C. D. Murray, J. Gen. Physiol. 9 (1926) 835
  std::optional<double> diameter_ratio;
  double length_ratio = 0.8;
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
  std::optional<TableText> current_table, voltage_table, power_table;
  std::string interpolation = "linear", table_sign = "discharge_positive", cut_off = "end";
  UntilKeys until;
  Location where;
};

/// Stops of the whole protocol.
struct ProtocolUntilKeys {
  bool empty = false, full = false;
  std::optional<double> time, voltage_below, voltage_above, capacity, soc_below, soc_above, plating_margin, salt;
};

struct ProtocolKeys {
  int repeat = 1;
  int repeat_from = 1;
  ProtocolUntilKeys until;
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

/// A name for a part of expressions.
struct LetKeys {
  std::string name, expression;
};

struct FamilyKeys {
  std::string name, meaning, against;
  std::vector<VariableKeys> variables;
  std::vector<SetKeys> set;
  std::vector<std::string> feasible;
};

struct DesignKeys {
  Design plain;  ///< whatever needs no more than its own value; without its families
  std::string sense = "maximise";
  std::vector<LetKeys> let;
  FamilyKeys space;
  std::vector<FamilyKeys> rivals;
};

struct Draft {
  std::string title;
  CellKeys cell;
  ElectrodeKeys negative, positive;
  FoilKeys negative_foil{{}, copper_conductivity, true}, positive_foil{{}, aluminium_conductivity, true};
  TabKeys negative_tab, positive_tab;
  SeparatorKeys separator;
  ElectrolyteKeys electrolyte;
  GeometryKeys geometry;
  std::vector<ChannelKeys> channels;
  Initial initial;
  ProtocolKeys protocol;
  std::vector<StepKeys> steps;
  MeshOptions mesh;
  SolverOptions solver;
  OutputOptions output;
  DesignKeys design;

  /// Remarks that stand behind a table in the resolved case, by the table's name.
  std::map<std::string, std::vector<std::string>> remarks;
  std::string directory;                  ///< of the case file: relative paths start here
  std::map<std::string, Location> given;  ///< "negative.porosity" -> where its value stands

  /// Where a key's value stands, or the case file as a whole.
  Location where(const std::string& key) const;
  std::string file;
};

}  // namespace porelith
