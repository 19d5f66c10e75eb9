#pragma once
/// Solves the linearised equations of a Newton iteration, the terminals' equation with them.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "meshes/mesh.hpp"
#include "solver/base/team.hpp"
#include "solver/linear/borders.hpp"

namespace porelith {

/// What came of a solve.
struct LinearOutcome {
  bool solved = false;
  int iterations = 0;
  bool prepared = false;  ///< a preconditioner was made for it
  std::string trouble;    ///< why not, as a clause
};

/// A right-hand side of the bordered system [J B; R C] or of its transpose, or what solves it.
template <class Unknowns>
struct BorderedColumnOf {
  std::vector<ValuesOf<Unknowns>> cells;  ///< own cells
  std::vector<double> borders;            ///< of the borders' equations or unknowns; the same on every rank
};

template <class Unknowns>
class LinearSolverOf {
 public:
  using System = BlockSystemOf<Unknowns>;
  using Column = BorderedColumnOf<Unknowns>;
  virtual ~LinearSolverOf() = default;
  /// The Newton update of the cells and the borders: minus the inverse of the bordered system times its residual. The
  /// system may be overwritten. Collective.
  /// @param update has one entry an own cell
  virtual LinearOutcome solve(System& system, Column& update) = 0;
  /// The same of one border.
  LinearOutcome solve(System& system, std::vector<ValuesOf<Unknowns>>& delta, double& dV) {
    Column update{std::move(delta), {0}};
    LinearOutcome outcome = solve(system, update);
    delta = std::move(update.cells);
    dV = update.borders.at(0);
    return outcome;
  }

  /// Makes ready for solve_all() with `system`, which is overwritten and must live, and its model not assemble anew,
  /// until the last of them. Holds until the next solve(). Collective.
  virtual LinearOutcome take(System& system) = 0;
  /// columns <- inverse times columns (no minus), with the factor of the system taken or, in a Krylov method, with the
  /// preconditioner at hand. Iterations are those of all columns together. Collective.
  /// @throws std::logic_error if no system is taken
  virtual LinearOutcome solve_all(std::vector<Column>& columns, Form form) = 0;

  /// The next system is another kind of one: what a preconditioner is kept from would hide a part of its residuals.
  virtual void forget() {}
  /// What a preconditioner kept from earlier solves was made of: with it back, solves repeat bit for bit. Empty where
  /// nothing is kept.
  virtual std::vector<double> remember() const { return {}; }
  /// @throws std::invalid_argument if `memory` is not of this mesh
  virtual void resume(const std::vector<double>& memory) { (void)memory; }
};

using BorderedColumn = BorderedColumnOf<Isothermal>;
using LinearSolver = LinearSolverOf<Isothermal>;

/// @param kind "chain": block-tridiagonal elimination for a mesh whose faces join cells i, i + 1 only;
///   "petsc": Krylov with a preconditioner kept over several solves: what the PETSc options say (make_cell_inverse),
///   else a direct factor where that wins (1D, 2D, small 3D on one rank), else multigrid by fields;
///   "auto": chain where the mesh is one, else petsc
/// @param borders that the systems have
/// @throws std::invalid_argument if "chain" is asked of a mesh that is none
template <class Unknowns>
std::unique_ptr<LinearSolverOf<Unknowns>> make_linear_solver_of(const Mesh& mesh, const std::string& kind,
                                                                const ScalesOf<Unknowns>& scales, const Team& team,
                                                                int borders);
/// The same of the three unknowns. @param c_e0 scale of c_e against the potentials' 1 V [mol m-3]
std::unique_ptr<LinearSolver> make_linear_solver(const Mesh& mesh, const std::string& kind, double c_e0 = 1000,
                                                 const Team& team = Team::alone(), int borders = 1);

/// Whether make_linear_solver gives PETSc's: one for the whole process, where the elimination belongs to its maker.
bool takes_petsc(const Mesh& mesh, const std::string& kind, const Team& team = Team::alone());

/// Do the faces join cells i and i + 1 only, in order, all on one rank?
bool is_chain(const Mesh& mesh);

template <class Unknowns>
std::unique_ptr<LinearSolverOf<Unknowns>> make_petsc_solver(const Mesh& mesh, const ScalesOf<Unknowns>& scales,
                                                            const Team& team, int borders);

/// What is said of a system that no factor or preconditioner can be made of.
inline constexpr const char* singular_system = "the linear system is singular";

}  // namespace porelith
