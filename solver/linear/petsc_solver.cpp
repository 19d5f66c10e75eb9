#include "solver/linear/petsc_solver_definitions.hpp"

namespace porelith {

template std::unique_ptr<LinearSolver> make_petsc_solver(const Mesh&, const ScalesOf<Isothermal>&, const Team&, int);
template class BlockFactorOf<Isothermal>;
template class BorderEliminationOf<Isothermal>;

}  // namespace porelith
