#pragma once
/// Solves the linearised equations of a Newton iteration for two right-hand sides: the residual and the border.
#include <memory>
#include <string>

#include "meshes/mesh.hpp"
#include "solver/newman/block_system.hpp"

namespace porelith {

class LinearSolver {
 public:
  virtual ~LinearSolver() = default;
  /// x = J^-1 residual, y = J^-1 border; the system may be overwritten.
  /// @return false if there is no solution, or none was found
  virtual bool solve(BlockSystem& system, std::vector<Triple>& x, std::vector<Triple>& y) = 0;
  /// Why the last solve() returned false.
  virtual std::string trouble() const { return "the linear system is singular"; }
};

/// @param kind "chain": block-tridiagonal elimination for a mesh whose faces join cells i, i + 1 only;
///   "petsc": KSP and PC as the PETSc options say (prefix newton_), by default a direct solve;
///   "auto": chain where the mesh is one, else petsc
/// @throws std::invalid_argument if "chain" is asked of a mesh that is none
std::unique_ptr<LinearSolver> make_linear_solver(const Mesh& mesh, const std::string& kind);

/// Do the faces join cells i and i + 1 only, in order?
bool is_chain(const Mesh& mesh);

std::unique_ptr<LinearSolver> make_petsc_solver(const Mesh& mesh);

}  // namespace porelith
