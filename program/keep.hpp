#pragma once
/// How `run` keeps what it has: checkpoints, --resume, --max-walltime. One object a rank.
#include <optional>
#include <string>

#include "solver/base/team.hpp"
#include "solver/case/case.hpp"
#include "solver/results/keeping_recorder.hpp"

namespace porelith {

/// What was typed about it.
struct KeepLine {
  bool resume = false;           ///< from the newest checkpoint
  std::string max_walltime;      ///< a duration; "" = no end
  std::string checkpoint_every;  ///< a duration; "" = as the case says
};

class KeptRun {
 public:
  /// Looks for what --resume is to go on with, and tells what it finds. Nothing is written yet. Collective.
  /// @throws CaseError the checkpoint is of another case, cell or number of ranks, or none is whole
  /// @throws std::invalid_argument a duration is none
  KeptRun(const KeepLine& line, const Case& input, const Team& team);

  /// Whether --resume finds that this very case has been solved to its end.
  bool complete_already() const { return complete_already_; }
  /// Whether the run goes on from a checkpoint (RunOptions::go_on).
  bool goes_on() const { return goes_on_; }

  /// What to solve with. Call once.
  KeepingRecorder& around(Recorder* inner);

  /// The program's exit code instead of `code`: a run that stopped without a checkpoint is none to go on with.
  int exit_code(int code) const;
  /// After the results are written: a complete run needs its checkpoints no more.
  void ended(int exit_code);

 private:
  void warn(const std::string& sentence) const;

  Team team_;
  std::string folder_;
  KeepOptions options_;
  Checkpoints checkpoints_;
  std::string memory_;
  bool complete_already_ = false, goes_on_ = false;
  std::optional<KeepingRecorder> recorder_;
};

}  // namespace porelith
