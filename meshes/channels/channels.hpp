#pragma once
/// All channels of one electrode together.
#include <memory>
#include <variant>
#include <vector>

#include "meshes/channels/channel.hpp"
#include "meshes/channels/straight.hpp"
#include "meshes/channels/tree.hpp"

namespace porelith {

class Channels {
 public:
  Channels() = default;  ///< none
  Channels(const std::vector<Channel>& channels, const UnitCell& cell);

  bool empty() const { return parts_.empty(); }
  /// Part of the box's volume that is channel of any kind, 0 to 1.
  double fraction(const Box& box) const;
  /// Of the whole unit cell.
  double fraction() const;

  /// Depths, as parts of the thickness from the collector, at which a flat end stands inside the layer.
  std::vector<double> flat_ends() const;

  /// Where walls stand along a direction across the layer (1: y, 2: z), those of tapered channels on their mean. [m]
  std::vector<double> walls(int direction) const;

 private:
  double fraction(const Box& box, int halvings) const;

  std::vector<Channel> channels_;
  std::vector<std::variant<StraightChannel, TreeChannel>> parts_;
  UnitCell cell_;
};

}  // namespace porelith
