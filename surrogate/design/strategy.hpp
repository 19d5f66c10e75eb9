#pragma once
/// Who looks for a better design, and who answers: strategies ask, an evaluator replies.
#include <Eigen/Core>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "surrogate/design/goal.hpp"

namespace porelith {

/// What a strategy wants to know.
struct Question {
  std::vector<double> x;
  double finer = 1;    ///< fidelity: the mesh over the case's own, in every direction
  bool slope = false;  ///< whether slopes are of use
};

/// What is known of a design.
struct Evaluation {
  Sample sample;                ///< the values, and the cost in counted work: Newton iterations
  Eigen::MatrixXd slopes = {};  ///< d scalars / d x, scalars x d, NaN where nobody asked; empty where there are none
  /// Of the objective on this mesh, by a coarser one that answered in the same call; NaN where none did.
  double error = std::nan("");
  long linearisations = 0;  ///< that the slopes took
  /// Why there are no slopes where they were asked for, and by which variables they are differences of solves.
  std::string missing = "";
  std::vector<std::string> by_differences = {};
  std::vector<double> smooth = {};  ///< as Sloped::smooth
  long cost() const { return sample.newton + linearisations; }
};
using History = std::vector<Evaluation>;

/// @param samples of the solver on the case's mesh
History history_of(const std::vector<Sample>& samples);

/// Replies to several questions at once, in their order; to fewer where somebody wants to stop.
using Evaluator = std::function<std::vector<Evaluation>(const std::vector<Question>&)>;

/// The solver as evaluator: as many questions at once as it allows. Both must outlive what is returned. @param booked
/// whether its answers count at once, else they are attempts (Physics)
Evaluator evaluator_of(const Goal& goal, const Physics& physics, bool booked = true);

/// The solver and its slopes, where physics.sloped has them; each question's run is kept until its slopes are asked
/// for.
Evaluator sloped_evaluator_of(const Physics& physics);

/// Replies to designs on the case's mesh, their values alone.
std::vector<Sample> samples_at(const Evaluator& evaluator, const std::vector<std::vector<double>>& designs);

class Strategy {
 public:
  virtual ~Strategy() = default;
  virtual std::string name() const = 0;
  /// What it wants to know next; nothing where it is done.
  /// @param history all that is known, the replies to its last questions at the end, in their order
  /// @param n questions at most
  virtual std::vector<Question> ask(const History& history, int n) = 0;
};

/// Lets a strategy ask, n questions at once, until it is done or somebody wants to stop.
void pursue(Strategy& strategy, const Evaluator& evaluator, History& history, int n);

}  // namespace porelith
