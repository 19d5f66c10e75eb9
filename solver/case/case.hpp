#pragma once
/// What the user wrote, read, judged and in SI: plain data that everything downstream starts from.
#include <array>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "meshes/channels/geometry.hpp"
#include "solver/case/design.hpp"
#include "solver/cell/cell.hpp"

namespace porelith {

/// What a step holds fixed. Current is positive on discharge everywhere in Porelith.
enum class Control { current, voltage, power, table };

/// Why a step may end. Each is one inequality; the step ends when the first becomes true.
enum class Quantity {
  time,            ///< time in the step            >= value [s]
  voltage_below,   ///< cell voltage                <= value [V]
  voltage_above,   ///< cell voltage                >= value [V]
  current_below,   ///< |current|                   <= value [A]
  current_above,   ///< |current|                   >= value [A]
  capacity,        ///< |charge passed in the step| >= value [A s]
  soc_below,       ///< state of charge             <= value [1]
  soc_above,       ///< state of charge             >= value [1]
  plating_margin,  ///< min (phi_s - phi_e) in the negative electrode <= value [V]
  salt,            ///< min c_e                     <= value [mol m-3]
};

struct Stop {
  Quantity quantity;
  double value;
  bool directed = false;  ///< in voltage: counts only while current flows that leads to it
  bool cut_off = false;   ///< one of the cell's: Step::at_cut_off says what it does
};

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

struct Step {
  std::string label;  ///< as the user would say it: "charge at 2C"
  Control control = Control::current;
  double value = 0;  ///< [A], [V] or [W] for the whole cell; discharge positive; unused for a table
  std::shared_ptr<const DriveTable> table = {};  ///< of Control::table; shared by the step's repeats
  std::vector<Stop> stops;                       ///< cut-offs of the cell included
  AtCutOff at_cut_off = AtCutOff::end;           ///< of a table
};

/// How the cell starts: exactly one way is given.
struct Initial {
  std::optional<double> soc;           ///< [1]
  std::optional<double> voltage;       ///< open-circuit voltage [V]
  std::optional<double> sto_negative;  ///< both stoichiometries [1]
  std::optional<double> sto_positive;
};

/// Names or numbers of a mesh file's physical groups.
struct GroupNames {
  std::vector<std::string> list;
};

/// What a mesh file calls the parts of the cell; empty: as they are called here.
struct MeshNames {
  GroupNames negative, separator, positive, negative_channel, positive_channel, negative_foil, positive_foil,
      negative_collector, positive_collector, left_out;

  /// Those that are not empty, by their own names.
  std::map<std::string, std::vector<std::string>> by_part() const {
    std::map<std::string, std::vector<std::string>> parts{{"negative", negative.list},
                                                          {"separator", separator.list},
                                                          {"positive", positive.list},
                                                          {"negative_channel", negative_channel.list},
                                                          {"positive_channel", positive_channel.list},
                                                          {"negative_foil", negative_foil.list},
                                                          {"positive_foil", positive_foil.list},
                                                          {"negative_collector", negative_collector.list},
                                                          {"positive_collector", positive_collector.list},
                                                          {"left_out", left_out.list}};
    for (auto it = parts.begin(); it != parts.end();) it = it->second.empty() ? parts.erase(it) : std::next(it);
    return parts;
  }
};

/// How exact an answer shall be.
struct Accuracy {
  double share = 0;  ///< of a step's charge or time at its end, and of 1 V in the voltage [1]; 0: nobody asks
};

struct MeshOptions {
  std::string file;                                  ///< a Gmsh file; "": a grid
  std::string sha256;                                ///< of the file; "" where nobody asked
  std::string unit = "um";                           ///< of the file's coordinates
  MeshNames names;                                   ///< of the file's groups
  int split = 0;                                     ///< how often the file's elements are halved along every direction
  std::string fineness = "medium";                   ///< what the counts come from that are not given
  int negative = 20, separator = 10, positive = 20;  ///< cells through each layer; separator 0: as their neighbours
  int width = 0, height = 0;  ///< cells along y and z, from mirror plane to mirror plane; 0 where there is none
  double grading = 1;         ///< thickness of an electrode's cell at the collector over its cell at the separator
  int shells = 15;            ///< shells a particle
  double shell_grading = 0;   ///< thickness of the innermost shell over the outermost; 0: as D_s asks for
  std::optional<Accuracy> accuracy;  ///< of a run, where the case says it
  bool fixed = false;                ///< the case gives cells, shells or fineness: they stay as they are

  double file_unit() const { return unit == "m" ? 1 : unit == "mm" ? 1e-3 : unit == "nm" ? 1e-9 : 1e-6; }  ///< [m]
};

struct SolverOptions {
  double rtol = 1e-4;                ///< local error a step, relative to each field's scale
  bool fixed = false;                ///< the case gives rtol
  double newton = 0.05;              ///< error that Newton's method may leave, over that of rtol
  int max_order = 5;                 ///< highest BDF order
  double max_step = 1e30;            ///< [s]
  std::optional<double> fixed_step;  ///< [s] constant steps without error control (for order studies)
  std::string linear = "auto";       ///< "auto", "chain" (block tridiagonal) or "petsc"
};

struct OutputOptions {
  double interval = 0;      ///< rows of the curve every so often [s]; 0 = every accepted step
  int max_snapshots = 200;  ///< field snapshots kept at most, evenly thinned
  /// Where particles are kept shell by shell [m]; empty: everywhere in 1D, nowhere in 2D and 3D
  std::vector<std::array<double, 3>> particle_points;
  bool vtk = true;
  bool pictures = true;
  double checkpoint_every = 600;  ///< of wall time [s]; 0 = only when the run is stopped
};

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
  Cell cell;  ///< its electrodes as they are between the channels, after what [geometry] keep says
  Geometry geometry;
  double temperature = 298.15;  ///< [K]
  Initial initial;
  std::vector<Step> protocol;  ///< repeats written out
  std::vector<Stop> until;     ///< of the whole protocol, whatever its step
  MeshOptions mesh;
  SolverOptions solver;
  OutputOptions output;
  std::optional<Design> design;  ///< where the case has a [design]
  std::string out;               ///< folder for the results

  std::shared_ptr<const Draft> keys;         ///< all of them, settled: what echo_of() writes
  std::shared_ptr<const CaseSource> source;  ///< what changed() starts from; none of a variant
};

}  // namespace porelith
