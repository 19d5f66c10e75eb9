#pragma once
/// What the user wrote, read, judged and in SI: plain data that everything downstream starts from.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "meshes/channels/geometry.hpp"
#include "solver/base/held.hpp"
#include "solver/case/design.hpp"
#include "solver/case/initial.hpp"
#include "solver/case/mesh_options.hpp"
#include "solver/case/output_options.hpp"
#include "solver/case/solver_options.hpp"
#include "solver/case/stop.hpp"
#include "solver/text/named_expression.hpp"
#include "solver/text/range.hpp"

namespace porelith {

/// What a step holds fixed. Current is positive on discharge everywhere in Porelith.
enum class Control { current, voltage, power, table };

/// What a cut-off of the cell does to a table that pushes on.
enum class AtCutOff {
  end,   ///< ends the step
  hold,  ///< its voltage is held until the table asks for less current than flows
  rest,  ///< no current flows until the table changes its direction
};

/// A current, voltage or power over time, linear between its rows; two rows at one time are a jump.
struct DriveTable {
  Control quantity = Control::current;  ///< current, voltage or power
  std::vector<double> time;             ///< [s] from the start of the step: 0 first, never falling
  std::vector<double> value;            ///< [A], [V] or [W] of the whole cell; discharge positive
};

/// The same as a function of the time t in the step [s].
struct DriveFunction {
  NamedExpression law;
  DriveTable samples;  ///< of it over the whole step, for estimates
  double largest;      ///< size of a sample

  double at(double t) const { return law.value({t}); }
  double slope_at(double t) const { return law.slope({t}, 0); }
};

/// The temperature of the whole cell as a function of the time t of the run [s].
struct TemperatureFunction {
  NamedExpression law;
  Range range;         ///< that it has to stay in [K]
  double planned;      ///< how long the run takes by its protocol, as far as that says [s]
  double least, most;  ///< over that time [K]
  int samples;         ///< evenly over it: what is as wide is not passed over

  double at(double t) const { return law.value({t}); }
};

struct Step {
  std::string label;  ///< as the user would say it: "charge at 2C"
  Control control = Control::current;
  double value = 0;  ///< [A], [V] or [W] for the whole cell; discharge positive; unused for a table
  std::shared_ptr<const DriveTable> table = {};        ///< of Control::table; shared by the step's repeats
  std::shared_ptr<const DriveFunction> function = {};  ///< in place of the value, likewise
  std::vector<Stop> stops;                             ///< cut-offs of the cell included
  AtCutOff at_cut_off = AtCutOff::end;                 ///< of a table
};

struct Cell;        // solver/cell/cell.hpp
struct Draft;       // every key, for the echo
struct CaseSource;  // what a case was read from

/// What a variant of a case does to one key: a number, or the values of a profile's layers. In the key's SI unit.
struct CaseChange {
  std::string key;  ///< "negative.porosity", "step.1.charge"
  std::vector<double> values;
};

struct Case {
  std::string title;
  std::string file;                    ///< the case file
  std::string directory;               ///< the folder it stands in
  std::string resolved;                ///< the whole case as TOML, defaults included; "" of a variant
  std::string sha256;                  ///< of Echo::content(): the same wherever the cell's file lies
  std::vector<std::string> overrides;  ///< --set, as typed
  Held<Cell> cell;                     ///< its electrodes as they are between the channels, after [geometry] keep
  Geometry geometry;
  double temperature = 298.15;  ///< [K], at the start of the run where it is a function of time
  std::shared_ptr<const TemperatureFunction> temperature_function;  ///< null: it is constant
  /// Does it stay at the temperature that the cell's laws refer to?
  bool at_T_ref() const;
  Initial initial;
  std::vector<Step> protocol;  ///< repeats written out
  std::vector<Stop> until;     ///< of the whole protocol, whatever its step
  MeshOptions mesh;
  SolverOptions solver;
  OutputOptions output;
  std::optional<Design> design;       ///< where the case has a [design]
  std::string out;                    ///< folder for the results
  std::vector<std::string> warnings;  ///< what a careful reader would want to know, of the cell too; each a sentence

  std::shared_ptr<const Draft> keys;         ///< all of them, settled: what echo_of() writes
  std::shared_ptr<const CaseSource> source;  ///< what changed() starts from; none of a variant

  /// Of the file that the cell comes from.
  const std::string& cell_sha256() const;
};

}  // namespace porelith
