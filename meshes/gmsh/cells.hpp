#pragma once
/// The control volumes of a Gmsh file: its elements of the highest dimension, each with the region that its physical
/// group gives it.
#include "meshes/gmsh/roles.hpp"

namespace porelith {

struct GmshCells {
  int dimension = 3;  ///< 2 or 3
  std::vector<GmshShape> shape;
  std::vector<Region> region;
  std::vector<std::uint8_t> channel;  ///< 1: electrolyte only
  std::vector<std::int64_t> number;   ///< the element's, as the file calls it
  std::vector<int> first;             ///< of a cell's vertices; one more than cells
  std::vector<int> vertices;          ///< indices of the file's points, Gmsh's order
  std::map<int, Terminal> terminals;  ///< by the tag of a group of one dimension less

  int size() const { return static_cast<int>(shape.size()); }
  const int* vertices_of(int cell) const { return &vertices[first[cell]]; }
  int vertex_count(int cell) const { return first[cell + 1] - first[cell]; }
  /// For sentences: "tetrahedron 12".
  std::string name(int cell) const;
  /// Carries electrons: an electrode's matrix or a foil.
  bool conducts(int cell) const { return region[cell] != Region::separator && !channel[cell]; }
  /// Carries ions.
  bool is_wet(int cell) const { return !is_foil(region[cell]); }
};

/// @throws CaseError for parts of the cell that no group is, and elements that are no part or two
GmshCells cells_of(const GmshFile& file, const GmshNames& names = {});

}  // namespace porelith
