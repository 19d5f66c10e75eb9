#pragma once
/// How far a run is, for whoever watches it: one rewritten line on a terminal, a line now and then elsewhere.
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "solver/case/case.hpp"
#include "solver/record/results.hpp"

namespace porelith {

class Progress {
 public:
  /// `file` is the descriptor written to; failures to write there are nobody's concern.
  /// @param width columns of the terminal, 0 if it is none; asked of the file if not given
  explicit Progress(std::vector<Step> protocol, int file = 2, std::optional<int> width = {});
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void row(const CurveRow& row);
  /// An earlier run has ended that many steps already.
  void go_on_after(std::size_t steps_ended) { steps_ended_ = steps_ended; }
  void step_ended(const StepSummary& step);
  /// Removes the line that is being rewritten.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  void say(const std::string& text);
  std::string line(const CurveRow& row, Clock::time_point now) const;

  std::vector<Step> protocol_;
  int file_;
  int width_;  ///< columns of the terminal; 0 = not a terminal
  bool line_shown_ = false;
  long rows_ = 0;
  std::size_t steps_ended_ = 0;
  CurveRow step_start_{};  ///< first row of the present step
  Clock::time_point start_, step_began_, last_shown_;
};

/// How much of a step is done, 0 to 1, by its stops; where no stop tells, by the charge left. 0 = nobody knows.
double fraction_done(const Step& step, const CurveRow& start, const CurveRow& now);

}  // namespace porelith
