#include "solver/march/stage.hpp"

#include <algorithm>
#include <cmath>

#include "solver/base/dual.hpp"

namespace porelith {

namespace {

/// Moves as fast as the end of the time step does times `speed`.
Dual<1> moving(double t, double speed) { return {t, {speed}}; }

Stage::Term term(int stage, const Dual<1>& weight) { return {stage, weight.value, weight.slope[0]}; }

double driven_at(const Drive& drive, double t) { return drive.at(t); }
Dual<1> driven_at(const Drive& drive, const Dual<1>& t) {
  return chained(t, drive.at(t.value), drive.slope_at(t.value));
}

}  // namespace

template <class Number>
EnergyOf<Number> energy_between(const Drive& drive, std::common_type_t<Number> from, std::common_type_t<Number> to,
                                int points, const Number* nodes) {
  const Number half = (to - from) / 2;
  const double out = std::sqrt(0.6);
  EnergyOf<Number> energy{{}, 0};
  for (const auto& [place, weight] : {std::pair{-out, 5.0}, {0.0, 8.0}, {out, 5.0}}) {
    const Number t = from + half * (1 + place), passes = weight / 9 * driven_at(drive, t) * half;
    if (drive.control == Control::power) {
      energy.rest += passes;
      continue;
    }
    const WeightsOf<Number> w = interpolation_weights(points, t, nodes);
    for (int i = 0; i < points; ++i) energy.other[i] += passes * w[i];
  }
  return energy;
}

template EnergyOf<double> energy_between(const Drive&, double, double, int, const double*);
template EnergyOf<Dual<1>> energy_between(const Drive&, Dual<1>, Dual<1>, int, const Dual<1>*);

int StageTape::index_of_memory(int stage) const {
  return stages_[stage].kind == Stage::Kind::start ? stages_[stage].states.front().stage : stage;
}

State StageTape::seen(const Layout& layout, int stage) const {
  State seen = state(stage);
  const int source = index_of_memory(stage);
  if (source == stage) return seen;
  const State& remembered = state(source);
  for (const auto& [from, to] : layout.memory)
    std::copy(remembered.begin() + from, remembered.begin() + to, seen.begin() + from);
  return seen;
}

void StageTape::start(const Layout& layout, const State& remembered, State solved, double t, double gamma,
                      const Drive& drive) {
  if (stages_.empty()) {
    stages_.emplace_back();
    stages_.back().state = states_.keep(remembered);
    history_ = {0};
  }
  Stage stage;
  stage.kind = Stage::Kind::start;
  stage.t = t;
  stage.gamma = gamma;
  stage.states = {{index_of_memory(history_.front()), 1, 0}};
  stage.drive = drive;
  solved[layout.charge] = remembered[layout.charge] + gamma * solved[layout.current];
  solved[layout.energy] = remembered[layout.energy] + gamma * solved[layout.current] * solved[layout.voltage];
  stage.state = states_.keep(std::move(solved));
  stages_.push_back(std::move(stage));
  if (drive.exact) keep_slope(layout);
  history_ = {last()};
}

void StageTape::step(const Layout& layout, int order, double t, const double* times, const Drive& drive,
                     const State* middle, const State& state) {
  std::array<Dual<1>, max_bdf_order + 3> past;
  for (int i = 0; i < order; ++i) past[i] = times[i];
  const int before = history_.front();
  if (middle) {
    const double part = (times[0] - times[1]) / (t - times[1]);
    past[0] = moving(times[0], part);
    Stage stage;
    stage.kind = Stage::Kind::middle;
    stage.t = times[0], stage.t_by_end = part;
    stage.gamma = (times[0] - times[1]) / 2, stage.gamma_by_end = part / 2;
    stage.states = {{index_of_memory(before), 1, 0}};
    stage.slopes = {{before, stage.gamma, stage.gamma_by_end}};
    stage.drive = drive;
    stage.state = states_.keep(*middle);
    stages_.push_back(std::move(stage));
    history_.insert(history_.begin(), last());
  }
  Stage stage;
  stage.kind = Stage::Kind::step;
  stage.t = t, stage.t_by_end = 1;
  const BdfFormulaOf<Dual<1>> bdf = bdf_formula(order, moving(t, 1), past.data());
  stage.gamma = bdf.gamma.value, stage.gamma_by_end = bdf.gamma.slope[0];
  for (int i = 0; i < order; ++i) stage.states.push_back(term(index_of_memory(history_[i]), bdf.hat[i]));
  stage.drive = drive;
  stage.state = states_.keep(state);
  if (drive.exact) {
    std::array<Dual<1>, max_bdf_order + 3> nodes{moving(t, 1)};
    std::copy_n(past.begin(), order, nodes.begin() + 1);
    const auto energy = energy_between(drive, times[middle ? 1 : 0], nodes[0], order + 1, nodes.data());
    for (int i = 0; i <= order; ++i)
      stage.energy.push_back(term(i == 0 ? last() + 1 : history_[i - 1], energy.other[i]));
    stage.energy_from = index_of_memory(before);
    stage.energy_rest_by_end = energy.rest.slope[0];
  }
  stages_.push_back(std::move(stage));
  if (drive.exact) keep_slope(layout);
  history_.insert(history_.begin(), last());
  history_.resize(std::min<std::size_t>(history_.size(), max_bdf_order + 3));
}

void StageTape::keep_slope(const Layout& layout) {
  const State before = hat(layout, last()), &solved = state(last());
  State slope(layout.size, 0.0);
  for (const auto& [from, to] : layout.memory)
    for (int k = from; k < to; ++k) slope[k] = (solved[k] - before[k]) / stages_.back().gamma;
  stages_.back().slope = states_.keep(std::move(slope));
}

State StageTape::hat(const Layout& layout, int index) const {
  const Stage& stage = stages_[index];
  State hat(layout.size, 0.0);
  const auto add = [&](double weight, const State& of) {
    for (const auto& [from, to] : layout.memory)
      for (int k = from; k < to; ++k) hat[k] += weight * of[k];
  };
  for (const Stage::Term& term : stage.states) add(term.weight, state(term.stage));
  for (const Stage::Term& term : stage.slopes) add(term.weight, slope(term.stage));
  return hat;
}

}  // namespace porelith
