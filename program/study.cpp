#include "program/study.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "solver/base/clock.hpp"
#include "solver/base/error.hpp"
#include "solver/base/tell.hpp"
#include "solver/graded_porosity.hpp"
#include "solver/results/progress.hpp"
#include "solver/simulation.hpp"
#include "surrogate/dataset/points.hpp"
#include "surrogate/design/effort.hpp"
#include "surrogate/design/loop.hpp"

namespace porelith {

void CampaignLine::watch(CampaignOptions& options) {
  options.failures = [this](long n) { failures_ = n; };
  options.progress = [this](long done, long total) { show(done, total); };
}

void CampaignLine::show(long done, long total) {
  const auto now = Clock::now();
  if (first_ < 0) first_ = done - 1;
  const bool terminal = isatty(2) != 0;
  if (now - shown_ < (terminal ? std::chrono::milliseconds(200) : std::chrono::milliseconds(10000)) && done < total)
    return;
  shown_ = now;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const double rate = static_cast<double>(done - first_) / std::max(seconds, 1e-9);
  const std::string failed = failures_ > 0 ? fmt::format(", {} not complete", failures_) : "";
  tell(stderr, "{}{} of {} samples, {:.3g} a second{}, {} to go{}", terminal ? "\r\033[K" : "", done, total, rate,
       failed, duration_text(static_cast<double>(total - done) / rate), terminal ? "" : "\n");
  open_ = terminal;
}

void CampaignLine::clear() {
  if (open_) tell(stderr, "\r\033[K");
  open_ = false;
}

namespace {

[[noreturn]] void refuse(const DesignSpace& space, const std::string& sentence) {
  throw CaseError({{{space.base().file, 0, 0}, sentence}});
}

std::string label(const DesignSpace& space) {
  return space.family().name == "design" ? "[design]" : fmt::format("[design.rival] {}:", space.family().name);
}

}  // namespace

void require_baseline(const DesignSpace& space) {
  const std::string why = space.infeasible(space.start());
  if (!why.empty()) refuse(space, fmt::format("{} its start values make no case: {}", label(space), why));
}

void require_samples(const DesignSpace& space, int samples) {
  const long designs = designs_of(space.family());
  if (samples >= least_samples || (designs >= 0 && samples >= designs)) return;
  refuse(space,
         fmt::format("[design] samples = {} are fewer than the {} that a training needs", samples, least_samples));
}

namespace {

constexpr int drawn = 64;               // points of a space that are judged
constexpr long tries = 10000000;        // for them
constexpr double longest_measure = 20;  // of one solve [s]

/// Ends a solve that takes too long to be waited for, and remembers how far it came.
class Patience : public Recorder {
 public:
  explicit Patience(const Case& input) : protocol_(input.protocol) {}
  bool stop_requested() override { return seconds() > longest_measure; }
  void row(const CurveRow& row) override {
    if (step_ != row.step) step_ = row.step, start_of_step_ = row;
    last_ = row;
  }
  double seconds() const { return seconds_since(begun_); }
  /// Of the whole protocol, 0 to 1; 0 = nobody knows.
  double done() const {
    if (step_ < 0) return 0;
    const auto steps = static_cast<double>(protocol_.size());
    const std::size_t at = std::min(static_cast<std::size_t>(step_), protocol_.size() - 1);
    return (static_cast<double>(at) + fraction_done(protocol_[at], start_of_step_, last_)) / steps;
  }

 private:
  std::vector<Step> protocol_;
  int step_ = -1;
  CurveRow start_of_step_, last_;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

/// Time of a solve of the baseline [s], and how it is known.
struct SolveTime {
  double seconds = 0;
  std::string known;
};

SolveTime time_of_baseline(const DesignSpace& space) {
  Patience patience(space.base());
  const Sample sample = space.solve(0, space.start(), 1, &patience);
  if (complete(sample)) return {sample.seconds, "measured"};
  if (sample.status != "stopped") return {sample.seconds, "it ends so: " + sample.status};
  const double done = patience.done();
  return done > 0 ? SolveTime{patience.seconds() / done, "estimated from its beginning"}
                  : SolveTime{patience.seconds(), "at least; it was given up there"};
}

/// Whether points of the space make cases; those that do not are warned of.
/// @returns what part of the box is feasible, "" where all of it is
std::string judge_points(const DesignSpace& space, const Design& design, std::vector<std::string>& warnings) {
  FeasiblePoints points(space.family(), evenly(space.family().variables.size()), drawn, design.seed);
  int judged = 0, refused = 0;
  std::string why;
  while (judged < drawn) {
    const auto point = points.next(tries - points.tried());
    if (!point) break;
    const std::string reason = space.infeasible(point->x);
    ++judged;
    refused += !reason.empty();
    if (why.empty()) why = reason;
  }
  if (judged == 0) refuse(space, fmt::format("{} feasible leaves none of {} points", label(space), points.tried()));
  if (refused == judged) refuse(space, fmt::format("{} none of {} points makes a case: {}", label(space), judged, why));
  for (std::size_t k = 0; k < points.undefined().size(); ++k)
    if (points.undefined()[k] > 0)
      warnings.push_back(fmt::format("{} feasible = {} is no finite number at {} of {} points: these are left out",
                                     label(space), space.family().feasible[k], points.undefined()[k], points.tried()));
  if (refused > 0)
    warnings.push_back(fmt::format("{} {} of {} points make no case and are not solved, such as: {}", label(space),
                                   refused, judged, why));
  if (space.family().feasible.empty() || points.exhausted()) return "";
  return fmt::format("  feasible leaves {:.2g} % of the box\n",
                     100 * static_cast<double>(judged) / static_cast<double>(points.tried()));
}

/// Of a study of gradings: one search a design that it tells.
std::string graded_section(const DesignSpace& space, const Design& design) {
  constexpr int most_solves = 60, slopes_and_solve = 2;
  const Case start = space.case_at(space.start());
  std::string text = fmt::format("\nStudy     {} {}, porosity free in every control volume\n",
                                 design.maximise ? "greatest" : "least", design.objective);
  for (const Grading& grading : design.gradings) {
    const Side side = grading.negative ? Side::negative : Side::positive;
    text +=
        fmt::format("  {} electrode: {} control volumes, porosity within [{:g}, {:g}], filter {:g} um\n", word_of(side),
                    graded_volumes(start, side).size(), grading.low, grading.high, 1e6 * grading.filter);
  }
  const std::size_t searches = 3 + design.gradings.front().layers.size();
  const SolveTime time = time_of_baseline(space);
  return text + fmt::format(
                    "  {} searches of at most {} solves with slopes: at most {}; a solve of the baseline takes "
                    "{:.2g} s ({})\n",
                    searches, most_solves,
                    duration_text(static_cast<double>(searches * most_solves * slopes_and_solve) * time.seconds),
                    time.seconds, time.known);
}

}  // namespace

std::string study_section(Case& input) {
  const Design& design = *input.design;
  std::vector<std::string>& warnings = input.warnings;
  const DesignSpace space(input, design.space);
  require_baseline(space);
  if (!design.gradings.empty()) return graded_section(space, design);
  std::string text =
      fmt::format("\nStudy     {} variable{}, {} {}\n", space.dimension(), space.dimension() == 1 ? "" : "s",
                  design.maximise ? "greatest" : "least", design.objective);
  text += judge_points(space, design, warnings);
  for (const DesignFamily& family : design.rivals) {
    if (!design.search_rivals) break;
    const DesignSpace rival(input, family);
    require_baseline(rival);
    const std::string said = judge_points(rival, design, warnings);
    if (!said.empty()) text += fmt::format("  of rival {}:{}", family.name, said);
  }
  const long designs = designs_of(design.space);
  const long samples = designs >= 0 ? std::min<long>(design.samples, designs) : design.samples;
  if (samples < least_samples && samples != designs && design.strategy == "surrogate")
    warnings.push_back(fmt::format("[design] samples = {} are fewer than the {} that `design` needs for a training",
                                   samples, least_samples));
  const SolveTime time = time_of_baseline(space);
  text += fmt::format("\n  {:<34} {:>14} {:>16}\n", "part of `design`", "solves at most", "time");
  double all = 0;
  for (const Effort& part : efforts(design, input, samples, samples == designs)) {
    const double seconds = part.weight * static_cast<double>(part.solves) * time.seconds;
    all += seconds;
    text += fmt::format("  {:<34} {:>14} {:>16}  {}\n", part.name, part.solves, duration_text(seconds), part.key);
  }
  text += fmt::format("  {:<34} {:>14} {:>16}\n", "all, without training", "", duration_text(all));
  return text + fmt::format("  on one core; a solve of the baseline takes {} ({}){}\n",
                            time.seconds < 0.1 ? fmt::format("{:.2g} s", time.seconds) : duration_text(time.seconds),
                            time.known,
                            may_share_threads(input)
                                ? ""
                                : "; ranks (mpirun) share the sampling, the rest solves one after the other");
}

}  // namespace porelith
