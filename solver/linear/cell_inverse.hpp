#pragma once
/// An approximate inverse of the cells' part of the linearised equations: what preconditions the Krylov solver.
#include <petscvec.h>

#include <memory>

#include "meshes/mesh.hpp"
#include "solver/base/team.hpp"
#include "solver/linear/block_system.hpp"

namespace porelith {

template <class Unknowns>
class CellInverseOf {
 public:
  virtual ~CellInverseOf() = default;
  /// From nothing each time, so that it depends on `system` alone and can be made again after a restart. Collective.
  /// @param system lives until the next make()
  /// @return false if the system is singular
  virtual bool make(const BlockSystemOf<Unknowns>& system) = 0;
  /// out = inverse times in, of the matrix or near enough of its transpose; vectors of one value an unknown of an own
  /// cell. Collective.
  virtual PetscErrorCode apply(Vec in, Vec out, Form form) = 0;
  /// What making it costs, in applications.
  virtual double making() const = 0;
};

/// A direct factor where that is cheap, on one rank; else algebraic multigrid field by field. PETSc options:
/// -newton_pc_type and what follows from it put any preconditioner of PETSc's, of all fields together, in their place;
/// -newton_direct false never takes the factor; the prefixes newton_c_e_, newton_phi_e_ and newton_phi_s_ reach the
/// fields' multigrids. Collective.
template <class Unknowns>
std::unique_ptr<CellInverseOf<Unknowns>> make_cell_inverse(const Mesh& mesh, const Team& team);

}  // namespace porelith
