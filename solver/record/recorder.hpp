#pragma once
/// What a solve tells while it runs. A recorder that is not interested in something leaves its function out.
#include <string>

#include "solver/record/results.hpp"
#include "solver/record/taken_step.hpp"

namespace porelith {

/// What the terminals show at one time.
struct TracePoint {
  double time;                      ///< [s] from the start of the run
  double current, voltage, charge;  ///< [A], [V], [A s]; discharge positive
  int step;                         ///< index into Results::steps
};

/// What a solve tells while it runs.
class Recorder {
 public:
  virtual ~Recorder() = default;
  /// Before the first row; mesh, properties and beds of `so_far` are filled in. The solve goes on filling it, curve,
  /// snapshots and steps, and tells of it below: whoever wants to see more than the news looks there.
  virtual void begin(const Results& /*so_far*/) {}
  /// A new row of the curve, in order of time, after the results have it.
  virtual void row(const CurveRow&) {}
  /// How many points of every time step trace() is told of, evenly on the step's polynomial, its end included; 0: none.
  virtual int trace_points() const { return 0; }
  /// In order of time. A step of the protocol begins with a point of its own.
  virtual void trace(const TracePoint&) {}
  /// How each accepted time step was made, in order of time: what replay() takes.
  virtual void took(const TakenStep&) {}
  /// A step of the protocol has ended, after the results have it.
  virtual void step_ended(const StepSummary&) {}
  /// Asked between time steps: true on any rank ends the run cleanly, status "stopped".
  virtual bool stop_requested() { return false; }

  /// Whether keep() is of use; the same on all ranks, as are the calls below.
  virtual bool keeps() const { return false; }
  /// Asked between time steps: true on any rank has all call keep().
  virtual bool keep_requested() { return false; }
  /// This rank's part of all that the run needs to go on from `time` [s], also before it stops. Collective.
  virtual void keep(const std::string& /*memory*/, double /*time*/) {}
  /// What keep() was given in the run that this one goes on with; "" for a new run.
  virtual std::string kept() { return ""; }
};

}  // namespace porelith
