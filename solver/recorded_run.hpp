#pragma once
/// A solve whose folder tells the truth however it ends.
#include <functional>
#include <optional>

#include "solver/accuracy.hpp"
#include "solver/results/run_recorder.hpp"
#include "solver/simulation.hpp"

namespace porelith {

/// Who else takes part in a run.
struct Around {
  Team team = Team::alone();
  Recorder* recorder = nullptr;  ///< is told instead of the run's own, to which it passes everything on
  std::function<int(int)> exit_code = [](int code) { return code; };
  /// Judges the run, and refines it where the case leaves the mesh open; not where this is missing. The files are those
  /// of the last complete level, with what `resolved` says of the case on its mesh.
  std::optional<JudgeOptions> judge = {};
  std::function<std::string(const Resolution&)> resolved = {};
};

/// Solves the case, adds the figures and ends the recorder's run. Whatever is thrown on the way becomes the status
/// "failed: <why>" of the results and of the manifest, with what was solved until then. But a CaseError thrown before
/// the folder is the run's, as for a mesh that is refused, is thrown on: the folder is as it was. Collective over
/// `around.team`.
/// @return the program's exit code: exit_ok, exit_stopped, exit_solve_failed or exit_no_time, or what `around` makes of
/// it
/// @throws WriteError where the folder cannot be written; then the manifest says so if that much can be written
int run_recorded(const Case& input, RunRecorder& recorder, Results& results, const Around& around = {});

}  // namespace porelith
