#pragma once
/// A vascular tree: a trunk along x that opens at its mouth, goes down, and branches generation by generation. After
/// the idea of C. Sui et al., Adv. Energy Mater. 12 (2022) 2103044. In three dimensions branches are round cylinders;
/// in two they are slots as wide; around an axis they are conical sheets of the same open area as the cylinders at each
/// radius.
#include <array>
#include <vector>

#include "meshes/channels/channel.hpp"
#include "meshes/channels/slots.hpp"

namespace porelith {

/// One branch: from its start to its end on the axis, both ends round. Depth counts from the mouth.
struct Branch {
  std::array<double, 3> start, end;  ///< (depth, y, z) [m]
  double radius;                     ///< half the width [m]
  int generation;                    ///< 0: the trunk
};

class TreeChannel {
 public:
  TreeChannel(const Channel& channel, const UnitCell& cell);

  /// Part of the box's volume that is channel. In a plane in closed form; else the box is halved until its pieces are
  /// in, out or small, and a wall through a small piece counts as plane. Where a piece is about to count as small, it
  /// is the mean of both, so that the part is a smooth function of lengths.
  double fraction(const Box& box) const;

  /// Branches, with their mirror images where they reach beyond the unit cell.
  const std::vector<Branch>& branches() const { return branches_; }

 private:
  /// Directions that are not halved any more, and the one to begin with.
  struct Halving {
    std::array<bool, 3> ended{};
    int next = 0;
  };
  double fraction(const Box& box, const std::vector<int>& near, Halving halving) const;
  double halved(const Box& box, const std::vector<int>& near, int direction, Halving halving) const;
  /// Of a point to the wall of a branch, negative inside [m]; and the unit vector away from the axis.
  double distance(const Branch& branch, const std::array<double, 3>& point, std::array<double, 3>& away) const;
  double sagitta(const Branch& branch, const std::array<double, 3>& away, const std::array<double, 3>& size) const;
  double half_thickness(const Branch& branch, double radius) const;

  Channel channel_;
  UnitCell cell_;
  std::vector<Branch> branches_;
  std::vector<RoundSlot> slots_;  ///< the same in a plane
  double resolution_ = 0;         ///< pieces this small are not halved [m]
};

}  // namespace porelith
