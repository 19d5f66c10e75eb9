#pragma once
/// The grid of a case: its layers along x, and across them a unit cell of channels cut at its mirror planes, the ring
/// around one hole, or the footprint of a pouch with tabs.
#include "meshes/grid.hpp"
#include "solver/case/case.hpp"

namespace porelith {

/// Edges stand on straight walls and flat ends of channels, on layers and on the sides of tabs; where a wall is slanted
/// or curved, cells carry the exact part of their volume that is not channel. The grid holds what it needs of the case.
Grid grid_of(const Case& input);

}  // namespace porelith
