#include "solver/march/sensitivity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "solver/base/error.hpp"
#include "solver/newman/observables/observables.hpp"
#include "solver/newman/tangent.hpp"

namespace porelith {

namespace {

/// What the terminals' equation says of changes of current and voltage.
TerminalsRow terminals(const Layout& l, const Stage& stage, const State& state) {
  switch (stage.drive.control) {
    case Control::voltage:
      return {0, 1};
    case Control::power:
      return {state[l.voltage], state[l.current]};
    default:
      return {1, 0};
  }
}

/// The factor of the power that an exact drive does not fix.
int other_factor(const Layout& l, const Stage& stage) {
  return stage.drive.control == Control::voltage ? l.current : l.voltage;
}

void negate(State& state) {
  for (double& value : state) value = -value;
}

}  // namespace

double dot(const RunChange& slopes, const RunChange& change) {
  double sum = dot(slopes.model, change.model);
  const auto add = [&](const std::vector<double>& a, const std::vector<double>& b) {
    if (a.empty() || b.empty()) return;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  };
  add(slopes.initial, change.initial), add(slopes.drives, change.drives), add(slopes.stops, change.stops);
  return sum;
}

Sensitivity::Sensitivity(const Model& model, const Observers& observers, const RunTape& tape, const std::string& linear)
    : model_(model),
      observers_(observers),
      tape_(tape),
      l_(model.layout()),
      inverse_(model, linear),
      pull_back_(model),
      remembered_(l_.size, 0) {
  for (const auto& [from, to] : l_.memory) std::fill(remembered_.begin() + from, remembered_.begin() + to, 1);
}

State Sensitivity::remembering(State changes, const State& source) const {
  for (int k = 0; k < l_.size; ++k)
    if (remembered_[k]) changes[k] = source[k];
  return changes;
}

void Sensitivity::take(int n) {
  if (taken_ == n) return;
  taken_ = -1;
  const Stage& s = stage(n);
  hat_ = tape_.stages.hat(l_, n);
  const State& here = state(n);
  inverse_.take(s.gamma, hat_, here, terminals(l_, s, here));
  taken_ = n;
}

/// Sum over all ranks; what there is one of stands on every rank, and counts once.
double Sensitivity::inner(const State& a, const State& b) const {
  double sum = 0;
  for (const Slot& slot : l_.slots) {
    if (slot.home == Home::whole && model_.team().rank() != 0) continue;
    for (int k = slot.at; k < slot.at + slot.size; ++k) sum += a[k] * b[k];
  }
  return model_.team().sum(sum);
}

/// How the state at the end of a step of the protocol moves with the length of its last time step, its beginning as it
/// is. Leaves the last stage taken.
State Sensitivity::by_end(int last) {
  State moved, middle;
  const bool turned = stage(last - 1).kind == Stage::Kind::middle;
  for (int n = turned ? last - 1 : last; n <= last; ++n) {
    const Stage& s = stage(n);
    take(n);
    const State& here = state(n);
    State hat_moves(l_.size, 0.0);
    const auto add = [&](double weight, const State& of) {
      for (const auto& [from, to] : l_.memory)
        for (int k = from; k < to; ++k) hat_moves[k] += weight * of[k];
    };
    // gamma's part, as if it were the hat's
    add(s.gamma_by_end / s.gamma, here), add(-s.gamma_by_end / s.gamma, hat_);
    for (const Stage::Term& term : s.states) {
      add(term.by_end, state(term.stage));
      if (turned && term.stage == last - 1) add(term.weight, middle);
    }
    for (const Stage::Term& term : s.slopes) add(term.by_end, tape_.stages.slope(term.stage));
    std::vector<State> column = step_derivatives(model_, s.gamma, hat_, here, {{nullptr, &hat_moves, nullptr}});
    column[0][l_.voltage] -= s.drive.slope_at(s.t) * s.t_by_end;
    inverse_.solve(column, Form::plain);
    negate(column[0]);
    moved = std::move(column[0]);
    if (n < last) middle = moved;
  }
  const Stage& s = stage(last);
  if (!s.energy.empty()) {
    double& energy = moved[l_.energy] = s.energy_rest_by_end;
    const int other = other_factor(l_, s);
    for (const Stage::Term& term : s.energy) {
      energy += term.by_end * state(term.stage)[other];
      if (term.stage == last) energy += term.weight * moved[other];
      if (turned && term.stage == last - 1) energy += term.weight * middle[other];
    }
  }
  return moved;
}

Sensitivity::Landing Sensitivity::landing(const TapedEnd& end) {
  Landing landing;
  if (end.by == TapedEnd::By::nothing) return landing;
  landing.by_length = by_end(end.last);
  if (end.by == TapedEnd::By::time) return landing;
  const State here = seen(end.last);
  landing.stop = observers_.slope(end.observable, here);
  for (double& by : landing.stop) by *= end.sign;
  add(landing.numbers, end.sign, observers_.parameter_slope(end.observable, here));
  landing.speed = inner(landing.stop, landing.by_length);
  if (std::isfinite(landing.speed) && landing.speed != 0) return landing;
  throw SolveFailure(fmt::format("the stop in {} at t = {:.6g} s is grazed, so that nothing behind it has a derivative",
                                 observables()[end.observable].spoken, stage(end.last).t));
}

std::vector<std::vector<Sensitivity::OfRow>> Sensitivity::rows_of(const std::vector<ResultSlope>& results) const {
  std::vector<std::vector<OfRow>> all(tape_.stages.stages().size());
  for (std::size_t r = 0; r < results.size(); ++r)
    for (const ResultSlope::OfValue& value : results[r].values) {
      if (tape_.rows[value.row] < 0)
        throw SolveFailure(
            fmt::format("the {} that counts lies between two time steps, where the current turns: it "
                        "has no derivative",
                        observables()[value.observable].spoken));
      std::vector<OfRow>& here = all[tape_.rows[value.row]];
      auto found = std::find_if(here.begin(), here.end(), [&](const OfRow& row) {
        return row.observable == value.observable && row.sharpness == value.sharpness;
      });
      if (found == here.end()) found = here.insert(here.end(), {value.observable, value.sharpness, {}});
      found->by.emplace_back(r, value.by);
    }
  return all;
}

// --- backward ----------------------------------------------------------------------------------------------------

/// Slopes of all results at once, from the last stage to the first.
struct Sensitivity::Backward {
  Sensitivity& on;
  const std::vector<ResultSlope>& results;
  const Layout& l;
  std::vector<RunChange> slopes;
  std::vector<std::vector<State>> seeds, slope_seeds;  ///< [stage][result]: by its state, by its dy/dt
  std::vector<double> later;                           ///< by the time at which what comes later begins
  std::vector<std::vector<OfRow>> rows_of;             ///< [stage] what the results have of it
  std::vector<State> spare;                            ///< room of seeds that are through

  Backward(Sensitivity& sensitivity, const std::vector<ResultSlope>& of)
      : on(sensitivity),
        results(of),
        l(sensitivity.l_),
        slopes(of.size()),
        seeds(on.tape_.stages.stages().size()),
        slope_seeds(seeds.size()),
        later(of.size(), 0.0),
        rows_of(on.rows_of(results)) {
    for (std::size_t r = 0; r < results.size(); ++r) {
      slopes[r].drives.assign(on.tape_.ends.size(), 0.0);
      slopes[r].stops.assign(on.tape_.ends.size(), 0.0);
      if (on.model_.team().rank() == 0) slopes[r].model.area = results[r].by_area;
    }
  }

  State& seed(std::vector<std::vector<State>>& of, int n, std::size_t r) {
    of[n].resize(results.size());
    State& state = of[n][r];
    if (state.empty()) state = zeros();
    return state;
  }
  static bool any(const std::vector<std::vector<State>>& of, int n, std::size_t r) {
    return !of[n].empty() && !of[n][r].empty();
  }

  State zeros() {
    if (spare.empty()) return State(l.size, 0.0);
    State state = std::move(spare.back());
    spare.pop_back();
    std::fill(state.begin(), state.end(), 0.0);
    return state;
  }
  void give_back(State& state) {
    if (!state.empty()) spare.push_back(std::move(state));
    state.clear();
  }

  /// What a start remembers is that of the stage before it.
  void add_seed(int n, std::size_t r, const State& slope, double factor) {
    State& own = seed(seeds, n, r);
    const int source = on.memory_of(n);
    if (source == n) {
      for (int k = 0; k < l.size; ++k) own[k] += factor * slope[k];
      return;
    }
    State& remembered = seed(seeds, source, r);
    for (int k = 0; k < l.size; ++k) (on.remembered_[k] ? remembered : own)[k] += factor * slope[k];
  }

  void add_rows(int n) {
    if (rows_of[n].empty()) return;
    const State state = on.seen(n);
    for (const OfRow& row : rows_of[n]) {
      const State slope = on.observers_.slope(row.observable, state, row.sharpness);
      const ParameterChange explicitly = on.observers_.parameter_slope(row.observable, state, row.sharpness);
      for (const auto& [r, by] : row.by) {
        add_seed(n, r, slope, by);
        add(slopes[r].model, by, explicitly);
      }
    }
  }

  double times_of(std::size_t r, int first, int last) const {
    double sum = 0;
    for (const ResultSlope::OfTime& time : results[r].times) {
      const int n = on.tape_.rows[time.row];
      if (n >= first && n <= last) sum += time.by;
    }
    return sum;
  }

  void end(std::size_t k) {
    const TapedEnd& end = on.tape_.ends[k];
    const bool first_rank = on.model_.team().rank() == 0;
    const Landing landing = on.landing(end);
    for (std::size_t r = 0; r < results.size(); ++r) {
      const double by_start = later[r] + times_of(r, end.first, end.last);
      const double by_length = times_of(r, end.last, end.last) + std::exchange(later[r], by_start);
      if (end.by == TapedEnd::By::nothing) continue;
      const double whole = (any(seeds, end.last, r) ? on.inner(seeds[end.last][r], landing.by_length) : 0) + by_length;
      if (end.by == TapedEnd::By::time) {
        if (end.of_protocol) later[r] -= whole;
        if (first_rank) slopes[r].stops[k] += whole;
      } else if (whole != 0) {
        const double per_stop = -whole / landing.speed;
        add_seed(end.last, r, landing.stop, per_stop);
        add(slopes[r].model, per_stop, landing.numbers);
        if (end.since_start) seed(seeds, on.memory_of(end.first), r)[l.charge] -= per_stop * end.sign;
        if (first_rank) slopes[r].stops[k] -= per_stop;
      }
    }
  }

  /// What the energy has of other stages.
  void pass_energy_on(int n, std::size_t r) {
    const Stage& s = on.stage(n);
    if (s.energy.empty() || !any(seeds, n, r)) return;
    const double energy = std::exchange(seeds[n][r][l.energy], 0.0);
    const int other = other_factor(l, s);
    for (const Stage::Term& term : s.energy) seed(seeds, term.stage, r)[other] += energy * term.weight;
    seed(seeds, s.energy_from, r)[l.energy] += energy;
  }

  /// By the stage's own equations. What nothing weighs here is left out.
  void back_over(int n, std::size_t step) {
    const Stage& s = on.stage(n);
    std::vector<std::size_t> seen;
    std::vector<State> columns;
    for (std::size_t r = 0; r < results.size(); ++r) {
      pass_energy_on(n, r);
      if (!any(seeds, n, r) && !any(slope_seeds, n, r)) continue;
      State& column = seed(seeds, n, r);
      if (any(slope_seeds, n, r)) {
        const State& slope = slope_seeds[n][r];
        for (const auto& [from, to] : l.memory)
          for (int k = from; k < to; ++k) column[k] += slope[k] / s.gamma;
      }
      negate(column);
      columns.push_back(std::move(column));
      seen.push_back(r);
    }
    if (seen.empty()) return;
    on.take(n);
    on.inverse_.solve(columns, Form::transposed);
    on.pull_back_.take(s.gamma, on.hat_, on.state(n));
    for (std::size_t c = 0; c < seen.size(); ++c) {
      const std::size_t r = seen[c];
      if (on.model_.team().rank() == 0) slopes[r].drives[step] -= columns[c][l.voltage];
      State by_hat = zeros();
      on.pull_back_.add(columns[c], by_hat, slopes[r].model);
      if (any(slope_seeds, n, r))
        for (const auto& [from, to] : l.memory)
          for (int k = from; k < to; ++k) by_hat[k] -= slope_seeds[n][r][k] / s.gamma;
      const auto pass_on = [&](std::vector<std::vector<State>>& to_seeds, const Stage::Term& term) {
        State& before = seed(to_seeds, term.stage, r);
        for (const auto& [from, to] : l.memory)
          for (int k = from; k < to; ++k) before[k] += term.weight * by_hat[k];
      };
      for (const Stage::Term& term : s.states) pass_on(seeds, term);
      for (const Stage::Term& term : s.slopes) pass_on(slope_seeds, term);
      give_back(by_hat), give_back(columns[c]);
      if (any(slope_seeds, n, r)) give_back(slope_seeds[n][r]);
    }
    seeds[n].clear(), slope_seeds[n].clear();
  }

  std::vector<RunChange> all() {
    for (std::size_t k = on.tape_.ends.size(); k-- > 0;) {
      const TapedEnd& ends = on.tape_.ends[k];
      add_rows(ends.last);
      end(k);
      for (int n = ends.last; n >= ends.first; --n) {
        if (n < ends.last) add_rows(n);
        back_over(n, k);
      }
    }
    for (std::size_t r = 0; r < results.size(); ++r) {
      State& initial = slopes[r].initial = seed(seeds, 0, r);
      if (on.model_.team().rank() != 0)
        for (const Slot& slot : l.slots)
          if (slot.home == Home::whole) std::fill_n(initial.begin() + slot.at, slot.size, 0.0);
    }
    return std::move(slopes);
  }
};

std::vector<RunChange> Sensitivity::backward(const std::vector<ResultSlope>& results) {
  return Backward(*this, results).all();
}

// --- forward -----------------------------------------------------------------------------------------------------

struct Sensitivity::Forward {
  Sensitivity& on;
  const std::vector<ResultSlope>& results;
  const std::vector<RunChange>& directions;
  const Layout& l;
  std::vector<std::vector<State>> moved, rates;  ///< [stage][direction]: d(state), d(dy/dt)
  std::vector<int> last_use;                     ///< of a stage: the last one that is made from it
  std::vector<std::vector<OfRow>> rows_of;       ///< [stage] what the results have of it,
  /// of its time: result, slope
  std::vector<std::vector<std::pair<std::size_t, double>>> times_of;
  std::vector<double> start;                ///< d(time at which the step of the protocol begins)
  std::vector<std::vector<double>> slopes;  ///< [direction][result]

  Forward(Sensitivity& sensitivity, const std::vector<ResultSlope>& of, const std::vector<RunChange>& along)
      : on(sensitivity),
        results(of),
        directions(along),
        l(sensitivity.l_),
        moved(on.tape_.stages.stages().size()),
        rates(moved.size()),
        last_use(moved.size(), 0),
        rows_of(on.rows_of(of)),
        times_of(moved.size()),
        start(along.size(), 0.0),
        slopes(along.size(), std::vector<double>(of.size(), 0.0)) {
    for (std::size_t r = 0; r < results.size(); ++r)
      for (const ResultSlope::OfTime& time : results[r].times)
        if (on.tape_.rows[time.row] >= 0) times_of[on.tape_.rows[time.row]].emplace_back(r, time.by);
    const auto uses = [&](int by, int stage) { last_use[stage] = std::max(last_use[stage], by); };
    for (int n = 0; n < static_cast<int>(moved.size()); ++n) {
      for (const Stage::Term& term : on.stage(n).states) uses(n, term.stage);
      for (const Stage::Term& term : on.stage(n).slopes) uses(n, term.stage);
      for (const Stage::Term& term : on.stage(n).energy) uses(n, term.stage);
      if (on.stage(n).energy_from >= 0) uses(n, on.stage(n).energy_from);
    }
    for (const TapedEnd& end : on.tape_.ends) {  // what is seen of a start is remembered from before it
      for (int n = end.first; n <= end.last; ++n) uses(n, on.memory_of(n));
      uses(end.last, on.memory_of(end.first));
    }
  }

  void over(int n, std::size_t step) {
    const Stage& s = on.stage(n);
    on.take(n);
    std::vector<State> hats(directions.size(), State(l.size, 0.0));
    std::vector<Direction> along;
    for (std::size_t d = 0; d < directions.size(); ++d) {
      for (int k = 0; k < l.size; ++k) {
        if (!on.remembered_[k]) continue;
        for (const Stage::Term& term : s.states) hats[d][k] += term.weight * moved[term.stage][d][k];
        for (const Stage::Term& term : s.slopes) hats[d][k] += term.weight * rates[term.stage][d][k];
      }
      along.push_back({nullptr, &hats[d], &directions[d].model});
    }
    std::vector<State> columns = step_derivatives(on.model_, s.gamma, on.hat_, on.state(n), along);
    for (std::size_t d = 0; d < directions.size(); ++d)
      if (!directions[d].drives.empty()) columns[d][l.voltage] -= directions[d].drives[step];
    on.inverse_.solve(columns, Form::plain);
    for (std::size_t d = 0; d < directions.size(); ++d) {
      negate(columns[d]);
      rates[n].push_back(State(s.slope < 0 ? 0 : l.size, 0.0));
      if (s.slope >= 0)
        for (int k = 0; k < l.size; ++k)
          if (on.remembered_[k]) rates[n][d][k] = (columns[d][k] - hats[d][k]) / s.gamma;
    }
    moved[n] = std::move(columns);
    for (std::size_t d = 0; d < directions.size() && !s.energy.empty(); ++d) {
      double energy = moved[s.energy_from][d][l.energy];
      for (const Stage::Term& term : s.energy) energy += term.weight * moved[term.stage][d][other_factor(l, s)];
      moved[n][d][l.energy] = energy;
    }
  }

  /// What a landing makes of the length of its step. @return how the time of the end moves, its step's start apart
  std::vector<double> land(std::size_t k) {
    const TapedEnd& end = on.tape_.ends[k];
    std::vector<double> longer(directions.size(), 0.0);
    if (end.by == TapedEnd::By::nothing) return longer;
    const Landing landing = on.landing(end);
    for (std::size_t d = 0; d < directions.size(); ++d) {
      const double wanted = directions[d].stops.empty() ? 0 : directions[d].stops[k];
      if (end.by == TapedEnd::By::time) {
        longer[d] = wanted - (end.of_protocol ? start[d] : 0);
      } else {
        double passed = on.inner(landing.stop, moved[end.last][d]);
        passed += on.model_.team().sum(dot(landing.numbers, directions[d].model));
        if (end.since_start) passed -= end.sign * moved[on.memory_of(end.first)][d][l.charge];
        longer[d] = (wanted - passed) / landing.speed;
      }
      for (int i = 0; i < l.size; ++i) moved[end.last][d][i] += longer[d] * landing.by_length[i];
    }
    return longer;
  }

  void add_rows(int n, const std::vector<double>& longer) {
    for (const auto& [r, by] : times_of[n])
      for (std::size_t d = 0; d < directions.size(); ++d) slopes[d][r] += by * (start[d] + longer[d]);
    if (rows_of[n].empty()) return;
    const State here = on.seen(n);
    for (const OfRow& row : rows_of[n]) {
      const State slope = on.observers_.slope(row.observable, here, row.sharpness);
      const ParameterChange explicitly = on.observers_.parameter_slope(row.observable, here, row.sharpness);
      for (std::size_t d = 0; d < directions.size(); ++d) {
        const double change = on.inner(slope, on.remembering(moved[n][d], moved[on.memory_of(n)][d])) +
                              on.model_.team().sum(dot(explicitly, directions[d].model));
        for (const auto& [r, by] : row.by) slopes[d][r] += by * change;
      }
    }
  }

  void forget(int n) {
    for (int before = 0; before <= n; ++before)
      if (last_use[before] <= n) moved[before].clear(), rates[before].clear();
  }

  std::vector<std::vector<double>> all() {
    for (const RunChange& direction : directions) {
      moved[0].push_back(direction.initial.empty() ? State(l.size, 0.0) : direction.initial);
      rates[0].emplace_back();
    }
    const std::vector<double> none(directions.size(), 0.0);
    for (std::size_t k = 0; k < on.tape_.ends.size(); ++k) {
      const TapedEnd& end = on.tape_.ends[k];
      for (int n = end.first; n <= end.last; ++n) {
        over(n, k);
        if (n == end.last) break;
        add_rows(n, none);
        forget(n - 1);
      }
      const std::vector<double> longer = land(k);
      add_rows(end.last, longer);
      for (std::size_t d = 0; d < directions.size(); ++d) start[d] += longer[d];
    }
    for (std::size_t d = 0; d < directions.size(); ++d)
      for (std::size_t r = 0; r < results.size(); ++r) slopes[d][r] += results[r].by_area * directions[d].model.area;
    return std::move(slopes);
  }
};

std::vector<std::vector<double>> Sensitivity::forward(const std::vector<ResultSlope>& results,
                                                      const std::vector<RunChange>& directions) {
  return Forward(*this, results, directions).all();
}

}  // namespace porelith
