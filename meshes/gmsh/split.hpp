#pragma once
/// A Gmsh file on half the length of its elements.
#include "meshes/gmsh/file.hpp"

namespace porelith {

/// Halves every edge: lines become 2; triangles and quadrilaterals 4; tetrahedra, hexahedra and prisms 8; pyramids 6
/// pyramids and 4 tetrahedra. Neighbours share whole faces as before, groups stay, children go by their parent's
/// number. Curved walls stay the chords that they were.
/// @throws CaseError where there would be more points than can be counted
GmshFile split_elements(const GmshFile& file);

}  // namespace porelith
