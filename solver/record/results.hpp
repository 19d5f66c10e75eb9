#pragma once
/// What a solve leaves behind, in memory: the curve, field snapshots, why each step ended, and what it cost. SI.
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "meshes/cells.hpp"
#include "solver/base/cell_counts.hpp"
#include "solver/record/curve_row.hpp"
#include "solver/record/left_table.hpp"
#include "solver/record/slot.hpp"

namespace porelith {

/// A particle that is kept shell by shell where not all are.
struct Probe {
  int point;  ///< index into Results::particle_points
  int at;     ///< index into Bed::cells of this rank, whose cell is the nearest of all ranks'
};

/// The particles of one active material in one electrode, over the control volumes that hold it.
struct Bed {
  std::string electrode;            ///< "negative" or "positive"
  std::string material;             ///< name in a blend, or ""
  double c_s_max;                   ///< [mol m-3]
  std::vector<int> cells;           ///< the control volumes, in order
  std::vector<double> a;            ///< specific surface         [m-1], one a cell
  std::vector<double> R;            ///< particle radius          [m], one a cell
  std::vector<double> shell_edges;  ///< r/R, shells + 1 values from 0 to 1
  bool every_particle = true;       ///< snapshots hold the shells of all cells; else of `probes` only
  std::vector<Probe> probes = {};
};

/// The state at one time. Sizes: cells; phi_s is NaN where there is no solid, c_e and phi_e where no electrolyte.
struct Snapshot {
  double time;
  double voltage;
  double current;
  std::vector<double> c_e, phi_e, phi_s;
  std::vector<std::vector<double>> j;  ///< a bed: molar flux out of the particle [mol m-2 s-1], one a cell of the bed
  std::vector<std::vector<double>> c_ss;  ///< a bed: surface concentration [mol m-3]
  /// a bed: shell means [mol m-3], row-major [cell of the bed, or probe][shell]
  std::vector<std::vector<double>> c_s;
  /// a bed: mean of the particle [mol m-3], one a cell of the bed; empty where c_s has every particle
  std::vector<std::vector<double>> c_mean = {};
  /// The further slots of Results::slots, in order: as c_e, as c_ss, as c_s (with their means, as c_mean), or one value
  std::vector<std::vector<double>> further = {}, further_mean = {};
};

struct StepSummary {
  std::string label;  ///< "discharge at 1C"
  std::string ended;  ///< "voltage fell to 2.5 V", "stopped on request", ...
  double start, end;  ///< [s]
  double charge;      ///< [A s] discharge positive
  double energy;      ///< [J]
};

/// Operation counts; they do not depend on the machine.
struct Counts {
  long steps = 0, rejected = 0, newton = 0, law_evaluations = 0, linear_solves = 0;
  long linear_iterations = 0;  ///< of Krylov; 0 where the solves are direct
  long preconditioners = 0;    ///< made: each serves several solves
};

/// One figure for the designer, with its unit and a sentence.
struct Figure {
  std::string name;    ///< "areal capacity, negative"
  std::string symbol;  ///< key in files: "areal_capacity_neg"
  double value;
  std::string unit;  ///< "mA.h.cm-2"
  std::string meaning;
};

/// How finely a run is divided, in space and in time.
struct Resolution {
  CellCounts negative, separator, positive, width, height;  ///< cells, as MeshOptions; 0: not of a grid
  int shells = 0;
  double rtol = 0;
};

/// How far something may be off.
struct Uncertainty {
  double end = 0;      ///< of a step's charge or time at its end [1]
  double voltage = 0;  ///< root mean square over a step [V]
};

/// How exact a run is, estimated by solves on coarser meshes (A1)-(A5).
struct AccuracyEstimate {
  double wanted = 0;                ///< [1]; of 1 V in the voltage
  bool within = false;              ///< whether no step is more uncertain than that
  Resolution resolution;            ///< of the last complete level, whose results these are
  std::vector<Uncertainty> steps;   ///< one a step, all directions together
  Uncertainty cells, shells, rtol;  ///< each direction's part, in the step where it is largest
  int levels = 1;                   ///< solved to their ends, the first included
  double work = 1;                  ///< of all solves together, over that of the first
  std::string verdict;              ///< why it ended: "within 0.1 % and 1 mV", ...
  std::string left_out;             ///< what cannot be judged: "the cells of a mesh file"; "" if nothing
  Uncertainty worst() const {
    Uncertainty all;
    for (const Uncertainty& u : steps)
      all.end = all.end < u.end ? u.end : all.end, all.voltage = all.voltage < u.voltage ? u.voltage : all.voltage;
    return all;
  }
};

/// Of several ranks each holds the fields and the mesh of its own cells, without ghosts; the rest is the same on all.
struct Results {
  std::string title;
  Cells mesh;
  double area = 1;                           ///< of the whole cell [m2]
  std::vector<double> eps, B, sigma, eps_s;  ///< a control volume each
  std::vector<Bed> beds;
  std::vector<Slot> slots;                             ///< what the state is made of; `at` and `size` are this rank's
  std::vector<std::array<double, 3>> particle_points;  ///< as asked for [m]
  std::vector<std::string> also;                       ///< rare observables that are columns of this run's curve
  std::vector<CurveRow> curve;     ///< to be looked at: straight lines between its rows, or as often as asked for
  std::vector<CurveRow> accepted;  ///< for figures: every accepted state, and where the current turns in between
  std::vector<Snapshot> snapshots;
  std::vector<StepSummary> steps;
  std::vector<Figure> figures;
  std::vector<std::string> warnings;         ///< what a careful reader of them would want to know; each a sentence
  std::vector<LeftTable> left_tables;        ///< the same of tables, in numbers
  std::optional<AccuracyEstimate> accuracy;  ///< where somebody asked how exact they are
  Counts counts;
  double seconds = 0;  ///< wall time of the solve
  std::string status;  ///< "running", then "complete", "stopped" or "failed: <why>"
};

}  // namespace porelith
