#pragma once
/// What a design study found and what it cost: plain data for the report.
#include <fmt/format.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "solver/record/left_table.hpp"

namespace porelith {

/// A design that the solver has answered for.
struct Confirmed {
  std::string name;              ///< "baseline", "optimum", or the rival family's
  std::string meaning, against;  ///< of a rival, as the case says
  std::vector<std::string> variables;
  std::vector<double> x;
  std::vector<std::string> on_bounds;                  ///< variables that lie on a bound
  double value = 0;                                    ///< objective on the case's mesh, in its unit
  double value_finer = 0;                              ///< the same on the finer mesh
  std::vector<double> constraints, constraints_finer;  ///< >= 0 where kept
  std::vector<double> scalars, scalars_finer;          ///< as scalar_results()
  bool allowed = false;                                ///< all constraints hold on the finer mesh
  long solves = 0;                                     ///< that it took to find it
  std::vector<LeftTable> left_tables;  ///< laws used beyond their tables, on either mesh; each as far as it went
};

/// A proposal of the search, and what became of it.
struct Candidate {
  int round = 0;
  std::string origin;  ///< "climb" to a summit of the surrogate, "scout" around the best known
  std::vector<double> x;
  double predicted = 0, half_width = 0;  ///< of the objective; calibrated 90 %, widened as proposals need it
  double distance = 0;
  bool inside = false;
  bool accepted = false;  ///< by the gate: the surrogate's word would do
  bool solved = false;
  double value = 0;          ///< of the solver, NaN unless solved and complete
  bool contradicts = false;  ///< the solver's value lies outside the interval
};

/// What happened in a round of the loop.
struct Round {
  int number = 0;
  long solves = 0;
  double best_predicted = 0, best_confirmed = 0;
  double widening = 1;  ///< of the intervals of its candidates
  bool trusted = true;  ///< the surrogate agreed with what the solver had said before
  std::string remark;   ///< what was noticed, "" if nothing
};

/// What part of a study cost.
struct Cost {
  std::string part;  ///< "sampling", "training", ...
  long solves = 0;
  double seconds = 0;         ///< wall time
  double solver_seconds = 0;  ///< sum over its solves
  double work = 0;            ///< counted, in solves of the case's mesh, where it is counted
};

/// A search that asks only the solver.
struct SolverSearch {
  std::string method;  ///< NLopt's name
  long budget = 0, solves = 0, climbs = 0;
  long solves_to_reach = -1;  ///< first solve at least as good as the target, -1 = never
  double target = 0, best = 0, best_finer = 0;
  std::vector<double> x;
  double seconds = 0;                             ///< solver time of its solves
  std::vector<std::pair<long, double>> progress;  ///< solve, best so far: where it improved
};

/// A search that asks only the solver, for slopes too.
struct GradientFound {
  std::string method;  ///< NLopt's name
  long starts = 0, solves = 0, gradients = 0;
  double cost = 0;  ///< of solves and gradients, these by their linearisations, in solves of the same designs
  double target = 0, best = 0, best_finer = 0;
  double cost_to_reach = -1;  ///< of all until one is at least as good as the target, -1 = never
  std::vector<double> x;
  double seconds = 0;                               ///< of its solves
  std::vector<std::string> by_differences;          ///< variables that the solver has no exact slopes by
  std::string missing;                              ///< why a design had no slopes, the last time; "" if all had
  std::vector<std::pair<double, double>> progress;  ///< cost, best so far: where it improved
};

/// Designs that a gate accepts without asking the solver, and how that ends.
struct GateCount {
  long accepted = 0;
  long outside = 0;  ///< of them: the solver is outside the interval
  long wrong = 0;    ///< of them: off by more than the gate promises (interval times range), the false accepts
  double worst = 0;  ///< largest error of the objective among them
};

/// The gate held against fresh solves that nobody has learned from.
struct GateCheck {
  long fresh = 0;
  long covered = 0;       ///< of all fresh ones: solver inside the calibrated 90 % interval
  double mean_error = 0;  ///< of the objective
  GateCount plain;        ///< with calibrated intervals
  GateCount widened;      ///< with intervals as wide as proposals of a search need them
};

/// What samples of a study have said of its objective, as merit: what an optimum is held against.
struct Scale {
  double best = 0;   ///< greatest
  double range = 1;  ///< between it and the least
};

/// Designs that count for nothing because an expression is no finite number there.
struct LeftOut {
  std::string kind;  ///< "objective", "constraint", "condition"
  std::string expression;
  long designs = 0;  ///< solved ones; of a condition, points that were not solved
  std::string sentence() const {
    return fmt::format("{} {}{} where the {} {} is no finite number: left out", designs,
                       kind == "condition" ? "point" : "solved design", designs == 1 ? "" : "s", kind, expression);
  }
};

struct DesignOutcome {
  std::string strategy = "surrogate";
  std::string objective, objective_unit;
  bool maximise = true;
  std::vector<std::string> constraints;
  double finer = 2, interval = 0.01;
  std::string refined;  ///< what the finer mesh has more of than the case's
  Scale scale;          ///< of the sampled data
  std::vector<LeftOut> left_out;
  std::string pole;                ///< why the optimum is none: the objective has a pole; "" if it has not
  std::vector<std::string> notes;  ///< what else is to be told
  Confirmed baseline, optimum;
  std::vector<Confirmed> rivals;
  std::vector<Candidate> candidates;
  std::vector<Round> rounds;
  std::vector<Cost> costs;
  std::vector<std::pair<long, double>> progress;  ///< solve, best confirmed so far: where the loop improved
  SolverSearch solver_only;                       ///< ten times the loop's solves, or until the clock ended it
  GradientFound by_gradient;                      ///< the solver's own slopes, from a few starts
  GateCheck gate;
  double widening = 1;      ///< of the intervals of proposals, after the last round
  long solves_of_loop = 0;  ///< sampling, rounds and last steps
  // Of an economical study:
  long dear_solves = 0, cheap_solves = 0, slopes_asked = 0, scouts = 0;
  long words_taken = 0;             ///< solves of a cheap member that its model's word made needless
  long taken_over = 0;              ///< solved points of other studies
  double work = 0;                  ///< counted: unknowns times linearisations, in solves of the case's mesh
  double explained = std::nan("");  ///< of the slopes on the case's mesh, by what is below
  std::vector<std::pair<double, double>> work_progress;  ///< work, best so far: where it improved
  double before_last_steps = 0;                          ///< best confirmed value before the solver's own last steps
  bool converged = false;
  bool learned = false;  ///< whether there is a surrogate: not where all designs of the space were solved
  double training_error = 0,
         curve_error = 0;  ///< of unseen samples after the first training: objective, relative; curve [V]
  double coverage = 0;     ///< of the objective's 90 % intervals on them
  std::string ended;       ///< why the loop ended
  double seconds = 0;      ///< wall time of all
};

}  // namespace porelith
