#pragma once
/// The program as a user starts it, for tests.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/support/scratch.hpp"

namespace porelith {

/// The program, started with these words; its stdout goes to `output`, its stderr there too if no other is given.
inline pid_t start(std::vector<std::string> words, int output, int errors = -1) {
  const pid_t child = fork();
  if (child != 0) return child;
  dup2(output, 1);
  dup2(errors < 0 ? output : errors, 2);
  words.insert(words.begin(), PORELITH_PROGRAM);
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  execv(arguments[0], arguments.data());
  _exit(127);
}

/// Its exit code, or minus the signal that killed it.
inline int end_of(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/// Runs the program to its end. @return exit code, or minus a signal; what it said
inline std::pair<int, std::string> run(const Scratch& scratch, const std::vector<std::string>& words) {
  const int file = open((scratch / "said").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
  const int code = end_of(start(words, file));
  close(file);
  return {code, file_text(scratch / "said")};
}

}  // namespace porelith
