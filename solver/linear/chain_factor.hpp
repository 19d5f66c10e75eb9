#pragma once
/// What is kept of the elimination of a chain for further right-hand sides.
#include <array>
#include <vector>

#include "solver/linear/block_system.hpp"
#include "solver/linear/borders.hpp"
#include "solver/linear/linear_solver.hpp"

namespace porelith {

/// J = (L + D)(1 + U), block by block.
template <class Unknowns>
class ChainFactorOf {
 public:
  using System = BlockSystemOf<Unknowns>;
  using Block = BlockOf<Unknowns>;
  using Values = ValuesOf<Unknowns>;
  /// @param system as long as it is solved with. @return false if it is singular
  bool make(const System& system, int cells);
  /// columns <- inverse of the bordered system, or of its transpose, times columns. @return false if it is singular
  bool solve(std::vector<BorderedColumnOf<Unknowns>>& columns, Form form);

 private:
  void solve_cells(Form form) const;
  /// So many columns at once: each waits for its neighbour's value, the others do not.
  template <int columns>
  void sweep(Values* const* x, Form form) const;

  const System* system_ = nullptr;
  std::vector<Block> inverse_, right_;                    ///< 1/D and U
  std::array<BorderEliminationOf<Unknowns>, 2> borders_;  ///< of each form, made when it is needed
  std::vector<Values*> sides_;                            ///< right sides that are solved for at once
};

}  // namespace porelith
