#pragma once
/// How time is stepped.
#include <optional>
#include <string>

#include "solver/text/holds.hpp"

namespace porelith {

namespace unit {
inline const Unit byte{"B", "amount of memory", "GiB, MiB, GB, MB"};
}

struct SolverOptions {
  double rtol = 1e-4;                 ///< local error a step, relative to each field's scale
  bool fixed = false;                 ///< the case gives rtol
  std::optional<double> newton;       ///< error that Newton's method may leave, over that of rtol; usually 0.05
  int max_order = 5;                  ///< highest BDF order
  double max_step = 1e30;             ///< [s]
  std::optional<double> fixed_step;   ///< [s] constant steps without error control (for order studies)
  std::string linear = "auto";        ///< "auto", "chain" (block tridiagonal) or "petsc"
  std::optional<double> tape_memory;  ///< [bytes] a rank, of states that slopes are taken along; usually 1 GiB

  double newton_leaves() const { return newton.value_or(0.05); }

  template <class Keys>
  static void declare(Keys& keys) {
    keys.about("How exactly, and by what method, time is stepped.");
    keys.key("rtol", &SolverOptions::rtol, {unit::one, between(1e-12, 0.1), ""},
             "Local error allowed in a time step, relative to each field's scale.")
        .key("newton", &SolverOptions::newton, {unit::one, between(1e-8, 1), "0.05", {}, true},
             "Error that Newton's method may leave in a time step, as a part of rtol. Less costs iterations; for "
             "differences between runs and for derivatives.")
        .key("max_order", &SolverOptions::max_order, {unit::one, between(1, 5), ""},
             "Highest order of the backward differentiation formula.")
        .key("max_step", &SolverOptions::max_step, {unit::second, above(0), ""}, "Longest time step.")
        .key("fixed_step", &SolverOptions::fixed_step, {unit::second, above(0), "not used"},
             "Constant time step without error control, for order studies.")
        .key("linear", &SolverOptions::linear, {unit::one, any(), "", {"auto", "chain", "petsc"}},
             "Linear solver: block tridiagonal (chain), PETSc, or whichever suits the mesh (auto).")
        .key("tape_memory", &SolverOptions::tape_memory, {unit::byte, between(0, 1e18), "1 GiB", {}, true},
             "Memory that a run's states may take on each rank where slopes are taken along them. Those beyond it are "
             "written to a temporary file until then.");
  }
};

}  // namespace porelith
