/// What intervals and gate of surrogates hold, from many draws of training samples out of one dataset of random
/// designs; the rest of it is fresh. The best of a ranking and the summit of a search are asked of the solver.
/// Usage: bench_gate [CASE [DATASET [DRAWS [SAMPLES [LEARNER]]]]]; without a dataset, "-", designs are solved first;
/// SAMPLES 0: all of 50, 100, 200, 400
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "solver/base/random.hpp"
#include "solver/base/threads.hpp"
#include "solver/case/reader.hpp"
#include "surrogate/dataset/campaign.hpp"
#include "surrogate/dataset/points.hpp"
#include "surrogate/design/goal.hpp"
#include "surrogate/design/proposals.hpp"
#include "surrogate/gate/surrogate.hpp"

using namespace porelith;

namespace {

constexpr long most_fresh = 500;
constexpr double lot = 1.645;  // deviations to the one-sided 95 % bound

/// Of yes and no.
struct Tally {
  long yes = 0, all = 0;
  void add(bool it) { yes += it, ++all; }
  double share() const { return static_cast<double>(yes) / static_cast<double>(std::max(1L, all)); }
  /// E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209, one-sided 95 %.
  double lower() const {
    if (all == 0) return 0;
    const double n = static_cast<double>(all), p = share(), z = lot * lot / n;
    return (p + z / 2 - lot * std::sqrt(p * (1 - p) / n + z / (4 * n))) / (1 + z);
  }
  std::string text() const { return fmt::format("{:5.1f} % of {} (>= {:.1f})", 100 * share(), all, 100 * lower()); }
};

struct Figures {
  Tally objective, all, inside;                        ///< held by the interval
  std::map<std::string, Tally> strata, every_stratum;  ///< the objective's, all scalars'
  std::vector<Tally> outputs;
  Tally accepted, wrong, accepted_at_one, wrong_at_one;  ///< the gate's, at three mean errors and at 1 % of the range
  Tally best, best_plain, summit, summit_plain;          ///< held: wide as picks need it, and as calibrated
  double error = 0, width = 0, picked = 0;               ///< means, of the range
  double worst_best = 0;
  long draws = 0;
};

struct Draw {
  TrainingSet learned, fresh;
};

TrainingSet rows_of(const TrainingSet& all, const std::vector<long>& which) {
  TrainingSet some = all;
  const std::vector<long>& w = which;
  some.X = all.X(w, Eigen::all);
  some.Y = all.Y(w, Eigen::all);
  some.curves = all.curves(w, Eigen::all);
  some.chosen.clear();
  some.slopes.clear();
  some.curve_slopes.clear();
  return some;
}

Draw drawn(const TrainingSet& all, long samples, unsigned seed) {
  const std::vector<long> order = Random(seed, 99).permutation(all.size());
  const long fresh = std::min(most_fresh, all.size() - samples);
  return {rows_of(all, {order.begin(), order.begin() + samples}),
          rows_of(all, {order.begin() + samples, order.begin() + samples + fresh})};
}

Dataset solved(const Physics& physics) {
  constexpr int designs = 900;
  Dataset data;
  data.family = physics.family;
  FeasiblePoints points(physics.family, evenly(physics.family.variables.size()), designs, 1);
  while (data.samples.size() < designs) {
    const auto point = points.next(1000000);
    if (!point) break;
    if (!physics.infeasible(point->x).empty()) continue;
    data.samples.emplace_back();
    data.samples.back().x = point->x;
  }
  for_all(static_cast<long>(data.samples.size()), physics.threads, [&](long k) {
    data.samples[static_cast<std::size_t>(k)] = physics.solve(k, data.samples[static_cast<std::size_t>(k)].x, 1);
  });
  return data;
}

std::string quartile(double value, std::vector<double> sorted) {
  int q = 0;
  for (const double share : {0.25, 0.5, 0.75}) q += value > sorted[static_cast<std::size_t>(share * sorted.size())];
  return fmt::format("distance, quartile {}", q + 1);
}

/// The merits that fresh designs have.
struct Judged {
  std::vector<double> truth;
  std::vector<Foreseen> seen;
};

Judged judged(const Goal& goal, const Surrogate& surrogate, const TrainingSet& fresh) {
  Judged it;
  for (long i = 0; i < fresh.size(); ++i) {
    const Eigen::VectorXd x = fresh.X.row(i);
    const std::vector<double> design(x.begin(), x.end());
    it.truth.push_back(goal.judge(design, Eigen::VectorXd(fresh.Y.row(i))).merit);
    it.seen.push_back(foresee(goal, surrogate, design));
  }
  return it;
}

void count_coverage(const Surrogate& surrogate, const Judged& it, const TrainingSet& fresh, double range, Figures& f) {
  std::vector<Prediction> said;
  std::vector<double> distances;
  for (long i = 0; i < fresh.size(); ++i) {
    said.push_back(surrogate.predict(fresh.X.row(i)));
    distances.push_back(said.back().distance);
  }
  std::sort(distances.begin(), distances.end());
  f.outputs.resize(static_cast<std::size_t>(fresh.Y.cols()));
  for (std::size_t i = 0; i < said.size(); ++i) {
    const double error = std::abs(it.seen[i].merit - it.truth[i]);
    const bool held = error <= it.seen[i].half_width;
    const std::string places[] = {quartile(said[i].distance, distances),
                                  fmt::format("{} near a bound", std::min(said[i].near_bounds, 4L))};
    f.objective.add(held);
    f.inside.add(said[i].inside);
    for (const std::string& place : places) f.strata[place].add(held);
    for (long j = 0; j < fresh.Y.cols(); ++j) {
      const bool within = std::abs(said[i].scalars[j] - fresh.Y(static_cast<long>(i), j)) <= said[i].half_width[j];
      f.all.add(within);
      f.outputs[static_cast<std::size_t>(j)].add(within);
      for (const std::string& place : places) f.every_stratum[place].add(within);
    }
    f.error += error / range / static_cast<double>(said.size());
    f.width += it.seen[i].half_width / range / static_cast<double>(said.size());
  }
}

void count_gate(const Judged& it, double range, Figures& f) {
  double mean = 0;
  for (std::size_t i = 0; i < it.truth.size(); ++i)
    mean += std::abs(it.seen[i].merit - it.truth[i]) / static_cast<double>(it.truth.size());
  for (std::size_t i = 0; i < it.truth.size(); ++i) {
    const double error = std::abs(it.seen[i].merit - it.truth[i]);
    const auto asked = [&](double tolerance, Tally& accepted, Tally& wrong) {
      const bool yes = it.seen[i].inside && it.seen[i].half_width <= tolerance;
      accepted.add(yes);
      if (yes) wrong.add(error > tolerance);
    };
    asked(3 * mean, f.accepted, f.wrong);
    asked(0.01 * range, f.accepted_at_one, f.wrong_at_one);
  }
}

/// One query a draw: the best of all fresh designs, and the summit of a search, which the solver answers for.
void count_picks(const Goal& goal, const Physics& physics, const Surrogate& surrogate, const Judged& it, double range,
                 const History& baseline, unsigned seed, Figures& f) {
  const double wider = surrogate.picks_widened_by();
  std::size_t best = 0;
  for (std::size_t i = 0; i < it.seen.size(); ++i)
    if (it.seen[i].merit > it.seen[best].merit) best = i;
  const double error = std::abs(it.seen[best].merit - it.truth[best]);
  f.best.add(error <= wider * it.seen[best].half_width);
  f.best_plain.add(error <= it.seen[best].half_width);
  Proposer proposer(goal, physics, surrogate, {range, 0.1, seed, 2});
  const auto asked = proposer.ask(baseline, 2);
  if (asked.empty()) return;
  const Sample answer = physics.solve(0, asked.front().x, 1);
  if (!complete(answer)) return;
  const Foreseen seen = foresee(goal, surrogate, asked.front().x);
  const double off = std::abs(seen.merit - goal.judge(answer).merit);
  f.summit.add(off <= wider * seen.half_width);
  f.summit_plain.add(off <= seen.half_width);
  f.picked += wider * seen.half_width / range;
  f.worst_best = std::max(f.worst_best, off / range);
}

void print(const Figures& f, long samples, const TrainingSet& data) {
  const auto mean = [&](double sum) { return 100 * sum / static_cast<double>(f.draws); };
  std::printf("%ld samples, %ld draws: mean error %.3f %%, mean half width %.3f %% of the range; inside %.1f %%\n",
              samples, f.draws, mean(f.error), mean(f.width), 100 * f.inside.share());
  std::printf("  90 %% interval holds: objective %s, all scalars %s\n", f.objective.text().c_str(),
              f.all.text().c_str());
  for (const auto& [place, tally] : f.strata)
    std::printf("    %-22s objective %-30s all %s\n", place.c_str(), tally.text().c_str(),
                f.every_stratum.at(place).text().c_str());
  for (std::size_t j = 0; j < f.outputs.size(); ++j)
    std::printf("    %-22s %s\n", data.scalars[j].c_str(), f.outputs[j].text().c_str());
  std::printf("  gate at 3 mean errors: accepts %.1f %%, wrong %s\n", 100 * f.accepted.share(), f.wrong.text().c_str());
  std::printf("  gate at 1 %% of the range: accepts %.1f %%, wrong %s\n", 100 * f.accepted_at_one.share(),
              f.wrong_at_one.text().c_str());
  std::printf("  best of a ranking: held %s, unwidened %.1f %%\n", f.best.text().c_str(), 100 * f.best_plain.share());
  std::printf(
      "  summit of a search: held %s, unwidened %.1f %%; half width %.2f %%, worst error %.2f %% of the range\n",
      f.summit.text().c_str(), 100 * f.summit_plain.share(), mean(f.picked), 100 * f.worst_best);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const Case input = read_case(argc > 1 ? argv[1] : std::string(PORELITH_SOURCE_DIR) + "/cases/graded_fast_charge");
  const Design design = *input.design;
  const DesignSpace space(input, design.space);
  const Physics physics = physics_of(space, 2);
  const Goal goal(design, space.family());
  const bool given = argc > 2 && std::string(argv[2]) != "-";
  const TrainingSet all = (given ? Dataset::read(argv[2]) : solved(physics)).training_set();
  const int draws = argc > 3 ? std::atoi(argv[3]) : 20;
  std::vector<long> sizes{50, 100, 200, 400};
  if (argc > 4 && std::atoi(argv[4]) > 0) sizes = {std::atol(argv[4])};
  TrainOptions options = train_options(design);
  if (argc > 5) {
    options.learner = argv[5];
    options.settings.clear();
  }
  options.threads = 2;
  std::vector<double> merits;
  for (long i = 0; i < all.size(); ++i) {
    const Eigen::VectorXd x = all.X.row(i);
    merits.push_back(goal.judge({x.begin(), x.end()}, Eigen::VectorXd(all.Y.row(i))).merit);
  }
  const auto [least, most] = std::minmax_element(merits.begin(), merits.end());
  const History baseline{{physics.solve(0, space.start(), 1)}};
  for (const long samples : sizes) {
    Figures figures;
    for (int k = 1; k <= draws; ++k) {
      options.seed = static_cast<unsigned>(k);
      const Draw draw = drawn(all, samples, options.seed);
      const Surrogate surrogate = Surrogate::train(draw.learned, options);
      const Judged it = judged(goal, surrogate, draw.fresh);
      count_coverage(surrogate, it, draw.fresh, *most - *least, figures);
      count_gate(it, *most - *least, figures);
      count_picks(goal, physics, surrogate, it, *most - *least, baseline, options.seed, figures);
      ++figures.draws;
    }
    print(figures, samples, all);
  }
}
