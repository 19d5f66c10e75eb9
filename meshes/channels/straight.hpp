#pragma once
/// Channels whose cross-section only shrinks or grows with depth: grooves, grids, holes, tapered or not. The part of a
/// box that they take up is exact: closed form across, Gauss quadrature between the kinks along a taper.
#include "meshes/channels/channel.hpp"

namespace porelith {

class StraightChannel {
 public:
  StraightChannel(const Channel& channel, const UnitCell& cell);

  /// Part of the box's volume that is channel, 0 to 1.
  double fraction(const Box& box) const;

 private:
  /// Part of the box's cross-section within the channel where its width is 2 `half`.
  double across(const Box& box, double half) const;
  double half_width(double from_mouth) const;

  Channel channel_;
  UnitCell cell_;
};

/// Area of the part of the rectangle [0, a] x [0, b] that lies within the circle of radius r about the origin.
double disc_in_rectangle(double a, double b, double r);

}  // namespace porelith
