#pragma once
/// Objective and constraints of a study as functions of a design, with exact slopes; and who answers for a design.
#include <Eigen/Core>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "surrogate/dataset/design_space.hpp"
#include "surrogate/dataset/sloped_solver.hpp"
#include "surrogate/dataset/unit_cube.hpp"

namespace porelith {

/// Who answers for a point: the solver, or in tests a formula.
struct Physics {
  DesignFamily family;
  /// index, x, finer. Never throws for what the point is.
  std::function<Sample(long, const std::vector<double>&, double)> solve;
  /// "" if the point may be solved, else why not.
  std::function<std::string(const std::vector<double>&)> infeasible;
  int threads = 1;  ///< that may ask at once
  /// For a search that on several threads tries more than it counts: an answer that is not booked yet, and the booking.
  /// Empty where nobody keeps books.
  std::function<Sample(const std::vector<double>&)> attempt = nullptr;
  std::function<void(const std::vector<double>&)> book = nullptr;
  /// index, x, whether slopes are wanted now; on the case's mesh. Empty where there are none to have.
  std::function<Sloped(long, const std::vector<double>&, bool)> sloped = nullptr;
  std::vector<std::size_t> sloped_results = {};  ///< places in scalar_results() whose slopes it gives
};
/// @param space must outlive what is returned @param threads that ask at once where its solves allow it: else one does
Physics physics_of(const DesignSpace& space, int threads = 1);
class Goal;
/// The same with slopes of the results that a goal reads.
Physics sloped_physics_of(const DesignSpace& space, const Goal& goal, int threads = 1);

/// `x`, or where it must not be solved, the first on the way to `inside` that may; integers rounded.
std::vector<double> drawn_inside(const Physics& physics, const UnitCube& cube, const std::vector<double>& x,
                                 const std::vector<double>& inside);

/// What a study thinks of one design. More is better; a constraint holds where it is >= 0.
struct Judgement {
  double merit = 0;             ///< the objective, its sign turned where it is to be small
  Eigen::VectorXd constraints;  ///< on results
  /// Whether all are finite numbers: else the design is left out of every comparison.
  bool defined() const { return std::isfinite(merit) && constraints.allFinite(); }
  bool allowed() const { return defined() && (constraints.size() == 0 || constraints.minCoeff() >= 0); }
};

/// The same with slopes in the design's variables.
struct JudgementWithSlopes {
  Judgement value;
  Eigen::VectorXd merit_slope;        ///< d
  Eigen::MatrixXd constraint_slopes;  ///< constraints x d
};

class Goal {
 public:
  /// @throws CaseError naming an expression with an unknown name
  Goal(const Design& design, const DesignFamily& family);

  const DesignFamily& family() const { return family_; }
  const std::string& expression() const { return objective_.text(); }
  const std::vector<NamedExpression>& constraints() const { return constraints_; }
  /// Places in scalar_results() of what objective and constraints read.
  std::vector<std::size_t> results_read() const;
  /// The objective as the user wrote it, from a merit.
  double objective(double merit) const { return maximise_ ? merit : -merit; }

  /// @param scalars as scalar_results()
  Judgement judge(const std::vector<double>& x, const Eigen::VectorXd& scalars) const;
  Judgement judge(const Sample& sample) const;
  /// @param slopes d scalars / d x, scalars x d
  JudgementWithSlopes judge(const std::vector<double>& x, const Eigen::VectorXd& scalars,
                            const Eigen::MatrixXd& slopes) const;
  /// d(merit, then constraints)/d(scalars) at held variables.
  Eigen::MatrixXd by_scalars(const std::vector<double>& x, const Eigen::VectorXd& scalars) const;
  /// (D3) Half widths of merit (first) and constraints from those of the scalars, to first order.
  Eigen::VectorXd half_widths(const std::vector<double>& x, const Eigen::VectorXd& scalars,
                              const Eigen::VectorXd& half_width) const;

  /// Feasibility before solving: each expression and its slopes in the variables; it holds where >= 0.
  Eigen::VectorXd feasibility(const std::vector<double>& x) const;
  Eigen::MatrixXd feasibility_slopes(const std::vector<double>& x) const;

 private:
  using Values = std::vector<double>;
  /// What the expressions are computed from: variables, then results.
  Values values(const std::vector<double>& x, const Eigen::VectorXd& scalars) const;
  Eigen::VectorXd scalar_slopes(const NamedExpression& expression, const Values& values) const;
  Eigen::VectorXd total_slope(const NamedExpression& expression, const Values& values,
                              const Eigen::MatrixXd& slopes) const;

  DesignFamily family_;
  NamedExpression objective_;
  bool maximise_;
  std::vector<NamedExpression> constraints_, feasible_;
};

}  // namespace porelith
