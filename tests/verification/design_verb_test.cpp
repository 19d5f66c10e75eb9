/// The program's `design`, stopped and resumed: exit code 75, and in the end the same answer.
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sstream>
#include <thread>

#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/small_cell_study.hpp"

using namespace porelith;

extern char** environ;

namespace {

/// Whether a program has taken SIGTERM into its own hands: asked before that, it ends as any program does.
bool listens(pid_t child) {
  std::istringstream lines(file_text("/proc/" + std::to_string(child) + "/status"));
  for (std::string line; std::getline(lines, line);)
    if (line.rfind("SigCgt:", 0) == 0) return (std::stoull(line.substr(7), nullptr, 16) >> (SIGTERM - 1) & 1) != 0;
  return false;
}

/// Starts `porelith design`; after `seconds` (0 = never) asks it to stop. @returns its exit code, -1 if it was killed
int design(const std::string& file, const std::string& out, double seconds) {
  std::string program = PORELITH_PROGRAM, verb = "design", input = file, option = "--out", folder = out;
  char* arguments[] = {program.data(), verb.data(), input.data(), option.data(), folder.data(), nullptr};
  posix_spawn_file_actions_t quiet;
  posix_spawn_file_actions_init(&quiet);
  posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&quiet, 2, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  REQUIRE(posix_spawn(&child, program.c_str(), &quiet, nullptr, arguments, environ) == 0);
  posix_spawn_file_actions_destroy(&quiet);
  if (seconds > 0) {
    for (int k = 0; k < 10000 && !listens(child); ++k) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
    kill(child, SIGTERM);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// All of design.json but what depends on the clock.
std::string timeless(const std::string& path) {
  std::istringstream lines(file_text(path));
  std::string text;
  for (std::string line; std::getline(lines, line);)
    if (line.find("seconds") == std::string::npos) text += line + "\n";
  return text;
}

}  // namespace

TEST_CASE("a design study stopped again and again ends with 75 each time, and resumed gives the same answer") {
  const Scratch scratch;
  const std::string file = scratch / "case.toml", whole = scratch / "whole", parts = scratch / "parts";
  write_text(file, small_cell_study);
  REQUIRE(design(file, whole, 0) == 0);
  int stops = 0;
  for (double patience = 0.05; stops < 40; patience += 0.15) {
    const int code = design(file, parts, patience);
    if (code == 0) break;  // it was done before anybody asked
    INFO("code " << code << " after " << patience << " s");
    REQUIRE(code == 75);
    ++stops;
  }
  REQUIRE(design(file, parts, 0) == 0);
  INFO(stops << " stops");
  CHECK(stops > 0);
  CHECK(timeless(parts + "/design.json") == timeless(whole + "/design.json"));
  CHECK(file_text(parts + "/optimum/case.toml") == file_text(whole + "/optimum/case.toml"));
  CHECK(file_text(parts + "/report.html").find("</html>") != std::string::npos);
}
