#pragma once
/// The grid of a cell: its layers along x, and across them a unit cell of channels cut at its mirror planes, the ring
/// around one hole, or the footprint of a pouch with tabs.
#include "meshes/channels/geometry.hpp"
#include "meshes/grid.hpp"
#include "meshes/layers.hpp"

namespace porelith {

/// Edges stand on straight walls and flat ends of channels, on layers and on the sides of tabs; where a wall is slanted
/// or curved, cells carry the exact part of their volume that is not channel.
/// @param width,height cells along y and z, from mirror plane to mirror plane
Grid grid_of(const Geometry& geometry, const LayerSpecs& layers, int width, int height);

}  // namespace porelith
