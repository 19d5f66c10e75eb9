#pragma once
/// The thick NMC111/graphite pouch cell with channels, as cases for tests.
#include "meshes/channels/channel.hpp"
#include "tests/support/sample_cells.hpp"

namespace porelith {

/// Charge of the pouch cell, coatings twice as thick, from empty to its upper cut-off; no channels yet.
inline Case thick_charge(double rate) {
  Case c = shipped_case("nmc111_pouch");
  c.temperature = 298.15;
  thicken(c, 2);
  c.initial = {};
  c.initial.soc = 0;
  c.protocol = {at_rate(*c.cell, -rate)};
  c.output.interval = 10;  // rows at the same times, however the steps fall
  return c;
}

/// A unit cell of `dimension` directions (2: a plane, 3: a box) with a channel of this form and width, straight and
/// through both electrodes.
inline void cut(Case& c, int dimension, double pitch, ChannelForm form, double width) {
  c.geometry.dimension = dimension;
  c.geometry.width = c.geometry.height = pitch;
  Channel channel;
  channel.form = form;
  channel.mouth = channel.bottom = width;
  if (width > 0) c.geometry.negative = c.geometry.positive = {channel};
}

}  // namespace porelith
