#pragma once
/// The grid of a cell: its layers along x, and across them a unit cell of channels cut at its mirror planes, the ring
/// around one hole, or the footprint of a pouch with tabs.
#include "meshes/channels/geometry.hpp"
#include "meshes/grid.hpp"
#include "meshes/layers.hpp"

namespace porelith {

/// All that is whole in a grid: how many cells each piece between two places where edges stand has. As long as it
/// stays, edges follow walls, ends and layers smoothly.
struct Plan {
  std::vector<int> negative, positive, width, height;  ///< width, height: empty in directions that are not there
  int separator = 0;
};

/// Of the counts given: lists stay as they are, the others are divided as suits the geometry.
/// @throws std::invalid_argument with a sentence if a list does not fit
Plan plan_of(const Geometry& geometry, const LayerSpecs& layers, const CellCounts& width, const CellCounts& height);

/// Edges stand on straight walls, on the mean of tapered ones and on flat ends of channels, on layers and on the sides
/// of tabs; where a wall is slanted or curved, cells carry the exact part of their volume that is not channel.
/// @param width,height cells along y and z, from mirror plane to mirror plane
/// @throws std::invalid_argument as plan_of
Grid grid_of(const Geometry& geometry, const LayerSpecs& layers, const CellCounts& width, const CellCounts& height);

}  // namespace porelith
