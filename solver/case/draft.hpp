#pragma once
/// A case as the user wrote it, over the cell that it names: one field a key, each declared beside it.
#include <map>
#include <string>
#include <vector>

#include "solver/base/error.hpp"
#include "solver/case/case.hpp"
#include "solver/case/design_keys.hpp"
#include "solver/case/geometry_keys.hpp"
#include "solver/case/protocol_keys.hpp"
#include "solver/cell/cell.hpp"

namespace porelith {

/// Of every cell at any time of a run.
inline const Range temperature_range = between(200, 400);  // [K]

/// The keys of [cell] that say which it is and how warm.
struct CellKeys {
  std::string file;
  std::optional<TimeText> temperature_function;
  std::optional<double> temperature;

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
             "\"298.15 + 10*sin(pi*t/1800)\".");
  }
};

struct Draft {
  std::string title;

  template <class Keys>
  static void declare(Keys& keys) {
    keys.about("The top of the file, before the first table.");
    keys.key("title", &Draft::title, {unit::one, any(), "the cell's title"},
             "What the run is about, for pictures and manifests.");
  }

  CellKeys of_cell;
  Cell cell;  ///< as its file has it, and over that what the case says; channels not yet cut
  FoilKeys negative_foil{{}, copper_conductivity, true}, positive_foil{{}, aluminium_conductivity, true};
  TabKeys negative_tab, positive_tab;
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
