#include "verb_tools.hpp"

#include <signal.h>

#include <cstdlib>
#include <filesystem>

namespace porelith {
namespace {

volatile sig_atomic_t stop_signal = 0;

}  // namespace

void stop_on_signals() {
  struct sigaction action = {};
  action.sa_handler = [](int signal) { stop_signal = signal; };
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  for (const int signal : {SIGINT, SIGTERM, SIGUSR1}) sigaction(signal, &action, nullptr);
  signal(SIGPIPE, SIG_IGN);
  struct sigaction hang_up = {};
  sigaction(SIGHUP, nullptr, &hang_up);
  if (hang_up.sa_handler == SIG_IGN) return;  // nohup
  action.sa_flags = 0;                        // the shell and the system may both send one
  sigaction(SIGHUP, &action, nullptr);
}

bool stop_requested() { return stop_signal != 0; }

int started_ranks() {
  for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE"}) {
    if (const char* value = std::getenv(name)) return std::atoi(value);
  }
  return 1;
}

std::string default_folder(const Case& input) {
  namespace fs = std::filesystem;
  const fs::path file = fs::absolute(input.file).lexically_normal();
  const std::string folder = file.parent_path().filename().string(), stem = file.stem().string();
  return (fs::path("results") / (stem == "case" ? folder : folder + "_" + stem)).string();
}

}  // namespace porelith
