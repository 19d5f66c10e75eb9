#pragma once
/// Who asks the work to stop, or to keep what it has: signals, and the end of its time.
#include <string>

namespace porelith {

/// From now on the first Ctrl-C, SIGTERM or SIGUSR1 asks the work to stop and keep what it has; a second Ctrl-C or
/// SIGTERM ends it as usual. So does a terminal that is closed (SIGHUP, unless nohup has it ignored), however often it
/// says so. That nobody reads the output any more (SIGPIPE) is no reason to stop.
void stop_on_signals();
/// From now on the work is asked to stop when so much time has passed since the program started; "" = never.
/// @param walltime as duration_of(). @throws std::invalid_argument
void stop_after(const std::string& walltime);
/// Whether somebody asked, or the time is over.
bool stop_requested();
/// From now on SIGUSR2 asks for a checkpoint; keep_requested() tells once for each time.
void keep_on_signal();
bool keep_requested();

/// "3h55m", "10min", "90s", "90" (seconds), "03:55:00", "55:00" or, with days as Slurm writes them, "1-12", "1-12:30",
/// "1-12:30:00" [s]
/// @throws std::invalid_argument naming `option` if it is none of these, or not positive
double duration_of(const std::string& option, const std::string& text);

}  // namespace porelith
