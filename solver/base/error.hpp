#pragma once
/// Errors, told once and in full: what is wrong with the input (CaseError) and why a solve gave up (SolveFailure).
#include <stdexcept>
#include <string>
#include <vector>

namespace porelith {

/// Exit codes of the program (sysexits.h where it has one).
enum ExitCode : int {
  exit_ok = 0,
  exit_solve_failed = 2,   ///< the solver gave up; everything up to there is on disk
  exit_no_time = 3,        ///< every step of the protocol ended where it began: nothing was simulated
  exit_usage = 64,         ///< the command line is wrong
  exit_bad_input = 65,     ///< the case, the cell or a file they name is wrong; nothing was run
  exit_cannot_write = 74,  ///< a result could not be written
  exit_stopped = 75,       ///< stopped on request; what was computed is on disk
};

/// A place in an input file; line and column count from 1, 0 = unknown.
struct Location {
  std::string file;
  int line = 0;
  int column = 0;
};

/// One thing wrong with the input: "file:line:column: sentence".
struct Problem {
  Location where;
  std::string sentence;
  std::string text() const;
};

/// Everything wrong with the input at once, each problem once. what() is the whole text.
class CaseError : public std::runtime_error {
 public:
  explicit CaseError(std::vector<Problem> problems);
  const std::vector<Problem>& problems() const { return problems_; }

 private:
  std::vector<Problem> problems_;
};

/// Collects problems while reading goes on, a hundred at most; throws once at the end.
class Problems {
 public:
  void add(Location where, std::string sentence);
  void add(const CaseError& error);
  bool empty() const { return list_.empty(); }
  /// Whether a sentence begins so, as "[geometry]": what follows from such a value need not be told as well.
  bool about(const std::string& beginning) const;
  /// @throws CaseError if any problem was added
  void throw_if_any();

 private:
  std::vector<Problem> list_;
};

/// The solver gave up: what, where (time, step, field, cell) and what was tried, in one text.
class SolveFailure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A file could not be written (disk full, no permission).
class WriteError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The name of `known` nearest to `typed` (edit distance at most a third of its length), or "".
std::string nearest_name(const std::string& typed, const std::vector<std::string>& known);

}  // namespace porelith
