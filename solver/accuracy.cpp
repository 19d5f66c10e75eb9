#include "solver/accuracy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "solver/base/error.hpp"
#include "solver/cell/cell.hpp"
#include "solver/simulation.hpp"

namespace porelith {
namespace {

using Differences = std::vector<Uncertainty>;  // one a step

/// The directions of refinement.
enum Direction { cells, shells, rtol };
constexpr std::array<Direction, 3> directions = {cells, shells, rtol};
constexpr std::array<const char*, 3> names = {"cells", "shells", "rtol"};
constexpr std::array<const char*, 3> refinements = {"more cells", "more shells", "a smaller rtol"};

constexpr double finest_rtol = 1e-10;
constexpr double order_2_from = 3, order_2_to = 5;  // ratio of two differences in a row that order 2 gives
constexpr double beyond_order_2 = 3;                // what is then left is a third of the last difference

constexpr double of_use = 0.2;        // a direction that is less uncertain than this part of what is wanted stays
constexpr double work_of_rtol = 1.8;  // ten times smaller, it takes about this many times the work

/// A Newton iteration costs a cell as much as this many shells do, beside its own particle's shells.
constexpr double shells_worth = 30;

/// Coarser by a factor of two, finer by a factor of 1/2; rtol by ten.
Resolution changed(Resolution r, Direction direction, bool finer) {
  const double factor = finer ? 2 : 0.5;
  if (direction == rtol) r.rtol = finer ? r.rtol / 10 : r.rtol * 10;
  if (direction == shells) r.shells = CellCounts(r.shells).times(factor, 2);
  if (direction == cells)
    for (CellCounts* n : {&r.negative, &r.separator, &r.positive, &r.width, &r.height})
      if (*n > 0) *n = n->times(factor);
  return r;
}

double work_of(const Case& input, const Counts& counts) {
  const MeshOptions& m = input.mesh;
  double across = 1;
  for (const int n : {m.width, m.height}) across *= std::max(n, 1);
  const double all = m.negative + m.separator + m.positive;
  return static_cast<double>(counts.newton) * across * all * (shells_worth + m.shells);
}

struct Level {
  Resolution resolution;
  Results results;
  std::vector<StepTrace> steps;
  double work = 0;
};

/// Ends a solve between two time steps when somebody wants to stop, or when it has taken too many.
class Watch : public Recorder {
 public:
  explicit Watch(const std::function<bool()>& stop, double most_steps = 1e300) : stop_(stop), left_(most_steps) {}
  bool stop_requested() override { return --left_ < 0 || stop_(); }
  bool too_many() const { return left_ < 0; }

 private:
  const std::function<bool()>& stop_;
  double left_;
};

double worst(const Differences& steps, double wanted) {
  double all = 0;
  for (const Uncertainty& u : steps) all = std::max({all, u.end / wanted, u.voltage / wanted});
  return all;
}

Uncertainty largest(const Differences& steps) {
  AccuracyEstimate all;
  all.steps = steps;
  return all.worst();
}

/// What remains of two differences in a row, the later one last (A3).
double remaining(double before, double last) {
  return last > 0 && before >= order_2_from * last && before <= order_2_to * last ? last / beyond_order_2 : last;
}

class Judge {
 public:
  Judge(const Case& input, double wanted, const JudgeOptions& options)
      : input_(input), wanted_(wanted), options_(options), charge_scale_(3600 * input.cell->nominal_capacity) {}

  /// @return the last complete level
  Level run(Level first, AccuracyEstimate& judgement) {
    first_work_ = spent_ = first.work;
    Level level = std::move(first);
    judgement.wanted = wanted_;
    for (const Direction d : directions) {
      if (!can_change(level, d))
        judgement.left_out = d == rtol ? "the fixed time step" : "the cells of a mesh file";
      else if (!judge_by_coarser(level, d))
        break;
    }
    while (reason_.empty()) {
      if (worst(total(level), wanted_) <= 1) {
        judgement.within = true;
        reason_ = fmt::format("within {:.3g} % and {:.3g} mV", 100 * wanted_, 1e3 * wanted_);
        break;
      }
      if (judgement.levels > 1 || !input_.mesh.fixed) say(level);
      const std::optional<Direction> d = to_refine(level);
      if (!d) break;
      std::optional<Level> finer = solve(changed(level.resolution, *d, true), &level, "the finer level");
      if (!finer && too_many_) reason_ = too_much(refinements[*d]);
      if (!finer) break;
      take(*d, apart(finer->steps, level.steps, charge_scale_));
      level = std::move(*finer);
      ++judgement.levels;
      options_.level(level.results, level.resolution);
    }
    fill(level, judgement);
    return level;
  }

 private:
  bool can_change(const Level& level, Direction d) const {
    if (d == rtol) return !input_.solver.fixed_step;
    return d == shells || level.resolution.negative > 0;
  }

  /// @return false if somebody wants to stop
  bool judge_by_coarser(const Level& level, Direction d) {
    const std::optional<Level> coarser = solve(changed(level.resolution, d, false), nullptr, "the coarser solve");
    if (coarser) {
      take(d, apart(level.steps, coarser->steps, charge_scale_));
    } else if (stopped_) {
      return false;
    } else {  // all that is known is that it cannot be halved
      take(d, Differences(level.steps.size(), {1, 1}));
      reason_.clear();
    }
    return true;
  }

  /// A new difference of a direction: between a level and the coarser one.
  void take(Direction d, Differences difference) {
    Differences estimate = difference;
    for (std::size_t k = 0; k < std::min(estimate.size(), difference_[d].size()); ++k) {
      estimate[k].end = remaining(difference_[d][k].end, estimate[k].end);
      estimate[k].voltage = remaining(difference_[d][k].voltage, estimate[k].voltage);
    }
    difference_[d] = std::move(difference);
    estimate_[d] = std::move(estimate);
  }

  Differences total(const Level& level) const {
    Differences all(level.steps.size());
    for (const Differences& one : estimate_)
      for (std::size_t k = 0; k < std::min(all.size(), one.size()); ++k)
        all[k].end += one[k].end, all[k].voltage += one[k].voltage;
    return all;
  }

  /// The most uncertain direction first.
  std::array<Direction, 3> by_uncertainty() const {
    std::array<Direction, 3> order = directions;
    std::stable_sort(order.begin(), order.end(), [&](Direction a, Direction b) {
      return worst(estimate_[a], wanted_) > worst(estimate_[b], wanted_);
    });
    return order;
  }

  /// The most uncertain direction that can be refined, if that is of use; nothing, and the reason, if none is.
  std::optional<Direction> to_refine(const Level& level) {
    for (const Direction d : by_uncertainty()) {
      if (worst(estimate_[d], wanted_) < of_use) break;
      const std::string obstacle = why_not(level, d);
      if (obstacle.empty()) return reason_.clear(), d;
      if (reason_.empty()) reason_ = obstacle;
    }
    return {};
  }

  std::string why_not(const Level& level, Direction d) const {
    if (input_.mesh.fixed) return "the case gives the mesh";
    if (d == rtol && input_.solver.fixed) return "the case gives rtol";
    if (d == rtol && level.resolution.rtol / 10 < finest_rtol) return "rtol is as small as it gets";
    if (d == cells && level.resolution.negative == 0) return "cells of a mesh file cannot be refined";
    const double more = d == rtol ? work_of_rtol : ratio(changed(level.resolution, d, true), level.resolution);
    if (spent_ + more * level.work <= most_work * first_work_) return "";
    return too_much(refinements[d]);
  }

  static std::string too_much(const char* what) {
    return fmt::format("{} would take more than {:g} times the work of the first solve", what, most_work);
  }

  /// Time steps of a level until the work is used up, each of somewhat more iterations than in the level before.
  double steps_left(const Level& before, const Resolution& finer) const {
    constexpr double more = 1.05;
    const double of_a_step = more * before.work / std::max(1.0, double(before.results.counts.steps));
    return (most_work * first_work_ - spent_) / (of_a_step * ratio(finer, before.resolution));
  }

  double ratio(const Resolution& finer, const Resolution& coarser) const {
    Counts one;
    one.newton = 1;
    return work_of(with_resolution(input_, finer), one) / work_of(with_resolution(input_, coarser), one);
  }

  /// @param before the level that this one is to take the place of, with rows and snapshots as the case wants them;
  /// null: a solve that judges
  /// @return nothing if it did not come to its end; then there is a reason
  std::optional<Level> solve(const Resolution& resolution, const Level* before, const std::string& what) {
    Level level;
    level.resolution = resolution;
    Case at = with_resolution(input_, resolution);
    if (!before) at.output.max_snapshots = 0, at.output.interval = 0;
    Watch watch(options_.stop, before ? steps_left(*before, resolution) : 1e300);
    Trace trace(&watch);
    try {
      simulate(at, level.results, &trace, options_.team);
    } catch (const WriteError&) {
      throw;
    } catch (const std::exception& error) {
      level.results.status = std::string("failed: ") + error.what();
    }
    level.work = work_of(at, level.results.counts);
    spent_ += level.work;
    if (level.results.status != "complete") {
      stopped_ = level.results.status == "stopped";
      too_many_ = watch.too_many();
      reason_ =
          stopped_ ? "stopped on request" : fmt::format("{}, {}, {}", what, text_of(resolution), level.results.status);
      return {};
    }
    level.steps = steps_of(trace.points(), level.results, input_.protocol);
    return level;
  }

  void say(const Level& level) const {
    if (!options_.team.first()) return;
    const Uncertainty all = largest(total(level));
    options_.say(fmt::format("{}: within {:.2g} % and {:.2g} mV, most of it {}", text_of(level.resolution),
                             100 * all.end, 1e3 * all.voltage, names[by_uncertainty()[0]]));
  }

  void fill(const Level& level, AccuracyEstimate& judgement) const {
    judgement.resolution = level.resolution;
    judgement.steps = total(level);
    judgement.cells = largest(estimate_[cells]);
    judgement.shells = largest(estimate_[shells]);
    judgement.rtol = largest(estimate_[rtol]);
    judgement.work = spent_ / first_work_;
    judgement.verdict = reason_;
  }

  const Case& input_;
  double wanted_;
  const JudgeOptions& options_;
  double charge_scale_;  ///< [A s]
  std::array<Differences, 3> difference_, estimate_;
  double first_work_ = 0, spent_ = 0;
  std::string reason_;
  bool stopped_ = false, too_many_ = false;  ///< how the last solve ended that did not end by itself
};

/// 0 = nobody asks
double accuracy_wanted(const Case& input, const Counts& counts) {
  if (!may_be_judged(input)) return 0;
  if (input.mesh.accuracy) return input.mesh.accuracy->share;
  return counts.steps > long_protocol ? 0 : usual_accuracy;
}

}  // namespace

bool may_be_judged(const Case& input) {
  if (input.mesh.accuracy) return input.mesh.accuracy->share > 0;
  return input.geometry.dimension == 1 && input.mesh.file.empty() && !input.solver.fixed_step;
}

Resolution resolution_of(const Case& input) {
  const MeshOptions& m = input.mesh;
  if (!m.file.empty()) return {0, 0, 0, 0, 0, m.shells, input.solver.rtol};
  return {m.negative, m.separator, m.positive, m.width, m.height, m.shells, input.solver.rtol};
}

Case with_resolution(Case input, const Resolution& r) {
  MeshOptions& m = input.mesh;
  if (m.file.empty())
    m.negative = r.negative, m.separator = r.separator.all, m.positive = r.positive, m.width = r.width,
    m.height = r.height;
  m.shells = r.shells;
  input.solver.rtol = r.rtol;
  return input;
}

std::vector<CaseChange> changes_of(const Resolution& r) {
  std::vector<CaseChange> list;
  const auto add = [&](const char* key, const CellCounts& n) {
    if (n > 0) list.push_back({std::string("mesh.") + key, n.values()});
  };
  add("negative", r.negative), add("separator", r.separator), add("positive", r.positive);
  add("width", r.width), add("height", r.height), add("shells", r.shells);
  list.push_back({"solver.rtol", {r.rtol}});
  return list;
}

std::string text_of(const Resolution& r) {
  std::string across;
  for (const int n : {r.width, r.height})
    if (n > 0) across += fmt::format(" x {}", n);
  const std::string grid =
      r.negative > 0 ? fmt::format("{}/{}/{}{} cells, ", r.negative.all, r.separator.all, r.positive.all, across) : "";
  return fmt::format("{}{} shells, rtol {:.3g}", grid, r.shells, r.rtol);
}

std::string accuracy_sentence(const AccuracyEstimate& judgement) {
  const Uncertainty all = judgement.worst();
  const std::string estimate =
      fmt::format("the ends of steps {:.2g} %, the voltage {:.2g} mV", 100 * all.end, 1e3 * all.voltage);
  const std::string on =
      text_of(judgement.resolution) + (judgement.left_out.empty() ? "" : " (without " + judgement.left_out + ")");
  const std::string effort = judgement.levels > 1 ? fmt::format("; {} levels, {:.1f} times the work of the first",
                                                                judgement.levels, judgement.work)
                                                  : "";
  if (judgement.within) return fmt::format("estimated errors on {}: {}{}", on, estimate, effort);
  const std::pair<const char*, Uncertainty> parts[] = {
      {"cells", judgement.cells}, {"shells", judgement.shells}, {"rtol", judgement.rtol}};
  std::string by;
  for (const auto& [name, u] : parts)
    by += fmt::format("{}{} {:.2g} % and {:.2g} mV", by.empty() ? "" : ", ", name, 100 * u.end, 1e3 * u.voltage);
  return fmt::format(
      "on {} the errors may be larger than {:.3g} % and {:.3g} mV: {} ({}); not refined any further: {}{}", on,
      100 * judgement.wanted, 1e3 * judgement.wanted, estimate, by, judgement.verdict, effort);
}

void judge(const Case& input, const Trace& trace, Results& results, const JudgeOptions& options) {
  const double wanted = accuracy_wanted(input, results.counts);
  if (wanted == 0) return;
  Level first{resolution_of(input), {}, {}, work_of(input, results.counts)};
  if (trace.has_gap()) {  // what came before the checkpoint is to be seen once more
    Watch watch(options.stop);
    Trace again(&watch);
    first.results = simulate(input, &again, options.team);
    if (first.results.status != "complete") return;
    first.steps = steps_of(again.points(), first.results, input.protocol);
  } else {
    first.steps = steps_of(trace.points(), results, input.protocol);
    first.results.counts = results.counts;
  }
  AccuracyEstimate judgement;
  Level last = Judge(input, wanted, options).run(std::move(first), judgement);
  if (judgement.levels > 1) results = std::move(last.results);
  results.accuracy = std::move(judgement);
}

}  // namespace porelith
