#include "program/stopping.hpp"

#include <signal.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdlib>
#include <map>
#include <stdexcept>
#include <vector>

namespace porelith {
namespace {

using Clock = std::chrono::steady_clock;

const Clock::time_point program_start = Clock::now();
Clock::time_point time_is_over = Clock::time_point::max();
volatile sig_atomic_t stop_signal = 0, keep_signal = 0;

/// Whole numbers of digits alone between colons; none if it is something else.
std::vector<double> clock_numbers(const std::string& text) {
  std::vector<double> numbers{0};
  bool digit = false;
  for (const char c : text) {
    if (c == ':' && digit)
      numbers.push_back(0), digit = false;
    else if (std::isdigit(static_cast<unsigned char>(c)))
      numbers.back() = 10 * numbers.back() + (c - '0'), digit = true;
    else
      return {};
  }
  return digit ? numbers : std::vector<double>{};
}

/// Seconds of a clock's text, "h:m:s" or "m:s"; with days before it, as Slurm writes them, "d-h", "d-h:m" or "d-h:m:s".
/// Negative if it is none.
double clock_seconds(const std::string& text) {
  const auto dash = text.find('-');
  const bool days = dash != std::string::npos;
  const auto before = clock_numbers(days ? text.substr(0, dash) : "0");
  auto clock = clock_numbers(days ? text.substr(dash + 1) : text);
  if (before.size() != 1 || clock.empty() || clock.size() > 3 || (!days && clock.size() < 2)) return -1;
  for (std::size_t k = 1; k < clock.size(); ++k)
    if (clock[k] > 59) return -1;
  if (!days && clock.size() == 2) clock.insert(clock.begin(), 0);
  clock.resize(3, 0);
  return 86400 * before[0] + 3600 * clock[0] + 60 * clock[1] + clock[2];
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
  const double seconds = text.find_first_of(":-") == std::string::npos ? sum_of_parts(text) : clock_seconds(text);
  if (seconds > 0 && seconds < 1e9) return seconds;
  throw std::invalid_argument(option + " " + text +
                              " is no duration; 3h55m, 10min, 90s, 03:55:00, 55:00 and 1-12:00:00 are");
}

}  // namespace porelith
