#pragma once
/// Any mesh, on any number of ranks: Krylov on the bordered system, with a preconditioner that is kept for as long as
/// it serves.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <type_traits>

#include "solver/base/petsc.hpp"
#include "solver/linear/bordered_operator_definitions.hpp"
#include "solver/linear/borders_definitions.hpp"
#include "solver/linear/cell_inverse_definitions.hpp"
#include "solver/linear/linear_solver.hpp"

namespace porelith {

/// The bordered system: a vector holds this rank's cells, their scaled values, and on the first rank the borders.
template <class Unknowns>
class BorderedKrylov : public LinearSolverOf<Unknowns> {
 public:
  using System = BlockSystemOf<Unknowns>;
  using Column = BorderedColumnOf<Unknowns>;
  using Values = ValuesOf<Unknowns>;
  using Elimination = BorderEliminationOf<Unknowns>;
  static constexpr int n = Unknowns::n;

  BorderedKrylov(const Mesh& mesh, const ScalesOf<Unknowns>& scales, const Team& team, int borders)
      : mesh_(mesh),
        team_(team),
        borders_(borders),
        matrix_(mesh, scales, team),
        kept_(0, 0, borders),
        border_in_(borders),
        border_out_(borders) {
    const PetscInt size = n * mesh.cells() + tail();
    x_ = create_vector(team.communicator(), size);
    check_petsc(VecDuplicate(x_, right_.out()), "creating vectors");
    part_in_ = create_vector(team.communicator(), n * mesh.cells());
    check_petsc(VecDuplicate(part_in_, part_out_.out()), "creating vectors");
    check_petsc(
        MatCreateShell(team.communicator(), size, size, PETSC_DETERMINE, PETSC_DETERMINE, this, operator_.out()),
        "creating the operator");
    check_petsc(MatShellSetOperation(operator_, MATOP_MULT, reinterpret_cast<void (*)()>(&apply<Form::plain>)),
                "creating the operator");
    check_petsc(
        MatShellSetOperation(operator_, MATOP_MULT_TRANSPOSE, reinterpret_cast<void (*)()>(&apply<Form::transposed>)),
        "creating the operator");
    create_solver();
    inverse_ = make_cell_inverse<Unknowns>(mesh, team);
  }

  LinearOutcome solve(System& system, Column& update) override {
    prepare(system);
    taken_ = nullptr;
    const Values& scale = matrix_.scales().equation;
    fill_right([&](int P, int q) { return -(scale[q] * system.residual[P][q]); },
               [&](int k) { return -system.borders[k].residual; });
    LinearOutcome outcome = run_with_what_serves(system, Form::plain);
    if (outcome.solved) read(update, matrix_.scales().unknown);
    return outcome;
  }

  LinearOutcome take(System& system) override {
    prepare(system);
    taken_ = &system;
    const bool fresh = !ready_ || tired_;
    if (fresh) keep(system);
    return {sound_, 0, fresh, sound_ ? "" : singular_system};
  }

  LinearOutcome solve_all(std::vector<Column>& columns, Form form) override {
    if (!taken_) throw std::logic_error("no linear system is taken");
    LinearOutcome all{true, 0, false, ""};
    const auto& scales = matrix_.scales();
    const Values& right = form == Form::plain ? scales.equation : scales.unknown;
    const Values& left = form == Form::plain ? scales.unknown : scales.equation;
    for (Column& column : columns) {
      fill_right([&](int P, int q) { return right[q] * column.cells[P][q]; }, [&](int k) { return column.borders[k]; });
      LinearOutcome outcome = run_with_what_serves(*taken_, form);
      outcome.iterations += all.iterations;
      outcome.prepared = outcome.prepared || all.prepared;
      all = outcome;
      if (!all.solved) break;
      read(column, left);
    }
    return all;
  }

  void forget() override { tired_ = true; }

  std::vector<double> remember() const override {
    std::vector<double> memory{ready_ ? 1.0 : 0.0, tired_ ? 1.0 : 0.0, double(fresh_iterations_), double(excess_)};
    if (!ready_) return memory;
    const auto& far = kept_.far_rows;
    memory.push_back(double(far.first.size())), memory.push_back(double(far.column.size()));
    for (const auto& border : kept_.borders) memory.push_back(double(border.row.size()));
    each_kept(kept_, [&](const auto& value) { memory.push_back(static_cast<double>(value)); });
    return memory;
  }

  void resume(const std::vector<double>& memory) override {
    std::size_t at = 0;
    const auto next = [&] {
      if (at >= memory.size()) throw std::invalid_argument("the kept preconditioner is not of this mesh");
      return memory[at++];
    };
    const bool ready = next() > 0, tired = next() > 0;
    const int iterations = static_cast<int>(next()), excess = static_cast<int>(next());
    kept_ = System(mesh_.with_ghosts(), static_cast<int>(mesh_.faces.size()), borders_);
    ready_ = false;
    if (!ready) return;
    const auto size = [&] { return static_cast<std::size_t>(next()); };
    kept_.far_rows.first.resize(size());
    kept_.far_rows.column.resize(size());
    kept_.far_rows.felt.resize(kept_.far_rows.column.size());
    for (auto& border : kept_.borders) border.row.resize(size());
    each_kept(kept_, [&](auto& value) { value = static_cast<std::decay_t<decltype(value)>>(next()); });
    build();
    tired_ = tired;
    fresh_iterations_ = iterations;
    excess_ = excess;
  }

 private:
  /// How many values a vector has behind the cells'.
  PetscInt tail() const { return team_.first() ? borders_ : 0; }

  void create_solver();

  void prepare(System& system) {
    require_petsc_thread();
    matrix_.scale(system);
    matrix_.set(system);
  }

  /// Every number of a system that a preconditioner is made of.
  template <typename Kept, typename Do>
  static void each_kept(Kept& system, const Do& visit) {
    const auto all = [&](auto& rows) {
      for (auto& row : rows)
        for (auto& value : row) visit(value);
    };
    all(system.diagonal), all(system.owner_row), all(system.neighbour_row), all(system.far_rows.felt);
    for (auto& value : system.far_rows.first) visit(value);
    for (auto& value : system.far_rows.column) visit(value);
    for (auto& border : system.borders) {
      all(border.column);
      for (auto& e : border.row) visit(e.cell), visit(e.unknown), visit(e.by);
    }
    for (auto& value : system.corner) visit(value);
  }

  /// A new preconditioner from `system`, whose numbers are kept so that it can be made again.
  void keep(const System& system) {
    kept_.diagonal = system.diagonal;
    kept_.owner_row = system.owner_row;
    kept_.neighbour_row = system.neighbour_row;
    kept_.borders = system.borders;
    kept_.corner = system.corner;
    matrix_.take_far(system, kept_);
    build();
  }

  /// The preconditioner of `kept_`: an inverse of J, the borders by elimination with it.
  void build() {
    sound_ = inverse_->make(kept_);
    for (auto& elimination : eliminations_) elimination.forget();
    if (sound_) eliminate_borders(Form::plain);
    ready_ = true;
    tired_ = false;
    fresh_iterations_ = -1;
    excess_ = 0;
  }

  /// Whether what the borders' rows hold fixed is another kind of thing than when the preconditioner was made: with a
  /// current's row in place of a voltage's its residuals say nothing of what is left. Collective.
  bool bordered_otherwise(const System& system) const {
    bool other = false;
    for (int k = 0; k < borders_; ++k) other = other || system.borders[k].row.empty() != kept_.borders[k].row.empty();
    for (std::size_t k = 0; k < system.corner.size(); ++k)
      other = other || (system.corner[k] == 0) != (kept_.corner[k] == 0);
    return team_.any(other);
  }

  /// The preconditioner as it is, with the borders of `system`.
  void border_as(const System& system) {
    kept_.borders = system.borders;
    kept_.corner = system.corner;
    for (auto& elimination : eliminations_) elimination.forget();
  }

  void eliminate_borders(Form form) {
    const auto solve = [&](double* x) {
      const double* found;
      double* values;
      check_petsc(VecGetArrayWrite(part_in_, &values), "preconditioning");
      std::copy_n(x, n * mesh_.cells(), values);
      check_petsc(VecRestoreArrayWrite(part_in_, &values), "preconditioning");
      check_petsc(inverse_->apply(part_in_, part_out_, form), "preconditioning");
      check_petsc(VecGetArrayRead(part_out_, &found), "preconditioning");
      std::copy_n(found, n * mesh_.cells(), x);
      check_petsc(VecRestoreArrayRead(part_out_, &found), "preconditioning");
    };
    elimination(form).make(kept_, matrix_.scales(), mesh_.cells(), form, team_, solve);
  }
  Elimination& elimination(Form form) { return eliminations_[static_cast<int>(form)]; }

  /// @param cell,border values at a cell and field, of a border
  template <typename Cell, typename OfBorder>
  void fill_right(const Cell& cell, const OfBorder& border) {
    double* values;
    check_petsc(VecGetArray(right_, &values), "filling a vector");
    for (int P = 0; P < mesh_.cells(); ++P)
      for (int q = 0; q < n; ++q) values[n * P + q] = cell(P, q);
    for (int k = 0; k < tail(); ++k) values[n * mesh_.cells() + k] = border(k);
    check_petsc(VecRestoreArray(right_, &values), "filling a vector");
  }

  /// With the preconditioner at hand, and with one of `system` where that is none or too old.
  LinearOutcome run_with_what_serves(const System& system, Form form) {
    const bool fresh = !ready_ || tired_;
    if (fresh)
      keep(system);
    else if (bordered_otherwise(system))
      border_as(system);
    LinearOutcome outcome = run(form);
    int wasted = 0;
    if (!outcome.solved && !fresh) {  // what was kept may be too old
      wasted = outcome.iterations;
      keep(system);
      outcome = run(form);
      outcome.prepared = true;
    }
    outcome.prepared = outcome.prepared || fresh;
    if (outcome.solved) {
      if (fresh_iterations_ < 0) fresh_iterations_ = outcome.iterations;
      excess_ += outcome.iterations - fresh_iterations_;
      tired_ = excess_ > inverse_->making();
    }
    outcome.iterations += wasted;
    return outcome;
  }

  LinearOutcome run(Form form) {
    if (!sound_) return {false, 0, false, singular_system};
    check_petsc(KSPSetOperators(outer_, operator_, operator_), "setting the operator");
    check_petsc((form == Form::plain ? KSPSolve : KSPSolveTranspose)(outer_, right_, x_), "solving");
    KSPConvergedReason reason;
    PetscInt iterations;
    check_petsc(KSPGetConvergedReason(outer_, &reason), "solving");
    check_petsc(KSPGetIterationNumber(outer_, &iterations), "solving");
    if (reason > 0) return {true, int(iterations), false, ""};
    if (reason == KSP_DIVERGED_PC_FAILED || reason == KSP_DIVERGED_NANORINF)
      return {false, int(iterations), false, singular_system};
    if (reason == KSP_DIVERGED_ITS)
      return {false, int(iterations), false,
              fmt::format("the linear solve did not converge in {} iterations", iterations)};
    return {
        false, int(iterations), false,
        fmt::format("the linear solve broke down after {} iterations ({})", iterations, KSPConvergedReasons[reason])};
  }

  void read(Column& column, const Values& scale) const {
    const double* values;
    check_petsc(VecGetArrayRead(x_, &values), "reading a vector");
    for (int P = 0; P < mesh_.cells(); ++P)
      for (int q = 0; q < n; ++q) column.cells[P][q] = scale[q] * values[n * P + q];
    column.borders.resize(borders_);
    take_tail(values, column.borders);
    check_petsc(VecRestoreArrayRead(x_, &values), "reading a vector");
  }

  /// The borders' values, from the first rank to all.
  void take_tail(const double* values, std::vector<double>& borders) const {
    std::copy_n(values + n * mesh_.cells(), tail(), borders.begin());
    if (team_.size() > 1) MPI_Bcast(borders.data(), borders_, MPI_DOUBLE, 0, team_.communicator());
  }

  template <Form form>
  static PetscErrorCode apply(Mat shell, Vec in, Vec out) {
    BorderedKrylov* self;
    PetscCall(MatShellGetContext(shell, &self));
    PetscCall(self->take_part(in, self->border_in_));
    PetscCall(self->matrix_.multiply(self->part_in_, self->border_in_, self->part_out_, self->border_out_, form));
    return self->give_part(out, self->border_out_);
  }

  /// The kept inverse of the same.
  template <Form form>
  static PetscErrorCode precondition(PC shell, Vec in, Vec out) {
    BorderedKrylov* self;
    PetscCall(PCShellGetContext(shell, &self));
    if (!self->elimination(form).made()) self->eliminate_borders(form);
    PetscCall(self->take_part(in, self->border_in_));
    PetscCall(self->inverse_->apply(self->part_in_, self->part_out_, form));
    double* x;
    PetscCall(VecGetArray(self->part_out_, &x));
    self->elimination(form).finish(x, self->border_in_.data());
    PetscCall(VecRestoreArray(self->part_out_, &x));
    return self->give_part(out, self->border_in_);
  }

  PetscErrorCode take_part(Vec whole, std::vector<double>& borders) const {
    const double* from;
    double* to;
    PetscCall(VecGetArrayRead(whole, &from));
    PetscCall(VecGetArray(part_in_, &to));
    std::copy_n(from, n * mesh_.cells(), to);
    take_tail(from, borders);
    PetscCall(VecRestoreArray(part_in_, &to));
    PetscCall(VecRestoreArrayRead(whole, &from));
    return 0;
  }

  PetscErrorCode give_part(Vec whole, const std::vector<double>& borders) const {
    const double* from;
    double* to;
    PetscCall(VecGetArrayRead(part_out_, &from));
    PetscCall(VecGetArray(whole, &to));
    std::copy_n(from, n * mesh_.cells(), to);
    std::copy_n(borders.begin(), tail(), to + n * mesh_.cells());
    PetscCall(VecRestoreArray(whole, &to));
    PetscCall(VecRestoreArrayRead(part_out_, &from));
    return 0;
  }

  const Mesh& mesh_;
  Team team_;
  int borders_;
  BorderedOperatorOf<Unknowns> matrix_;  ///< of the system being solved
  std::unique_ptr<CellInverseOf<Unknowns>> inverse_;
  System kept_;                              ///< what the preconditioner was made of
  const System* taken_ = nullptr;            ///< for solve_all()
  std::array<Elimination, 2> eliminations_;  ///< of each form, made when it is needed
  std::vector<double> border_in_, border_out_;
  bool ready_ = false, tired_ = false, sound_ = false;
  int fresh_iterations_ = -1;  ///< of the first solve with what is kept
  int excess_ = 0;             ///< iterations of the solves since, beyond as many each
  PetscVector x_, right_, part_in_, part_out_;
  PetscMatrix operator_;
  PetscSolver outer_;
};

template <class Unknowns>
void BorderedKrylov<Unknowns>::create_solver() {
  const MPI_Comm communicator = team_.communicator();
  check_petsc(KSPCreate(communicator, outer_.out()), "creating the solver");
  check_petsc(KSPSetOptionsPrefix(outer_, "newton_"), "naming the solver");
  check_petsc(KSPSetType(outer_, KSPGMRES), "choosing the solver");
  // Vectors that hardly differ, as foils make them, must be made orthogonal twice; and where rounding has hidden a part
  // of the residual, a restart finds it: no reason to give up.
  check_petsc(KSPGMRESSetCGSRefinementType(outer_, KSP_GMRES_CGS_REFINE_IFNEEDED), "choosing the solver");
  check_petsc(KSPGMRESSetBreakdownTolerance(outer_, PETSC_MAX_REAL), "choosing the solver");
  // the vectors of a longer memory would take more than all of a cell's particles
  check_petsc(KSPGMRESSetRestart(outer_, team_.any(!mesh_.skew.empty()) ? 60 : 24), "choosing the solver");
  check_petsc(KSPSetTolerances(outer_, 1e-10, PETSC_DEFAULT, PETSC_DEFAULT, 200), "setting tolerances");
  PC shell;
  check_petsc(KSPGetPC(outer_, &shell), "choosing the preconditioner");
  check_petsc(PCSetOptionsPrefix(shell, "newton_border_"), "naming the preconditioner");
  check_petsc(PCSetType(shell, PCSHELL), "choosing the preconditioner");
  check_petsc(PCShellSetContext(shell, this), "choosing the preconditioner");
  check_petsc(PCShellSetApply(shell, &precondition<Form::plain>), "choosing the preconditioner");
  check_petsc(PCShellSetApplyTranspose(shell, &precondition<Form::transposed>), "choosing the preconditioner");

  check_petsc(KSPSetFromOptions(outer_), "reading the solver's options");
}

template <class Unknowns>
std::unique_ptr<LinearSolverOf<Unknowns>> make_petsc_solver(const Mesh& mesh, const ScalesOf<Unknowns>& scales,
                                                            const Team& team, int borders) {
  ensure_petsc();
  return std::make_unique<BorderedKrylov<Unknowns>>(mesh, scales, team, borders);
}

}  // namespace porelith
