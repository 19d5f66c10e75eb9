#pragma once
/// What a solve tells while it runs. A recorder that is not interested in something leaves its function out.
#include "solver/results/results.hpp"

namespace porelith {

/// What a solve tells while it runs.
class Recorder {
 public:
  virtual ~Recorder() = default;
  /// Before the first row; mesh, properties and beds of `so_far` are filled in.
  virtual void begin(const Results& /*so_far*/) {}
  /// A new row of the curve, in order of time.
  virtual void row(const CurveRow&) {}
  /// The fields at one time; thinning is left to whoever keeps them.
  virtual void snapshot(const Snapshot&) {}
  /// A step of the protocol has ended.
  virtual void step_ended(const StepSummary&) {}
  /// Asked between time steps: true ends the run cleanly, status "stopped".
  virtual bool stop_requested() { return false; }
};

}  // namespace porelith
