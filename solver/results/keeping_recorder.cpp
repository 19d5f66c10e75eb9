#include "solver/results/keeping_recorder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace porelith {
namespace {

constexpr double writing_share = 0.05;    // checkpoints may take this part of a run's time, not more
constexpr double margin_least = 1;        // before the end of the wall time [s]
constexpr double margin_of_keeping = 3;   // times what the last checkpoint took
constexpr double margin_of_stepping = 2;  // times the longest time step

double seconds_between(std::chrono::steady_clock::time_point from, std::chrono::steady_clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

}  // namespace

KeepingRecorder::KeepingRecorder(Recorder* inner, Checkpoints& checkpoints, Team team, KeepOptions options,
                                 std::string memory)
    : inner_(inner),
      checkpoints_(checkpoints),
      team_(team),
      options_(std::move(options)),
      memory_(std::move(memory)),
      goes_on_(!memory_.empty()) {}

void KeepingRecorder::begin(const Results& so_far) {
  if (!goes_on_) {
    if (team_.first() && checkpoints_.any())
      options_.warn("the checkpoints of the unfinished run in this folder are replaced");
    checkpoints_.clear();
  }
  if (inner_) inner_->begin(so_far);
}

void KeepingRecorder::row(const CurveRow& row) {
  if (inner_) inner_->row(row);
}

void KeepingRecorder::took(const TakenStep& taken) {
  if (inner_) inner_->took(taken);
}

void KeepingRecorder::step_ended(const StepSummary& step) {
  if (inner_) inner_->step_ended(step);
}

bool KeepingRecorder::stop_requested() {
  const auto now = Clock::now();
  longest_step_ = std::max(longest_step_, seconds_between(last_asked_, now));
  last_asked_ = now;
  if (inner_ && inner_->stop_requested()) return true;
  if (options_.max_walltime == 0) return false;
  const double margin = margin_least + margin_of_keeping * keep_seconds_ + margin_of_stepping * longest_step_;
  return seconds_between(start_, now) + std::min(margin, options_.max_walltime / 2) > options_.max_walltime;
}

bool KeepingRecorder::keep_requested() {
  const bool due = options_.every > 0 &&
                   seconds_between(last_kept_, Clock::now()) > std::max(options_.every, keep_seconds_ / writing_share);
  return options_.keep_now() || due;
}

void KeepingRecorder::keep(const std::string& memory, double time) {
  const auto begun = Clock::now();
  const std::string trouble = checkpoints_.keep(memory, time);
  last_kept_ = last_asked_ = Clock::now();
  keep_seconds_ = seconds_between(begun, last_kept_);
  failed_ = !trouble.empty();
  if (!failed_)
    time_kept_ = time;
  else if (team_.first())
    options_.warn(fmt::format("no checkpoint at t = {:.6g} s: {}; {}", time, trouble,
                              time_kept_ < 0 ? std::string("an earlier run's, if there is one, is as it was")
                                             : fmt::format("that of t = {:.6g} s is as it was", time_kept_)));
}

}  // namespace porelith
