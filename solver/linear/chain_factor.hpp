#pragma once
/// What is kept of the elimination of a chain for further right-hand sides.
#include <array>
#include <vector>

#include "solver/linear/block_system.hpp"
#include "solver/linear/borders.hpp"
#include "solver/linear/linear_solver.hpp"

namespace porelith {

/// J = (L + D)(1 + U), block by block.
class ChainFactor {
 public:
  /// @param system as long as it is solved with. @return false if it is singular
  bool make(const BlockSystem& system, int cells);
  /// columns <- inverse of the bordered system, or of its transpose, times columns. @return false if it is singular
  bool solve(std::vector<BorderedColumn>& columns, Form form);

 private:
  void solve_cells(Triple* x, Form form) const;

  const BlockSystem* system_ = nullptr;
  std::vector<Block> inverse_, right_;        ///< 1/D and U
  std::array<BorderElimination, 2> borders_;  ///< of each form, made when it is needed
};

}  // namespace porelith
