#pragma once
/// Definitions of petsc_inverse.hpp, for whoever instantiates them.
#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "meshes/quality.hpp"
#include "solver/linear/petsc_inverse.hpp"

namespace porelith {

namespace petsc_inverse {

constexpr double much_skew = 5;  ///< of elements that are flat

/// Unless the user says otherwise.
inline void prefer(const std::string& option, const std::string& value) {
  static std::map<std::string, std::string> chosen;  // for an earlier mesh
  char found[64];
  PetscBool given;
  check_petsc(PetscOptionsGetString(nullptr, nullptr, option.c_str(), found, sizeof found, &given), "reading options");
  const auto before = chosen.find(option);
  if (given && (before == chosen.end() || before->second != found)) return;
  chosen[option] = value;
  check_petsc(PetscOptionsSetValue(nullptr, option.c_str(), value.c_str()), "choosing options");
}

}  // namespace petsc_inverse

template <class Unknowns>
PetscInverseOf<Unknowns>::PetscInverseOf(const Mesh& mesh, const Team& team, Fields fields, const std::string& prefix)
    : mesh_(mesh), team_(team), fields_(fields), prefix_(prefix), skew_(most_skew(mesh, team)) {
  direct_ = fields.first == Unknowns::stiff && skew_ > mild_skew && has_foils(mesh, team);
  create_solver();  // so that options are judged before anything is solved
}

template <class Unknowns>
PetscInverseOf<Unknowns>::PetscInverseOf(const PetscInverseOf& of, Form form)
    : mesh_(of.mesh_), team_(of.team_), fields_(of.fields_), prefix_(of.prefix_), form_(form), skew_(of.skew_) {}

template <class Unknowns>
void PetscInverseOf<Unknowns>::create_solver() {
  solver_ = PetscSolver();
  check_petsc(KSPCreate(team_.communicator(), solver_.out()), "creating the preconditioner");
  check_petsc(KSPSetOptionsPrefix(solver_, prefix_.c_str()), "naming the preconditioner");
  check_petsc(KSPSetType(solver_, KSPPREONLY), "choosing the preconditioner");
  PC pc;
  check_petsc(KSPGetPC(solver_, &pc), "choosing the preconditioner");
  if (direct_) {
    check_petsc(PCSetType(pc, PCLU), "choosing the preconditioner");
    check_petsc(PCFactorSetMatSolverType(pc, MATSOLVERMUMPS), "choosing the preconditioner");
    check_petsc(PCSetFromOptions(pc), "reading the solver's options");
    return;
  }
  check_petsc(PCSetType(pc, PCHYPRE), "choosing the preconditioner");
  // Interpolation that drops only its small weights: shorter or twice as coarse makes a cycle cheaper, but the
  // iterations grow with the mesh.
  const std::string amg = "-" + prefix_ + "pc_hypre_boomeramg_";
  petsc_inverse::prefer(amg + "no_CF", "true");
  petsc_inverse::prefer(amg + "relax_type_down", "SOR/Jacobi");
  petsc_inverse::prefer(amg + "relax_type_up", "backward-SOR/Jacobi");
  petsc_inverse::prefer(amg + "coarsen_type", "HMIS");
  petsc_inverse::prefer(amg + "interp_type", "ext+i");
  petsc_inverse::prefer(amg + "truncfactor", "0.1");
  // Flat elements couple beyond their faces with either sign: only the strongest couplings tell where to coarsen.
  petsc_inverse::prefer(amg + "strong_threshold", skew_ > petsc_inverse::much_skew ? "0.9"
                                                  : skew_ > mild_skew              ? "0.5"
                                                                                   : "0.25");
  // salt, with its accumulation on the diagonal, is easier
  if (fields_.first == Unknowns::c_e && fields_.count == 1) petsc_inverse::prefer(amg + "P_max", "4");
  check_petsc(PCSetFromOptions(pc), "reading the solver's options");
}

template <class Unknowns>
bool PetscInverseOf<Unknowns>::make(const System& system) {
  system_ = &system;
  transposed_.reset();
  symmetric_.reset();
  create_solver();
  create_matrix();
  PC pc;
  PetscBool hypre;
  check_petsc(KSPGetPC(solver_, &pc), "setting the matrix");
  check_petsc(PetscObjectTypeCompare(reinterpret_cast<PetscObject>(pc), PCHYPRE, &hypre), "setting the matrix");
  if (hypre) {  // which would copy it and keep both
    PetscMatrix hypres;
    check_petsc(MatConvert(matrix_, MATHYPRE, MAT_INITIAL_MATRIX, hypres.out()), "setting the matrix");
    matrix_ = std::move(hypres);
  }
  check_petsc(KSPSetOperators(solver_, matrix_, matrix_), "setting the matrix");
  check_petsc(KSPSetUp(solver_), "setting up the preconditioner");
  KSPConvergedReason reason;
  check_petsc(KSPGetConvergedReason(solver_, &reason), "setting up the preconditioner");
  return reason != KSP_DIVERGED_PC_FAILED;
}

template <class Unknowns>
PetscErrorCode PetscInverseOf<Unknowns>::apply_transposed(Vec in, Vec out) {
  if (direct_) return KSPSolveTranspose(solver_, in, out);
  if (!symmetric_) symmetric_ = is_symmetric();
  if (*symmetric_) return apply(in, out);
  if (!transposed_) {
    transposed_.reset(new PetscInverseOf(*this, Form::transposed));
    transposed_->make(*system_);  // a singular matrix gives what is not a number
  }
  return transposed_->apply(in, out);
}

/// Of one field; the three together never are.
template <class Unknowns>
bool PetscInverseOf<Unknowns>::is_symmetric() const {
  if (fields_.count > 1 || team_.any(!system_->far_rows.first.empty())) return false;
  const auto felt = [&](const FaceCoupling& f) { return f(fields_.first, fields_.first); };
  bool same = true;
  for (std::size_t k = 0; k < mesh_.faces.size(); ++k)
    same = same && felt(system_->owner_row[k]) == felt(system_->neighbour_row[k]);
  return !team_.any(!same);
}

/// take(row, column, value) for whatever is not zero in the own cells' rows, and for their diagonal; some entries come
/// in parts.
template <class Unknowns>
template <typename Take>
void PetscInverseOf<Unknowns>::each_entry(const Take& take) const {
  const System& system = *system_;
  const int n = mesh_.cells(), m = fields_.count, first = fields_.first;
  const auto number = [&](int P) { return mesh_.number.empty() ? P : static_cast<PetscInt>(mesh_.number[P]); };
  const auto couple = [&](int P, PetscInt N, const FaceCoupling& felt) {
    const auto add = [&](int p, int q, double value) {
      if (value != 0 && std::min(p, q) >= first && std::max(p, q) < first + m)
        take(m * number(P) + p - first, m * N + q - first, value);
    };
    for (std::size_t i = 0; i < felt.size(); ++i) add(Unknowns::across[i].row, Unknowns::across[i].column, felt[i]);
  };
  for (int P = 0; P < n; ++P)
    for (int p = first; p < first + m; ++p)
      for (int q = first; q < first + m; ++q)
        if (const double value = system.diagonal[P](p, q); value != 0 || p == q)
          take(m * number(P) + p - first, m * number(P) + q - first, value);
  for (std::size_t k = 0; k < mesh_.faces.size(); ++k) {
    const Face& f = mesh_.faces[k];
    if (f.owner < n) couple(f.owner, number(f.neighbour), system.owner_row[k]);
    if (f.neighbour < n) couple(f.neighbour, number(f.owner), system.neighbour_row[k]);
  }
  const auto& far = system.far_rows;
  for (std::size_t P = 0; P + 1 < far.first.size(); ++P)
    for (std::size_t i = far.first[P]; i < far.first[P + 1]; ++i)
      couple(static_cast<int>(P), static_cast<PetscInt>(far.column[i]), far.felt[i]);
}

template <class Unknowns>
void PetscInverseOf<Unknowns>::create_matrix() {
  const PetscInt n = fields_.count * mesh_.cells();
  matrix_ = PetscMatrix();
  check_petsc(MatCreate(team_.communicator(), matrix_.out()), "creating the matrix");
  check_petsc(MatSetSizes(matrix_, n, n, PETSC_DETERMINE, PETSC_DETERMINE), "creating the matrix");
  check_petsc(MatSetBlockSize(matrix_, fields_.count), "creating the matrix");
  check_petsc(MatSetType(matrix_, MATAIJ), "creating the matrix");
  PetscLayout rows;
  check_petsc(MatGetLayouts(matrix_, &rows, nullptr), "creating the matrix");
  check_petsc(PetscLayoutSetUp(rows), "creating the matrix");
  const PetscInt from = rows->rstart, to = rows->rend;
  std::vector<PetscInt> own(n, 0), other(n, 0);
  each_entry([&](PetscInt r, PetscInt c, double) { ++(c >= from && c < to ? own : other)[r - from]; });
  // each sees to its own kind of matrix, one rank's and several's
  check_petsc(MatSeqAIJSetPreallocation(matrix_, 0, own.data()), "creating the matrix");
  check_petsc(MatMPIAIJSetPreallocation(matrix_, 0, own.data(), 0, other.data()), "creating the matrix");
  each_entry([&](PetscInt r, PetscInt c, double value) {
    check_petsc(MatSetValues(matrix_, 1, &r, 1, &c, &value, ADD_VALUES), "assembling");
  });
  check_petsc(MatAssemblyBegin(matrix_, MAT_FINAL_ASSEMBLY), "assembling");
  check_petsc(MatAssemblyEnd(matrix_, MAT_FINAL_ASSEMBLY), "assembling");
  if (form_ == Form::transposed) check_petsc(MatTranspose(matrix_, MAT_INPLACE_MATRIX, matrix_.out()), "assembling");
}

}  // namespace porelith
