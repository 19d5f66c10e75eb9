#pragma once
/// What a solve tells while it runs. A recorder that is not interested in something leaves its function out.
#include "solver/results/results.hpp"

namespace porelith {

/// What a solve tells while it runs.
class Recorder {
 public:
  virtual ~Recorder() = default;
  /// Before the first row; mesh, properties and beds of `so_far` are filled in. The solve goes on filling it, curve,
  /// snapshots and steps, and tells of it below: whoever wants to see more than the news looks there.
  virtual void begin(const Results& /*so_far*/) {}
  /// A new row of the curve, in order of time, after the results have it.
  virtual void row(const CurveRow&) {}
  /// A step of the protocol has ended, after the results have it.
  virtual void step_ended(const StepSummary&) {}
  /// Asked between time steps: true ends the run cleanly, status "stopped".
  virtual bool stop_requested() { return false; }
};

}  // namespace porelith
