#include "surrogate/design/loop.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <mutex>
#include <random>

#include "solver/base/error.hpp"
#include "surrogate/design/parallel.hpp"
#include "surrogate/design/proposals.hpp"
#include "surrogate/design/solver_search.hpp"

namespace porelith {
namespace {

using Clock = std::chrono::steady_clock;
double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

constexpr double least_agreement = 0.6;  ///< share of known answers that a calibrated 90 % interval must hold
constexpr double same_design = 1e-4;     ///< of the range: nearer designs need no second solve
constexpr int solved_anyway = 2;         ///< best candidates of a round that physics judges whatever the gate says
constexpr long least_samples = 30;
constexpr int quiet_rounds = 2;  ///< in a row without gain end the loop

/// One study, from its data to its best confirmed design.
class Loop {
 public:
  Loop(const Design& design, const Physics& physics, Dataset& data, const LoopOptions& options, DesignOutcome& outcome)
      : design_(design),
        physics_(physics),
        solver_(physics.solve),
        data_(data),
        o_(options),
        out_(outcome),
        goal_(design, physics.family),
        cube_(physics.family.variables) {
    physics_.solve = [this, physics](long, const std::vector<double>& x, double finer) {
      return keep(physics.solve(next_index(), x, finer));
    };
    for (const Sample& sample : data_.samples) next_ = std::max(next_, sample.index + 1);
  }

  LoopResult run() {
    check_data();
    out_.range = merit_range();
    physics_.solve(-1, start(), 1);  // the baseline
    learn(0);
    for (int round = 1; round <= design_.rounds && !out_.converged && !o_.stop(); ++round) {
      play(round);
      if (round < design_.rounds && !out_.converged) learn(round);
    }
    out_.ended = o_.stop()        ? "stopped on request"
                 : out_.converged ? "two rounds gained nothing more"
                                  : "all rounds were used";
    polish();
    LoopResult result{*surrogate_, first_training_, best() < 0 ? std::vector<double>{} : data_.samples[best()].x,
                      ranking()};
    tell_progress();
    tell_training();
    return result;
  }

 private:
  // --- answers -----------------------------------------------------------------------------------------------------
  long next_index() {
    const std::lock_guard<std::mutex> guard(lock_);
    return next_++;
  }
  Sample keep(const Sample& sample) {
    const std::lock_guard<std::mutex> guard(lock_);
    data_.samples.push_back(sample);
    solver_seconds_ += sample.seconds;
    ++solves_;
    return sample;
  }
  std::vector<double> start() const {
    std::vector<double> x;
    for (const DesignVariable& variable : physics_.family.variables) x.push_back(variable.start);
    return x;
  }
  static bool complete(const Sample& sample) { return sample.status == "complete"; }

  void check_data() const {
    const auto usable = std::count_if(data_.samples.begin(), data_.samples.end(), complete);
    if (usable >= least_samples) return;
    std::string why;
    for (const Sample& sample : data_.samples)
      if (!complete(sample) && why.empty()) why = "; sample " + std::to_string(sample.index) + ": " + sample.status;
    throw CaseError(
        {{{},
          fmt::format("[design] {} of {} samples could be solved, fewer than the {} that a training needs{}", usable,
                      data_.samples.size(), least_samples, why)}});
  }
  double merit_range() const {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const Sample& sample : data_.samples) {
      if (!complete(sample)) continue;
      const double merit = goal_.judge(sample).merit;
      low = std::min(low, merit), high = std::max(high, merit);
    }
    return std::max(high - low, 1e-12 * std::max(std::abs(high), 1e-300));
  }

  /// Indices of the confirmed and allowed samples, best first.
  std::vector<long> order() const {
    std::vector<std::pair<double, long>> allowed;
    for (std::size_t k = 0; k < data_.samples.size(); ++k) {
      if (!complete(data_.samples[k])) continue;
      const Judgement judged = goal_.judge(data_.samples[k]);
      if (judged.allowed()) allowed.emplace_back(-judged.merit, static_cast<long>(k));
    }
    std::sort(allowed.begin(), allowed.end());
    std::vector<long> indices;
    for (const auto& [merit, k] : allowed) indices.push_back(k);
    return indices;
  }
  long best() const {
    const auto all = order();
    return all.empty() ? -1 : all.front();
  }
  double best_merit() const {
    const long k = best();
    return k < 0 ? -std::numeric_limits<double>::infinity() : goal_.judge(data_.samples[k]).merit;
  }
  std::vector<std::vector<double>> ranking() const {
    std::vector<std::vector<double>> list;
    for (const long k : order()) {
      if (list.size() == 20) break;
      list.push_back(data_.samples[k].x);
    }
    return list;
  }

  /// Solves, and where the best confirmed value improved, in the order in which the answers came.
  void tell_progress() {
    double best = -std::numeric_limits<double>::infinity();
    for (const Sample& sample : data_.samples) {
      out_.solves_of_loop += sample.status.rfind("infeasible", 0) != 0;
      if (!complete(sample)) continue;
      const Judgement judged = goal_.judge(sample);
      if (!judged.allowed() || judged.merit <= best) continue;
      best = judged.merit;
      out_.progress.emplace_back(out_.solves_of_loop, goal_.objective(best));
    }
  }

  /// How well samples that nobody had seen were foretold after the first training.
  void tell_training() {
    const auto& results = scalar_results();
    const auto is_objective = [this](const ScalarResult& result) { return result.name == design_.objective; };
    const auto found = std::find_if(results.begin(), results.end(), is_objective);
    const auto k = static_cast<Eigen::Index>(found - results.begin());
    const bool known = found != results.end() && k < first_training_.relative_error.size();
    out_.training_error = known ? first_training_.relative_error[k] : std::nan("");
    out_.coverage = known ? first_training_.coverage[k] : std::nan("");
    out_.curve_error = first_training_.curve_error;
    out_.objective_unit = found != results.end() ? found->unit : "";
  }

  // --- learning ----------------------------------------------------------------------------------------------------
  void learn(int round) {
    const auto begun = Clock::now();
    const TrainingSet set = data_.training_set();
    TrainOptions train{design_.members, design_.hidden, design_.activation, design_.epochs, design_.seed, o_.threads};
    if (!surrogate_) {
      surrogate_ = Surrogate::train(set, train, &first_training_);
    } else if (trusted_) {
      surrogate_ = surrogate_->refined(set, std::max(1, design_.epochs / 5));
    } else {  // what was wrong before is not built upon
      train.seed += static_cast<unsigned>(round);
      surrogate_ = Surrogate::train(set, train);
      out_.rounds.back().remark += "; trained anew from nothing";
    }
    o_.after_training(*surrogate_, round + 1);
    cost("training", begun);
    trusted_ = agrees_with_data(round + 1);
  }

  /// The surrogate must say again what the solver has said: most answers inside its intervals.
  bool agrees_with_data(int round) {
    long held = 0, asked = 0;
    for (const Sample& sample : data_.samples) {
      if (!complete(sample)) continue;
      const Foreseen seen = foresee(goal_, *surrogate_, sample.x);
      ++asked;
      held += std::abs(seen.merit - goal_.judge(sample).merit) <= seen.half_width;
    }
    const double share = static_cast<double>(held) / static_cast<double>(std::max(1L, asked));
    if (share >= least_agreement) return true;
    doubt_ = fmt::format("the surrogate's 90 % intervals hold only {:.0f} % of the solver's known answers; not trusted",
                         100 * share);
    o_.say(fmt::format("round {}: {}", round, doubt_));
    return false;
  }

  // --- a round -----------------------------------------------------------------------------------------------------
  void play(int number) {
    const auto begun = Clock::now();
    Round round;
    round.number = number;
    round.trusted = trusted_;
    if (!trusted_) round.remark = doubt_;
    const double before = best_merit();
    std::vector<Candidate> candidates = propose(number);
    cost("search on the surrogate", begun);

    const auto asked = Clock::now();
    decide(candidates);
    const long solves_before = solves_;
    answer(candidates);
    round.solves = solves_ - solves_before;
    cost("solves of the rounds", asked);
    judge(candidates, round);

    round.best_predicted = candidates.empty() ? NAN : candidates.front().predicted;
    round.best_confirmed = goal_.objective(best_merit());
    out_.rounds.push_back(round);
    out_.candidates.insert(out_.candidates.end(), candidates.begin(), candidates.end());
    o_.say(fmt::format("round {}: {} candidates, {} solved, best confirmed {:.6g}{}", number, candidates.size(),
                       round.solves, round.best_confirmed, round.remark.empty() ? "" : " (" + round.remark + ")"));
    const bool gained = !(best_merit() - before < o_.tolerance * out_.range);
    quiet_ = trusted_ && round.trusted && !gained ? quiet_ + 1 : 0;
    out_.converged = quiet_ >= quiet_rounds;
  }

  std::vector<Candidate> propose(int number) {
    Proposer proposer(goal_, physics_, *surrogate_, out_.range, design_.seed + static_cast<unsigned>(number),
                      o_.threads);
    std::vector<std::vector<double>> known;
    for (const long k : order()) {
      if (known.size() == 8) break;
      known.push_back(data_.samples[k].x);
    }
    std::vector<Candidate> candidates =
        proposer.propose(known, design_.solves_a_round, 0.15 * std::pow(0.6, number - 1));
    for (Candidate& candidate : candidates) candidate.round = number;
    return candidates;
  }

  /// (D4) The gate: the surrogate's word will do inside its data and where its interval is narrow enough.
  void decide(std::vector<Candidate>& candidates) const {
    for (Candidate& c : candidates) c.accepted = trusted_ && c.inside && c.half_width <= design_.interval * out_.range;
  }

  /// The solver is asked where the gate refuses, and for the best ones in any case.
  void answer(std::vector<Candidate>& candidates) {
    std::vector<Candidate*> to_solve;
    for (std::size_t k = 0; k < candidates.size(); ++k)
      if (!candidates[k].accepted || k < solved_anyway) to_solve.push_back(&candidates[k]);
    std::vector<Sample> known;
    for (Candidate* c : to_solve) known.push_back(known_answer(c->x));
    // Solved in any order, kept in this one: what is learned next must not depend on which thread was first.
    std::vector<Sample> answers = known;
    const long first = next_;
    next_ += static_cast<long>(to_solve.size());
    for_all(static_cast<long>(to_solve.size()), o_.threads, [&](long k) {
      if (known[k].x.empty() && !o_.stop()) answers[k] = solver_(first + k, to_solve[k]->x, 1);
    });
    for (std::size_t k = 0; k < to_solve.size(); ++k) {
      if (answers[k].x.empty()) continue;  // stopped before
      Candidate& c = *to_solve[k];
      const Sample sample = known[k].x.empty() ? keep(answers[k]) : known[k];
      c.solved = true;
      c.value = complete(sample) ? goal_.objective(goal_.judge(sample).merit) : NAN;
      c.contradicts = complete(sample) && !(std::abs(c.value - c.predicted) <= c.half_width);
    }
  }

  /// The sample that is this design already; with an empty x if there is none.
  Sample known_answer(const std::vector<double>& x) const {
    const Eigen::VectorXd u = cube_.unit(x);
    for (const Sample& sample : data_.samples)
      if (complete(sample) && (cube_.unit(sample.x) - u).lpNorm<Eigen::Infinity>() < same_design) return sample;
    return {};
  }

  /// Answers outside their intervals are told; where most are, the gate stays shut until the surrogate has learned
  /// anew.
  void judge(const std::vector<Candidate>& candidates, Round& round) {
    long solved = 0, contradicted = 0, grossly = 0;
    for (const Candidate& c : candidates) {
      solved += c.solved;
      contradicted += c.contradicts;
      grossly +=
          c.contradicts && std::abs(c.value - c.predicted) > std::max(5 * c.half_width, design_.interval * out_.range);
    }
    if (contradicted > 0) {
      round.remark += fmt::format("{}{} of {} answers outside their intervals", round.remark.empty() ? "" : "; ",
                                  contradicted, solved);
    }
    if (2 * grossly > solved && solved > 0) {
      trusted_ = false;
      doubt_ = "the solver contradicts the surrogate; not trusted";
      round.remark += "; " + doubt_;
    }
  }

  // --- the last steps ----------------------------------------------------------------------------------------------
  /// Short searches on the solver itself from the best confirmed designs: a network is no better than its data. Again
  /// from where the last one ended, with shorter first steps, as one search from far steps ends early along a bound.
  void polish() {
    const auto begun = Clock::now();
    out_.before_polish = goal_.objective(best_merit());
    for (const double radius : {0.1, 0.05, 0.02}) {
      SolverSearchOptions s;
      s.local = true;
      s.radius = radius;
      s.finest = 2e-4;
      s.threads = o_.threads;
      s.budget = 25L * cube_.dimension() * o_.threads;
      s.stop = o_.stop;
      s.starts = apart_designs(std::max(2, o_.threads));
      if (s.starts.empty() || o_.stop()) return;
      search_on_solver(goal_, physics_, s);
    }
    o_.say(
        fmt::format("last steps by the solver: {:.6g} -> {:.6g}", out_.before_polish, goal_.objective(best_merit())));
    cost("last steps by the solver", begun);
  }

  /// The best confirmed designs that differ by a tenth of a range in some variable.
  std::vector<std::vector<double>> apart_designs(int count) const {
    std::vector<std::vector<double>> designs;
    for (const long k : order()) {
      if (static_cast<int>(designs.size()) == count) break;
      const Eigen::VectorXd u = cube_.unit(data_.samples[k].x);
      const auto near = [&](const auto& x) { return (cube_.unit(x) - u).template lpNorm<Eigen::Infinity>() < 0.1; };
      if (std::none_of(designs.begin(), designs.end(), near)) designs.push_back(data_.samples[k].x);
    }
    return designs;
  }

  /// Books what was done since the last booking.
  void cost(const std::string& part, Clock::time_point begun) {
    auto found = std::find_if(out_.costs.begin(), out_.costs.end(), [&](const Cost& c) { return c.part == part; });
    if (found == out_.costs.end()) found = out_.costs.insert(found, Cost{part, 0, 0, 0});
    found->seconds += since(begun);
    found->solves += solves_ - booked_solves_;
    found->solver_seconds += solver_seconds_ - booked_seconds_;
    booked_solves_ = solves_, booked_seconds_ = solver_seconds_;
  }

  const Design& design_;
  Physics physics_;                        ///< every answer of its solve joins the data
  decltype(Physics::solve) const solver_;  ///< the same without that
  Dataset& data_;
  const LoopOptions& o_;
  DesignOutcome& out_;
  Goal goal_;
  UnitCube cube_;
  std::optional<Surrogate> surrogate_;
  TrainingReport first_training_;
  bool trusted_ = true;
  int quiet_ = 0;  ///< trusted rounds in a row that gained nothing
  std::string doubt_;
  std::mutex lock_;
  long next_ = 0, solves_ = 0, booked_solves_ = 0;
  double solver_seconds_ = 0, booked_seconds_ = 0;
};

}  // namespace

LoopResult run_loop(const Design& design, const Physics& physics, Dataset& data, const LoopOptions& options,
                    DesignOutcome& outcome) {
  outcome.objective = design.objective;
  outcome.maximise = design.maximise;
  outcome.constraints = design.constraints;
  outcome.finer = design.finer;
  outcome.interval = design.interval;
  return Loop(design, physics, data, options, outcome).run();
}

}  // namespace porelith
