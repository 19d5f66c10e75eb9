/// Any mesh, on any number of ranks: Krylov on the bordered system, with a preconditioner that is kept for as long as
/// it serves.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "meshes/halo.hpp"
#include "solver/base/constants.hpp"
#include "solver/base/petsc.hpp"
#include "solver/linear/cell_inverse.hpp"
#include "solver/linear/linear_solver.hpp"

namespace porelith {

namespace {

/// The bordered system: a vector holds this rank's cells, three scaled values each, and on the first rank V.
class BorderedKrylov : public LinearSolver {
 public:
  BorderedKrylov(const Mesh& mesh, double c_e0, const Team& team)
      : mesh_(mesh), team_(team), c_e0_(c_e0), exchange_(mesh.halo, team), kept_(0, 0) {
    ensure_petsc();
    const PetscInt n = size();
    x_ = create_vector(team.communicator(), n);
    check_petsc(VecDuplicate(x_, right_.out()), "creating vectors");
    part_in_ = create_vector(team.communicator(), 3 * mesh.cells());
    for (PetscVector* v : {&part_out_, &border_, &response_})
      check_petsc(VecDuplicate(part_in_, v->out()), "creating vectors");
    check_petsc(MatCreateShell(team.communicator(), n, n, PETSC_DETERMINE, PETSC_DETERMINE, this, operator_.out()),
                "creating the operator");
    check_petsc(MatShellSetOperation(operator_, MATOP_MULT, reinterpret_cast<void (*)()>(&apply)),
                "creating the operator");
    create_solver();
    inverse_ = make_cell_inverse(mesh, team);
  }

  LinearOutcome solve(BlockSystem& system, std::vector<Triple>& delta, double& dV) override {
    require_petsc_thread();
    scale(system);
    system_ = &system;
    find_leaks(system);
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
    excess_ += outcome.iterations - fresh_iterations_;
    tired_ = excess_ > inverse_->making();
    return outcome;
  }

  bool takes_multigrid(BlockSystem& system) override {
    scale(system);
    return inverse_->is_multigrid(system);
  }

  std::vector<double> remember() const override {
    std::vector<double> memory{ready_ ? 1.0 : 0.0, tired_ ? 1.0 : 0.0, double(fresh_iterations_), double(excess_),
                               kept_.corner};
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
    const int iterations = static_cast<int>(next()), excess = static_cast<int>(next());
    kept_ = BlockSystem(mesh_.with_ghosts(), static_cast<int>(mesh_.faces.size()));
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
    excess_ = excess;
  }

 private:
  bool has_corner() const { return team_.first(); }
  PetscInt size() const { return 3 * mesh_.cells() + (has_corner() ? 1 : 0); }

  void create_solver();

  /// Unknowns are scaled, c_e by c_e0; (E1) counts in amperes like the others.
  void scale(BlockSystem& system) const {
    for (Block& b : system.diagonal)
      for (int q = 0; q < 3; ++q) b[q] *= faraday, b[3 * q] *= c_e0_;
    for (auto* rows : {&system.owner_row, &system.neighbour_row})
      for (FaceCoupling& f : *rows) f.cc *= faraday * c_e0_, f.ec *= c_e0_;
  }

  /// What of each cell's phi_s does not go to its neighbours: a foil passes 1e10 times as much to them.
  void find_leaks(const BlockSystem& system) {
    leak_.resize(mesh_.cells());
    for (int P = 0; P < mesh_.cells(); ++P) leak_[P] = system.diagonal[P][8];
    for (std::size_t k = 0; k < mesh_.faces.size(); ++k) {
      const Face& f = mesh_.faces[k];
      if (f.owner < mesh_.cells()) leak_[f.owner] += system.owner_row[k].ss;
      if (f.neighbour < mesh_.cells()) leak_[f.neighbour] += system.neighbour_row[k].ss;
    }
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
    build();
  }

  /// The preconditioner of `kept_`: an inverse of J, the border by elimination with it.
  void build() {
    sound_ = inverse_->make(kept_);
    border_of(kept_, part_in_);
    if (sound_) check_petsc(inverse_->apply(part_in_, response_), "preconditioning");
    kept_corner_ = kept_.corner - row_times(kept_, response_);
    ready_ = true;
    tired_ = false;
    fresh_iterations_ = -1;
    excess_ = 0;
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
    if (!sound_) return {false, 0, false, "the linear system is singular"};
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
    PetscCall(self->multiply(self->part_in_, self->part_out_));
    if (self->system_->far) PetscCall(self->add_far(V));
    PetscCall(VecAXPY(self->part_out_, V, self->border_));
    const double last = self->row_times(*self->system_, self->part_in_) + self->system_->corner * V;
    return self->give_part(out, self->part_out_, last);
  }

  /// out = J in, from the blocks as they were assembled: no matrix is put together for it. Currents in the solid go by
  /// differences, so that what leaves a cell enters the next one to the last bit.
  PetscErrorCode multiply(Vec in, Vec out) {
    const int n = mesh_.cells();
    const double* from;
    double* to;
    with_ghosts_.resize(3 * static_cast<std::size_t>(mesh_.with_ghosts()));
    PetscCall(VecGetArrayRead(in, &from));
    std::copy_n(from, 3 * n, with_ghosts_.begin());
    PetscCall(VecRestoreArrayRead(in, &from));
    exchange_.start(with_ghosts_.data(), 3);
    PetscCall(VecGetArrayWrite(out, &to));
    for (int P = 0; P < n; ++P) {
      const Block& J = system_->diagonal[P];
      const double* u = &with_ghosts_[3 * P];
      for (int q = 0; q < 2; ++q) to[3 * P + q] = J[3 * q] * u[0] + J[3 * q + 1] * u[1] + J[3 * q + 2] * u[2];
      to[3 * P + 2] = J[6] * u[0] + J[7] * u[1] + leak_[P] * u[2];
    }
    exchange_.finish();
    const auto add = [&](int P, int N, const FaceCoupling& f) {
      if (P >= n) return;
      const double* u = &with_ghosts_[3 * N];
      to[3 * P] += f.cc * u[0];
      to[3 * P + 1] += f.ec * u[0] + f.ee * u[1];
      to[3 * P + 2] += f.ss * (u[2] - with_ghosts_[3 * P + 2]);
    };
    for (std::size_t k = 0; k < mesh_.faces.size(); ++k) {
      const Face& f = mesh_.faces[k];
      add(f.owner, f.neighbour, system_->owner_row[k]);
      add(f.neighbour, f.owner, system_->neighbour_row[k]);
    }
    PetscCall(VecRestoreArrayWrite(out, &to));
    return 0;
  }

  /// Adds to part_out_ what J and b have beyond the blocks. Both at once: apart they are by far larger than their sum
  /// where conductivities and shapes of elements differ much.
  PetscErrorCode add_far(double V) {
    far_in_.resize(mesh_.cells());
    far_out_.assign(mesh_.cells(), Triple{});
    const double* from;
    double* to;
    PetscCall(VecGetArrayRead(part_in_, &from));
    for (int P = 0; P < mesh_.cells(); ++P) far_in_[P] = {c_e0_ * from[3 * P], from[3 * P + 1], from[3 * P + 2]};
    PetscCall(VecRestoreArrayRead(part_in_, &from));
    system_->far->add(far_in_, V, far_out_);
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
    PetscCall(self->inverse_->apply(self->part_in_, self->part_out_));
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
  HaloExchange exchange_;
  std::unique_ptr<CellInverse> inverse_;
  BlockSystem kept_;                     ///< what the preconditioner was made of
  const BlockSystem* system_ = nullptr;  ///< the one being solved
  double kept_corner_ = 1;
  bool ready_ = false, tired_ = false, sound_ = false;
  int fresh_iterations_ = -1;  ///< of the first solve with what is kept
  int excess_ = 0;             ///< iterations of the solves since, beyond as many each
  std::vector<double> with_ghosts_, leak_;
  std::vector<Triple> far_in_, far_out_;
  PetscVector x_, right_, part_in_, part_out_, border_, response_;
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
  check_petsc(KSPGMRESSetRestart(outer_, 24), "choosing the solver");
  check_petsc(KSPSetTolerances(outer_, 1e-10, PETSC_DEFAULT, PETSC_DEFAULT, 200), "setting tolerances");
  PC shell;
  check_petsc(KSPGetPC(outer_, &shell), "choosing the preconditioner");
  check_petsc(PCSetOptionsPrefix(shell, "newton_border_"), "naming the preconditioner");
  check_petsc(PCSetType(shell, PCSHELL), "choosing the preconditioner");
  check_petsc(PCShellSetContext(shell, this), "choosing the preconditioner");
  check_petsc(PCShellSetApply(shell, &precondition), "choosing the preconditioner");

  check_petsc(KSPSetFromOptions(outer_), "reading the solver's options");
}

}  // namespace

std::unique_ptr<LinearSolver> make_petsc_solver(const Mesh& mesh, double c_e0, const Team& team) {
  return std::make_unique<BorderedKrylov>(mesh, c_e0, team);
}

}  // namespace porelith
