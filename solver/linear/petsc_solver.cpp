/// Any mesh, on any number of ranks: Krylov on the bordered system, with a preconditioner that is kept for as long as
/// it serves.
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "solver/base/constants.hpp"
#include "solver/base/petsc.hpp"
#include "solver/linear/bordered_operator.hpp"
#include "solver/linear/cell_inverse.hpp"
#include "solver/linear/linear_solver.hpp"

namespace porelith {

namespace {

constexpr const char* singular = "the linear system is singular";

/// The bordered system: a vector holds this rank's cells, three scaled values each, and on the first rank V.
class BorderedKrylov : public LinearSolver {
 public:
  BorderedKrylov(const Mesh& mesh, double c_e0, const Team& team)
      : mesh_(mesh), team_(team), c_e0_(c_e0), matrix_(mesh, c_e0, team), kept_(0, 0) {
    const PetscInt n = size();
    x_ = create_vector(team.communicator(), n);
    check_petsc(VecDuplicate(x_, right_.out()), "creating vectors");
    part_in_ = create_vector(team.communicator(), 3 * mesh.cells());
    for (PetscVector* v : {&part_out_, &response_}) check_petsc(VecDuplicate(part_in_, v->out()), "creating vectors");
    check_petsc(MatCreateShell(team.communicator(), n, n, PETSC_DETERMINE, PETSC_DETERMINE, this, operator_.out()),
                "creating the operator");
    check_petsc(MatShellSetOperation(operator_, MATOP_MULT, reinterpret_cast<void (*)()>(&apply<Form::plain>)),
                "creating the operator");
    check_petsc(
        MatShellSetOperation(operator_, MATOP_MULT_TRANSPOSE, reinterpret_cast<void (*)()>(&apply<Form::transposed>)),
        "creating the operator");
    create_solver();
    inverse_ = make_cell_inverse(mesh, team);
  }

  LinearOutcome solve(BlockSystem& system, std::vector<Triple>& delta, double& dV) override {
    prepare(system);
    taken_ = nullptr;
    fill_right(system);
    const LinearOutcome outcome = run_with_what_serves(system, Form::plain);
    if (outcome.solved) read(delta, dV);
    return outcome;
  }

  LinearOutcome take(BlockSystem& system) override {
    prepare(system);
    taken_ = &system;
    const bool fresh = !ready_ || tired_;
    if (fresh) keep(system);
    return {sound_, 0, fresh, sound_ ? "" : singular};
  }

  LinearOutcome solve_all(std::vector<BorderedColumn>& columns, Form form) override {
    if (!taken_) throw std::logic_error("no linear system is taken");
    LinearOutcome all{true, 0, false, ""};
    const double row = form == Form::plain ? faraday : c_e0_, unknown = form == Form::plain ? c_e0_ : faraday;
    for (BorderedColumn& column : columns) {
      fill_right(column, row);
      LinearOutcome outcome = run_with_what_serves(*taken_, form);
      outcome.iterations += all.iterations;
      outcome.prepared = outcome.prepared || all.prepared;
      all = outcome;
      if (!all.solved) break;
      read(column.cells, column.border, unknown);
    }
    return all;
  }

  std::vector<double> remember() const override {
    std::vector<double> memory{ready_ ? 1.0 : 0.0, tired_ ? 1.0 : 0.0, double(fresh_iterations_), double(excess_),
                               kept_.corner};
    if (!ready_) return memory;
    for_each_kept(kept_, [&](const double& value) { memory.push_back(value); });
    const FarRows& far = kept_.far_rows;
    memory.push_back(static_cast<double>(far.column.size()));
    if (!far.column.empty())
      for (const std::size_t first : far.first) memory.push_back(static_cast<double>(first));
    for (std::size_t i = 0; i < far.column.size(); ++i) {
      const FaceCoupling& f = far.felt[i];
      memory.insert(memory.end(), {static_cast<double>(far.column[i]), f.cc, f.ec, f.ee, f.ss});
    }
    for (const TerminalEntry& t : kept_.border_row) memory.push_back(t.cell), memory.push_back(t.by_phi_s);
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
    kept_ = BlockSystem(mesh_.with_ghosts(), static_cast<int>(mesh_.faces.size()));
    kept_.corner = next();
    ready_ = false;
    if (!ready) return;
    for_each_kept(kept_, [&](double& value) { value = next(); });
    const auto entries = static_cast<std::size_t>(next());
    if (entries > 0)
      for (int P = 0; P <= mesh_.cells(); ++P) kept_.far_rows.first.push_back(static_cast<std::size_t>(next()));
    for (std::size_t i = 0; i < entries; ++i) {
      kept_.far_rows.column.push_back(static_cast<std::int64_t>(next()));
      FaceCoupling f;
      for (double* value : {&f.cc, &f.ec, &f.ee, &f.ss}) *value = next();
      kept_.far_rows.felt.push_back(f);
    }
    kept_.border_row.clear();
    while (at < memory.size()) {
      const int cell = static_cast<int>(next());
      kept_.border_row.push_back({cell, next()});
    }
    build();
    tired_ = tired;
    fresh_iterations_ = iterations;
    excess_ = excess;
  }

 private:
  bool has_corner() const { return team_.first(); }
  PetscInt size() const { return 3 * mesh_.cells() + (has_corner() ? 1 : 0); }

  void create_solver();

  void prepare(BlockSystem& system) {
    require_petsc_thread();
    matrix_.scale(system);
    matrix_.set(system);
  }

  template <typename System, typename Do>
  static void for_each_kept(System& system, const Do& visit) {
    for (auto& block : system.diagonal)
      for (auto& value : block) visit(value);
    for (auto* rows : {&system.owner_row, &system.neighbour_row})
      for (auto& f : *rows) visit(f.cc), visit(f.ec), visit(f.ee), visit(f.ss);
    for (auto& column : system.border)
      for (auto& value : column) visit(value);
  }

  /// A new preconditioner from `system`, whose numbers are kept so that it can be made again.
  void keep(const BlockSystem& system) {
    kept_.diagonal = system.diagonal;
    kept_.owner_row = system.owner_row;
    kept_.neighbour_row = system.neighbour_row;
    kept_.border = system.border;
    kept_.border_row = system.border_row;
    kept_.corner = system.corner;
    matrix_.take_far(system, kept_);
    build();
  }

  /// The preconditioner of `kept_`: an inverse of J, the border by elimination with it.
  void build() {
    sound_ = inverse_->make(kept_);
    fill_border(kept_, part_in_);
    if (sound_) check_petsc(inverse_->apply(part_in_, response_, Form::plain), "preconditioning");
    kept_corner_ = kept_.corner - row_times(kept_, response_, team_);
    ready_ = true;
    ready_transposed_ = false;
    tired_ = false;
    fresh_iterations_ = -1;
    excess_ = 0;
  }

  /// The transpose's border by elimination, when it is first needed.
  PetscErrorCode build_transposed() {
    if (ready_transposed_) return 0;
    if (!kept_border_)
      for (PetscVector* v : {&kept_border_, &response_transposed_}) PetscCall(VecDuplicate(part_in_, v->out()));
    fill_border(kept_, kept_border_);
    PetscCall(VecSet(part_out_, 0));
    add_row(kept_, 1, part_out_);
    PetscCall(inverse_->apply(part_out_, response_transposed_, Form::transposed));
    PetscCall(VecDot(kept_border_, response_transposed_, &kept_corner_transposed_));
    kept_corner_transposed_ = kept_.corner - kept_corner_transposed_;
    ready_transposed_ = true;
    return 0;
  }

  void fill_right(const BlockSystem& system) {
    double* values;
    check_petsc(VecGetArray(right_, &values), "filling a vector");
    for (int P = 0; P < mesh_.cells(); ++P) {
      values[3 * P] = -faraday * system.residual[P][0];
      values[3 * P + 1] = -system.residual[P][1];
      values[3 * P + 2] = -system.residual[P][2];
    }
    if (has_corner()) values[3 * mesh_.cells()] = -system.border_residual;
    check_petsc(VecRestoreArray(right_, &values), "filling a vector");
  }

  void fill_right(const BorderedColumn& column, double scale) {
    double* values;
    check_petsc(VecGetArray(right_, &values), "filling a vector");
    for (int P = 0; P < mesh_.cells(); ++P) {
      values[3 * P] = scale * column.cells[P][0];
      values[3 * P + 1] = column.cells[P][1];
      values[3 * P + 2] = column.cells[P][2];
    }
    if (has_corner()) values[3 * mesh_.cells()] = column.border;
    check_petsc(VecRestoreArray(right_, &values), "filling a vector");
  }

  /// With the preconditioner at hand, and with one of `system` where that is none or too old.
  LinearOutcome run_with_what_serves(const BlockSystem& system, Form form) {
    const bool fresh = !ready_ || tired_;
    if (fresh) keep(system);
    LinearOutcome outcome = run(form);
    if (!outcome.solved && !fresh) {  // what was kept may be too old
      const int wasted = outcome.iterations;
      keep(system);
      outcome = run(form);
      outcome.iterations += wasted;
      outcome.prepared = true;
    }
    outcome.prepared = outcome.prepared || fresh;
    if (!outcome.solved) return outcome;
    if (fresh_iterations_ < 0) fresh_iterations_ = outcome.iterations;
    excess_ += outcome.iterations - fresh_iterations_;
    tired_ = excess_ > inverse_->making();
    return outcome;
  }

  LinearOutcome run(Form form) {
    if (!sound_) return {false, 0, false, singular};
    check_petsc(KSPSetOperators(outer_, operator_, operator_), "setting the operator");
    check_petsc((form == Form::plain ? KSPSolve : KSPSolveTranspose)(outer_, right_, x_), "solving");
    KSPConvergedReason reason;
    PetscInt iterations;
    check_petsc(KSPGetConvergedReason(outer_, &reason), "solving");
    check_petsc(KSPGetIterationNumber(outer_, &iterations), "solving");
    if (reason > 0) return {true, int(iterations), false, ""};
    if (reason == KSP_DIVERGED_PC_FAILED || reason == KSP_DIVERGED_NANORINF)
      return {false, int(iterations), false, singular};
    if (reason == KSP_DIVERGED_ITS)
      return {false, int(iterations), false,
              fmt::format("the linear solve did not converge in {} iterations", iterations)};
    return {
        false, int(iterations), false,
        fmt::format("the linear solve broke down after {} iterations ({})", iterations, KSPConvergedReasons[reason])};
  }

  void read(std::vector<Triple>& delta, double& dV) const { read(delta, dV, c_e0_); }

  void read(std::vector<Triple>& cells, double& last, double scale) const {
    const double* values;
    check_petsc(VecGetArrayRead(x_, &values), "reading a vector");
    for (int P = 0; P < mesh_.cells(); ++P) cells[P] = {scale * values[3 * P], values[3 * P + 1], values[3 * P + 2]};
    last = from_first(has_corner() ? values[3 * mesh_.cells()] : 0);
    check_petsc(VecRestoreArrayRead(x_, &values), "reading a vector");
  }

  double from_first(double value) const {
    if (team_.size() > 1) MPI_Bcast(&value, 1, MPI_DOUBLE, 0, team_.communicator());
    return value;
  }

  /// [J b; r s] [u; V]
  template <Form form>
  static PetscErrorCode apply(Mat shell, Vec in, Vec out) {
    BorderedKrylov* self;
    PetscCall(MatShellGetContext(shell, &self));
    double V = 0, last = 0;
    PetscCall(self->take_part(in, self->part_in_, V));
    PetscCall(self->matrix_.multiply(self->part_in_, V, self->part_out_, last, form));
    return self->give_part(out, self->part_out_, last);
  }

  /// The kept inverse of the same.
  static PetscErrorCode precondition(PC shell, Vec in, Vec out) {
    BorderedKrylov* self;
    PetscCall(PCShellGetContext(shell, &self));
    double last = 0;
    PetscCall(self->take_part(in, self->part_in_, last));
    PetscCall(self->inverse_->apply(self->part_in_, self->part_out_, Form::plain));
    const double V = (last - row_times(self->kept_, self->part_out_, self->team_)) / self->kept_corner_;
    PetscCall(VecAXPY(self->part_out_, -V, self->response_));
    return self->give_part(out, self->part_out_, V);
  }

  static PetscErrorCode precondition_transposed(PC shell, Vec in, Vec out) {
    BorderedKrylov* self;
    PetscCall(PCShellGetContext(shell, &self));
    PetscCall(self->build_transposed());
    double last = 0, given;
    PetscCall(self->take_part(in, self->part_in_, last));
    PetscCall(self->inverse_->apply(self->part_in_, self->part_out_, Form::transposed));
    PetscCall(VecDot(self->kept_border_, self->part_out_, &given));
    const double V = (last - given) / self->kept_corner_transposed_;
    PetscCall(VecAXPY(self->part_out_, -V, self->response_transposed_));
    return self->give_part(out, self->part_out_, V);
  }

  PetscErrorCode take_part(Vec whole, Vec part, double& last) const {
    const double* from;
    double* to;
    PetscCall(VecGetArrayRead(whole, &from));
    PetscCall(VecGetArray(part, &to));
    std::copy_n(from, 3 * mesh_.cells(), to);
    last = from_first(has_corner() ? from[3 * mesh_.cells()] : 0);
    PetscCall(VecRestoreArray(part, &to));
    PetscCall(VecRestoreArrayRead(whole, &from));
    return 0;
  }

  PetscErrorCode give_part(Vec whole, Vec part, double last) const {
    const double* from;
    double* to;
    PetscCall(VecGetArrayRead(part, &from));
    PetscCall(VecGetArray(whole, &to));
    std::copy_n(from, 3 * mesh_.cells(), to);
    if (has_corner()) to[3 * mesh_.cells()] = last;
    PetscCall(VecRestoreArray(whole, &to));
    PetscCall(VecRestoreArrayRead(part, &from));
    return 0;
  }

  const Mesh& mesh_;
  Team team_;
  double c_e0_;
  BorderedOperator matrix_;  ///< of the system being solved
  std::unique_ptr<CellInverse> inverse_;
  BlockSystem kept_;                    ///< what the preconditioner was made of
  const BlockSystem* taken_ = nullptr;  ///< for solve_all()
  double kept_corner_ = 1, kept_corner_transposed_ = 1;
  bool ready_ = false, tired_ = false, sound_ = false, ready_transposed_ = false;
  int fresh_iterations_ = -1;  ///< of the first solve with what is kept
  int excess_ = 0;             ///< iterations of the solves since, beyond as many each
  PetscVector x_, right_, part_in_, part_out_, response_;
  PetscVector kept_border_, response_transposed_;  ///< none before the first transposed solve
  PetscMatrix operator_;
  PetscSolver outer_;
};

void BorderedKrylov::create_solver() {
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
  check_petsc(PCShellSetApply(shell, &precondition), "choosing the preconditioner");
  check_petsc(PCShellSetApplyTranspose(shell, &precondition_transposed), "choosing the preconditioner");

  check_petsc(KSPSetFromOptions(outer_), "reading the solver's options");
}

}  // namespace

std::unique_ptr<LinearSolver> make_petsc_solver(const Mesh& mesh, double c_e0, const Team& team) {
  ensure_petsc();
  return std::make_unique<BorderedKrylov>(mesh, c_e0, team);
}

}  // namespace porelith
