#include "program/keep.hpp"

#include <fmt/format.h>

#include <utility>

#include "program/stopping.hpp"
#include "solver/base/error.hpp"
#include "solver/base/stamp.hpp"
#include "solver/base/tell.hpp"
#include "solver/case/echo.hpp"
#include "solver/results/manifest.hpp"

namespace porelith {

KeptRun::KeptRun(const KeepLine& line, const Case& input, const Team& team)
    : team_(team),
      folder_(input.out),
      checkpoints_(input.out, {values_of(input, Echo::content()), input.cell_sha256()}, team) {
  options_.every = line.checkpoint_every.empty() ? input.output.checkpoint_every
                                                 : duration_of("--checkpoint-every", line.checkpoint_every);
  if (!line.max_walltime.empty()) options_.max_walltime = duration_of("--max-walltime", line.max_walltime);
  options_.keep_now = keep_requested;
  options_.warn = [this](const std::string& sentence) { warn(sentence); };
  keep_on_signal();
  if (!line.resume) return;

  std::vector<std::string> warnings;
  auto kept = checkpoints_.newest(warnings);
  for (const auto& damage : warnings) warn(damage + "; the checkpoint before it is used");
  goes_on_ = kept.has_value();
  if (kept) {
    const std::string here = program().version + " " + program().commit;
    if (kept->program != here)
      warn(fmt::format("the checkpoint was written by porelith {}; this is {}: the rest may differ in the last digits",
                       kept->program, here));
    if (team_.first()) tell(stderr, "going on from t = {:.6g} s\n", kept->time);
    memory_ = std::move(kept->memory);
    return;
  }
  complete_already_ = team_.any(team_.first() && was_completed(folder_, input));
  if (!team_.first() || complete_already_) return;
  if (holds_complete_run(folder_))
    tell(stderr, "{} holds a complete run of another case, which keeps no state to go on from: the run begins anew\n",
         folder_);
  else
    tell(stderr, "no checkpoint in {}: the run begins anew\n", folder_);
}

void KeptRun::warn(const std::string& sentence) const {
  if (team_.first()) tell(stderr, "warning: {}\n", sentence);
}

KeepingRecorder& KeptRun::around(Recorder* inner) {
  return recorder_.emplace(inner, checkpoints_, team_, options_, std::move(memory_));
}

int KeptRun::exit_code(int code) const {
  return code == exit_stopped && recorder_->failed() ? int(exit_cannot_write) : code;
}

void KeptRun::ended(int exit_code) {
  if (exit_code == exit_ok) checkpoints_.clear();
}

}  // namespace porelith
