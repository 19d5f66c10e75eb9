#include "verb_tools.hpp"

#include <signal.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <stdexcept>

namespace porelith {
namespace {

using Clock = std::chrono::steady_clock;

const Clock::time_point program_start = Clock::now();
Clock::time_point time_is_over = Clock::time_point::max();
volatile sig_atomic_t stop_signal = 0, keep_signal = 0;

/// Seconds of a clock's text "h:m:s"; negative if it is none.
double clock_seconds(const std::string& text) {
  int h, m, s, read = 0;
  if (std::sscanf(text.c_str(), "%d:%d:%d%n", &h, &m, &s, &read) != 3 || read != int(text.size())) return -1;
  return h < 0 || m < 0 || m > 59 || s < 0 || s > 59 ? -1 : 3600.0 * h + 60.0 * m + s;
}

/// Seconds of numbers with units; negative if it is none.
double sum_of_parts(const std::string& text) {
  static const std::map<std::string, double> units = {{"d", 86400}, {"h", 3600}, {"min", 60},
                                                      {"m", 60},    {"s", 1},    {"", 1}};
  double sum = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (!std::isdigit(static_cast<unsigned char>(text[at]))) return -1;
    char* end = nullptr;
    const double value = std::strtod(text.c_str() + at, &end);
    at = end - text.c_str();
    const auto unit_end = std::min(text.find_first_of("0123456789", at), text.size());
    const auto unit = units.find(text.substr(at, unit_end - at));
    if (unit == units.end()) return -1;
    sum += value * unit->second;
    at = unit_end;
  }
  return sum;
}

}  // namespace

void stop_on_signals() {
  struct sigaction action = {};
  action.sa_handler = [](int signal) { stop_signal = signal; };
  sigaction(SIGUSR1, &action, nullptr);  // a batch system may send it more than once
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  for (const int signal : {SIGINT, SIGTERM}) sigaction(signal, &action, nullptr);
  signal(SIGPIPE, SIG_IGN);
  struct sigaction hang_up = {};
  sigaction(SIGHUP, nullptr, &hang_up);
  if (hang_up.sa_handler == SIG_IGN) return;  // nohup
  action.sa_flags = 0;                        // the shell and the system may both send one
  sigaction(SIGHUP, &action, nullptr);
}

void stop_after(const std::string& walltime) {
  if (walltime.empty()) return;
  const std::chrono::duration<double> seconds(duration_of("--max-walltime", walltime));
  time_is_over = program_start + std::chrono::duration_cast<Clock::duration>(seconds);
}

bool stop_requested() { return stop_signal != 0 || Clock::now() >= time_is_over; }

void keep_on_signal() {
  struct sigaction action = {};
  action.sa_handler = [](int) { keep_signal = 1; };
  action.sa_flags = SA_RESTART;
  sigaction(SIGUSR2, &action, nullptr);
}

bool keep_requested() {
  const bool asked = keep_signal != 0;
  keep_signal = 0;
  return asked;
}

double duration_of(const std::string& option, const std::string& text) {
  const double seconds = text.find(':') == std::string::npos ? sum_of_parts(text) : clock_seconds(text);
  if (seconds > 0 && seconds < 1e9) return seconds;
  throw std::invalid_argument(option + " " + text + " is no duration; 3h55m, 10min, 90s and 03:55:00 are");
}

std::string default_folder(const Case& input) {
  namespace fs = std::filesystem;
  const fs::path file = fs::absolute(input.file).lexically_normal();
  const std::string folder = file.parent_path().filename().string(), stem = file.stem().string();
  return (fs::path("results") / (stem == "case" ? folder : folder + "_" + stem)).string();
}

}  // namespace porelith
