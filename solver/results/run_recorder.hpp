#pragma once
/// Keeps a run's folder: the curve row by row, everything else now and then and at the end.
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "solver/base/folder_lock.hpp"
#include "solver/base/team.hpp"
#include "solver/case/case.hpp"
#include "solver/record/recorder.hpp"
#include "solver/results/curve.hpp"
#include "solver/results/manifest.hpp"
#include "solver/results/progress.hpp"

namespace porelith {

struct RunOptions {
  std::string folder;                ///< made if missing; an earlier run's files in it are replaced
  std::vector<std::string> command;  ///< as typed, for the manifest
  std::string petsc_options;
  Team team = Team::alone();   ///< the first rank keeps the folder; all write their own cells
  bool progress = true;        ///< on stderr
  bool go_on = false;          ///< the folder holds an earlier run's curve, which this run goes on with
  double rewrite_every = 30;   ///< [s] results.h5 and the fields, so that a long run can be looked at
  std::function<bool()> stop;  ///< asked between time steps
  /// Writes fields for viewers, and pictures once the run is `over`; returns the files' names relative to the folder.
  std::function<std::vector<std::string>(const Results&, bool over)> more;
};

/// One on every rank; all calls are collective. The order: construct, solve with it, then finish() or abandon(). It
/// owns the folder, not the results.
class RunRecorder : public Recorder {
 public:
  /// Looks at the folder and leaves it as it is.
  /// @throws WriteError where it cannot be one, where another run is under way in it, or where it holds files of these
  /// names that no run of ours has left there
  RunRecorder(const Case& from, RunOptions options);

  /// All that could be judged has been: takes what an earlier run left out of the folder, and writes the resolved case
  /// and a first manifest, status "running".
  void begin(const Results& so_far) override;
  /// Whether the folder is this run's by now.
  bool begun() const { return begun_; }
  void row(const CurveRow& row) override;
  void step_ended(const StepSummary& step) override;
  bool stop_requested() override { return options_.stop && options_.stop(); }

  /// From now on the run is this one, a complete solve of the case on a finer mesh: its curve and its case take the
  /// place of those written so far. @throws WriteError
  void replace(const Results& finer, const std::string& resolved);
  /// Writes everything, the manifest last. @throws WriteError
  void finish(const Results& results, int exit_code);
  /// The same after something was thrown, their status telling what: what can still be written is, the manifest last.
  /// @throws WriteError if not even that could be
  void abandon(const Results& results, int exit_code);
  /// Of all that no more than the manifest, by a rank that the others do not follow. Not collective. @throws WriteError
  void abandon_alone(const Results& results, int exit_code);

 private:
  std::string in_folder(const std::string& name) const;
  void write_files(const Results& results, bool over);
  void write_manifest(const Results& results, std::optional<int> exit_code);
  void write_manifest_together(const Results& results, int exit_code);

  Case from_;
  RunOptions options_;
  std::optional<FolderLock> lock_;
  std::optional<CurveWriter> curve_;
  std::optional<Progress> progress_;
  bool begun_ = false;
  const Results* so_far_ = nullptr;  ///< the solve's own, while it goes
  RunFacts facts_;
  std::chrono::steady_clock::time_point start_, last_written_;
  double write_seconds_ = 0;  ///< what the last rewriting took
};

}  // namespace porelith
