#pragma once
/// An approximate inverse of the cells' part of the linearised equations: what preconditions the Krylov solver.
#include <petscvec.h>

#include <memory>

#include "meshes/mesh.hpp"
#include "solver/base/team.hpp"
#include "solver/newman/block_system.hpp"

namespace porelith {

class CellInverse {
 public:
  virtual ~CellInverse() = default;
  /// From nothing each time, so that it depends on `system` alone and can be made again after a restart. Collective.
  /// @return false if the system is singular
  virtual bool make(const BlockSystem& system) = 0;
  /// out = inverse times in; vectors of three values an own cell. Collective.
  virtual PetscErrorCode apply(Vec in, Vec out) = 0;
  /// What making it costs, in applications.
  virtual double making() const = 0;
};

/// A direct factor where that is cheap, on one rank; else algebraic multigrid; or what the PETSc options with the
/// prefix newton_ say. Collective.
std::unique_ptr<CellInverse> make_cell_inverse(const Mesh& mesh, const Team& team);

}  // namespace porelith
