#pragma once
/// A direct factor of the cells' 3x3 blocks on one rank: nested dissection of the cells, then dense fronts. No
/// pivoting, as conductances and storage make every diagonal.
#include <vector>

#include "meshes/mesh.hpp"
#include "solver/linear/block_system.hpp"

namespace porelith {

class BlockFactor {
 public:
  /// @param mesh stays the caller's
  explicit BlockFactor(const Mesh& mesh) : mesh_(mesh) {}

  /// Chooses an order for `system`. Faces that couple their cells by less than 1e-4 of either's diagonal in every row
  /// are left out, so that a pouch cell is columns between two foils. Depends on `system` alone.
  void plan(const BlockSystem& system);
  /// Multiplications that a factor after this plan takes, and an application of it.
  double factor_work() const { return factor_work_; }
  double apply_work() const { return apply_work_; }

  /// @param system as planned. @return false if it is singular
  bool factor(const BlockSystem& system);
  /// out = inverse times in, of the matrix or of its transpose; three values a cell, may be the same array
  void apply(const double* in, double* out, Form form = Form::plain);

 private:
  /// Cells that are eliminated together, `from` to `to` in the new order, with the rows that they reach beyond.
  struct Front {
    int from, to;
    std::vector<int> reach;    ///< cells in the new order, ascending
    std::vector<int> placing;  ///< where each of them is in the parent's front
    std::vector<int> faces;    ///< whose couplings enter here
    int parent = -1;
    std::vector<double> middle;  ///< of the pivots: L11 and U11, row by row
    std::vector<double> right;   ///< U12, row by row; rows are padded
    std::vector<double> below;   ///< L21, column by column, as U12
    std::vector<double> update;  ///< what is handed to the parent, between factoring both
    int pivots() const { return to - from; }
    int reached() const { return static_cast<int>(reach.size()); }
  };

  void order_cells();
  void find_fronts();
  void place_fronts();
  void gather(const BlockSystem& system, Front& front);
  static void add_block(Front& front, int row, int column, const double* block, int stride);
  static bool eliminate(Front& front);
  void pass_on(const Front& front, const std::vector<double>& coupling);
  void take_back(const Front& front, const std::vector<double>& coupling);

  const Mesh& mesh_;
  std::vector<char> coupled_;   ///< one a face
  std::vector<int> at_, cell_;  ///< new place of a cell, cell of a place
  std::vector<Front> fronts_;
  std::vector<int> front_of_;               ///< a place
  std::vector<std::vector<int>> children_;  ///< of each front
  std::vector<Block> diagonal_;             ///< with what was left out
  std::vector<double> values_, reached_;    ///< in apply()
  double factor_work_ = 0, apply_work_ = 0;
};

}  // namespace porelith
