#pragma once
/// Time stepping (T1)-(T5): variable-step, variable-order BDF over the model, Newton with a bordered collector
/// potential, local error control a field. The history of states is its whole memory.
#include <algorithm>
#include <array>
#include <memory>

#include "solver/case/case.hpp"
#include "solver/linear/linear_solver.hpp"
#include "solver/march/bdf.hpp"
#include "solver/march/drive.hpp"
#include "solver/march/stage.hpp"
#include "solver/newman/model.hpp"
#include "solver/record/results.hpp"
#include "solver/record/taken_step.hpp"

namespace porelith {

/// A part of the state whose local error is tested as one.
struct ErrorNorm {
  int from, to;
  double scale;
  bool algebraic;
  int surface;  ///< the bed whose c_ss it is, or -1
};

class Stepper {
 public:
  /// @param temperature that the model follows; null: it stays as it is
  Stepper(Model& model, const SolverOptions& options, std::shared_ptr<const TemperatureFunction> temperature = {});

  /// A consistent start (T5) from the concentrations in `state`: potentials and fluxes that carry the drive at t.
  /// @throws SolveFailure if there are none
  void start(const State& state, double t, const Drive& drive);
  /// Goes on with another exact drive, which begins where the last one is but may have another slope: no start, no
  /// order 1 (T7).
  void turn(const Drive& drive);

  /// Finds the next state, at most at t_limit, within the error tolerance. Nothing is kept until commit().
  /// @throws SolveFailure when no step is short enough
  void advance(double t_limit);
  /// The step found by advance(), done again so that it ends exactly at t in (time(), candidate_time()].
  /// @return false if there is no such step (named in `trouble`); then advance() has to find another candidate
  bool land(double t);
  /// The step of an earlier run done again, to t: its formula, no test of its error (T9). Nothing is kept until
  /// commit().
  /// @throws SolveFailure if Newton's method does not find it
  void retake(double t, const TakenStep& taken);
  /// How the last committed step was made; whoever knows the protocol fills in its step and end.
  const TakenStep& taken() const { return taken_; }
  /// Makes the next step at most so long [s].
  void shorten(double dt) { step_ = std::min(step_, dt); }
  void commit();

  /// From here on every start and every committed step is told to `tape`, which must live as long; null: none.
  void record(StageTape* tape) { tape_ = tape; }

  /// Everything that the next steps depend on: with it a run goes on bit for bit.
  struct Memory {
    std::vector<double> times;  ///< latest first [s]
    std::vector<State> states;
    double step;  ///< the next one's length [s]
    int order, steps_at_order;
    double contraction;
    Counts counts;
    std::vector<double> linear;  ///< what the linear solver keeps
    State slope = {};            ///< of an exact drive: the time derivative at times[0]
    int turning = 0;             ///< 1: the next step starts from it; 2: the last turn was a jump
  };
  Memory remember() const;
  /// Goes on from `memory` with the drive given. Collective.
  /// @throws std::invalid_argument if it is not of this model and mesh
  void resume(const Memory& memory, const Drive& drive);

  double time() const { return times_[0]; }
  const State& state() const { return *states_[0]; }
  double candidate_time() const { return t_new_; }
  const State& candidate() const { return *candidate_; }
  /// The step's polynomial at t in [time(), candidate_time()], all fields.
  void interpolate(double t, State& result) const;
  /// The same for a row of the curve. Within a table potentials and fluxes are solved anew for the drive at t: a
  /// current that swings through zero bends them more than a polynomial can. Collective.
  /// @return false if none were found (named in `trouble`): then they are the polynomial's
  bool state_between(double t, State& result);
  /// One value of the polynomial.
  double interpolated(double t, int at) const;

  const Counts& counts() const;
  /// Brings the model to the temperature of the time t [s], where it is a function of time: whoever asks the model
  /// about a state of another time than the last solve's begins with this.
  /// @return false if it is none that a cell may have (named in `trouble`); the model then stays as it is
  bool take_temperature_of(double t) { return !temperature_ || follow_temperature(t); }
  /// Why the last attempt of a step came to nothing, as a clause.
  const std::string& trouble() const { return last_trouble_; }

 private:
  /// One step to t_new_ with the order at hand; false if Newton gave up.
  bool attempt();
  /// The same after a turn: the trapezoidal rule to a middle, and on by BDF2 (T7).
  bool attempt_turn();
  bool bdf_step(int order);
  /// The candidate of (y - hat)/gamma = dy/dt from what it holds as a start.
  bool implicit_step(double gamma);
  void keep_slope();
  /// Of the candidate's BDF formula.
  int formula_order() const { return turning_ ? 2 : std::min(order_, known_); }
  int most_order() const { return drive_.exact ? std::max(options_.max_order, 2) : options_.max_order; }
  double error_of_attempt() const;
  /// How far a function as a drive leaves the step's polynomial anywhere in the step, against what may be.
  double error_of_function() const;
  /// The same of the temperature that the model follows.
  double error_of_temperature() const;
  bool follow_temperature(double t);
  void integrate_energy();
  double energy_passed(double from, double to) const;
  bool newton(double gamma, State& x, int most_iterations, double phi_limit, bool careful = false);
  /// The Newton update into update_; false with `last_trouble_`.
  bool bordered_solve(const State& x);
  /// Is D_s positive wherever the particles have come to? False with `last_trouble_`: that is why Newton fails, if it
  /// does.
  bool all_diffuse(const State& x);
  /// The nodes of the step's polynomial, and their number.
  int polynomial(std::array<double, max_bdf_order + 3>& nodes,
                 std::array<const double*, max_bdf_order + 3>& states) const;
  double error_of_order(int q) const;
  void choose_order_and_step();
  void shrink(double factor);
  void push(std::unique_ptr<State>& newest, double t);
  /// What lies before time() is of no use to a polynomial.
  void begin_history();

  Model& model_;
  SolverOptions options_;
  std::shared_ptr<const TemperatureFunction> temperature_;
  StageTape* tape_ = nullptr;
  std::unique_ptr<LinearSolver> linear_;
  BlockSystem system_;
  BorderedColumn update_;
  Drive drive_;

  // History: latest first. Buffers are recycled.
  std::vector<std::unique_ptr<State>> states_;
  std::array<double, max_bdf_order + 3> times_{};
  int known_ = 0;  ///< how many states of the history are valid
  std::unique_ptr<State> candidate_;
  State hat_, between_;
  double t_new_ = 0, step_ = 0, gamma_ = 1;
  // What the candidate was made from, latest first: the history, after a turn with its middle before it.
  std::array<const double*, max_bdf_order + 3> past_{};
  std::array<double, max_bdf_order + 3> past_times_{};
  bool turning_ = false, after_jump_ = false;
  State slope_;  ///< of an exact drive: dy/dt at time() of what has a memory
  std::unique_ptr<State> middle_;
  double t_middle_ = 0;
  int order_ = 1, steps_at_order_ = 0, failures_ = 0;
  bool careful_ = false;  ///< plain Newton has failed on this step (T4)
  bool again_ = false;    ///< the candidate is a step done again: nothing is to be chosen from it
  bool jumped_ = false;   ///< the candidate lies beyond a jump: the history ends there
  TakenStep taken_;
  double contraction_ = 1;  ///< next Newton update over the square of this one, in units of rtol
  std::vector<ErrorNorm> norms_;
  int tested_ = 0;                   ///< up to where errors are kept
  std::vector<double> field_sizes_;  ///< of each norm, over all ranks
  mutable std::vector<double> sums_;
  std::string last_trouble_;
  mutable State local_error_;  ///< of the last order asked for
  double function_error_ = 0;  ///< of drive and temperature, in the last step found by advance()
  mutable Counts counts_;
  long evaluated_before_ = 0;  ///< law evaluations of the runs that this one goes on with
};

}  // namespace porelith
