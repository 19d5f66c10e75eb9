#pragma once
/// The linearised equations of one Newton iteration: blocks on cells and faces, and the borders: unknowns beside the
/// cells', as the collector potential, with an equation each.
#include <array>
#include <cstdint>
#include <vector>

#include "solver/linear/unknowns.hpp"

namespace porelith {

/// Of one cell; row-major.
template <class Unknowns>
struct BlockOf : std::array<double, Unknowns::n * Unknowns::n> {
  double& operator()(int row, int column) { return (*this)[Unknowns::n * row + column]; }
  double operator()(int row, int column) const { return (*this)[Unknowns::n * row + column]; }
};

/// Where Unknowns::across has the entry (row, column), n x n; -1 where it has none.
template <class Unknowns>
inline constexpr auto places_across = [] {
  std::array<int, Unknowns::n * Unknowns::n> places{};
  for (int& place : places) place = -1;
  for (int i = 0; i < static_cast<int>(Unknowns::across.size()); ++i)
    places[Unknowns::n * Unknowns::across[i].row + Unknowns::across[i].column] = i;
  return places;
}();

/// What one side of a face feels of the other: the entries Unknowns::across, in that order, of an off-diagonal block.
template <class Unknowns>
struct FaceCouplingOf : std::array<double, Unknowns::across.size()> {
  /// @param row,column one of Unknowns::across
  double& operator()(int row, int column) { return (*this)[places_across<Unknowns>[Unknowns::n * row + column]]; }
  double operator()(int row, int column) const { return (*this)[places_across<Unknowns>[Unknowns::n * row + column]]; }
  void operator+=(const FaceCouplingOf& other) {
    for (std::size_t i = 0; i < this->size(); ++i) (*this)[i] += other[i];
  }
};

template <class Unknowns>
using ValuesOf = std::array<double, Unknowns::n>;  ///< one an unknown of a cell

using Block = BlockOf<Isothermal>;
using Triple = ValuesOf<Isothermal>;  ///< c_e, phi_e, phi_s of one cell
using FaceCoupling = FaceCouplingOf<Isothermal>;

/// D += the coupling, as if a neighbour were the cell itself.
template <class Unknowns>
void add(BlockOf<Unknowns>& D, const FaceCouplingOf<Unknowns>& f) {
  for (std::size_t i = 0; i < f.size(); ++i) D(Unknowns::across[i].row, Unknowns::across[i].column) += f[i];
}

/// A matrix, or its transpose: for derivatives of few numbers by many.
enum class Form { plain, transposed };

/// An unknown beside the cells', and an equation of its own: any scalar one that feels cells and borders.
template <class Unknowns>
struct BorderOf {
  struct Entry {
    int cell, unknown;  ///< an own cell
    double by;          ///< d(equation)/d(its unknown)
  };
  std::vector<ValuesOf<Unknowns>>
      column;              ///< d(the cells' residuals)/d(the unknown), without the far part; cells with ghosts
  std::vector<Entry> row;  ///< this rank's part of the equation; entries of one place add up
  double residual = 0;     ///< of the equation, over all ranks
};

/// Couplings of cells that need not share a face, entry by entry: rows of own cells, each row's columns ascending.
template <class Unknowns>
struct FarRowsOf {
  std::vector<std::size_t> first;    ///< where each row begins, and the end of the last; empty: nothing is far
  std::vector<std::int64_t> column;  ///< a cell's number among all ranks' (Mesh::number), the row's own as well
  std::vector<FaceCouplingOf<Unknowns>> felt;
};

/// What the Jacobian has beyond the blocks, where faces feel more than their two cells.
template <class Unknowns>
class FarCouplingOf {
 public:
  using Values = std::vector<ValuesOf<Unknowns>>;
  virtual ~FarCouplingOf() = default;
  /// y += its part of the Jacobian times x and V, the change of the positive collector's potential; arrays of own
  /// cells. Collective.
  virtual void add(const Values& x, double V, Values& y) = 0;
  /// y += the transpose of the same times x. @return what V's column makes of this rank's x: its part of a sum over
  /// all ranks. Collective.
  virtual double add_transposed(const Values& x, Values& y) = 0;
  /// The same entry by entry, but for V's column: what a factor or a preconditioner is made of. Collective.
  virtual FarRowsOf<Unknowns> rows() = 0;
};

/// Arrays of cells cover own cells and ghosts; rows of ghosts are their owner's business and hold nothing of use. But
/// both couplings of a face are right on every rank that sees it: what a ghost feels is a row of the transpose.
template <class Unknowns>
struct BlockSystemOf {
  std::vector<BlockOf<Unknowns>> diagonal;
  std::vector<FaceCouplingOf<Unknowns>> owner_row;      ///< row of the owner, column of the neighbour; one a face
  std::vector<FaceCouplingOf<Unknowns>> neighbour_row;  ///< row of the neighbour, column of the owner
  std::vector<ValuesOf<Unknowns>> residual;
  FarCouplingOf<Unknowns>* far =
      nullptr;                   ///< the model's; none where all faces are square on the line between their centres
  FarRowsOf<Unknowns> far_rows;  ///< its entries, in the system that a preconditioner is made of
  /// Sum of row entries x d(cells) + corner d(borders) = -residual. The model's is the potential V of the positive
  /// collector with what the terminals hold fixed; the far part feels the first one.
  std::vector<BorderOf<Unknowns>> borders;
  std::vector<double> corner;  ///< d(equations)/d(border unknowns), row by row

  BlockSystemOf(int cells, int faces, int border_count = 1)
      : diagonal(cells), owner_row(faces), neighbour_row(faces), residual(cells), borders(border_count) {
    for (auto& border : borders) border.column.assign(cells, ValuesOf<Unknowns>{});
    corner.assign(borders.size() * borders.size(), 0.0);
    for (std::size_t k = 0; k < borders.size(); ++k) corner[k * borders.size() + k] = 1;
  }
};

using Border = BorderOf<Isothermal>;
using FarRows = FarRowsOf<Isothermal>;
using FarCoupling = FarCouplingOf<Isothermal>;
using BlockSystem = BlockSystemOf<Isothermal>;

}  // namespace porelith
