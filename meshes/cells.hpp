#pragma once
/// The control volumes themselves, without what lies between them: all that whoever looks at fields has to know.
#include <array>
#include <cstdint>
#include <vector>

namespace porelith {

/// Foils (and tabs) conduct electrons only; an electrode's cells may be channel, wholly or in part.
enum class Region : std::uint8_t { negative, separator, positive, negative_foil, positive_foil };

inline bool is_electrode(Region r) { return r == Region::negative || r == Region::positive; }
inline bool is_foil(Region r) { return r == Region::negative_foil || r == Region::positive_foil; }
/// On the positive electrode's side: its matrix or its foil.
inline bool is_positive_side(Region r) { return r == Region::positive || r == Region::positive_foil; }

/// SI. Arrays hold the `owned` ones first, then the ghosts.
struct Cells {
  int dimension = 1;
  bool axisymmetric = false;  ///< points are (x, r); volumes are of the whole revolution
  double footprint = 1;       ///< electrode area that the whole mesh, of all ranks, stands for [m2]
  int owned = -1;             ///< cells of this rank; -1: all
  std::vector<double> volume;
  std::vector<Region> region;
  std::vector<double> matrix;                 ///< fraction of the volume that is not channel [1]; empty: 1 everywhere
  std::vector<std::array<double, 3>> centre;  ///< [m], x from the negative collector
  std::vector<double> xi_from, xi_to;  ///< the slice of the layer's depth a cell covers: 0 collector, 1 separator
  std::vector<std::int64_t> number;    ///< of every cell among all ranks', each rank's own in one run; empty: its index
  /// Of every own cell: where it stands in the whole mesh, on any number of ranks the same; there may be gaps. Empty:
  /// its index.
  std::vector<std::int64_t> order;

  std::vector<std::array<double, 3>> points;  ///< vertices of the owned cells [m]
  std::vector<std::vector<int>> vertices;     ///< of each owned cell, VTK's order for its shape

  int cells() const { return owned < 0 ? static_cast<int>(volume.size()) : owned; }
  int with_ghosts() const { return static_cast<int>(volume.size()); }
  double matrix_of(int P) const { return matrix.empty() ? 1 : matrix[P]; }
};

}  // namespace porelith
