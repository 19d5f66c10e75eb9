#include "solver/march/cell_inverse.hpp"

#include <algorithm>
#include <vector>

#include "solver/base/petsc.hpp"
#include "solver/march/block_factor.hpp"

namespace porelith {

namespace {

/// A factor may take this many multiplications; multigrid is quicker beyond.
constexpr double most_factor_work = 4e9;
/// Of more cells not even the order is looked for.
constexpr int most_factor_cells = 30'000;

/// Unless the user says otherwise.
void prefer(const char* option, const char* value) {
  PetscBool given;
  check_petsc(PetscOptionsHasName(nullptr, nullptr, option, &given), "reading options");
  if (!given) check_petsc(PetscOptionsSetValue(nullptr, option, value), "choosing options");
}

/// By PETSc, from a matrix that holds nothing but what couples.
class PetscInverse : public CellInverse {
 public:
  PetscInverse(const Mesh& mesh, const Team& team)
      : mesh_(mesh), communicator_(team.communicator()), one_(team.size() == 1) {
    first_face_.assign(mesh.cells() + 1, 0);
    const auto visit = [&](auto&& take) {
      for (std::size_t k = 0; k < mesh.faces.size(); ++k)
        for (const int P : {mesh.faces[k].owner, mesh.faces[k].neighbour})
          if (P < mesh.cells()) take(P, static_cast<int>(k));
    };
    visit([&](int P, int) { ++first_face_[P + 1]; });
    for (int P = 0; P < mesh.cells(); ++P) first_face_[P + 1] += first_face_[P];
    faces_.resize(first_face_.back());
    std::vector<int> next(first_face_.begin(), first_face_.end() - 1);
    visit([&](int P, int k) { faces_[next[P]++] = k; });
    create_solver();
  }

  bool make(const BlockSystem& system) override {
    check_petsc(KSPReset(solver_), "setting the matrix");
    matrix_ = PetscMatrix();
    fill(system);
    check_petsc(KSPSetOperators(solver_, matrix_, matrix_), "setting the matrix");
    check_petsc(KSPSetUp(solver_), "setting up the preconditioner");
    KSPConvergedReason reason;
    check_petsc(KSPGetConvergedReason(solver_, &reason), "setting up the preconditioner");
    return reason != KSP_DIVERGED_PC_FAILED;
  }

  PetscErrorCode apply(Vec in, Vec out) override { return KSPSolve(solver_, in, out); }
  double making() const override { return 15; }  // multigrid's cycles

 private:
  void create_solver() {
    check_petsc(KSPCreate(communicator_, solver_.out()), "creating the preconditioner");
    check_petsc(KSPSetOptionsPrefix(solver_, "newton_"), "naming the preconditioner");
    check_petsc(KSPSetType(solver_, KSPPREONLY), "choosing the preconditioner");
    PC pc;
    check_petsc(KSPGetPC(solver_, &pc), "choosing the preconditioner");
    // All three fields in one hierarchy, coarsened each by itself. Coarsening twice at first and short interpolation
    // keep its levels thin: somewhat more iterations, each at half the time, and less memory.
    check_petsc(PCSetType(pc, PCHYPRE), "choosing the preconditioner");
    prefer("-newton_pc_hypre_boomeramg_no_CF", "true");
    prefer("-newton_pc_hypre_boomeramg_relax_type_down", "SOR/Jacobi");
    prefer("-newton_pc_hypre_boomeramg_relax_type_up", "backward-SOR/Jacobi");
    prefer("-newton_pc_hypre_boomeramg_coarsen_type", "HMIS");
    prefer("-newton_pc_hypre_boomeramg_interp_type", "ext+i");
    prefer("-newton_pc_hypre_boomeramg_agg_nl", "1");
    prefer("-newton_pc_hypre_boomeramg_P_max", "4");
    check_petsc(PCSetFromOptions(pc), "reading the solver's options");
  }

  struct Entry {
    int field;
    PetscInt column;
    double value;
  };

  /// Row `field` of cell P, without zeros beside the diagonal.
  void row_of(const BlockSystem& system, int P, int field, std::vector<Entry>& row) const {
    row.clear();
    const auto add = [&](int N, int q, double value) {
      if (value != 0 || (N == P && q == field)) row.push_back({q, 3 * number(N) + q, value});
    };
    for (int q = 0; q < 3; ++q) add(P, q, system.diagonal[P][3 * field + q]);
    for (int at = first_face_[P]; at < first_face_[P + 1]; ++at) {
      const Face& f = mesh_.faces[faces_[at]];
      const bool owner = f.owner == P;
      const FaceCoupling& felt = (owner ? system.owner_row : system.neighbour_row)[faces_[at]];
      const int N = owner ? f.neighbour : f.owner;
      if (field == 0) add(N, 0, felt.cc);
      if (field == 1) add(N, 0, felt.ec), add(N, 1, felt.ee);
      if (field == 2) add(N, 2, felt.ss);
    }
  }

  PetscInt number(int P) const { return mesh_.number.empty() ? P : static_cast<PetscInt>(mesh_.number[P]); }

  void fill(const BlockSystem& system) {
    const PetscInt n = mesh_.cells();
    std::vector<PetscInt> own(3 * n, 0), other(3 * n, 0), columns;
    std::vector<double> values;
    std::vector<Entry> row;
    const PetscInt from = n > 0 ? 3 * number(0) : 0, to = from + 3 * n;
    for (PetscInt r = 0; r < 3 * n; ++r) {
      row_of(system, r / 3, r % 3, row);
      for (const Entry& e : row) ++(e.column >= from && e.column < to ? own : other)[r];
    }
    check_petsc(MatCreate(communicator_, matrix_.out()), "creating the matrix");
    check_petsc(MatSetSizes(matrix_, 3 * n, 3 * n, PETSC_DETERMINE, PETSC_DETERMINE), "creating the matrix");
    check_petsc(MatSetBlockSize(matrix_, 3), "creating the matrix");
    check_petsc(MatSetType(matrix_, one_ ? MATSEQAIJ : MATMPIAIJ), "creating the matrix");
    if (one_)
      check_petsc(MatSeqAIJSetPreallocation(matrix_, 0, own.data()), "creating the matrix");
    else
      check_petsc(MatMPIAIJSetPreallocation(matrix_, 0, own.data(), 0, other.data()), "creating the matrix");
    for (PetscInt r = 0; r < 3 * n; ++r) {
      row_of(system, r / 3, r % 3, row);
      columns.clear(), values.clear();
      for (const Entry& e : row) columns.push_back(e.column), values.push_back(e.value);
      const PetscInt at = from + r;
      check_petsc(MatSetValues(matrix_, 1, &at, static_cast<PetscInt>(columns.size()), columns.data(), values.data(),
                               INSERT_VALUES),
                  "assembling");
    }
    check_petsc(MatAssemblyBegin(matrix_, MAT_FINAL_ASSEMBLY), "assembling");
    check_petsc(MatAssemblyEnd(matrix_, MAT_FINAL_ASSEMBLY), "assembling");
  }

  const Mesh& mesh_;
  MPI_Comm communicator_;
  bool one_;
  std::vector<int> first_face_, faces_;  ///< of each cell
  PetscMatrix matrix_;
  PetscSolver solver_;
};

/// A direct factor where it is cheap for the system at hand, else PETSc's.
class CheaperInverse : public CellInverse {
 public:
  CheaperInverse(const Mesh& mesh, const Team& team) : mesh_(mesh), team_(team), factor_(mesh) {}

  bool make(const BlockSystem& system) override {
    factor_.plan(system);
    direct_ = factor_.factor_work() < most_factor_work;
    if (direct_) return factor_.factor(system);
    if (!petsc_) petsc_ = std::make_unique<PetscInverse>(mesh_, team_);
    return petsc_->make(system);
  }

  PetscErrorCode apply(Vec in, Vec out) override {
    if (!direct_) return petsc_->apply(in, out);
    const double* from;
    double* to;
    PetscCall(VecGetArrayRead(in, &from));
    PetscCall(VecGetArrayWrite(out, &to));
    factor_.apply(from, to);
    PetscCall(VecRestoreArrayWrite(out, &to));
    PetscCall(VecRestoreArrayRead(in, &from));
    return 0;
  }

  /// An application waits for memory, a factor does not.
  double making() const override {
    return direct_ ? factor_.factor_work() / factor_.apply_work() / 5 : petsc_->making();
  }

 private:
  const Mesh& mesh_;
  Team team_;
  BlockFactor factor_;
  bool direct_ = false;
  std::unique_ptr<PetscInverse> petsc_;
};

}  // namespace

std::unique_ptr<CellInverse> make_cell_inverse(const Mesh& mesh, const Team& team) {
  PetscBool chosen;
  check_petsc(PetscOptionsHasName(nullptr, "newton_", "-pc_type", &chosen), "reading options");
  if (!chosen && team.size() == 1 && mesh.cells() <= most_factor_cells)
    return std::make_unique<CheaperInverse>(mesh, team);
  return std::make_unique<PetscInverse>(mesh, team);
}

}  // namespace porelith
