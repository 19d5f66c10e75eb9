#pragma once
/// Channels as geometry sees them: what is taken out of a porous layer. Knows no battery; SI.
#include <array>
#include <cstdint>

namespace porelith {

enum class ChannelForm : std::uint8_t {
  groove,  ///< a slot along z
  grid,    ///< slots along y and z
  round,   ///< a hole, around an axis along x
  square,  ///< the same with a square opening
  tree,    ///< a round trunk that branches
};

/// How the trunk of a tree goes on. Every branch is a round cylinder with round ends.
struct Branching {
  int generations = 2;           ///< how often it branches; 0: only the trunk
  int branches = 2;              ///< out of the end of each branch
  double angle = 0.65;           ///< between a branch and its parent [rad]
  double diameter_ratio = 0.79;  ///< of a branch to its parent
  double length_ratio = 0.79;
  bool radial = true;  ///< evenly around the parent's axis; else all in the plane of x and y
};

/// One kind of channel in one electrode.
struct Channel {
  ChannelForm form = ChannelForm::groove;
  double mouth = 0;            ///< width or diameter where it opens [m]; of a tree: of its trunk
  double bottom = 0;           ///< at its other end [m]; in between it tapers evenly
  double depth = 1;            ///< part of the layer's thickness that it reaches through
  bool from_separator = true;  ///< where it opens: at the separator, else at the collector
  Branching branching;         ///< of a tree
};

/// The piece of a layer that repeats, cut at its mirror planes: it reaches from x = 0 (collector) to the thickness, and
/// from a channel's axis at y = z = 0 half a pitch along y and z. Axisymmetric: y is the radius.
struct UnitCell {
  int dimension = 3;  ///< 2: no z; channels are slots
  bool axisymmetric = false;
  bool hexagonal = false;  ///< holes stand at the middle of the whole cell's rectangle as well as at its corners
  double thickness = 0;    ///< along x [m]
  double reach_y = 0;      ///< half the pitch, or the radius [m]
  double reach_z = 1;      ///< half the pitch; any number in two dimensions [m]
};

/// A box in a unit cell. Axisymmetric: a ring; the third direction is not looked at then, nor in two dimensions.
struct Box {
  std::array<double, 3> low, high;  ///< [m]
};

}  // namespace porelith
