#pragma once
/// A description of cells with a made-up fourth field, and the solvers over it: what a later physics brings along.
#include "solver/linear/chain_solver_definitions.hpp"
#include "solver/linear/petsc_solver_definitions.hpp"
#include "tests/support/bordered_systems.hpp"

namespace porelith {

struct FourUnknowns {
  enum : int { c_e, phi_e, phi_s, T, n };
  static constexpr std::array<const char*, n> names{"c_e", "phi_e", "phi_s", "T"};
  static constexpr std::array<const char*, n> units{"mol/m3", "V", "V", "K"};
  /// Neighbours' T moves salt, and their ionic current heats.
  static constexpr std::array<FaceEntry, 7> across{
      {{c_e, c_e}, {phi_e, c_e}, {phi_e, phi_e}, {phi_s, phi_s}, {T, T}, {c_e, T}, {T, phi_e}}};
  static constexpr int stiff = phi_s;
};

/// How far its solutions are from dense ones.
inline SolverErrors errors_of_four(const Mesh& mesh, const char* kind, int seed, double c_e0, int borders,
                                   const Team& team) {
  const ScalesOf<FourUnknowns> scales{{c_e0, 1, 1, 1}, {faraday, 1, 1, 1}};
  const auto solver = make_linear_solver_of<FourUnknowns>(mesh, kind, scales, team, borders);
  BlockSystemOf<FourUnknowns> system = random_system<FourUnknowns>(mesh, seed, c_e0, borders);
  return solver_errors(*solver, mesh, system, c_e0, team);
}

}  // namespace porelith
