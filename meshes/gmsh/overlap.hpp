#pragma once
/// The area that the electrodes of a Gmsh mesh share: electrodes may be of unequal width, and what one has beyond the
/// other is no part of the cell's area.
#include "meshes/gmsh/faces.hpp"
#include "meshes/gmsh/geometry.hpp"

namespace porelith {

/// Along x each electrode throws the faces that it shares with the separator, mouths of channels included, onto one
/// plane; of what both cover the area [the points' unit squared; per unit of depth in 2D; of the whole turn round an
/// axis]. Faces may match or not. @throws CaseError if both cover nothing
double shared_area(const GmshFile& file, const GmshCells& cells, const GmshFaces& faces, const Space& space);

}  // namespace porelith
