#include "surrogate/design/economical.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <deque>
#include <limits>
#include <optional>

#include "surrogate/dataset/points.hpp"
#include "surrogate/design/answers.hpp"
#include "surrogate/design/pole.hpp"
#include "surrogate/design/slope_climb.hpp"

namespace porelith {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using Clock = std::chrono::steady_clock;

constexpr double kept_off = 1e-6;        // of a constraint's change over the cube: what a proposal keeps from its bound
constexpr double most_kept_off = 1e-2;   // the same where answers were on the wrong side
constexpr double ninety = 1.645;         // half width of a normal law's 90 %, in deviations
constexpr double same_place = 1e-5;      // in the cube: nearer ones are one design
constexpr double worth_taking = 0.5;     // of the slopes' squares, that a level has to explain of the one above
constexpr int climbs_from_anywhere = 8;  // of a proposal, besides those from the best that is known
constexpr long scouted = 600;            // points of which the one with the most to gain is asked for
constexpr double least_region = 0.01;    // half width of the box around the best answer, of the cube's edge
constexpr double close = 0.15;           // between two points whose slopes must agree with their values
constexpr double contradiction = 0.3;    // of what slopes say of the way between two points, if values say otherwise
constexpr int most_contradictions = 2;
constexpr int most_idle = 3;            // dear solves in a row that gain nothing worth while
constexpr std::size_t most_missed = 2;  // last dear answers that say how much wider intervals have to be
constexpr double most_widening = 20;

double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// Of what is better than nothing by gain, give or take a normal deviation.
double expected(double gain, double deviation) {
  if (!(deviation > 0)) return std::max(gain, 0.0);
  const double z = gain / deviation;
  const double below = 0.5 * std::erfc(-z / std::sqrt(2.0));
  constexpr double root_2_pi = 2.5066282746310002;
  return gain * below + deviation * std::exp(-0.5 * z * z) / root_2_pi;
}

class Economical {
 public:
  Economical(const Design& design, const Physics& physics, const Economy& economy, Dataset& data, Dataset& cheap_data,
             const LoopOptions& options, DesignOutcome& outcome)
      : design_(design),
        physics_(physics),
        economy_(economy),
        data_(data),
        cheap_data_(cheap_data),
        o_(options),
        out_(outcome),
        goal_(design, physics.family),
        cube_(physics.family.variables),
        read_(goal_.results_read()),
        taken_(std::any_of(economy.taken.begin(), economy.taken.end(),
                           [](const TakenOver& t) { return t.standing == Standing::foretells; })),
        cheap_(economy.cheap.empty() ? -1 : taken_),
        top_(taken_ + static_cast<int>(economy.cheap.size())),
        ladder_(cube_.dimension(), static_cast<int>(read_.size()), top_ + 1) {}

  LoopResult run() {
    try {
      take_over();
      begin();
      search();
    } catch (const Over& over) {
      out_.ended = over.why;
    }
    out_.scale = scale();
    tell();
    Answers answers(goal_, physics_, data_, o_.stop);
    out_.before_last_steps = goal_.objective(answers.best_merit());
    out_.left_out = left_out(design_, goal_, data_);
    for (const LeftOut& left : out_.left_out) o_.say(left.sentence());
    look_for_pole(answers);
    const auto ranking = answers.best_designs(20);
    return {std::nullopt, {}, ranking.empty() ? std::vector<double>{} : ranking.front(), ranking};
  }

 private:
  struct Over {
    std::string why;
  };
  /// A design that the corrected model promises most of.
  struct Proposal {
    VectorXd u;
    std::vector<double> x;
    double merit = -std::numeric_limits<double>::infinity();
    double deviation = 0, cheap_deviation = 0;  ///< of the merit: of all levels, and of those below the case's mesh
    bool allowed = false;
  };
  struct Best {
    VectorXd u;
    std::vector<double> x;
    double merit = -std::numeric_limits<double>::infinity();
  };

  Index d() const { return cube_.dimension(); }

  // --- what is known -------------------------------------------------------------------------------------------------
  void take_over() {
    for (const TakenOver& taken : economy_.taken) {
      long used = 0;
      for (const Sample& sample : taken.samples) {
        if (!complete(sample)) continue;
        const VectorXd u = unit_beyond(sample.x);
        if (u.minCoeff() < -0.5 || u.maxCoeff() > 1.5) continue;  // so far out it says nothing of what is inside
        MatrixXd slopes;
        if (sample.slopes) {
          const VectorXd by_u = cube_.slope(sample.x);
          slopes.resize(static_cast<Index>(read_.size()), d());
          for (std::size_t r = 0; r < read_.size(); ++r)
            for (Index i = 0; i < d(); ++i)
              slopes(static_cast<Index>(r), i) =
                  sample.slopes->scalars[read_[r] * static_cast<std::size_t>(d()) + static_cast<std::size_t>(i)] *
                  by_u[i];
        }
        const VectorXd values = values_read(sample.scalars);
        if (!values.allFinite()) continue;
        const int level = taken.standing == Standing::own ? top_ : taken.standing == Standing::cheap ? cheap_ : 0;
        ladder_.add(level, u, values, slopes);
        if (level == top_) own_now(u, sample);
        ++used;
      }
      const std::string sentence =
          fmt::format("{}: {} of {} solved points are taken over{}", taken.from, used, taken.samples.size(),
                      taken.standing == Standing::foretells ? " to foretell what this one's correct" : "");
      o_.say(sentence);
      out_.notes.push_back(sentence);
      out_.taken_over += used;
    }
  }

  /// What others have solved on the case's mesh counts as solved here, where this study may go.
  void own_now(const VectorXd& u, const Sample& sample) {
    if (u.minCoeff() < 0 || u.maxCoeff() > 1 || !physics_.infeasible(sample.x).empty()) return;
    note_answer(top_, u, sample);
    data_.samples.push_back(sample);
    data_.samples.back().index = static_cast<long>(data_.samples.size()) - 1;
    owned_.push_back(u);
  }

  /// Also outside of the bounds, where the variable is not logarithmic.
  VectorXd unit_beyond(const std::vector<double>& x) const {
    VectorXd u = cube_.unit(x);
    const auto& variables = goal_.family().variables;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const DesignVariable& v = variables[i];
      u[static_cast<Index>(i)] = v.log ? (std::log(x[i]) - std::log(v.low)) / (std::log(v.high) - std::log(v.low))
                                       : (x[i] - v.low) / (v.high - v.low);
    }
    return u;
  }

  VectorXd values_read(const std::vector<double>& scalars) const {
    VectorXd values(static_cast<Index>(read_.size()));
    for (std::size_t r = 0; r < read_.size(); ++r) values[static_cast<Index>(r)] = scalars[read_[r]];
    return values;
  }

  /// The best design so far, and between which values the objective lies.
  void note_answer(int level, const VectorXd& u, const Sample& sample) {
    const Judgement judged = goal_.judge(sample);
    if (!judged.defined()) return;
    low_ = std::min(low_, judged.merit), high_ = std::max(high_, judged.merit);
    if (level != top_ || !judged.allowed() || judged.merit <= best_.merit) return;
    best_ = {u, sample.x, judged.merit};
    out_.progress.emplace_back(std::lround(work_), goal_.objective(best_.merit));
    out_.work_progress.emplace_back(work_, goal_.objective(best_.merit));
  }

  Scale scale() const {
    const double best = std::isfinite(high_) ? high_ : 0;
    return {best, std::max(high_ - low_, 1e-12 * std::max(std::abs(best), 1e-300))};
  }
  double tolerance() const { return economy_.tolerance * scale().range; }

  // --- asking --------------------------------------------------------------------------------------------------------
  const Physics& physics_of_level(int level) const { return level == top_ ? physics_ : economy_.cheap.front().physics; }
  double work_of_level(int level) const { return level == top_ ? 1.0 : economy_.cheap.front().work; }

  bool slopes_are_worth_it(int level) const {
    return physics_of_level(level).sloped && slopes_cost_ <= 0.5 * static_cast<double>(d()) &&
           ladder_.trusts_slopes(level);
  }

  /// Solves designs on a level, with slopes where these are worth it. @returns how many were complete
  long ask(int level, const std::vector<VectorXd>& designs) {
    if (o_.stop()) throw Over{"stopped on request"};
    if (economy_.seconds > 0 && since(begun_) > economy_.seconds)
      throw Over{fmt::format("[design] seconds = {:g} were over", economy_.seconds)};
    if (work_ >= economy_.solves) throw Over{fmt::format("[design] solves = {:g} were used", economy_.solves)};
    const Physics& physics = physics_of_level(level);
    std::vector<Question> questions;
    questions.reserve(designs.size());
    for (const VectorXd& u : designs)
      questions.push_back({cube_.rounded(cube_.point(u)), 1, slopes_are_worth_it(level)});
    const auto begun = Clock::now();
    const std::vector<Evaluation> replies =
        physics.sloped ? sloped_evaluator_of(physics)(questions) : evaluator_of(goal_, physics)(questions);
    Cost& cost = cost_of(level == top_ ? "dear solves" : "cheap solves");
    cost.seconds += since(begun);
    long done = 0;
    for (std::size_t k = 0; k < replies.size(); ++k) done += take(level, cube_.unit(questions[k].x), replies[k], cost);
    return done;
  }

  bool take(int level, const VectorXd& u, const Evaluation& reply, Cost& cost) {
    ++cost.solves;
    cost.solver_seconds += reply.sample.seconds;
    const auto newton = static_cast<double>(std::max(1L, reply.sample.newton));
    if (unit_ == 0 && level == top_) unit_ = newton;
    const double unit = unit_ > 0 ? unit_ : newton;
    const double spent = work_of_level(level) * (newton + static_cast<double>(reply.linearisations)) / unit;
    work_ += spent;
    cost.work += spent;
    if (reply.slopes.size() > 0) ++out_.slopes_asked, slopes_cost_ = static_cast<double>(reply.linearisations) / newton;
    (level == top_ ? out_.dear_solves : out_.cheap_solves) += 1;
    for (const std::string& name : reply.by_differences)
      if (std::find(by_differences_.begin(), by_differences_.end(), name) == by_differences_.end())
        by_differences_.push_back(name);
    keep_sample(level, reply);
    if (!complete(reply.sample)) {
      refused_.push_back(u);
      return false;
    }
    const std::vector<double>& scalars = reply.smooth.empty() ? reply.sample.scalars : reply.smooth;
    const VectorXd values = values_read(scalars);
    if (!values.allFinite()) {
      refused_.push_back(u);
      return false;
    }
    MatrixXd slopes;
    if (reply.slopes.size() > 0) {
      const VectorXd by_u = cube_.slope(reply.sample.x);
      slopes.resize(static_cast<Index>(read_.size()), d());
      for (std::size_t r = 0; r < read_.size(); ++r)
        slopes.row(static_cast<Index>(r)) =
            reply.slopes.row(static_cast<Index>(read_[r])).cwiseProduct(by_u.transpose());
    }
    check_slopes(level, u, values, slopes);
    ladder_.add(level, u, values, slopes);
    note_answer(level, u, reply.sample);
    return true;
  }

  void keep_sample(int level, const Evaluation& reply) {
    Sample sample = reply.sample;
    if (reply.slopes.size() > 0) {
      SampleSlopes slopes;
      for (Index r = 0; r < reply.slopes.rows(); ++r)
        for (Index i = 0; i < reply.slopes.cols(); ++i) slopes.scalars.push_back(reply.slopes(r, i));
      slopes.one_sided.assign(static_cast<std::size_t>(reply.slopes.rows()), 0);
      slopes.missing = reply.missing;
      sample.slopes = slopes;
    }
    Dataset& data = level == top_ ? data_ : cheap_data_;
    sample.index = static_cast<long>(data.samples.size());
    sample.chosen = true;
    data.samples.push_back(sample);
  }

  /// Between two near points a value changes as the slopes at one of them say, or as those at the other, or by
  /// something between, also where it has a kink: where it often does not, slopes count for nothing.
  void check_slopes(int level, const VectorXd& u, const VectorXd& values, const MatrixXd& slopes) {
    if (slopes.size() == 0 || !ladder_.trusts_slopes(level)) return;
    std::vector<Seen>& seen = seen_[level == top_ ? 1 : 0];
    const Seen* nearest = nullptr;
    for (const Seen& s : seen)
      if ((s.u - u).lpNorm<Eigen::Infinity>() < close &&
          (nearest == nullptr || (s.u - u).squaredNorm() < (nearest->u - u).squaredNorm()))
        nearest = &s;
    if (nearest != nullptr && (nearest->u - u).lpNorm<Eigen::Infinity>() > 1e-3) {
      const VectorXd way = u - nearest->u;
      for (Index r = 0; r < values.size(); ++r) {
        const double told = values[r] - nearest->values[r];
        const double before = nearest->slopes.row(r).dot(way), after = slopes.row(r).dot(way);
        const double most = 0.5 * (slopes.row(r).cwiseAbs() + nearest->slopes.row(r).cwiseAbs()).dot(way.cwiseAbs());
        const double beyond = std::max(std::min(before, after) - told, told - std::max(before, after));
        contradictions_[level == top_ ? 1 : 0] += beyond > contradiction * most;
      }
      if (contradictions_[level == top_ ? 1 : 0] > most_contradictions) {
        ladder_.mistrust_slopes(level);
        if (level != top_) ladder_.stand_alone(top_);
        const std::string sentence =
            fmt::format("slopes {}contradict the values between near designs: {}",
                        level == top_ ? "" : "of " + economy_.cheap.front().name + " ",
                        level == top_ ? "they count for nothing from here on" : "it is left out from here on");
        out_.notes.push_back(sentence);
        o_.say(sentence);
      }
    }
    seen.push_back({u, values, slopes});
  }

  Cost& cost_of(const std::string& part) {
    for (Cost& cost : out_.costs)
      if (cost.part == part) return cost;
    out_.costs.push_back({part, 0, 0, 0});
    return out_.costs.back();
  }

  // --- the corrected model -------------------------------------------------------------------------------------------
  struct Modelled {
    JudgementWithSlopes judged;  ///< slopes by u
    VectorXd scalars;
  };
  Modelled modelled(const VectorXd& u, const Corrected& told) const {
    const std::vector<double> x = cube_.point(u);
    const VectorXd by_u = cube_.slope(x);
    Modelled m;
    m.scalars = VectorXd::Constant(static_cast<Index>(scalar_results().size()), std::nan(""));
    MatrixXd slopes = MatrixXd::Zero(m.scalars.size(), d());
    for (std::size_t r = 0; r < read_.size(); ++r) {
      m.scalars[static_cast<Index>(read_[r])] = told.mean[static_cast<Index>(r)];
      slopes.row(static_cast<Index>(read_[r])) = told.slopes.row(static_cast<Index>(r)).cwiseQuotient(by_u.transpose());
    }
    m.judged = goal_.judge(x, m.scalars, slopes);
    m.judged.merit_slope = m.judged.merit_slope.cwiseProduct(by_u).eval();
    m.judged.constraint_slopes = (m.judged.constraint_slopes * by_u.asDiagonal()).eval();
    return m;
  }

  /// Half width of the merit, from deviations of the results read.
  double merit_deviation(const std::vector<double>& x, const VectorXd& scalars, const VectorXd& deviation) const {
    VectorXd widths = VectorXd::Zero(scalars.size());
    for (std::size_t r = 0; r < read_.size(); ++r)
      widths[static_cast<Index>(read_[r])] = deviation[static_cast<Index>(r)];
    VectorXd finite = scalars;  // what nobody reads has no influence, but must be a number
    for (double& value : finite)
      if (!std::isfinite(value)) value = 1;
    return goal_.half_widths(x, finite, widths)[0];
  }

  /// The model in a box of the cube, stretched to the unit cube.
  ClimbPoint climb_point(const VectorXd& v, const VectorXd& low, const VectorXd& size) const {
    ClimbPoint point;
    point.u = v;
    const VectorXd u = (low + v.cwiseProduct(size)).cwiseMax(0.0).cwiseMin(1.0);
    const std::vector<double> x = cube_.point(u);
    const Modelled m = modelled(u, ladder_.at(u, top_));
    const VectorXd feasibility = goal_.feasibility(x);
    const Index on_results = m.judged.value.constraints.size();
    point.merit = m.judged.value.merit;
    point.slope = m.judged.merit_slope.cwiseProduct(size);
    point.constraints.resize(on_results + feasibility.size());
    point.constraints << m.judged.value.constraints - kept_, feasibility;
    point.constraint_slopes.resize(point.constraints.size(), d());
    point.constraint_slopes << m.judged.constraint_slopes, goal_.feasibility_slopes(x) * cube_.slope(x).asDiagonal();
    point.constraint_slopes = (point.constraint_slopes * size.asDiagonal()).eval();
    point.sloped = true;
    point.defined = m.judged.value.defined() && feasibility.allFinite() && point.slope.allFinite() &&
                    point.constraint_slopes.allFinite();
    return point;
  }

  /// Climbs on the model from a point of the box; the best that keeps all conditions, else where it ended.
  std::optional<VectorXd> climbed(const VectorXd& from, const VectorXd& low, const VectorXd& size) const {
    ClimbPoint last = climb_point((from - low).cwiseQuotient(size).cwiseMax(0.0).cwiseMin(1.0), low, size);
    if (!last.defined) return std::nullopt;
    std::optional<ClimbPoint> best;
    const ClimbPoint first = last;
    SlopeClimb how;
    how.by_slsqp = d() <= 40;
    how.radius = 0.25;
    how.worth = 1e-7;
    how.kept_off = kept_off;
    for (const DesignVariable& variable : goal_.family().variables) how.stays.push_back(variable.integer);
    how.units = climb_units(first);
    long looks = 0;
    how.at = [&](const VectorXd& v, bool) -> const ClimbPoint& {
      if (last.u != v) {
        if (++looks > 400) throw ClimbOver();
        last = climb_point(v, low, size);
      }
      const bool keeps =
          last.defined && (last.constraints.size() == 0 ||
                           (last.constraints.array() >= -0.5 * kept_off * how.units.constraints.array()).all());
      if (keeps && (!best || last.merit > best->merit)) best = last;
      return last;
    };
    try {
      climb(how, first);
    } catch (const ClimbOver&) {
    }
    const VectorXd v = best ? best->u : last.u;
    return (low + v.cwiseProduct(size)).cwiseMax(0.0).cwiseMin(1.0);
  }

  void learn() {
    const auto begun = Clock::now();
    ladder_.learn();
    economy_.after_learning(ladder_);
    cost_of("learning").seconds += since(begun);
  }

  bool refused(const VectorXd& u) const {
    return std::any_of(refused_.begin(), refused_.end(),
                       [&](const VectorXd& r) { return (r - u).lpNorm<Eigen::Infinity>() < 0.02; });
  }

  Proposal weighed(const VectorXd& at) const {
    Proposal p;
    p.x = drawn_inside(physics_, cube_, cube_.rounded(cube_.point(at)),
                       best_.x.empty() ? physics_.family.start() : best_.x);
    p.u = cube_.unit(p.x);
    const Corrected told = ladder_.at(p.u, top_, true);
    const Modelled m = modelled(p.u, told);
    if (!m.judged.value.defined() || refused(p.u)) return p;
    p.merit = m.judged.value.merit;
    p.deviation = merit_deviation(p.x, m.scalars, told.deviation);
    p.cheap_deviation = cheap_ < 0 ? 0 : merit_deviation(p.x, m.scalars, ladder_.at(p.u, cheap_, true).deviation);
    const VectorXd& c = m.judged.value.constraints;
    p.allowed = c.size() == 0 || (c.array() >= -1e-12 - 1e-3 * kept_.array().abs()).all();
    return p;
  }

  /// The summit of the model within the region around the best answer.
  Proposal propose() {
    const auto begun = Clock::now();
    VectorXd low = VectorXd::Zero(d()), high = VectorXd::Ones(d());
    const VectorXd centre = best_.u.size() > 0 ? best_.u : cube_.unit(physics_.family.start());
    low = low.cwiseMax(centre.array().matrix() - VectorXd::Constant(d(), region_));
    high = high.cwiseMin(centre + VectorXd::Constant(d(), region_));
    const VectorXd size = (high - low).cwiseMax(1e-9);
    std::vector<VectorXd> from{centre};
    for (const VectorXd& u : latest_) from.push_back(u);
    FeasiblePoints points(physics_.family, evenly(goal_.family().variables.size()), climbs_from_anywhere,
                          design_.seed + 177);
    for (int k = 0; k < climbs_from_anywhere; ++k)
      if (const auto point = points.next(10000)) from.push_back(low + cube_.unit(point->x).cwiseProduct(size));
    Proposal best;
    bool any = false;
    for (const VectorXd& start : from) {
      const auto u = climbed(start.cwiseMax(low).cwiseMin(high), low, size);
      if (!u) continue;
      const Proposal p = weighed(*u);
      if (!std::isfinite(p.merit)) continue;
      if (!any || std::make_pair(p.allowed, p.merit) > std::make_pair(best.allowed, best.merit)) best = p, any = true;
    }
    cost_of("search on the model").seconds += since(begun);
    if (!any) throw Over{"the model promises nothing anywhere"};
    latest_.push_front(best.u);
    if (latest_.size() > 3) latest_.pop_back();
    return best;
  }

  // --- the study -----------------------------------------------------------------------------------------------------
  void begin() {
    kept_ = VectorXd::Zero(static_cast<Index>(goal_.constraints().size()));
    const VectorXd start = cube_.unit(physics_.family.start());
    const bool known_start = std::any_of(owned_.begin(), owned_.end(), [&](const VectorXd& u) {
      return (u - start).lpNorm<Eigen::Infinity>() < same_place;
    });
    if (!known_start) ask(top_, {start});
    const int lowest = cheap_ >= 0 ? cheap_ : top_;
    if (cheap_ >= 0 && ladder_.known(cheap_) == 0) ask(cheap_, {start});
    learn();
    if (stood_on() < d() + 2 || doubtful()) spread(lowest);
    judge_levels();
    if (stood_on() < d() + 2) spread(lowest);
  }

  /// Points over all of the space, on the cheapest level.
  void spread(int level) {
    std::vector<VectorXd> spread;
    FeasiblePoints points(physics_.family, evenly(goal_.family().variables.size()), static_cast<int>(d()) + 1,
                          design_.seed + 77);
    while (static_cast<Index>(spread.size()) < d() + 1) {
      const auto point = points.next(1L << 20);
      if (!point) break;
      if (physics_.infeasible(point->x).empty()) spread.push_back(cube_.unit(point->x));
    }
    if (spread.empty()) return;
    ask(level, spread);
    learn();
  }

  /// Points of the level that knows most, of those that the model stands on.
  long stood_on() const {
    long most = 0;
    for (int level = top_; level >= 0; --level) {
      most = std::max(most, ladder_.known(level));
      if (ladder_.known(level) > 0 && ladder_.stands_alone(level)) break;
    }
    return most;
  }

  /// Whether what was taken over seems to say little of what it is to foretell.
  bool doubtful() const {
    for (int level = 1; level <= top_; ++level)
      if (!ladder_.stands_alone(level) && ladder_.explained(level) < worth_taking) return true;
    return false;
  }

  /// Whether a level is worth standing on.
  void judge_levels() {
    for (int level = 1; level <= top_; ++level) {
      if (ladder_.stands_alone(level) || ladder_.known(level) == 0) continue;
      const double explained = ladder_.explained(level);
      if (std::isnan(explained) || explained >= worth_taking) continue;
      ladder_.stand_alone(level);
      const std::string what = level == top_ && cheap_ >= 0 ? economy_.cheap.front().name : "what was taken over";
      const std::string sentence =
          fmt::format("{} explains {:.0f} % of the slopes: it is left out", what, 100 * explained);
      out_.notes.push_back(sentence);
      o_.say(sentence);
      learn();
    }
    out_.explained = top_ > 0 ? ladder_.explained(top_) : std::nan("");
  }

  bool cheap_counts() const { return cheap_ >= 0 && !ladder_.stands_alone(top_); }

  bool known_there(int level, const VectorXd& u) const {
    for (const Seen& s : asked_[level == top_ ? 1 : 0])
      if ((s.u - u).lpNorm<Eigen::Infinity>() < same_place) return true;
    return false;
  }

  void search() {
    int scouts = 0, cheap_in_a_row = 0;
    for (int round = 1;; ++round) {
      const Proposal p = propose();
      const double gain = p.merit - best_.merit;
      const double worth = std::isfinite(best_.merit) ? expected(gain, widening() * p.deviation)
                                                      : std::numeric_limits<double>::infinity();
      const double unsure = ninety * p.cheap_deviation;
      if (cheap_counts() && unsure > economy_.doubt * tolerance() && !known_there(cheap_, p.u) &&
          cheap_in_a_row < 3 * (d() + 1)) {
        ++cheap_in_a_row;
        remember(cheap_, p.u);
        ask(cheap_, {p.u});
        learn();
        continue;
      }
      if (cheap_counts() && cheap_in_a_row == 0) ++out_.words_taken;
      cheap_in_a_row = 0;
      if (!(worth > tolerance()) || known_there(top_, p.u) || idle_ >= most_idle) {
        if (region_ < 1 && on_edge(p.u)) {
          region_ = std::min(1.0, 3 * region_);
          continue;
        }
        if (scouts < economy_.scouts && scout()) {
          ++scouts;
          continue;  // what idles stays idle, unless a scout has seen something
        }
        out_.converged = true;
        out_.ended =
            idle_ >= most_idle
                ? fmt::format("{} solves in a row gained less than the tolerance", most_idle)
                : fmt::format("the next solve would gain {:.2g} of the objective's range at most, by expectation",
                              std::max(worth, 0.0) / scale().range);
        return;
      }
      go_there(p, round);
    }
  }

  /// A dear solve where the model promises most.
  void go_there(const Proposal& p, int round) {
    const double before = best_.merit;
    remember(top_, p.u);
    ask(top_, {p.u});
    Candidate c;
    c.round = round;
    c.origin = "summit of the corrected model";
    c.x = p.x;
    c.predicted = goal_.objective(p.merit);
    c.half_width = ninety * p.deviation;
    c.inside = true;
    c.solved = true;
    const Sample& answer = data_.samples.back();
    c.value = complete(answer) ? goal_.objective(goal_.judge(answer).merit) : std::nan("");
    c.contradicts = std::isfinite(c.value) && !(std::abs(c.value - c.predicted) <= c.half_width);
    c.half_width *= widening();
    out_.candidates.push_back(c);
    if (std::isfinite(c.value))
      missed_.push_back(std::abs(c.value - c.predicted) / std::max(ninety * p.deviation, 1e-300));
    if (missed_.size() > most_missed) missed_.pop_front();
    keep_further(answer);
    const double way =
        best_.u.size() > 0 ? (p.u - (best_.merit > before ? p.u : best_.u)).lpNorm<Eigen::Infinity>() : 1;
    if (!(best_.merit > before))
      region_ = std::max(least_region, 0.5 * std::min(way, region_));
    else
      region_ = std::min(1.0, 2 * region_);
    o_.say(fmt::format("{:.1f} solves spent: {:.6g} foretold, {:.6g} solved, best {:.6g}", work_, c.predicted, c.value,
                       goal_.objective(best_.merit)));
    learn();
    judge_levels();
  }

  /// Where an answer breaks a constraint that the model saw kept, the next proposals keep further from it.
  void keep_further(const Sample& answer) {
    if (!complete(answer)) return;
    const Judgement judged = goal_.judge(answer);
    if (!judged.defined()) return;
    for (Index c = 0; c < kept_.size(); ++c) {
      const double beyond = -judged.constraints[c];
      if (beyond >= 0) kept_[c] = std::max(kept_[c], std::min(1.5 * beyond + 1e-9, most_kept_off));
    }
  }

  /// (N12) Proposals err more than other designs: by how much, their last answers tell.
  double widening() const {
    double most = 1;
    for (const double ratio : missed_) most = std::max(most, ratio);
    return std::min(most, most_widening);
  }

  bool on_edge(const VectorXd& u) const {
    if (best_.u.size() == 0) return true;
    for (Index i = 0; i < d(); ++i)
      if (std::abs(std::abs(u[i] - best_.u[i]) - region_) < 1e-3 * region_ && u[i] > 1e-9 && u[i] < 1 - 1e-9)
        return true;
    return false;
  }

  /// The cheapest level is asked where the objective may still win most. @returns whether there is such a place
  bool scout() {
    const auto begun = Clock::now();
    FeasiblePoints points(physics_.family, evenly(goal_.family().variables.size()), static_cast<int>(scouted),
                          design_.seed + 377);
    Proposal best;
    double most = tolerance();
    for (long k = 0; k < scouted; ++k) {
      const auto point = points.next(10000);
      if (!point) break;
      if (!physics_.infeasible(point->x).empty()) continue;
      const VectorXd u = cube_.unit(point->x);
      if (refused(u)) continue;
      const Corrected told = ladder_.at(u, top_, true);
      const Modelled m = modelled(u, told);
      if (!m.judged.value.defined()) continue;
      const double worth =
          expected(m.judged.value.merit - best_.merit, merit_deviation(point->x, m.scalars, told.deviation));
      if (worth > most) most = worth, best.u = u;
    }
    cost_of("search on the model").seconds += since(begun);
    if (best.u.size() == 0) return false;
    const int level = cheap_counts() ? cheap_ : top_;
    if (known_there(level, best.u)) return false;
    remember(level, best.u);
    ask(level, {best.u});
    ++out_.scouts;
    learn();
    return true;
  }

  void remember(int level, const VectorXd& u) { asked_[level == top_ ? 1 : 0].push_back({u, {}, {}}); }

  void look_for_pole(Answers& answers) {
    const auto best = answers.best_designs(1);
    if (best.empty() || o_.stop()) return;
    const auto pole = pole_at(goal_, physics_, answers.evaluator(), out_.scale, best.front(), answers.best_merit(),
                              physics_.family.start());
    if (!pole) return;
    out_.pole = *pole;
    o_.say(out_.pole);
    answers.leave_out_above(out_.scale.best);
  }

  void tell() {
    out_.work = work_;
    out_.solves_of_loop = out_.dear_solves + out_.cheap_solves;
    if (!by_differences_.empty()) {
      std::string names;
      for (const std::string& name : by_differences_) names += (names.empty() ? "" : ", ") + name;
      out_.notes.push_back(
          fmt::format("slopes by {} are differences of solves: the solver has no exact ones by them", names));
    }
    o_.say(fmt::format("{} solves on the case's mesh, {} cheap ones, {} slopes: the work of {:.1f} solves; {}",
                       out_.dear_solves, out_.cheap_solves, out_.slopes_asked, work_, out_.ended));
  }

  struct Seen {
    VectorXd u, values;
    MatrixXd slopes;
  };

  const Design& design_;
  const Physics& physics_;
  const Economy& economy_;
  Dataset& data_;
  Dataset& cheap_data_;
  const LoopOptions& o_;
  DesignOutcome& out_;
  Goal goal_;
  UnitCube cube_;
  std::vector<std::size_t> read_;
  int taken_, cheap_, top_;  ///< levels: 1 where others' answers stand below all, -1 where there is no cheap member
  Ladder ladder_;
  Best best_;
  VectorXd kept_;  ///< what proposals keep from each constraint's bound
  double low_ = std::numeric_limits<double>::infinity(), high_ = -low_;
  double work_ = 0, unit_ = 0;  ///< in solves of the case's mesh; Newton iterations of its first one
  double slopes_cost_ = 0;      ///< over a solve's, of the last
  double region_ = 1;           ///< half width of the box around the best answer that is proposed from
  const Clock::time_point begun_ = Clock::now();
  std::deque<VectorXd> latest_;
  std::vector<VectorXd> refused_, owned_;  ///< designs that cannot be solved; that others have solved
  std::vector<Seen> seen_[2], asked_[2];
  std::vector<std::string> by_differences_;
  int idle_ = 0;  ///< dear solves in a row that gained nothing worth while
  int contradictions_[2] = {0, 0};
  std::deque<double> missed_;  ///< of the last dear answers: how far off, over the half width that was foretold
};

}  // namespace

LoopResult run_economical(const Design& design, const Physics& physics, const Economy& economy, Dataset& data,
                          Dataset& cheap_data, const LoopOptions& options, DesignOutcome& outcome) {
  outcome.objective = design.objective;
  outcome.maximise = design.maximise;
  outcome.constraints = design.constraints;
  outcome.finer = design.finer;
  outcome.interval = design.interval;
  outcome.strategy = design.strategy;
  return Economical(design, physics, economy, data, cheap_data, options, outcome).run();
}

}  // namespace porelith
