#pragma once
/// Which side of a cell a region of its mesh lies on.
#include "meshes/cells.hpp"
#include "solver/cell/side.hpp"

namespace porelith {

inline Region region_of(Side side) { return side == Side::negative ? Region::negative : Region::positive; }
/// Of a coating or a foil.
inline Side side_of(Region region) { return is_positive_side(region) ? Side::positive : Side::negative; }

}  // namespace porelith
