#pragma once
/// A preconditioner of PETSc's for one of the fields, or for all of them together.
#include <memory>
#include <optional>
#include <string>

#include "meshes/mesh.hpp"
#include "solver/base/petsc.hpp"
#include "solver/base/team.hpp"
#include "solver/linear/block_system.hpp"

namespace porelith {

/// Rows and columns `first` to `first + count - 1` of every cell's block.
struct Fields {
  int first, count;
};

/// Works on a matrix that holds nothing but what couples.
template <class Unknowns>
class PetscInverseOf {
 public:
  using System = BlockSystemOf<Unknowns>;
  /// Multigrid unless the PETSc options with `prefix` say otherwise; for phi_s of skew elements with foils, which it
  /// does not solve, a direct factor (MUMPS). Collective. @param mesh lives as long
  PetscInverseOf(const Mesh& mesh, const Team& team, Fields fields, const std::string& prefix);
  /// From nothing each time. Collective. @param system lives as long as it is applied
  /// @return false if the matrix is singular
  bool make(const System& system);
  /// out = inverse times in; vectors of `count` values an own cell. Collective.
  PetscErrorCode apply(Vec in, Vec out) const { return KSPSolve(solver_, in, out); }
  /// The same for the transpose, with a preconditioner of its own, for PETSc's multigrids have no exact transposes.
  /// It is made when it is first needed, of symmetric matrices not at all.
  PetscErrorCode apply_transposed(Vec in, Vec out);

 private:
  using FaceCoupling = FaceCouplingOf<Unknowns>;
  PetscInverseOf(const PetscInverseOf& of, Form form);
  void create_solver();
  void create_matrix();
  template <typename Take>
  void each_entry(const Take& take) const;

  bool is_symmetric() const;

  const Mesh& mesh_;
  Team team_;
  Fields fields_;
  std::string prefix_;
  Form form_ = Form::plain;
  double skew_;          ///< the mesh's most
  bool direct_ = false;  ///< a factor, which serves the transpose as well
  const System* system_ = nullptr;
  std::unique_ptr<PetscInverseOf> transposed_;
  std::optional<bool> symmetric_;  ///< once somebody asked
  PetscMatrix matrix_;
  PetscSolver solver_;
};

}  // namespace porelith
