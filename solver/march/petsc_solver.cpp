#include <fmt/format.h>

#include "solver/base/petsc.hpp"
#include "solver/march/linear_solver.hpp"

namespace porelith {

namespace {

/// Any mesh through KSP and PC: a block matrix of the cells' adjacency. By default a direct solve.
class PetscBlockSolver : public LinearSolver {
 public:
  explicit PetscBlockSolver(const Mesh& mesh) : mesh_(mesh) {
    ensure_petsc();
    const PetscInt n = mesh.cells();
    std::vector<PetscInt> neighbours(n, 1);
    for (const Face& f : mesh.faces) ++neighbours[f.owner], ++neighbours[f.neighbour];
    check_petsc(MatCreateSeqBAIJ(PETSC_COMM_SELF, 3, 3 * n, 3 * n, 0, neighbours.data(), J_.out()),
                "creating the matrix");
    check_petsc(MatCreateVecs(J_, x_.out(), rhs_.out()), "creating vectors");
    check_petsc(KSPCreate(PETSC_COMM_SELF, ksp_.out()), "creating the solver");
    check_petsc(KSPSetOptionsPrefix(ksp_, "newton_"), "naming the solver");
    check_petsc(KSPSetType(ksp_, KSPPREONLY), "choosing the solver");
    PC pc;
    check_petsc(KSPGetPC(ksp_, &pc), "choosing the preconditioner");
    check_petsc(PCSetType(pc, PCLU), "choosing the preconditioner");
    check_petsc(KSPSetTolerances(ksp_, 1e-12, PETSC_DEFAULT, PETSC_DEFAULT, PETSC_DEFAULT), "setting tolerances");
    check_petsc(KSPSetFromOptions(ksp_), "reading the solver's options");
  }

  bool solve(BlockSystem& system, std::vector<Triple>& x, std::vector<Triple>& y) override {
    fill(system);
    check_petsc(KSPSetOperators(ksp_, J_, J_), "setting the matrix");
    return solve_one(system.residual, x) && solve_one(system.border, y);
  }

  std::string trouble() const override {
    const KSPConvergedReason reason = converged_reason();
    if (reason == KSP_DIVERGED_PC_FAILED) return LinearSolver::trouble();
    KSPType kind;
    PetscInt iterations;
    const char* why;
    check_petsc(KSPGetType(ksp_, &kind), "asking the solver");
    check_petsc(KSPGetIterationNumber(ksp_, &iterations), "asking the solver");
    check_petsc(KSPGetConvergedReasonString(ksp_, &why), "asking the solver");
    return fmt::format("the linear solver {} did not converge in {} iterations ({})", kind, iterations, why);
  }

 private:
  KSPConvergedReason converged_reason() const {
    KSPConvergedReason reason;
    check_petsc(KSPGetConvergedReason(ksp_, &reason), "solving");
    return reason;
  }

  void fill(const BlockSystem& system) {
    const auto put = [&](PetscInt row, PetscInt column, const double* values) {
      check_petsc(MatSetValuesBlocked(J_, 1, &row, 1, &column, values, INSERT_VALUES), "filling the matrix");
    };
    const auto block = [](const FaceCoupling& f) { return Block{f.cc, 0, 0, f.ec, f.ee, 0, 0, 0, f.ss}; };
    for (int P = 0; P < mesh_.cells(); ++P) put(P, P, system.diagonal[P].data());
    for (std::size_t k = 0; k < mesh_.faces.size(); ++k) {
      const Face& f = mesh_.faces[k];
      put(f.owner, f.neighbour, block(system.owner_row[k]).data());
      put(f.neighbour, f.owner, block(system.neighbour_row[k]).data());
    }
    check_petsc(MatAssemblyBegin(J_, MAT_FINAL_ASSEMBLY), "assembling");
    check_petsc(MatAssemblyEnd(J_, MAT_FINAL_ASSEMBLY), "assembling");
  }

  bool solve_one(const std::vector<Triple>& right, std::vector<Triple>& x) {
    double* values;
    check_petsc(VecGetArray(rhs_, &values), "filling a vector");
    for (std::size_t i = 0; i < right.size(); ++i)
      for (int q = 0; q < 3; ++q) values[3 * i + q] = right[i][q];
    check_petsc(VecRestoreArray(rhs_, &values), "filling a vector");
    check_petsc(KSPSolve(ksp_, rhs_, x_), "solving");
    if (converged_reason() < 0) return false;
    const double* solution;
    check_petsc(VecGetArrayRead(x_, &solution), "reading a vector");
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = {solution[3 * i], solution[3 * i + 1], solution[3 * i + 2]};
    check_petsc(VecRestoreArrayRead(x_, &solution), "reading a vector");
    return true;
  }

  const Mesh& mesh_;
  PetscMatrix J_;
  PetscVector x_, rhs_;
  PetscSolver ksp_;
};

}  // namespace

std::unique_ptr<LinearSolver> make_petsc_solver(const Mesh& mesh) { return std::make_unique<PetscBlockSolver>(mesh); }

}  // namespace porelith
