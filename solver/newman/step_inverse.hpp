#pragma once
/// Solves with the derivative of a whole implicit step (step_residual) and with its transpose: what forward
/// sensitivities and adjoints need of a step.
#include <memory>
#include <string>
#include <vector>

#include "solver/linear/linear_solver.hpp"
#include "solver/newman/bed_inverse.hpp"

namespace porelith {

/// What the terminals hold fixed, linearised: by_I dI + by_V dV, the row that stands where V does. A current: 1, 0; a
/// voltage: 0, 1; a power: V, I.
struct TerminalsRow {
  double by_I, by_V;
};

/// F_y^-1 and F_y^-T of F(y, hat, gamma), rows and unknowns as in step_residual. Shells, surfaces and fluxes are
/// eliminated cell by cell, the fields and V solved by the linear solver, the transpose likewise from the other side.
/// Further fields have no row there and come back as they are. On several ranks all have the same values of
/// what the whole cell has one of (V, I, charge, energy), which count once.
class StepInverse {
 public:
  /// @param model lives as long, its medium stays; its temperature may change between steps
  /// @param linear_kind as make_linear_solver
  StepInverse(const Model& model, const std::string& linear_kind);

  /// Linearises at exactly this state. Collective.
  /// @throws SolveFailure where a transport law is not positive or the linear system is singular
  void take(double gamma, const State& hat, const State& state, TerminalsRow terminals);

  /// columns <- inverse of F_y or of its transpose times columns (no minus). Several share all that is factored.
  /// Collective. @throws SolveFailure if the linear solver fails; std::logic_error if nothing is taken
  void solve(std::vector<State>& columns, Form form);

  /// Of all solves so far: iterations of the linear solver, and preconditioners made.
  long linear_iterations() const { return iterations_; }
  long preconditioners() const { return preconditioners_; }

 private:
  void find_current_row();
  double through_fields(const State& column) const;
  void eliminate(State& column, Form form) const;
  void substitute(State& column, Form form) const;
  void note(const LinearOutcome& outcome);

  const Model& model_;
  std::unique_ptr<LinearSolver> linear_;
  FaceFields fields_;
  BlockSystem system_;
  std::vector<BedInverse> beds_;
  std::vector<BorderedColumn> columns_;
  std::vector<int> positive_solid_;         ///< cells from which electrons reach the positive terminal
  std::vector<Border::Entry> current_row_;  ///< d(current)/d(fields) by what the positive electrode's fluxes do [A]
  TerminalsRow terminals_{};
  bool taken_ = false;
  double gamma_ = 0, V_ = 0, I_ = 0;
  double gamma_prepared_ = 0;  ///< that the preconditioner at hand was made with,
  bool held_ = false;          ///< and whether V was held
  long iterations_ = 0, preconditioners_ = 0;
};

}  // namespace porelith
