#include "solver/results/progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "solver/base/tell.hpp"
#include "solver/newman/observables/observables.hpp"

namespace porelith {
namespace {

constexpr double shown_every_terminal = 0.1;  // [s]
constexpr double shown_every_file = 10;       // [s]
constexpr double eta_from = 1;                // [s] into a step: earlier estimates only flicker

int terminal_width(int file) {
  if (!::isatty(file)) return 0;
  winsize size{};
  return ::ioctl(file, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

double seconds_between(std::chrono::steady_clock::time_point from, std::chrono::steady_clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

/// Part of the way from `start` to `end`; 0 if there is no way.
double part(double start, double now, double end) { return end == start ? 0 : (now - start) / (end - start); }

double soc_of(const CurveRow& row) { return observed(row, "soc"); }

}  // namespace

double fraction_done(const Step& step, const CurveRow& start, const CurveRow& now) {
  double done = 0;
  for (const Stop& stop : step.stops) {
    if (stop.quantity == Quantity::time) done = std::max(done, part(0, now.time - start.time, stop.value));
    if (stop.quantity == Quantity::capacity)
      done = std::max(done, part(0, std::abs(now.charge() - start.charge()), stop.value));
    if (stop.quantity == Quantity::soc_below && soc_of(start) > stop.value)
      done = std::max(done, part(soc_of(start), soc_of(now), stop.value));
    if (stop.quantity == Quantity::soc_above && soc_of(start) < stop.value)
      done = std::max(done, part(soc_of(start), soc_of(now), stop.value));
  }
  if (step.table) done = std::max(done, part(0, now.time - start.time, step.table->time.back()));
  if (done == 0 && now.current() != 0) done = part(soc_of(start), soc_of(now), now.current() > 0 ? 0 : 1);
  return std::clamp(done, 0.0, 1.0);
}

Progress::Progress(std::vector<Step> protocol, int file, std::optional<int> width)
    : protocol_(std::move(protocol)),
      file_(file),
      width_(width ? *width : terminal_width(file)),
      start_(Clock::now()),
      step_began_(start_),
      last_shown_(start_) {}

void Progress::say(const std::string& text) {
  const ssize_t written = ::write(file_, text.data(), text.size());
  (void)written;  // a closed terminal is no reason to stop a run
}

void Progress::clear() {
  if (line_shown_) say("\r\033[K");
  line_shown_ = false;
}

/// What matters first: a narrow terminal cuts the end.
std::string Progress::line(const CurveRow& row, Clock::time_point now) const {
  const auto step = static_cast<std::size_t>(row.step);
  std::string text = fmt::format("step {}/{}  {:>10}  {:.4f} V  {:8.4g} A  SOC {:5.1f} %  {}", step + 1,
                                 std::max(protocol_.size(), step + 1), duration_text(row.time), row.voltage(),
                                 row.current(), 100 * soc_of(row), duration_text(seconds_between(start_, now)));
  if (step >= protocol_.size()) return text;
  const double spent = seconds_between(step_began_, now), done = fraction_done(protocol_[step], step_start_, row);
  const std::string left =
      spent > eta_from && done > 0.01 ? fmt::format(", {} left", duration_text(spent * (1 - done) / done)) : "";
  return fmt::format("{}{}  {}", text, left, protocol_[step].label);
}

void Progress::row(const CurveRow& row) {
  const auto now = Clock::now();
  if (rows_ == 0 || row.step != step_start_.step) {
    step_start_ = row;
    step_began_ = now;
  }
  ++rows_;
  if (seconds_between(last_shown_, now) < (width_ ? shown_every_terminal : shown_every_file)) return;
  last_shown_ = now;
  std::string text = line(row, now);
  if (!width_) return say(text + "\n");
  text.resize(std::min(text.size(), static_cast<std::size_t>(width_ - 1)));
  say("\r" + text + "\033[K");
  line_shown_ = true;
}

void Progress::step_ended(const StepSummary& step) {
  clear();
  ++steps_ended_;
  // What a rest passes is rounding; six digits after the point have none of it.
  const auto rounded = [](double x) { return std::round(x * 1e6) / 1e6 + 0.0; };
  say(fmt::format("step {} of {}, {}: {} after {}; {:.4g} A.h, {:.4g} W.h\n", steps_ended_,
                  std::max(protocol_.size(), steps_ended_), step.label, step.ended,
                  duration_text(step.end - step.start), rounded(step.charge / 3600), rounded(step.energy / 3600)));
}

}  // namespace porelith
