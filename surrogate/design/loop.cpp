#include "surrogate/design/loop.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "solver/base/error.hpp"
#include "surrogate/design/answers.hpp"
#include "surrogate/design/effort.hpp"
#include "surrogate/design/pole.hpp"
#include "surrogate/design/proposals.hpp"
#include "surrogate/design/trust_region.hpp"
#include "surrogate/gate/calibration.hpp"

namespace porelith {
namespace {

using Clock = std::chrono::steady_clock;
double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

constexpr double least_agreement = 0.8;  ///< share of known answers that a calibrated 90 % interval must hold
constexpr double missed = 0.1;           ///< share of answers outside that a 90 % interval grants
constexpr double by_chance = 0.01;       ///< a round with so many outside is less likely than this: trust is lost
constexpr int solved_anyway = 2;         ///< best candidates of a round that physics judges whatever the gate says
constexpr int quiet_rounds = 2;          ///< in a row without gain end the loop
constexpr double best_part = 0.1;        ///< of the samples, kept from the surrogate of the rehearsal
constexpr std::size_t rehearsed = 16;
constexpr double effort_of_more = 0.2;  ///< of a first training's, when a round's answers are learned
constexpr double far_apart = 0.1;       ///< of a range, between the designs that they set out from
constexpr double worth_more = 1e-6;     ///< of the objective's range: a gain for which another ascent sets out

/// Probability of at least k of n where each has probability p.
double at_least(long k, long n, double p) {
  double term = std::pow(1 - p, n), below = 0;  // of exactly i, and of fewer than k
  for (long i = 0; i < k; ++i) {
    below += term;
    term *= p / (1 - p) * static_cast<double>(n - i) / static_cast<double>(i + 1);
  }
  return 1 - below;
}

/// One study, from its data to its best confirmed design.
class Loop {
 public:
  Loop(const Design& design, const Physics& physics, Dataset& data, const LoopOptions& options, DesignOutcome& outcome)
      : design_(design),
        physics_(physics),
        o_(options),
        out_(outcome),
        goal_(design, physics.family),
        cube_(physics.family.variables),
        answers_(goal_, physics_, data, o_.stop) {}

  LoopResult run() {
    check_data();
    out_.scale = answers_.scale();
    const auto begun = Clock::now();
    answers_.ask({start()});
    cost("baseline", begun);
    if (answers_.data().whole_space) {
      out_.ended = fmt::format("all {} designs of the space were solved", answers_.data().samples.size());
      out_.before_last_steps = goal_.objective(answers_.best_merit());
    } else {
      search();
    }
    tell_left_out();
    tell_progress();
    const auto best = answers_.best_designs(1);
    return {surrogate_, first_training_, best.empty() ? std::vector<double>{} : best.front(),
            answers_.best_designs(20)};
  }

 private:
  /// All that needs a surrogate, and the solver's last steps.
  void search() {
    learn(0);
    out_.learned = true;
    for (int round = 1; round <= design_.rounds && !out_.converged && !o_.stop(); ++round) {
      play(round);
      if (round < design_.rounds && !out_.converged && !o_.stop()) learn(round);
    }
    out_.ended = o_.stop()        ? "stopped on request"
                 : out_.converged ? "two rounds gained nothing more"
                                  : "all rounds were used";
    out_.before_last_steps = goal_.objective(answers_.best_merit());
    if (design_.last_steps) last_steps();
    if (!o_.stop()) look_for_pole();
    out_.widening = widening_.factor();
    if (!o_.stop() && answers_.solves() > learned_) learn(static_cast<int>(out_.rounds.size()));
    if (widening_.known()) surrogate_->widen_picks(widening_.factor());
    tell_training();
  }

  std::vector<double> start() const { return physics_.family.start(); }

  void check_data() const {
    const auto& samples = answers_.data().samples;
    const auto usable = std::count_if(samples.begin(), samples.end(), complete);
    if (usable < least_samples && !answers_.data().whole_space) {
      std::string why;
      for (const Sample& sample : samples)
        if (!complete(sample) && why.empty()) why = "; sample " + std::to_string(sample.index) + ": " + sample.status;
      throw CaseError({{{},
                        fmt::format("[design] {} of {} samples could be solved, fewer than the {} that a training "
                                    "needs{}",
                                    usable, samples.size(), least_samples, why)}});
    }
    const auto judged = [this](const Sample& sample) { return answers_.judged(sample).has_value(); };
    if (std::none_of(samples.begin(), samples.end(), judged))
      throw CaseError(
          {{{},
            fmt::format("[design] objective = {}{} is a finite number at none of the {} complete samples",
                        design_.objective, design_.constraints.empty() ? "" : ", with its constraints,", usable)}});
  }

  void tell_left_out() {
    out_.left_out = left_out(design_, goal_, answers_.data());
    for (const LeftOut& left : out_.left_out) o_.say(left.sentence());
  }

  /// Solves, and where the best confirmed value improved, in the order in which the answers came.
  void tell_progress() {
    double best = -std::numeric_limits<double>::infinity();
    for (const Sample& sample : answers_.data().samples) {
      out_.solves_of_loop += sample.status.rfind("infeasible", 0) != 0;
      const auto judged = answers_.judged(sample);
      if (!judged || !judged->allowed() || judged->merit <= best) continue;
      best = judged->merit;
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
    const TrainingSet set = answers_.data().training_set();
    learned_ = answers_.solves();
    TrainOptions train = train_options(design_);
    train.threads = o_.threads;
    if (!surrogate_) {
      surrogate_ = Surrogate::train(set, train, &first_training_);
      rehearse(train);
    } else if (trusted_) {
      surrogate_ = surrogate_->refined(set, effort_of_more);
    } else {  // what was wrong before is not built upon
      train.seed += static_cast<unsigned>(round);
      surrogate_ = Surrogate::train(set, train);
      widening_.forget();
      if (!out_.rounds.empty()) remark(out_.rounds.back(), "trained anew from nothing");
    }
    o_.after_training(*surrogate_, round + 1);
    cost("training", begun);
    trusted_ = agrees_with_data(round + 1);
  }

  /// (N12) Proposals lead beyond all samples, and none has been answered yet. How far off one must expect to be there,
  /// a surrogate tells that has not seen the best tenth of them.
  void rehearse(const TrainOptions& train) {
    Dataset worse = answers_.data();
    auto& samples = worse.samples;
    samples.erase(std::remove_if(samples.begin(), samples.end(), [](const Sample& s) { return !complete(s); }),
                  samples.end());
    const auto merit = [this](const Sample& sample) {  // what has none is the worst
      const auto judged = answers_.judged(sample);
      return judged ? judged->merit : -std::numeric_limits<double>::infinity();
    };
    std::stable_sort(samples.begin(), samples.end(),
                     [&](const Sample& a, const Sample& b) { return merit(a) < merit(b); });
    const auto kept = samples.size() - static_cast<std::size_t>(best_part * static_cast<double>(samples.size()));
    const std::vector<Sample> best(samples.begin() + static_cast<long>(std::max(kept, samples.size() - rehearsed)),
                                   samples.end());
    samples.resize(kept);
    const Surrogate blind = Surrogate::train(worse.training_set(), train);
    for (const Sample& sample : best) {
      const Foreseen seen = foresee(goal_, blind, sample.x);
      widening_.add(std::abs(seen.merit - merit(sample)) / std::max(seen.half_width, 1e-300));
    }
  }

  /// As wide as the surrogate's own rehearsal has it at least: the answers are of other places.
  double wider() const { return std::max(widening_.factor(), surrogate_->picks_widened_by()); }

  /// The surrogate must say again what the solver has said: most answers inside its intervals.
  bool agrees_with_data(int round) {
    long held = 0, asked = 0;
    const double promised = design_.interval * out_.scale.range;  // less than this the gate does not care about
    for (const Sample& sample : answers_.data().samples) {
      const auto judged = answers_.judged(sample);
      if (!judged) continue;
      const Foreseen seen = foresee(goal_, *surrogate_, sample.x);
      ++asked;
      held += std::abs(seen.merit - judged->merit) <= std::max(seen.half_width, promised);
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
    round.widening = wider();
    const double before = answers_.best_merit();
    std::vector<Candidate> candidates = propose(number);
    cost("search on the surrogate", begun);

    const auto asked = Clock::now();
    decide(candidates);
    const long solves_before = answers_.solves();
    answer(candidates);
    round.solves = answers_.solves() - solves_before;
    cost("solves of the rounds", asked);
    judge(candidates, round);

    round.best_predicted = candidates.empty() ? NAN : candidates.front().predicted;
    round.best_confirmed = goal_.objective(answers_.best_merit());
    out_.rounds.push_back(round);
    out_.candidates.insert(out_.candidates.end(), candidates.begin(), candidates.end());
    o_.say(fmt::format("round {}: {} candidates, {} solved, best confirmed {:.6g}{}", number, candidates.size(),
                       round.solves, round.best_confirmed, round.remark.empty() ? "" : " (" + round.remark + ")"));
    const bool gained = !(answers_.best_merit() - before < o_.tolerance * out_.scale.range);
    quiet_ = trusted_ && round.trusted && !gained ? quiet_ + 1 : 0;
    out_.converged = quiet_ >= quiet_rounds;
  }

  std::vector<Candidate> propose(int number) {
    Proposer proposer(
        goal_, physics_, *surrogate_,
        {out_.scale.range, 0.15 * std::pow(0.6, number - 1), design_.seed + static_cast<unsigned>(number), o_.threads});
    proposer.ask(answers_.history(), design_.solves_a_round);
    std::vector<Candidate> candidates = proposer.candidates();
    for (Candidate& candidate : candidates) {
      candidate.round = number;
      candidate.half_width *= wider();
    }
    return candidates;
  }

  /// (D4) The gate: the surrogate's word will do inside its data and where its interval, as wide as proposals need it,
  /// is narrow enough.
  void decide(std::vector<Candidate>& candidates) const {
    for (Candidate& c : candidates)
      c.accepted = trusted_ && widening_.known() && c.inside && c.half_width <= design_.interval * out_.scale.range;
  }

  /// The solver is asked where the gate refuses, and for the best ones in any case.
  void answer(std::vector<Candidate>& candidates) {
    std::vector<Candidate*> open;
    std::vector<std::vector<double>> designs;
    for (std::size_t k = 0; k < candidates.size(); ++k) {
      Candidate& c = candidates[k];
      if (c.accepted && k >= solved_anyway) continue;
      const Sample known = answers_.known(c.x);
      if (!known.x.empty()) {
        note(c, known);
      } else {
        open.push_back(&c);
        designs.push_back(c.x);
      }
    }
    const std::vector<Sample> answers = answers_.ask(designs);
    for (std::size_t k = 0; k < answers.size(); ++k) note(*open[k], answers[k]);
  }

  void note(Candidate& c, const Sample& answer) const {
    c.solved = true;
    const auto judged = answers_.judged(answer);
    c.value = judged ? goal_.objective(judged->merit) : NAN;
    c.contradicts = judged && !(std::abs(c.value - c.predicted) <= c.half_width);
  }

  /// (D5) Answers outside their intervals are told, and widen the next ones. Where there are more than chance explains,
  /// or where most are far out, the gate stays shut until the surrogate has learned anew.
  void judge(const std::vector<Candidate>& candidates, Round& round) {
    long solved = 0, contradicted = 0, grossly = 0;
    const bool was_known = widening_.known();
    const double promised = design_.interval * out_.scale.range;
    for (const Candidate& c : candidates) {
      if (!std::isfinite(c.value)) continue;
      const double error = std::abs(c.value - c.predicted);
      ++solved;
      contradicted += c.contradicts;
      grossly += c.contradicts && error > std::max(5 * c.half_width, promised);
      widening_.add(error * round.widening / std::max(c.half_width, 1e-300));
    }
    if (contradicted > 0) remark(round, fmt::format("{} of {} answers outside their intervals", contradicted, solved));
    if (2 * grossly > solved || (was_known && at_least(contradicted, solved, missed) < by_chance)) {
      trusted_ = false;
      doubt_ = "the solver contradicts the surrogate; not trusted";
      remark(round, doubt_);
    }
  }
  static void remark(Round& round, const std::string& what) {
    round.remark += (round.remark.empty() ? "" : "; ") + what;
  }

  // --- the last steps ----------------------------------------------------------------------------------------------
  /// (D7) From the best confirmed designs on, models of the solver's own answers: a network is no better than its data.
  void last_steps() {
    const auto begun = Clock::now();
    TrustRegionOptions options;
    options.budget = steps_a_variable * cube_.dimension();
    options.range = out_.scale.range;
    const auto ascend = [&](const std::vector<double>& from) {
      if (o_.stop()) return;
      TrustRegion ascent(goal_, physics_, from, options);
      History history = answers_.history();
      pursue(ascent, answers_.evaluator(), history, cube_.dimension());
    };
    for (const auto& design : answers_.best_designs(last_ascents, far_apart)) ascend(design);
    for (int k = 0; k < more_ascents && !o_.stop(); ++k) {  // until one from the summit itself finds nothing more
      const double before = answers_.best_merit();
      for (const auto& design : answers_.best_designs(1)) ascend(design);
      if (!(answers_.best_merit() - before > worth_more * out_.scale.range)) break;
    }
    if (std::isfinite(answers_.best_merit()))
      o_.say(fmt::format("last steps by the solver: {:.6g} -> {:.6g}", out_.before_last_steps,
                         goal_.objective(answers_.best_merit())));
    cost("last steps by the solver", begun);
  }

  /// (D9) Where the best value lies at a pole, it and all that is better than the samples says nothing.
  void look_for_pole() {
    const auto begun = Clock::now();
    const auto ranking = answers_.best_designs(1);
    if (ranking.empty()) return;
    const auto pole = pole_at(goal_, physics_, answers_.evaluator(), out_.scale, ranking.front(), answers_.best_merit(),
                              best_of_samples());
    cost("last steps by the solver", begun);
    if (!pole) return;
    out_.pole = *pole;
    o_.say(out_.pole);
    answers_.leave_out_above(out_.scale.best);
  }

  /// The best design that is no better than the samples are.
  std::vector<double> best_of_samples() const {
    for (const long k : answers_.ranking())
      if (goal_.judge(answers_.sample(k)).merit <= out_.scale.best) return answers_.sample(k).x;
    return start();
  }

  /// Books what was done since the last booking.
  void cost(const std::string& part, Clock::time_point begun) {
    auto found = std::find_if(out_.costs.begin(), out_.costs.end(), [&](const Cost& c) { return c.part == part; });
    if (found == out_.costs.end()) found = out_.costs.insert(found, Cost{part, 0, 0, 0});
    found->seconds += since(begun);
    found->solves += answers_.solves() - booked_solves_;
    found->solver_seconds += answers_.solver_seconds() - booked_seconds_;
    booked_solves_ = answers_.solves(), booked_seconds_ = answers_.solver_seconds();
  }

  const Design& design_;
  const Physics& physics_;
  const LoopOptions& o_;
  DesignOutcome& out_;
  Goal goal_;
  UnitCube cube_;
  Answers answers_;
  std::optional<Surrogate> surrogate_;
  TrainingReport first_training_;
  Widening widening_;  ///< of the intervals of proposals
  bool trusted_ = true;
  int quiet_ = 0;  ///< trusted rounds in a row that gained nothing
  std::string doubt_;
  long booked_solves_ = 0, learned_ = 0;  ///< solves booked, and those that the surrogate knows
  double booked_seconds_ = 0;
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
