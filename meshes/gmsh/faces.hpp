#pragma once
/// Which cells of a Gmsh file touch, and what lies on its outside.
#include "meshes/gmsh/cells.hpp"

namespace porelith {

/// A side of a cell, by the corners that it has.
struct GmshSide {
  std::array<int, 4> corners;  ///< indices of points, falling; -1 where there are fewer
  int cell;
  int side;  ///< index into sides_of(shape)
};

/// The vertices of a side in order around it, 2 to 4; @return how many.
int side_vertices(const GmshCells& cells, const GmshSide& side, std::array<int, 4>& vertices);

struct GmshFaces {
  std::vector<std::array<GmshSide, 2>> inner;  ///< the lower cell first; sorted by (first cell, its side)
  std::vector<GmshSide> outer;                 ///< sorted by (cell, side)
  std::vector<Terminal> terminal;              ///< of each outer side
};

/// Matches the sides of all cells and finds the terminals.
/// @throws CaseError where more than two cells meet in a side, cells touch without sharing one, the mesh falls into
/// parts, or a terminal lies where it cannot
GmshFaces faces_of(const GmshFile& file, const GmshCells& cells);

/// Checks that no two outer sides lie on each other, as they do where parts of a mesh were made apart from each other
/// or do not match; how near that is the thickness of their own cells says. @throws CaseError naming two such cells
void check_contact(const GmshFile& file, const GmshCells& cells, const GmshFaces& faces);

/// Checks that ions reach every wet cell from every other and that electrons reach every conducting cell from the
/// terminal of its side. @throws CaseError naming a cell that is cut off
void check_paths(const GmshFile& file, const GmshCells& cells, const GmshFaces& faces);

}  // namespace porelith
