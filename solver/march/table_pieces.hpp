#pragma once
/// A table of the protocol, piece by straight piece.
#include "solver/march/stepper.hpp"

namespace porelith {

class TablePieces {
 public:
  explicit TablePieces(const DriveTable& table);

  int rows() const { return static_cast<int>(table_.time.size()); }
  Control quantity() const { return table_.quantity; }
  double largest() const { return largest_; }  ///< size of a value
  double length() const { return table_.time.back(); }
  /// Where the piece that begins in `row` ends: the last row that lies on a line with all between. A jump is no piece.
  int end_of(int row) const;
  /// The piece from `row` on; the table begins at t. It ends at drive.t_to.
  Drive drive(int row, double t) const;
  /// Whether the value jumps at the start of the piece that begins in `row`.
  bool jumps(int row) const;
  /// The first row from `row` on where a piece begins; rows() where the table ends.
  int piece_from(int row) const;

 private:
  const DriveTable& table_;
  double largest_ = 0;
};

}  // namespace porelith
