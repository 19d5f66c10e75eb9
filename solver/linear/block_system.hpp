#pragma once
/// The linearised equations of one Newton iteration: 3x3 blocks (c_e, phi_e, phi_s) on cells and faces, and the border
/// that the collector potential adds.
#include <array>
#include <cstdint>
#include <vector>

namespace porelith {

using Block = std::array<double, 9>;   ///< row-major; rows (E1), (E2), (E5), columns c_e, phi_e, phi_s
using Triple = std::array<double, 3>;  ///< c_e, phi_e, phi_s of one cell

/// A matrix, or its transpose: for derivatives of few numbers by many.
enum class Form { plain, transposed };

/// What one side of a face feels of the other: the only entries an off-diagonal block has.
struct FaceCoupling {
  double cc = 0;  ///< salt balance on c_e
  double ec = 0;  ///< ionic current on c_e
  double ee = 0;  ///< ionic current on phi_e
  double ss = 0;  ///< electronic current on phi_s
  void operator+=(const FaceCoupling& f) { cc += f.cc, ec += f.ec, ee += f.ee, ss += f.ss; }
};

/// One entry of the terminals' equation.
struct TerminalEntry {
  int cell;
  double by_phi_s;  ///< d(equation)/d(phi_s of the cell)
};

/// Couplings of cells that need not share a face, entry by entry: rows of own cells, each row's columns ascending.
struct FarRows {
  std::vector<std::size_t> first;    ///< where each row begins, and the end of the last; empty: nothing is far
  std::vector<std::int64_t> column;  ///< a cell's number among all ranks' (Mesh::number), the row's own as well
  std::vector<FaceCoupling> felt;
};

/// What the Jacobian has beyond the blocks, where faces feel more than their two cells.
class FarCoupling {
 public:
  virtual ~FarCoupling() = default;
  /// y += its part of the Jacobian times x and V, the change of the positive collector's potential; arrays of own
  /// cells. Collective.
  virtual void add(const std::vector<Triple>& x, double V, std::vector<Triple>& y) = 0;
  /// y += the transpose of the same times x. @return what V's column makes of this rank's x: its part of a sum over
  /// all ranks. Collective.
  virtual double add_transposed(const std::vector<Triple>& x, std::vector<Triple>& y) = 0;
  /// The same entry by entry, but for V's column: what a factor or a preconditioner is made of. Collective.
  virtual FarRows rows() = 0;
};

/// Arrays of cells cover own cells and ghosts; rows of ghosts are their owner's business and hold nothing of use. But
/// both couplings of a face are right on every rank that sees it: what a ghost feels is a row of the transpose.
struct BlockSystem {
  std::vector<Block> diagonal;
  std::vector<FaceCoupling> owner_row;      ///< row of the owner, column of the neighbour; one a face
  std::vector<FaceCoupling> neighbour_row;  ///< row of the neighbour, column of the owner
  std::vector<Triple> residual;
  std::vector<Triple> border;  ///< d residual/dV, V the potential of the positive collector; without the far part
  FarCoupling* far = nullptr;  ///< the model's; none where all faces are square on the line between their centres
  FarRows far_rows;            ///< its entries, in the system that a preconditioner is made of

  // What the terminals hold fixed: sum of row entries x dphi_s + corner dV = -border_residual, over all ranks.
  std::vector<TerminalEntry> border_row;  ///< this rank's part
  double corner = 1, border_residual = 0;

  BlockSystem(int cells, int faces)
      : diagonal(cells), owner_row(faces), neighbour_row(faces), residual(cells), border(cells, Triple{}) {}
};

}  // namespace porelith
