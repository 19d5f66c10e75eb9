#pragma once
/// How far apart two solves of one protocol are: the ends of its steps, and the voltage on the way there.
#include <string>
#include <vector>

#include "solver/case/case.hpp"
#include "solver/record/recorder.hpp"

namespace porelith {

/// Collects the terminals' history of a run; everything else is passed on.
class Trace : public Recorder {
 public:
  /// @param inner may be null
  explicit Trace(Recorder* inner = nullptr) : inner_(inner) {}

  void begin(const Results& so_far) override;
  void row(const CurveRow& row) override;
  int trace_points() const override { return 8; }
  void trace(const TracePoint& point) override { points_.push_back(point); }
  void took(const TakenStep& taken) override {
    if (inner_) inner_->took(taken);
  }
  void step_ended(const StepSummary& step) override;
  bool stop_requested() override { return inner_ && inner_->stop_requested(); }
  bool keeps() const override { return inner_ && inner_->keeps(); }
  bool keep_requested() override { return inner_ && inner_->keep_requested(); }
  void keep(const std::string& memory, double time) override { inner_->keep(memory, time); }
  std::string kept() override;

  const std::vector<TracePoint>& points() const { return points_; }
  /// Whether the run went on from a checkpoint: what came before it is missing.
  bool has_gap() const { return has_gap_; }

 private:
  Recorder* inner_;
  std::vector<TracePoint> points_;
  bool has_gap_ = false;
};

/// One step of the protocol as it went.
struct StepTrace {
  bool by_time = false;  ///< progress is time: in tables and rests, whose charge is none of their own doing
  bool ended_by_time = false, ended_by_current = false;
  double duration = 0;                        ///< [s]
  double charge = 0;                          ///< [A s] discharge positive
  double throughput = 0;                      ///< int |I| dt [A s]
  std::vector<double> time, passed, voltage;  ///< [s] in the step; [A s] both ways; [V]
};

/// @param results of the run that `points` are of
std::vector<StepTrace> steps_of(const std::vector<TracePoint>& points, const Results& results,
                                const std::vector<Step>& protocol);

/// What two runs differ in (A1), (A2), one a step of `run`; steps that `other` did not come to differ by 1 and by 1 V.
/// @param charge_scale steps that pass less than a hundredth of it are measured by that hundredth [A s]
std::vector<Uncertainty> apart(const std::vector<StepTrace>& run, const std::vector<StepTrace>& other,
                               double charge_scale);

}  // namespace porelith
