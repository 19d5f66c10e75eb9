#pragma once
/// Derivatives of a run, exact for its steps as they were made (R1)-(R4): along its tape forward, for few parameters,
/// or backward, for few results.
#include <string>
#include <utility>
#include <vector>

#include "solver/march/stage.hpp"
#include "solver/newman/observables/observers.hpp"
#include "solver/newman/observables/result_slope.hpp"
#include "solver/newman/parameter_change.hpp"
#include "solver/newman/pull_back.hpp"
#include "solver/newman/step_inverse.hpp"

namespace porelith {

/// How a step of the protocol came to its end.
struct TapedEnd {
  enum class By {
    nothing,     ///< no length that moves: the end of a table, a stop reached at once
    time,        ///< a time, of the step or of the whole run: what the step then begins later it ends shorter
    observable,  ///< a stop that its last time step was landed on
  };
  int first = 0, last = 0;  ///< stages: its start, and its end
  By by = By::nothing;
  bool of_protocol = false;  ///< the stop is one of the whole protocol,
  std::size_t stop = 0;      ///< which of them, or of the step's
  std::size_t observable = 0;
  double sign = 1;           ///< d(what the stop compares)/d(observable)
  bool since_start = false;  ///< compared is what has passed since the step's start
};

/// A run as its derivatives need it.
struct RunTape {
  StageTape stages;
  std::vector<TapedEnd> ends;  ///< one a step of the protocol that was begun
  std::vector<int> rows;       ///< of each accepted row of the results the stage, -1 of those in between
};

/// How a run's numbers change together; or, with slopes in their places, how a result follows each of them.
struct RunChange {
  ParameterChange model;
  State initial;               ///< what the run starts from, of what has a memory; empty: nothing of it
  std::vector<double> drives;  ///< what each step of the protocol holds fixed [A, V, W]
  std::vector<double> stops;   ///< the value of the stop that ended it
};

class Sensitivity {
 public:
  /// All of them must live as long. @param linear as make_linear_solver's kind
  Sensitivity(const Model& model, const Observers& observers, const RunTape& tape, const std::string& linear);

  /// Of each result by every number of the run; the sum over all ranks of dot() with a change is its change.
  /// Collective. @throws SolveFailure where a step's equations have no derivative, or a stop is grazed
  std::vector<RunChange> backward(const std::vector<ResultSlope>& results);
  /// Of each result by each direction: [direction][result]. Collective. @throws SolveFailure likewise
  std::vector<std::vector<double>> forward(const std::vector<ResultSlope>& results,
                                           const std::vector<RunChange>& directions);

 private:
  struct Backward;
  struct Forward;

  const Stage& stage(int n) const { return tape_.stages.stages()[n]; }
  const State& state(int n) const { return tape_.stages.state(n); }
  /// Where what a stage remembers comes from.
  int memory_of(int n) const { return stage(n).kind == Stage::Kind::start ? stage(n).states.front().stage : n; }
  void take(int n);
  State seen(int n) const { return tape_.stages.seen(l_, n); }
  /// `changes`, of a stage and of where its memory comes from, as seen() puts states together.
  State remembering(State changes, const State& source) const;
  State by_end(int last);
  /// How the end of a step of the protocol moves with the length of its last time step.
  struct Landing {
    State by_length;          ///< of the state
    State stop;               ///< what the stop compares, by the state; where an observable ends the step,
    ParameterChange numbers;  ///< and by the model's numbers
    double speed = 0;         ///< what it compares, by the length [its unit s-1]
  };
  /// @throws SolveFailure where the stop is grazed
  Landing landing(const TapedEnd& end);
  double inner(const State& a, const State& b) const;
  /// What results have of the row of a stage.
  struct OfRow {
    std::size_t observable;
    double sharpness;
    std::vector<std::pair<std::size_t, double>> by;  ///< result, slope
  };
  /// [stage] @throws SolveFailure where a row lies between two stages
  std::vector<std::vector<OfRow>> rows_of(const std::vector<ResultSlope>& results) const;

  const Model& model_;
  const Observers& observers_;
  const RunTape& tape_;
  const Layout& l_;
  StepInverse inverse_;
  PullBack pull_back_;
  std::vector<char> remembered_;  ///< of each place of a state, whether it has a memory
  State hat_;                     ///< of the stage that was taken,
  int taken_ = -1;                ///< which that is; -1: none
};

/// This rank's part.
double dot(const RunChange& slopes, const RunChange& change);

}  // namespace porelith
