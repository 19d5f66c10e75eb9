#pragma once
/// A preconditioner of PETSc's for one of the three fields, or for all of them together.
#include <string>

#include "meshes/mesh.hpp"
#include "solver/base/petsc.hpp"
#include "solver/base/team.hpp"
#include "solver/linear/block_system.hpp"

namespace porelith {

/// Rows and columns `first` to `first + count - 1` of every cell's block.
struct Fields {
  int first = 0, count = 3;
};

/// Works on a matrix that holds nothing but what couples.
class PetscInverse {
 public:
  /// Multigrid unless the PETSc options with `prefix` say otherwise. Collective. @param mesh lives as long
  PetscInverse(const Mesh& mesh, const Team& team, Fields fields, const std::string& prefix);
  /// From nothing each time. Collective. @return false if the matrix is singular
  bool make(const BlockSystem& system);
  /// out = inverse times in; vectors of `count` values an own cell. Collective.
  PetscErrorCode apply(Vec in, Vec out) const { return KSPSolve(solver_, in, out); }

 private:
  void create_solver();
  void create_matrix(const BlockSystem& system);
  template <typename Take>
  void each_entry(const BlockSystem& system, const Take& take) const;

  const Mesh& mesh_;
  MPI_Comm communicator_;
  Fields fields_;
  std::string prefix_;
  PetscMatrix matrix_;
  PetscSolver solver_;
};

}  // namespace porelith
