#include "meshes/channels/channels.hpp"

#include <algorithm>

namespace porelith {

Channels::Channels(const std::vector<Channel>& channels, const UnitCell& cell) : cell_(cell) {
  for (const Channel& channel : channels) {
    if (channel.mouth <= 0 && channel.bottom <= 0) continue;  // of no width
    channels_.push_back(channel);
    if (channel.form == ChannelForm::tree)
      parts_.emplace_back(TreeChannel(channel, cell));
    else
      parts_.emplace_back(StraightChannel(channel, cell));
  }
}

double Channels::fraction(const Box& box) const { return fraction(box, 9); }

double Channels::fraction() const {
  return fraction({{0, 0, 0}, {cell_.thickness, cell_.reach_y, cell_.dimension == 3 ? cell_.reach_z : 1}}, 20);
}

double Channels::fraction(const Box& box, int halvings) const {
  double sum = 0, most = 0;
  int cutting = 0;
  for (const auto& part : parts_) {
    const double f = std::visit([&](const auto& shape) { return shape.fraction(box); }, part);
    if (f >= 1) return 1;
    cutting += f > 0;
    sum += f;
    most = std::max(most, f);
  }
  if (cutting <= 1) return sum;
  if (halvings == 0) return (most + std::min(1.0, sum)) / 2;  // the bounds of what the union can be
  int longest = 0;
  for (int k = 1; k < cell_.dimension; ++k)
    if (box.high[k] - box.low[k] > box.high[longest] - box.low[longest]) longest = k;
  Box low = box, high = box;
  const double middle = (box.low[longest] + box.high[longest]) / 2;
  low.high[longest] = high.low[longest] = middle;
  double share = 0.5;
  if (cell_.axisymmetric && longest == 1) share = (box.low[1] + middle) / (2 * (box.low[1] + box.high[1]));
  return share * fraction(low, halvings - 1) + (1 - share) * fraction(high, halvings - 1);
}

std::vector<double> Channels::flat_ends() const {
  std::vector<double> ends;
  for (const Channel& c : channels_)
    if (c.form != ChannelForm::tree && c.depth < 1) ends.push_back(c.from_separator ? 1 - c.depth : c.depth);
  return ends;
}

std::vector<double> Channels::walls(int direction) const {
  std::vector<double> walls;
  const double reach = direction == 1 ? cell_.reach_y : cell_.reach_z;
  for (const Channel& c : channels_) {
    if (direction == 2 && c.form == ChannelForm::groove) continue;
    const double half = (c.mouth + c.bottom) / 4;
    walls.push_back(half);
    const bool hole = c.form == ChannelForm::round || c.form == ChannelForm::square || c.form == ChannelForm::tree;
    if (hole && cell_.hexagonal && !cell_.axisymmetric) walls.push_back(reach - half);
  }
  return walls;
}

}  // namespace porelith
