#pragma once
/// A solve whose folder tells the truth however it ends.
#include "solver/results/run_recorder.hpp"
#include "solver/simulation.hpp"

namespace porelith {

/// Solves the case, adds the figures and ends the recorder's run. Whatever is thrown on the way becomes the status
/// "failed: <why>" of the results and of the manifest, with what was solved until then.
/// @return the program's exit code: exit_ok, exit_stopped or exit_solve_failed
/// @throws WriteError where the folder cannot be written; then the manifest says so if that much can be written
int run_recorded(const Case& input, RunRecorder& recorder, Results& results);

}  // namespace porelith
