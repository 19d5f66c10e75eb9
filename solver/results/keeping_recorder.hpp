#pragma once
/// Passes everything on to another recorder, and keeps checkpoints: now and then, on request, and before a stop.
#include <chrono>
#include <functional>
#include <string>

#include "solver/record/recorder.hpp"
#include "solver/results/checkpoints.hpp"

namespace porelith {

struct KeepOptions {
  double every = 0;         ///< wall time between checkpoints [s]; 0: only on request and before a stop
  double max_walltime = 0;  ///< the run stops in time before that much has passed [s]; 0: no limit
  std::function<bool()> keep_now = [] { return false; };
  /// Told by the first rank: a checkpoint that could not be written, a damaged one.
  std::function<void(const std::string&)> warn = [](const std::string&) {};
};

/// One on every rank; the recorder inside may be the first rank's alone.
class KeepingRecorder : public Recorder {
 public:
  /// @param inner may be null
  /// @param memory of the run to go on with, "" for a new one
  KeepingRecorder(Recorder* inner, Checkpoints& checkpoints, Team team, KeepOptions options, std::string memory);

  /// A new run takes an earlier one's checkpoints away.
  void begin(const Results& so_far) override;
  void row(const CurveRow& row) override;
  void took(const TakenStep& taken) override;
  void step_ended(const StepSummary& step) override;
  bool stop_requested() override;

  bool keeps() const override { return true; }
  bool keep_requested() override;
  void keep(const std::string& memory, double time) override;
  std::string kept() override { return std::move(memory_); }

  /// Whether the last checkpoint asked for could not be written.
  bool failed() const { return failed_; }

 private:
  using Clock = std::chrono::steady_clock;

  Recorder* inner_;
  Checkpoints& checkpoints_;
  Team team_;
  KeepOptions options_;
  std::string memory_;
  bool goes_on_;
  Clock::time_point start_ = Clock::now(), last_kept_ = start_, last_asked_ = start_;
  double longest_step_ = 0, keep_seconds_ = 0, time_kept_ = -1;
  bool failed_ = false;
};

}  // namespace porelith
