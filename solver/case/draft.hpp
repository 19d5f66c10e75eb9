#pragma once
/// A case as the user wrote it, before the cell is known: one field a key, each declared beside it.
#include <map>
#include <string>
#include <vector>

#include "solver/base/error.hpp"
#include "solver/case/case.hpp"
#include "solver/case/cell_keys.hpp"
#include "solver/case/design_keys.hpp"
#include "solver/case/electrode_keys.hpp"
#include "solver/case/geometry_keys.hpp"
#include "solver/case/protocol_keys.hpp"

namespace porelith {

struct Draft {
  std::string title;

  template <class Keys>
  static void declare(Keys& keys) {
    keys.about("The top of the file, before the first table.");
    keys.key("title", &Draft::title, {unit::one, any(), "the cell's title"},
             "What the run is about, for pictures and manifests.");
  }

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
