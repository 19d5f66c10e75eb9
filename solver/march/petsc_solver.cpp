/// Any mesh, on any number of ranks: Krylov on the bordered system, with a preconditioner that is kept for as long as
/// it serves.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "solver/base/constants.hpp"
#include "solver/base/petsc.hpp"
#include "solver/march/linear_solver.hpp"

namespace porelith {

namespace {

/// The cells' part of the system as a matrix over all ranks. Unknowns are scaled, c_e by c_e0; (E1) counts in amperes
/// like the others.
class CellMatrix {
 public:
  CellMatrix(const Mesh& mesh, double c_e0, const Team& team) : mesh_(mesh), c_e0_(c_e0) {
    const PetscInt n = mesh.cells();
    std::vector<PetscInt> own(n, 1), other(n, 0);
    const auto count = [&](int P, int N) {
      if (P < n) ++(N < n ? own : other)[P];
    };
    for (const Face& f : mesh.faces) count(f.owner, f.neighbour), count(f.neighbour, f.owner);
    std::vector<PetscInt> own_rows, other_rows;
    for (PetscInt P = 0; P < n; ++P)
      for (int q = 0; q < 3; ++q) own_rows.push_back(3 * own[P]), other_rows.push_back(3 * other[P]);
    check_petsc(MatCreate(team.communicator(), matrix_.out()), "creating the matrix");
    check_petsc(MatSetSizes(matrix_, 3 * n, 3 * n, PETSC_DETERMINE, PETSC_DETERMINE), "creating the matrix");
    check_petsc(MatSetBlockSize(matrix_, 3), "creating the matrix");
    check_petsc(MatSetType(matrix_, team.size() > 1 ? MATMPIAIJ : MATSEQAIJ), "creating the matrix");
    if (team.size() > 1)
      check_petsc(MatMPIAIJSetPreallocation(matrix_, 0, own_rows.data(), 0, other_rows.data()), "creating the matrix");
    else
      check_petsc(MatSeqAIJSetPreallocation(matrix_, 0, own_rows.data()), "creating the matrix");
    for (std::int64_t number : mesh.number) rows_.push_back(static_cast<PetscInt>(number));
    for (int P = static_cast<int>(rows_.size()); P < mesh.with_ghosts(); ++P) rows_.push_back(P);
  }

  operator Mat() const { return matrix_; }  // NOLINT: stands for its handle

  void fill(const BlockSystem& system) {
    const auto coupling = [](const FaceCoupling& f) { return Block{f.cc, 0, 0, f.ec, f.ee, 0, 0, 0, f.ss}; };
    for (int P = 0; P < mesh_.cells(); ++P) put(P, P, system.diagonal[P]);
    for (std::size_t k = 0; k < mesh_.faces.size(); ++k) {
      const Face& f = mesh_.faces[k];
      if (f.owner < mesh_.cells()) put(f.owner, f.neighbour, coupling(system.owner_row[k]));
      if (f.neighbour < mesh_.cells()) put(f.neighbour, f.owner, coupling(system.neighbour_row[k]));
    }
    check_petsc(MatAssemblyBegin(matrix_, MAT_FINAL_ASSEMBLY), "assembling");
    check_petsc(MatAssemblyEnd(matrix_, MAT_FINAL_ASSEMBLY), "assembling");
  }

 private:
  void put(int row, int column, Block b) {
    for (int q = 0; q < 3; ++q) b[q] *= faraday, b[3 * q] *= c_e0_;
    check_petsc(MatSetValuesBlocked(matrix_, 1, &rows_[row], 1, &rows_[column], b.data(), INSERT_VALUES), "assembling");
  }

  const Mesh& mesh_;
  double c_e0_;
  PetscMatrix matrix_;
  std::vector<PetscInt> rows_;
};

/// The bordered system: a vector holds this rank's cells, three scaled values each, and on the first rank V.
class BorderedKrylov : public LinearSolver {
 public:
  BorderedKrylov(const Mesh& mesh, double c_e0, const Team& team)
      : mesh_(mesh), team_(team), c_e0_(c_e0), kept_(mesh.with_ghosts(), static_cast<int>(mesh.faces.size())) {
    ensure_petsc();
    J_ = std::make_unique<CellMatrix>(mesh, c_e0, team);
    J_kept_ = std::make_unique<CellMatrix>(mesh, c_e0, team);
    const PetscInt n = size();
    check_petsc(VecCreate(team.communicator(), x_.out()), "creating vectors");
    check_petsc(VecSetSizes(x_, n, PETSC_DETERMINE), "creating vectors");
    check_petsc(VecSetType(x_, team.size() > 1 ? VECMPI : VECSEQ), "creating vectors");
    check_petsc(VecDuplicate(x_, right_.out()), "creating vectors");
    for (PetscVector* v : {&part_in_, &part_out_, &border_, &response_})
      check_petsc(MatCreateVecs(*J_, v->out(), nullptr), "creating vectors");
    check_petsc(MatCreateShell(team.communicator(), n, n, PETSC_DETERMINE, PETSC_DETERMINE, this, operator_.out()),
                "creating the operator");
    check_petsc(MatShellSetOperation(operator_, MATOP_MULT, reinterpret_cast<void (*)()>(&apply)),
                "creating the operator");
    create_solvers();
  }

  LinearOutcome solve(BlockSystem& system, std::vector<Triple>& delta, double& dV) override {
    system_ = &system;
    J_->fill(system);
    border_of(system, border_);
    const bool fresh = !ready_ || tired_;
    if (fresh) keep(system);
    fill_right(system);
    LinearOutcome outcome = run();
    if (!outcome.solved && !fresh) {  // what was kept may be too old
      const int wasted = outcome.iterations;
      keep(system);
      outcome = run();
      outcome.iterations += wasted;
      outcome.prepared = true;
    }
    outcome.prepared = outcome.prepared || fresh;
    if (!outcome.solved) return outcome;
    read(delta, dV);
    if (fresh_iterations_ < 0) fresh_iterations_ = outcome.iterations;
    tired_ = outcome.iterations > fresh_iterations_ + patience_;
    return outcome;
  }

  std::vector<double> remember() const override {
    std::vector<double> memory{ready_ ? 1.0 : 0.0, tired_ ? 1.0 : 0.0, double(fresh_iterations_), kept_.corner};
    if (!ready_) return memory;
    for_each_kept(kept_, [&](const double& value) { memory.push_back(value); });
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
    const int iterations = static_cast<int>(next());
    kept_.corner = next();
    ready_ = false;
    if (!ready) return;
    for_each_kept(kept_, [&](double& value) { value = next(); });
    kept_.border_row.clear();
    while (at < memory.size()) {
      const int cell = static_cast<int>(next());
      kept_.border_row.push_back({cell, next()});
    }
    system_ = &kept_;
    build();
    tired_ = tired;
    fresh_iterations_ = iterations;
  }

 private:
  bool has_corner() const { return team_.first(); }
  PetscInt size() const { return 3 * mesh_.cells() + (has_corner() ? 1 : 0); }

  void create_solvers();

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
    build();
  }

  /// The preconditioner of `kept_`: J by PETSc, the border by elimination with J's kept inverse.
  void build() {
    J_kept_->fill(kept_);
    // From nothing each time: a factor that leans on an earlier one's analysis could not be made again after a restart.
    check_petsc(KSPReset(inner_), "setting the matrix");
    check_petsc(KSPSetOperators(inner_, *J_kept_, *J_kept_), "setting the matrix");
    check_petsc(KSPSetUp(inner_), "setting up the preconditioner");
    border_of(kept_, part_in_);
    check_petsc(KSPSolve(inner_, part_in_, response_), "preconditioning");
    kept_corner_ = kept_.corner - row_times(kept_, response_);
    ready_ = true;
    tired_ = false;
    fresh_iterations_ = -1;
  }

  void border_of(const BlockSystem& system, Vec border) const {
    double* values;
    check_petsc(VecGetArray(border, &values), "filling a vector");
    for (int P = 0; P < mesh_.cells(); ++P) {
      values[3 * P] = faraday * system.border[P][0];
      values[3 * P + 1] = system.border[P][1];
      values[3 * P + 2] = system.border[P][2];
    }
    check_petsc(VecRestoreArray(border, &values), "filling a vector");
  }

  double row_times(const BlockSystem& system, Vec cells) const {
    const double* values;
    check_petsc(VecGetArrayRead(cells, &values), "reading a vector");
    double sum = 0;
    for (const TerminalEntry& t : system.border_row) sum += t.by_phi_s * values[3 * t.cell + 2];
    check_petsc(VecRestoreArrayRead(cells, &values), "reading a vector");
    return team_.sum(sum);
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

  LinearOutcome run() {
    check_petsc(KSPSetOperators(outer_, operator_, operator_), "setting the operator");
    check_petsc(KSPSolve(outer_, right_, x_), "solving");
    KSPConvergedReason reason;
    PetscInt iterations;
    check_petsc(KSPGetConvergedReason(outer_, &reason), "solving");
    check_petsc(KSPGetIterationNumber(outer_, &iterations), "solving");
    if (reason > 0) return {true, int(iterations), false, ""};
    if (reason == KSP_DIVERGED_PC_FAILED || reason == KSP_DIVERGED_NANORINF)
      return {false, int(iterations), false, "the linear system is singular"};
    if (reason == KSP_DIVERGED_ITS)
      return {false, int(iterations), false,
              fmt::format("the linear solve did not converge in {} iterations", iterations)};
    return {
        false, int(iterations), false,
        fmt::format("the linear solve broke down after {} iterations ({})", iterations, KSPConvergedReasons[reason])};
  }

  void read(std::vector<Triple>& delta, double& dV) const {
    const double* values;
    check_petsc(VecGetArrayRead(x_, &values), "reading a vector");
    for (int P = 0; P < mesh_.cells(); ++P) delta[P] = {c_e0_ * values[3 * P], values[3 * P + 1], values[3 * P + 2]};
    dV = from_first(has_corner() ? values[3 * mesh_.cells()] : 0);
    check_petsc(VecRestoreArrayRead(x_, &values), "reading a vector");
  }

  double from_first(double value) const {
    if (team_.size() > 1) MPI_Bcast(&value, 1, MPI_DOUBLE, 0, team_.communicator());
    return value;
  }

  /// [J b; r s] [u; V]
  static PetscErrorCode apply(Mat shell, Vec in, Vec out) {
    BorderedKrylov* self;
    PetscCall(MatShellGetContext(shell, &self));
    double V = 0;
    PetscCall(self->take_part(in, self->part_in_, V));
    PetscCall(MatMult(*self->J_, self->part_in_, self->part_out_));
    if (self->system_->far) PetscCall(self->add_far());
    PetscCall(VecAXPY(self->part_out_, V, self->border_));
    const double last = self->row_times(*self->system_, self->part_in_) + self->system_->corner * V;
    return self->give_part(out, self->part_out_, last);
  }

  /// Adds to part_out_ what J has beyond the matrix.
  PetscErrorCode add_far() {
    far_in_.resize(mesh_.cells());
    far_out_.assign(mesh_.cells(), Triple{});
    const double* from;
    double* to;
    PetscCall(VecGetArrayRead(part_in_, &from));
    for (int P = 0; P < mesh_.cells(); ++P) far_in_[P] = {c_e0_ * from[3 * P], from[3 * P + 1], from[3 * P + 2]};
    PetscCall(VecRestoreArrayRead(part_in_, &from));
    system_->far->add(far_in_, far_out_);
    PetscCall(VecGetArray(part_out_, &to));
    for (int P = 0; P < mesh_.cells(); ++P) {
      to[3 * P] += faraday * far_out_[P][0];
      to[3 * P + 1] += far_out_[P][1];
      to[3 * P + 2] += far_out_[P][2];
    }
    PetscCall(VecRestoreArray(part_out_, &to));
    return 0;
  }

  /// The kept inverse of the same.
  static PetscErrorCode precondition(PC shell, Vec in, Vec out) {
    BorderedKrylov* self;
    PetscCall(PCShellGetContext(shell, &self));
    double last = 0;
    PetscCall(self->take_part(in, self->part_in_, last));
    PetscCall(KSPSolve(self->inner_, self->part_in_, self->part_out_));
    const double V = (last - self->row_times(self->kept_, self->part_out_)) / self->kept_corner_;
    PetscCall(VecAXPY(self->part_out_, -V, self->response_));
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
  std::unique_ptr<CellMatrix> J_, J_kept_;
  BlockSystem kept_;                     ///< what the preconditioner was made of
  const BlockSystem* system_ = nullptr;  ///< the one being solved
  double kept_corner_ = 1;
  bool ready_ = false, tired_ = false;
  int fresh_iterations_ = -1, patience_ = 4;
  std::vector<Triple> far_in_, far_out_;
  PetscVector x_, right_, part_in_, part_out_, border_, response_;
  PetscMatrix operator_;
  PetscSolver outer_, inner_;
};

/// On one rank, direct where fill-in is small: always in 1D, up to here in 2D and 3D. [cells]
constexpr double direct_2d = 20'000, direct_3d = 1'000;

/// Unless the user says otherwise.
void prefer(const char* option, const char* value) {
  PetscBool given;
  check_petsc(PetscOptionsHasName(nullptr, nullptr, option, &given), "reading options");
  if (!given) check_petsc(PetscOptionsSetValue(nullptr, option, value), "choosing options");
}

void BorderedKrylov::create_solvers() {
  const MPI_Comm communicator = team_.communicator();
  check_petsc(KSPCreate(communicator, outer_.out()), "creating the solver");
  check_petsc(KSPSetOptionsPrefix(outer_, "newton_"), "naming the solver");
  check_petsc(KSPSetType(outer_, KSPGMRES), "choosing the solver");
  check_petsc(KSPGMRESSetRestart(outer_, 60), "choosing the solver");
  check_petsc(KSPSetTolerances(outer_, 1e-10, PETSC_DEFAULT, PETSC_DEFAULT, 200), "setting tolerances");
  PC shell;
  check_petsc(KSPGetPC(outer_, &shell), "choosing the preconditioner");
  check_petsc(PCSetOptionsPrefix(shell, "newton_border_"), "naming the preconditioner");
  check_petsc(PCSetType(shell, PCSHELL), "choosing the preconditioner");
  check_petsc(PCShellSetContext(shell, this), "choosing the preconditioner");
  check_petsc(PCShellSetApply(shell, &precondition), "choosing the preconditioner");

  check_petsc(KSPCreate(communicator, inner_.out()), "creating the preconditioner");
  check_petsc(KSPSetOptionsPrefix(inner_, "newton_"), "naming the preconditioner");
  check_petsc(KSPSetType(inner_, KSPPREONLY), "choosing the preconditioner");
  PC pc;
  check_petsc(KSPGetPC(inner_, &pc), "choosing the preconditioner");
  const double cells = team_.sum(double(mesh_.cells()));
  const double most = mesh_.dimension == 1 ? 1e9 : mesh_.dimension == 2 ? direct_2d : direct_3d;
  // On several ranks never by default: a parallel factor's digits depend on which message came first.
  if (cells <= most && team_.size() == 1) {
    check_petsc(PCSetType(pc, PCLU), "choosing the preconditioner");
    // measured on grooved cells: two thirds of nested dissection's time
    check_petsc(PCFactorSetMatOrderingType(pc, MATORDERINGQMD), "choosing the preconditioner");
  } else {
    // All three fields in one hierarchy, coarsened each by itself. Short interpolation keeps its levels thin.
    check_petsc(PCSetType(pc, PCHYPRE), "choosing the preconditioner");
    prefer("-newton_pc_hypre_boomeramg_relax_type_all", "backward-SOR/Jacobi");
    prefer("-newton_pc_hypre_boomeramg_P_max", "4");
  }
  check_petsc(KSPSetFromOptions(outer_), "reading the solver's options");
  check_petsc(PCSetFromOptions(pc), "reading the solver's options");
}

}  // namespace

std::unique_ptr<LinearSolver> make_petsc_solver(const Mesh& mesh, double c_e0, const Team& team) {
  return std::make_unique<BorderedKrylov>(mesh, c_e0, team);
}

}  // namespace porelith
