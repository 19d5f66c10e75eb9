#include "solver/march/stepper.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "solver/base/error.hpp"
#include "solver/march/trouble.hpp"

namespace porelith {

namespace {
/// The start is an implicit Euler step so short that no concentration moves (T5) [s]
constexpr double start_step = 1e-9;
constexpr double shortest_step = 1e-10;    ///< [s]
constexpr double jump_step = 1e-8;         ///< what changes within less is a jump, of which no polynomial knows [s]
constexpr double first_step = 1e-4;        ///< after a start [s]
constexpr double first_growth = 3;         ///< of the second step, before there is an error estimate
constexpr double most_growth = 2.5;        ///< of any step
constexpr double safety = 2;               ///< the next step aims at this part of the tolerance, inverted
constexpr double potential_weight = 1;     ///< errors of potentials, 1 V against the concentrations' scales
constexpr double probe_step = 1e-6;        ///< a start's of an exact drive, whose slope is taken with it [s]
constexpr double after_jump = 0.25;        ///< after a jump of the voltage by jump_voltage, goes with its square [s]
constexpr double second_after_jump = 0.5;  ///< of what the first step's error suggests: its estimate looks back to 0+
constexpr double jump_voltage = 0.05;      ///< [V]
/// Part of the way that the trapezoidal rule goes: both parts have one gamma, and the whole is L-stable (T7).
const double middle_part = 2 - std::sqrt(2.0);
/// The same on a table: potentials follow a current that swings through zero along the bent laws of the kinetics, which
/// is no error of what is integrated.
constexpr double swung_potential_weight = 0.2;
/// The error of a step after a turn over the estimate of order 1: 1/7 to 1/4 where the flux on a particle is kinked, up
/// to 2/5 where it jumps, and jump adds to jump (T7).
constexpr double kink_weight = 0.15, jump_weight = 0.6;
/// What a function as a drive may differ from the step's polynomial, over rtol: of the largest current or power, or of
/// 1 V. Rows between steps take the function's own value.
constexpr double function_weight = 10;
/// What a kelvin counts as [V]: potentials follow by about a millivolt, of U or of an overpotential.
constexpr double potential_by_temperature = 1e-3;
constexpr double worth_a_try = 0.7;  ///< a step after a turn goes to the limit if it may be that part of the way

/// result[from..to) = sum_i w[i] states[i][from..to)
void combine(int n, const double* w, const double* const* states, int from, int to, double* result) {
  for (int k = from; k < to; ++k) result[k] = w[0] * states[0][k];
  for (int i = 1; i < n; ++i) {
    const double weight = w[i];
    const double* y = states[i];
    for (int k = from; k < to; ++k) result[k] += weight * y[k];
  }
}

/// Neighbours of one kind and scale, as both potentials, are one norm.
std::vector<ErrorNorm> norms_of(const Layout& layout) {
  std::vector<ErrorNorm> norms;
  for (const Slot& slot : layout.slots) {
    if (slot.scale == 0) continue;
    const int surface = slot.bed >= 0 && slot.at == layout.beds[slot.bed].c_ss ? slot.bed : -1;
    const bool algebraic = slot.kind == Kind::algebraic;
    if (!norms.empty() && algebraic && norms.back().algebraic && norms.back().to == slot.at &&
        norms.back().scale == slot.scale)
      norms.back().to += slot.size;
    else
      norms.push_back({slot.at, slot.at + slot.size, slot.scale, algebraic, surface});
  }
  return norms;
}

double sum_of_squares(int n, const double* values) {
  double sum = 0;
  for (int i = 0; i < n; ++i) sum += values[i] * values[i];
  return sum;
}
}  // namespace

Stepper::Stepper(Model& model, const SolverOptions& options, std::shared_ptr<const TemperatureFunction> temperature)
    : model_(model),
      options_(options),
      temperature_(std::move(temperature)),
      linear_(make_linear_solver(model.mesh(), options.linear, model.electrolyte().c_e0(), model.team())),
      system_(model.mesh().with_ghosts(), static_cast<int>(model.mesh().faces.size())),
      update_{std::vector<Triple>(model.mesh().cells()), {0}},
      hat_(model.layout().size, 0.0) {
  for (int i = 0; i < max_bdf_order + 1; ++i) states_.push_back(std::make_unique<State>(model.layout().size, 0.0));
  candidate_ = std::make_unique<State>(model.layout().size, 0.0);
  middle_ = std::make_unique<State>(model.layout().size, 0.0);
  norms_ = norms_of(model.layout());
  for (const ErrorNorm& norm : norms_) tested_ = std::max(tested_, norm.to);
  if (model.nonlinear_particles()) tested_ = model.layout().size;
  for (const ErrorNorm& norm : norms_) field_sizes_.push_back(norm.to - norm.from);
  model.team().sum(field_sizes_.data(), static_cast<int>(field_sizes_.size()));
}

const Counts& Stepper::counts() const {
  counts_.law_evaluations = evaluated_before_ + model_.law_evaluations();
  return counts_;
}

void Stepper::start(const State& state, double t, const Drive& drive) {
  if (!take_temperature_of(t))
    throw SolveFailure(fmt::format("no consistent start at t = {:.6g} s: {}", t, last_trouble_));
  drive_ = drive;
  *candidate_ = state;
  hat_ = state;
  t_new_ = t;
  gamma_ = drive.exact ? probe_step : start_step;
  model_.condense(gamma_, hat_, *candidate_);
  const bool solved = newton(gamma_, *candidate_, 200, 0.3);
  if (solved && drive.exact) model_.balance_salt(hat_, *candidate_);
  model_.expand(hat_, *candidate_, drive.exact);
  model_.follow(gamma_, hat_, *candidate_);
  if (!all_diffuse(*candidate_) || !solved)
    throw SolveFailure(fmt::format("no consistent start at t = {:.6g} s: {}", t, last_trouble_));
  State& x = *candidate_;
  if (drive.exact) {
    keep_slope();
    slope_[model_.layout().charge] = x[model_.layout().current];
    slope_[model_.layout().energy] = x[model_.layout().current] * x[model_.layout().voltage];
  }
  if (tape_) tape_->start(model_.layout(), state, x, t, gamma_, drive);
  // Concentrations are those of `state` to the bit; only what has no memory is new.
  const Layout& l = model_.layout();
  for (const auto& [from, to] : l.memory) std::copy(state.begin() + from, state.begin() + to, x.begin() + from);
  const double jump = std::abs(x[l.voltage] - state[l.voltage]);
  std::swap(states_[0], candidate_);
  times_[0] = t;
  known_ = 1;
  order_ = 1;
  steps_at_order_ = 0;
  step_ = first_step;
  turning_ = after_jump_ = drive.exact;
  if (drive.exact)
    step_ = std::clamp(after_jump * std::pow(jump_voltage / std::max(jump, 1e-3), 2), first_step, after_jump);
  if (options_.fixed_step) step_ = *options_.fixed_step;
}

void Stepper::keep_slope() {
  const Layout& l = model_.layout();
  slope_.resize(l.size);
  const State& x = *candidate_;
  for (const auto& [from, to] : l.memory)
    for (int k = from; k < to; ++k) slope_[k] = (x[k] - hat_[k]) / gamma_;
}

void Stepper::turn(const Drive& drive) {
  drive_ = drive;
  after_jump_ = false;
  begin_history();
}

void Stepper::begin_history() {
  known_ = 1;
  order_ = 1;
  steps_at_order_ = 0;
  turning_ = drive_.exact;
}

Stepper::Memory Stepper::remember() const {
  Memory memory{{},
                {},
                step_,
                order_,
                steps_at_order_,
                contraction_,
                counts(),
                linear_->remember(),
                {},
                turning_ + 2 * after_jump_};
  if (drive_.exact) memory.slope = slope_;
  for (int i = 0; i < known_; ++i) {
    memory.times.push_back(times_[i]);
    memory.states.push_back(*states_[i]);
  }
  return memory;
}

void Stepper::resume(const Memory& memory, const Drive& drive) {
  bool fits = !memory.times.empty() && memory.times.size() <= states_.size();
  fits = fits && memory.states.size() == memory.times.size() && memory.order >= 1 && memory.order <= max_bdf_order;
  for (const State& state : memory.states) fits = fits && static_cast<int>(state.size()) == model_.layout().size;
  const std::size_t slope_size = drive.exact ? model_.layout().size : 0;
  fits = fits && memory.slope.size() == slope_size && !(memory.turning && !drive.exact);
  if (model_.team().any(!fits)) throw std::invalid_argument("the states to go on from are not of this mesh and cell");
  drive_ = drive;
  known_ = static_cast<int>(memory.times.size());
  for (int i = 0; i < known_; ++i) {
    times_[i] = memory.times[i];
    *states_[i] = memory.states[i];
  }
  step_ = memory.step;
  order_ = memory.order;
  steps_at_order_ = memory.steps_at_order;
  contraction_ = memory.contraction;
  counts_ = memory.counts;
  evaluated_before_ = memory.counts.law_evaluations - model_.law_evaluations();
  slope_ = memory.slope;
  turning_ = (memory.turning & 1) != 0;
  after_jump_ = (memory.turning & 2) != 0;
  linear_->resume(memory.linear);
}

void Stepper::advance(double t_limit) {
  careful_ = false;
  for (failures_ = 0;;) {
    const double left = t_limit - times_[0];
    double dt = std::min(step_, options_.max_step);
    const bool try_all = turning_ && failures_ == 0 && left <= options_.max_step;
    if (dt > left * (try_all ? worth_a_try : 1 - 1e-10))
      dt = left;  // land on the limit,
    else if (dt > 0.5 * left)
      dt = 0.5 * left;  // or in two equal steps
    t_new_ = dt == left ? t_limit : times_[0] + dt;
    step_ = dt;
    if (!attempt()) {
      if (careful_ || !model_.nonlinear_particles()) shrink(0.25);
      careful_ = model_.nonlinear_particles();
      continue;
    }
    if (options_.fixed_step) {
      step_ = *options_.fixed_step;
      order_ = std::min({order_ + 1, most_order(), known_ + 1});
      return;
    }
    function_error_ = std::max(error_of_function(), error_of_temperature());
    const double error = std::max(error_of_attempt(), function_error_);
    jumped_ = error > 1 && dt < jump_step;
    if (error > 1 && !jumped_) {
      last_trouble_ = fmt::format("the local error is {:.2g} times rtol = {:.2g}; {}", error, options_.rtol,
                                  largest_error(model_, local_error_));
      shrink(std::max(0.2, 0.9 * std::pow(error, -1.0 / (turning_ ? 2 : order_ + 1))));
      continue;
    }
    return;
  }
}

void Stepper::shrink(double factor) {
  const double tried = step_;
  ++counts_.rejected;
  if (++failures_ > 2) {  // the polynomial is of no use here
    order_ = 1;
    steps_at_order_ = 0;
    if (drive_.exact) turn(drive_);
  }
  step_ *= factor;
  if (options_.fixed_step)
    throw SolveFailure(
        fmt::format("the fixed time step of {:.3g} s from t = {:.6g} s failed: {}", tried, times_[0], last_trouble_));
  if (step_ < shortest_step)
    throw SolveFailure(
        fmt::format("no time step from t = {:.6g} s succeeded, however short, down to {:.2g} s at order 1: {}",
                    times_[0], shortest_step, last_trouble_));
}

bool Stepper::land(double t) {
  t_new_ = t;
  return attempt();
}

void Stepper::retake(double t, const TakenStep& taken) {
  if (taken.turn) begin_history();
  order_ = taken.order;
  careful_ = taken.careful;
  t_new_ = t;
  step_ = t - times_[0];
  bool found = attempt();
  if (!found && !careful_ && model_.nonlinear_particles()) {
    careful_ = true;
    found = attempt();
  }
  if (!found)
    throw SolveFailure(fmt::format("the step of {:.6g} s from t = {:.6g} s that was taken cannot be done again: {}",
                                   step_, times_[0], last_trouble_));
  jumped_ = taken.forget;
  again_ = true;
}

void Stepper::commit() {
  take_temperature_of(t_new_);
  taken_ = {0, 0, formula_order(), turning_, careful_, jumped_};
  if (!options_.fixed_step && !jumped_ && !again_) choose_order_and_step();
  if (drive_.exact) keep_slope();
  if (tape_)
    tape_->step(model_.layout(), formula_order(), t_new_, past_times_.data(), drive_,
                turning_ ? middle_.get() : nullptr, *candidate_);
  if (turning_) push(middle_, t_middle_);
  push(candidate_, t_new_);
  turning_ = false;
  if (jumped_) begin_history();
  jumped_ = again_ = false;
  ++counts_.steps;
}

void Stepper::push(std::unique_ptr<State>& newest, double t) {
  std::rotate(states_.begin(), states_.end() - 1, states_.end());
  std::rotate(times_.begin(), times_.begin() + states_.size() - 1, times_.begin() + states_.size());
  std::swap(states_[0], newest);
  times_[0] = t;
  known_ = std::min<int>(known_ + 1, states_.size());
}

bool Stepper::attempt() {
  for (std::size_t i = 0; i < states_.size(); ++i) past_[i] = states_[i]->data(), past_times_[i] = times_[i];
  if (!(turning_ ? attempt_turn() : bdf_step(std::min(order_, known_)))) return false;
  if (drive_.exact) integrate_energy();
  return true;
}

void Stepper::integrate_energy() {
  const int at = model_.layout().energy;
  if (turning_) (*middle_)[at] = (*states_[0])[at] + energy_passed(times_[0], t_middle_);
  (*candidate_)[at] = (*states_[0])[at] + energy_passed(times_[0], t_new_);
}

/// Of an exact drive, with the step's polynomial. [J]
double Stepper::energy_passed(double from, double to) const {
  const Layout& l = model_.layout();
  std::array<double, max_bdf_order + 3> nodes;
  std::array<const double*, max_bdf_order + 3> states;
  const int points = polynomial(nodes, states);
  const EnergyOf<double> energy = energy_between(drive_, from, to, points, nodes.data());
  const int other = drive_.control == Control::voltage ? l.current : l.voltage;
  double sum = energy.rest;
  for (int i = 0; i < points; ++i) sum += energy.other[i] * states[i][other];
  return sum;
}

bool Stepper::attempt_turn() {
  const Layout& l = model_.layout();
  const State& y = *states_[0];
  const double t = t_new_;
  t_middle_ = t_new_ = times_[0] + middle_part * (t - times_[0]);
  const double half = (t_middle_ - times_[0]) / 2;
  State& x = *candidate_;
  x = y;
  for (const auto& [from, to] : l.memory)
    for (int k = from; k < to; ++k) hat_[k] = y[k] + half * slope_[k], x[k] = hat_[k] + half * slope_[k];
  for (int P = 0; P < l.cells; ++P) x[l.c_e + P] = std::max(x[l.c_e + P], 0.1 * y[l.c_e + P]);
  const bool found = implicit_step(half);
  t_new_ = t;
  if (!found) return false;
  std::swap(candidate_, middle_);
  past_[0] = middle_->data(), past_times_[0] = t_middle_;
  past_[1] = y.data(), past_times_[1] = times_[0];
  return bdf_step(2);
}

bool Stepper::bdf_step(int order) {
  const Layout& l = model_.layout();
  const BdfFormula bdf = bdf_formula(order, t_new_, past_times_.data());
  for (const auto& [from, to] : l.memory) combine(order, bdf.hat.data(), past_.data(), from, to, hat_.data());

  const int points = turning_ ? 2 : std::min(order + 1, known_);
  const Weights predict = interpolation_weights(points, t_new_, past_times_.data());
  State& x = *candidate_;
  combine(points, predict.data(), past_.data(), 0, model_.nonlinear_particles() ? l.size : l.solved, x.data());
  for (int P = 0; P < l.cells; ++P) x[l.c_e + P] = std::max(x[l.c_e + P], 0.1 * past_[0][l.c_e + P]);
  return implicit_step(bdf.gamma);
}

bool Stepper::implicit_step(double gamma) {
  const Layout& l = model_.layout();
  State& x = *candidate_;
  gamma_ = gamma;
  if (!take_temperature_of(t_new_)) return false;
  model_.condense(gamma, hat_, x);
  const bool solved = careful_ ? newton(gamma, x, 40, 0.3, true) : newton(gamma, x, 12, 1.0);
  if (solved) model_.balance_salt(hat_, x);
  model_.expand(hat_, x, true);
  if (!all_diffuse(x) || !solved) return false;
  x[l.charge] = hat_[l.charge] + gamma * x[l.current];
  x[l.energy] = hat_[l.energy] + gamma * x[l.current] * x[l.voltage];
  model_.follow(gamma, hat_, x);
  return true;
}

bool Stepper::all_diffuse(const State& x) {
  if (!model_.nonlinear_particles() || model_.diffusivity_holds(x)) return true;
  last_trouble_ = model_.complaint();
  return false;
}

/// Of the last attempt, against the tolerance; 0 where too little is known for an estimate.
double Stepper::error_of_attempt() const {
  if (turning_) return (after_jump_ ? jump_weight : kink_weight) * error_of_order(1);
  return known_ > order_ ? error_of_order(order_) : 0;
}

double Stepper::error_of_order(int q) const {
  const Layout& l = model_.layout();
  const Weights w = error_weights(q, t_new_, past_times_.data());
  std::array<const double*, max_bdf_order + 3> nodes{candidate_->data()};
  for (int i = 0; i <= q; ++i) nodes[i + 1] = past_[i];
  State& error = local_error_;
  error.resize(tested_);
  // Root mean square over a field and all ranks. V follows the potentials next to it, and would count less on more
  // cells.
  std::vector<double>& sums = sums_;
  sums.clear();
  for (const ErrorNorm& norm : norms_) {
    combine(q + 2, w.data(), nodes.data(), norm.from, norm.to, error.data());
    double sum = 0;
    if (norm.surface >= 0 && model_.beds()[norm.surface].particles.nonlinear()) {
      const Layout::BedBlock& bed = l.beds[norm.surface];
      const int outermost = bed.c_s + (bed.shells - 1) * bed.cells, before = outermost - bed.cells;
      combine(q + 2, w.data(), nodes.data(), before, outermost + bed.cells, error.data());
      model_.beds()[norm.surface].particles.weigh_surface(nodes[0] + bed.c_ss, nodes[0] + outermost, &error[bed.c_ss]);
      sum = std::max(sum_of_squares(bed.cells, &error[outermost]), sum_of_squares(bed.cells, &error[before]));
    }
    sums.push_back(std::max(sum, sum_of_squares(norm.to - norm.from, &error[norm.from])));
  }
  model_.team().sum(sums.data(), static_cast<int>(sums.size()));
  double worst = 0;
  for (std::size_t k = 0; k < norms_.size(); ++k) {
    const double weight = !norms_[k].algebraic ? 1 : drive_.exact ? swung_potential_weight : potential_weight;
    if (field_sizes_[k] > 0) worst = std::max(worst, std::sqrt(sums[k] / field_sizes_[k]) / norms_[k].scale * weight);
  }
  if (drive_.function && drive_.control == Control::current) {
    double charge = 0;
    for (int i = 0; i < q + 2; ++i) charge += w[i] * nodes[i][l.charge];
    const double largest = drive_.function->largest * (t_new_ - times_[0]);
    if (largest > 0) worst = std::max(worst, std::abs(charge) / largest);
  }
  return worst / options_.rtol;
}

/// At some places of the step, and at all samples of the function that lie in it: no pulse is passed over.
double Stepper::error_of_function() const {
  if (!drive_.function) return 0;
  const Layout& l = model_.layout();
  const double scale = drive_.control == Control::voltage ? 1 : drive_.function->largest;
  double worst = 0;
  const auto look = [&](double t) {
    const double I = drive_.control == Control::voltage ? 1 : interpolated(t, l.current);
    const double V = drive_.control == Control::current ? 1 : interpolated(t, l.voltage);
    worst = std::max(worst, std::abs(I * V - drive_.at(t)));
  };
  const double from = times_[0], to = t_new_;
  for (const double part : {0.137, 0.331, 0.523, 0.719, 0.907}) look(from + part * (to - from));
  const auto& t = drive_.function->samples.time;
  for (auto at = std::upper_bound(t.begin(), t.end(), from - drive_.t_from); at != t.end(); ++at) {
    if (*at >= to - drive_.t_from) break;
    look(drive_.t_from + *at);
  }
  return scale > 0 ? worst / (function_weight * scale * options_.rtol) : 0;
}

/// At the same places: how far the temperature leaves the polynomial that the step's formula sees of it.
double Stepper::error_of_temperature() const {
  if (!temperature_) return 0;
  std::array<double, max_bdf_order + 3> nodes{t_new_}, T_at{temperature_->at(t_new_)};
  const int points = 1 + formula_order();
  for (int i = 1; i < points; ++i) nodes[i] = past_times_[i - 1], T_at[i] = temperature_->at(nodes[i]);
  double worst = 0;
  const auto look = [&](double t) {
    const Weights w = interpolation_weights(points, t, nodes.data());
    double T = 0;
    for (int i = 0; i < points; ++i) T += w[i] * T_at[i];
    const double off = std::abs(T - temperature_->at(t));
    worst = std::isfinite(off) ? std::max(worst, off) : HUGE_VAL;
  };
  const double from = times_[0], to = t_new_;
  for (const double part : {0.137, 0.331, 0.523, 0.719, 0.907}) look(from + part * (to - from));
  const double every = temperature_->planned / temperature_->samples;
  if (every > 0)
    for (double k = std::floor(from / every) + 1; k <= temperature_->samples && k * every < to; ++k) look(k * every);
  return worst * potential_by_temperature / options_.rtol;
}

bool Stepper::follow_temperature(double t) {
  const double T = temperature_->at(t);
  if (T == model_.temperature()) return true;
  if (!temperature_->range.holds(T)) {
    last_trouble_ = fmt::format("[cell] temperature_function is {:.6g} K at t = {:.6g} s, {} K", T, t,
                                temperature_->range.violation());
    return false;
  }
  model_.set_temperature(T);
  return true;
}

void Stepper::choose_order_and_step() {
  const double follows =  // a function of time
      function_error_ > 0 ? std::pow(safety * function_error_, -1.0 / (formula_order() + 1)) : most_growth;
  if (turning_) {
    order_ = 2;
    steps_at_order_ = 0;
    const double error = std::max(error_of_attempt(), 1e-10);
    step_ = (t_new_ - times_[0]) * std::min(std::pow(safety * error, -0.5), most_growth);
    if (after_jump_) step_ *= second_after_jump;
    step_ = std::min(step_, (t_new_ - times_[0]) * follows);
    return;
  }
  ++steps_at_order_;
  const auto factor_of = [&](int q) {
    if (q < (drive_.exact ? 2 : 1) || q > most_order() || known_ < q + 1) return 0.0;
    // Beyond the growth that is allowed they are alike: there, errors are rounding, which must not choose an order.
    const double error = std::max(error_of_order(q), 1e-10);
    return std::min(std::pow(safety * error, -1.0 / (q + 1)), most_growth);
  };
  double best = factor_of(order_);
  int order = order_;
  if (best == 0) best = first_growth;  // no estimate yet
  const double lower = factor_of(order_ - 1);
  if (lower > best) best = lower, order = order_ - 1;
  if (steps_at_order_ > order_) {
    const double higher = factor_of(order_ + 1);
    if (higher > best) best = higher, order = order_ + 1;
  }
  if (order != order_) steps_at_order_ = 0;
  order_ = order;
  step_ = (t_new_ - times_[0]) * std::min({best, most_growth, follows});
}

int Stepper::polynomial(std::array<double, max_bdf_order + 3>& nodes,
                        std::array<const double*, max_bdf_order + 3>& states) const {
  const int order = formula_order();
  nodes[0] = t_new_, states[0] = candidate_->data();
  for (int i = 0; i < order; ++i) nodes[i + 1] = past_times_[i], states[i + 1] = past_[i];
  return order + 1;
}

void Stepper::interpolate(double t, State& result) const {
  std::array<double, max_bdf_order + 3> nodes;
  std::array<const double*, max_bdf_order + 3> states;
  const int n = polynomial(nodes, states);
  result.resize(candidate_->size());
  const Weights w = interpolation_weights(n, t, nodes.data());
  combine(n, w.data(), states.data(), 0, static_cast<int>(result.size()), result.data());
  // Where salt runs out a polynomial passes through zero.
  const Layout& l = model_.layout();
  for (int k = l.c_e; k < l.c_e + l.cells; ++k)
    result[k] = std::max(result[k], 0.1 * std::min((*candidate_)[k], (*states_[0])[k]));
  // Energy of an exact drive as at the step's end.
  if (drive_.exact) result[l.energy] = (*states_[0])[l.energy] + energy_passed(times_[0], t);
}

bool Stepper::state_between(double t, State& result) {
  interpolate(t, result);
  if (!drive_.exact) return true;
  const Layout& l = model_.layout();
  const double t_new = std::exchange(t_new_, t), contraction = contraction_;
  between_ = result;
  hat_.swap(between_);  // the step's own comes back: its slope is still to be taken
  take_temperature_of(t);
  model_.condense(start_step, hat_, result);
  bool solved = newton(start_step, result, 12, 1.0);
  if (!solved) {  // as hard as a start
    result = hat_;
    model_.condense(start_step, hat_, result);
    solved = newton(start_step, result, 200, 0.3);
  }
  if (solved) model_.expand(hat_, result, false);
  // As after a start: what has a memory is the polynomial's.
  if (!solved) result = hat_;
  for (const auto& [from, to] : l.memory) std::copy(hat_.begin() + from, hat_.begin() + to, result.begin() + from);
  hat_.swap(between_);
  t_new_ = t_new, contraction_ = contraction;
  return solved;
}

double Stepper::interpolated(double t, int at) const {
  std::array<double, max_bdf_order + 3> nodes;
  std::array<const double*, max_bdf_order + 3> states;
  const int n = polynomial(nodes, states);
  const Weights w = interpolation_weights(n, t, nodes.data());
  double value = 0;
  for (int i = 0; i < n; ++i) value += w[i] * states[i][at];
  return value;
}

}  // namespace porelith
