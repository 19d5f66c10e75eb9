#pragma once
/// A direct factor of the cells' blocks on one rank: nested dissection of the cells, then dense fronts. No
/// pivoting, as conductances and storage make every diagonal.
#include <vector>

#include "meshes/mesh.hpp"
#include "solver/linear/block_system.hpp"

namespace porelith {

template <class Unknowns>
class BlockFactorOf {
 public:
  using System = BlockSystemOf<Unknowns>;
  using Block = BlockOf<Unknowns>;
  using FaceCoupling = FaceCouplingOf<Unknowns>;
  /// @param mesh stays the caller's
  explicit BlockFactorOf(const Mesh& mesh) : mesh_(mesh) {}

  /// Takes `system` and chooses an order for it. Pairs that couple their cells by less than 1e-4 of either's diagonal
  /// in every row are left out, so that a pouch cell is columns between two foils. Depends on `system` alone.
  void plan(const System& system);
  /// Multiplications that a factor after this plan takes, and an application of it.
  double factor_work() const { return factor_work_; }
  double apply_work() const { return apply_work_; }

  /// Of the system planned for, once. @return false if it is singular
  bool factor();
  /// out = inverse times in, of the matrix or of its transpose; one value an unknown of a cell, may be the same array
  void apply(const double* in, double* out, Form form = Form::plain);

 private:
  static constexpr int n_u = Unknowns::n;
  /// Cells that are eliminated together, `from` to `to` in the new order, with the rows that they reach beyond.
  struct Front {
    int from, to;
    std::vector<int> reach;    ///< cells in the new order, ascending
    std::vector<int> placing;  ///< where each of them is in the parent's front
    std::vector<int> links;    ///< that enter here
    int parent = -1;
    std::vector<double> middle;  ///< of the pivots: L11 and U11, row by row
    std::vector<double> right;   ///< U12, row by row; rows are padded
    std::vector<double> below;   ///< L21, column by column, as U12
    std::vector<double> update;  ///< what is handed to the parent, between factoring both
    int pivots() const { return to - from; }
    int reached() const { return static_cast<int>(reach.size()); }
  };

  /// Two cells that feel each other: through a face, through the far part or both.
  struct Link {
    int one, other;
    FaceCoupling one_row, other_row;
  };

  void find_links(const System& system);
  void order_cells();
  void find_fronts();
  void place_fronts();
  void gather(Front& front);
  static void add_block(Front& front, int row, int column, const double* block, int stride);
  static bool eliminate(Front& front);
  void pass_on(const Front& front, const std::vector<double>& coupling);
  void take_back(const Front& front, const std::vector<double>& coupling);

  const Mesh& mesh_;
  std::vector<Link> links_;     ///< that count
  std::vector<int> at_, cell_;  ///< new place of a cell, cell of a place
  std::vector<Front> fronts_;
  std::vector<int> front_of_;               ///< a place
  std::vector<std::vector<int>> children_;  ///< of each front
  std::vector<Block> diagonal_;             ///< with the far part's, and with what was left out
  std::vector<double> values_, reached_;    ///< in apply()
  double factor_work_ = 0, apply_work_ = 0;
};

using BlockFactor = BlockFactorOf<Isothermal>;

}  // namespace porelith
