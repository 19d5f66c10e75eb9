#include "solver/march/stepper.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "solver/base/error.hpp"
#include "solver/march/trouble.hpp"

namespace porelith {

namespace {
/// The start is an implicit Euler step so short that no concentration moves (T5) [s]
constexpr double start_step = 1e-9;
constexpr double shortest_step = 1e-10;  ///< [s]
constexpr double jump_step = 1e-8;       ///< what changes within less is a jump, of which no polynomial knows [s]
constexpr double first_step = 1e-4;      ///< after a start [s]
constexpr double first_growth = 3;       ///< of the second step, before there is an error estimate
constexpr double most_growth = 2.5;      ///< of any step
constexpr double safety = 2;             ///< the next step aims at this part of the tolerance, inverted
constexpr double potential_weight = 1;   ///< errors of potentials, 1 V against the concentrations' scales

/// result[from..to) = sum_i w[i] states[i][from..to)
void combine(int n, const double* w, const std::vector<const double*>& states, int from, int to, double* result) {
  for (int k = from; k < to; ++k) result[k] = w[0] * states[0][k];
  for (int i = 1; i < n; ++i) {
    const double weight = w[i];
    const double* y = states[i];
    for (int k = from; k < to; ++k) result[k] += weight * y[k];
  }
}

double sum_of_squares(int n, const double* values) {
  double sum = 0;
  for (int i = 0; i < n; ++i) sum += values[i] * values[i];
  return sum;
}
}  // namespace

Stepper::Stepper(Model& model, const SolverOptions& options)
    : model_(model),
      options_(options),
      linear_(make_linear_solver(model.mesh(), options.linear, model.electrolyte().c_e0(), model.team())),
      system_(model.mesh().with_ghosts(), static_cast<int>(model.mesh().faces.size())),
      delta_(model.mesh().cells()),
      hat_(model.layout().size, 0.0) {
  for (int i = 0; i < max_bdf_order + 1; ++i) states_.push_back(std::make_unique<State>(model.layout().size, 0.0));
  candidate_ = std::make_unique<State>(model.layout().size, 0.0);
  const Layout& l = model.layout();
  field_sizes_ = {double(l.cells), 2.0 * l.cells};
  for (const auto& bed : l.beds) field_sizes_.push_back(bed.cells);
  model.team().sum(field_sizes_.data(), static_cast<int>(field_sizes_.size()));
}

const Counts& Stepper::counts() const {
  counts_.law_evaluations = evaluated_before_ + model_.law_evaluations();
  return counts_;
}

void Stepper::start(const State& state, double t, const Drive& drive) {
  drive_ = drive;
  *candidate_ = state;
  hat_ = state;
  t_new_ = t;
  model_.condense(start_step, hat_, *candidate_);
  const bool solved = newton(start_step, *candidate_, 200, 0.3);
  model_.expand(hat_, *candidate_, false);
  if (!all_diffuse(*candidate_) || !solved)
    throw SolveFailure(fmt::format("no consistent start at t = {:.6g} s: {}", t, last_trouble_));
  // Concentrations are those of `state` to the bit; only what has no memory is new.
  State& x = *candidate_;
  const Layout& l = model_.layout();
  std::copy_n(state.begin() + l.c_e, l.cells, x.begin() + l.c_e);
  for (const auto& b : l.beds) std::copy_n(state.begin() + b.c_s, b.cells * b.shells, x.begin() + b.c_s);
  x[l.charge] = state[l.charge];
  x[l.energy] = state[l.energy];
  std::swap(states_[0], candidate_);
  times_[0] = t;
  known_ = 1;
  order_ = 1;
  steps_at_order_ = 0;
  step_ = options_.fixed_step.value_or(first_step);
}

Stepper::Memory Stepper::remember() const {
  Memory memory{{}, {}, step_, order_, steps_at_order_, contraction_, counts(), linear_->remember()};
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
  linear_->resume(memory.linear);
}

void Stepper::advance(double t_limit) {
  for (failures_ = 0;;) {
    const double left = t_limit - times_[0];
    double dt = std::min(step_, options_.max_step);
    if (dt > left * (1 - 1e-10))
      dt = left;  // land on the limit,
    else if (dt > 0.5 * left)
      dt = 0.5 * left;  // or in two equal steps
    t_new_ = dt == left ? t_limit : times_[0] + dt;
    step_ = dt;
    if (!attempt()) {
      shrink(0.25);
      continue;
    }
    if (options_.fixed_step) {
      step_ = *options_.fixed_step;
      order_ = std::min({order_ + 1, options_.max_order, known_ + 1});
      return;
    }
    const double error = known_ > order_ ? error_of_order(order_) : 0;
    jumped_ = error > 1 && dt < jump_step;
    if (error > 1 && !jumped_) {
      last_trouble_ = fmt::format("the local error is {:.3g} times rtol = {:.2g}; {}", error, options_.rtol,
                                  largest_error(model_, local_error_));
      shrink(std::max(0.2, 0.9 * std::pow(error, -1.0 / (order_ + 1))));
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
  }
  step_ *= factor;
  if (options_.fixed_step)
    throw SolveFailure(
        fmt::format("the fixed time step of {:.3g} s from t = {:.9g} s failed: {}", tried, times_[0], last_trouble_));
  if (step_ < shortest_step)
    throw SolveFailure(
        fmt::format("no time step from t = {:.9g} s succeeded, {} tried, the last of {:.2g} s at order 1: {}",
                    times_[0], failures_, tried, last_trouble_));
}

void Stepper::land(double t) {
  t_new_ = t;
  if (!attempt()) throw SolveFailure(fmt::format("could not land on t = {:.9g} s: {}", t, last_trouble_));
}

void Stepper::commit() {
  if (!options_.fixed_step && !jumped_) choose_order_and_step();
  std::rotate(states_.begin(), states_.end() - 1, states_.end());
  std::rotate(times_.begin(), times_.begin() + states_.size() - 1, times_.begin() + states_.size());
  std::swap(states_[0], candidate_);
  times_[0] = t_new_;
  known_ = jumped_ ? 1 : std::min<int>(known_ + 1, states_.size());
  if (jumped_) order_ = 1, steps_at_order_ = 0;
  jumped_ = false;
  ++counts_.steps;
}

bool Stepper::attempt() {
  const Layout& l = model_.layout();
  std::vector<const double*> past;
  for (const auto& s : states_) past.push_back(s->data());

  const int order = std::min(order_, known_);
  const BdfFormula bdf = bdf_formula(order, t_new_, times_.data());
  combine(order, bdf.hat.data(), past, l.c_e, l.c_e + l.cells, hat_.data());
  combine(order, bdf.hat.data(), past, l.charge, l.size, hat_.data());  // charge, energy, shells

  const int points = std::min(order + 1, known_);
  const Weights predict = interpolation_weights(points, t_new_, times_.data());
  State& x = *candidate_;
  combine(points, predict.data(), past, 0, model_.nonlinear_particles() ? l.size : l.charge, x.data());
  for (int P = 0; P < l.cells; ++P) x[l.c_e + P] = std::max(x[l.c_e + P], 0.1 * past[0][l.c_e + P]);

  model_.condense(bdf.gamma, hat_, x);
  const bool brief = t_new_ - times_[0] < jump_step;  // as hard as a start
  const bool solved = brief ? newton(bdf.gamma, x, 200, 0.3) : newton(bdf.gamma, x, 12, 1.0);
  if (solved) model_.balance_salt(hat_, x);
  model_.expand(hat_, x, true);
  if (!all_diffuse(x) || !solved) return false;
  x[l.charge] = hat_[l.charge] + bdf.gamma * x[l.current];
  x[l.energy] = hat_[l.energy] + bdf.gamma * x[l.current] * x[l.voltage];
  return true;
}

bool Stepper::all_diffuse(const State& x) {
  if (!model_.nonlinear_particles() || model_.diffusivity_holds(x)) return true;
  last_trouble_ = model_.complaint();
  return false;
}

double Stepper::error_of_order(int q) const {
  const Layout& l = model_.layout();
  const Weights w = error_weights(q, t_new_, times_.data());
  std::vector<const double*> nodes{candidate_->data()};
  for (int i = 0; i <= q; ++i) nodes.push_back(states_[i]->data());
  State& error = local_error_;
  error.resize(model_.nonlinear_particles() ? l.size : l.charge);
  const int tracked = l.beds.empty() ? l.current : l.beds[0].j;
  combine(q + 2, w.data(), nodes, 0, tracked, error.data());
  // Root mean square over a field and all ranks. V follows the potentials next to it, and would count less on more
  // cells.
  std::vector<double>& sums = sums_;
  sums.assign({sum_of_squares(l.cells, &error[l.c_e]), sum_of_squares(2 * l.cells, &error[l.phi_e])});
  for (std::size_t b = 0; b < l.beds.size(); ++b) {
    const Layout::BedBlock& bed = l.beds[b];
    const Particles& particles = model_.beds()[b].particles;
    double sum = 0;
    if (particles.nonlinear()) {
      const int outermost = bed.c_s + (bed.shells - 1) * bed.cells, before = outermost - bed.cells;
      combine(q + 2, w.data(), nodes, before, outermost + bed.cells, error.data());
      particles.weigh_surface(nodes[0] + bed.c_ss, nodes[0] + outermost, &error[bed.c_ss]);
      sum = std::max(sum_of_squares(bed.cells, &error[outermost]), sum_of_squares(bed.cells, &error[before]));
    }
    sums.push_back(std::max(sum, sum_of_squares(bed.cells, &error[bed.c_ss])));
  }
  model_.team().sum(sums.data(), static_cast<int>(sums.size()));
  const auto rms = [&](std::size_t field) { return std::sqrt(sums[field] / field_sizes_[field]); };
  double worst = rms(0) / model_.electrolyte().c_e0();
  worst = std::max(worst, rms(1) * potential_weight);
  for (std::size_t b = 0; b < l.beds.size(); ++b) worst = std::max(worst, rms(2 + b) / model_.beds()[b].law.c_s_max());
  return worst / options_.rtol;
}

void Stepper::choose_order_and_step() {
  ++steps_at_order_;
  const auto factor_of = [&](int q) {
    if (q < 1 || q > options_.max_order || known_ < q + 1) return 0.0;
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
  step_ = (t_new_ - times_[0]) * std::min(best, most_growth);
}

void Stepper::interpolate(double t, State& result) const {
  const int order = std::min(order_, known_);
  std::array<double, max_bdf_order + 3> nodes{t_new_};
  std::vector<const double*> states{candidate_->data()};
  for (int i = 0; i < order; ++i) {
    nodes[i + 1] = times_[i];
    states.push_back(states_[i]->data());
  }
  result.resize(candidate_->size());
  const Weights w = interpolation_weights(order + 1, t, nodes.data());
  combine(order + 1, w.data(), states, 0, static_cast<int>(result.size()), result.data());
}

double Stepper::interpolate(double t, int unknown) const {
  const int order = std::min(order_, known_);
  std::array<double, max_bdf_order + 3> nodes{t_new_};
  std::copy_n(times_.begin(), order, nodes.begin() + 1);
  const Weights w = interpolation_weights(order + 1, t, nodes.data());
  double value = w[0] * (*candidate_)[unknown];
  for (int i = 0; i < order; ++i) value += w[i + 1] * (*states_[i])[unknown];
  return value;
}

}  // namespace porelith
