#include "meshes/channels/tree.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace porelith {
namespace {

using Vector = std::array<double, 3>;

constexpr double pi = 3.14159265358979323846;

Vector plus(const Vector& a, double factor, const Vector& b) {
  return {a[0] + factor * b[0], a[1] + factor * b[1], a[2] + factor * b[2]};
}

/// Where a branch goes, and what the azimuth of its own branches counts from.
struct Frame {
  Vector along, first, second;
};

/// The frame of a branch that leaves its parent at `tilt` from the parent's axis, at `azimuth` around it.
Frame branched(const Frame& parent, double tilt, double azimuth) {
  Vector out{}, side{};
  for (int k = 0; k < 3; ++k) {
    out[k] = std::cos(azimuth) * parent.first[k] + std::sin(azimuth) * parent.second[k];
    side[k] = -std::sin(azimuth) * parent.first[k] + std::cos(azimuth) * parent.second[k];
  }
  Frame frame;
  for (int k = 0; k < 3; ++k) {
    frame.along[k] = std::cos(tilt) * parent.along[k] + std::sin(tilt) * out[k];
    frame.first[k] = -std::sin(tilt) * parent.along[k] + std::cos(tilt) * out[k];
    frame.second[k] = side[k];
  }
  return frame;
}

class Grower {
 public:
  Grower(const Channel& channel, const UnitCell& cell)
      : channel_(channel), flat_(cell.dimension == 2 || !channel.branching.radial), axisymmetric_(cell.axisymmetric) {}

  /// Of trunk length 1.
  std::vector<Branch> grow() {
    add({0, 0, 0}, {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}, 1, channel_.mouth / 2, 0);
    return std::move(branches_);
  }

 private:
  void add(const Vector& start, const Frame& frame, double length, double radius, int generation) {
    const Branching& b = channel_.branching;
    const Vector end = plus(start, length, frame.along);
    branches_.push_back({start, end, radius, generation});
    if (generation == b.generations) return;
    const double longer = length * b.length_ratio, wider = radius * b.diameter_ratio;
    if (axisymmetric_ && generation == 0)  // one sheet stands for all that leave the trunk
      return add(end, branched(frame, b.angle, 0), longer, wider, 1);
    for (int i = 0; i < b.branches; ++i)
      add(end, flat_ ? in_plane(frame, i) : around(frame, i, generation), longer, wider, generation + 1);
  }

  /// A fan from -angle to +angle.
  Frame in_plane(const Frame& parent, int i) const {
    const Branching& b = channel_.branching;
    const double tilt = b.branches == 1 ? 0 : b.angle * (2.0 * i / (b.branches - 1) - 1);
    return branched(parent, tilt, 0);
  }

  /// Evenly around, every second generation turned by half a gap.
  Frame around(const Frame& parent, int i, int generation) const {
    const Branching& b = channel_.branching;
    const double turn = generation % 2 == 0 ? 0 : pi / b.branches;
    return branched(parent, b.angle, 2 * pi * i / b.branches + turn);
  }

  const Channel& channel_;
  bool flat_, axisymmetric_;
  std::vector<Branch> branches_;
};

/// Part of a box behind a plane, the box's middle lying `distance` in front of it along the unit vector `away`.
double behind_plane(const Vector& size, const Vector& away, double distance) {
  Vector a{};
  double sum = 0;
  for (int k = 0; k < 3; ++k) sum += a[k] = std::abs(away[k]) * size[k];
  if (sum == 0) return distance < 0 ? 1 : 0;
  for (double& extent : a) extent = std::max(extent, 1e-3 * sum);  // keeps the formula's digits
  sum = a[0] + a[1] + a[2];
  const double level = std::clamp(sum / 2 - distance, 0.0, sum);  // the plane's distance from the box's hindmost corner
  const auto cube = [level](double beyond) { return beyond < level ? std::pow(level - beyond, 3) : 0.0; };
  const double part =
      cube(0) - cube(a[0]) - cube(a[1]) - cube(a[2]) + cube(a[0] + a[1]) + cube(a[0] + a[2]) + cube(a[1] + a[2]);
  return std::clamp(part / (6 * a[0] * a[1] * a[2]), 0.0, 1.0);
}

/// The branch seen in the mirror at `plane` of direction k.
Branch mirrored(Branch branch, int k, double plane) {
  branch.start[k] = 2 * plane - branch.start[k];
  branch.end[k] = 2 * plane - branch.end[k];
  return branch;
}

/// Branches that reach beyond a mirror plane come back as their image. Those wholly on the other side of the axis'
/// planes are dropped: the tree is symmetric, and their image is there already.
std::vector<Branch> within(const std::vector<Branch>& grown, const UnitCell& cell) {
  const auto misses = [&](const Branch& b) {
    const auto beyond = [&](int k, double reach) {
      const double low = std::min(b.start[k], b.end[k]) - b.radius, high = std::max(b.start[k], b.end[k]) + b.radius;
      return high <= 0 || low >= reach;
    };
    return beyond(1, cell.reach_y) || (cell.dimension == 3 && beyond(2, cell.reach_z));
  };
  std::vector<Branch> all = grown;
  const auto mirror_all = [&](int k, double plane) {
    const std::size_t n = all.size();
    for (std::size_t i = 0; i < n; ++i) all.push_back(mirrored(all[i], k, plane));
  };
  if (cell.axisymmetric) mirror_all(1, 0);
  mirror_all(1, cell.reach_y);
  if (cell.dimension == 3) mirror_all(2, cell.reach_z);
  if (cell.hexagonal) {  // the same tree about the middle of the rectangle
    std::vector<Branch> other = all;
    for (auto& b : other)
      for (Vector* end : {&b.start, &b.end}) (*end)[1] += cell.reach_y, (*end)[2] += cell.reach_z;
    all.insert(all.end(), other.begin(), other.end());
  }
  all.erase(std::remove_if(all.begin(), all.end(), misses), all.end());
  return all;
}

}  // namespace

TreeChannel::TreeChannel(const Channel& channel, const UnitCell& cell) : channel_(channel), cell_(cell) {
  if (channel.mouth <= 0) return;
  std::vector<Branch> grown = Grower(channel, cell).grow();
  double deepest = 0, thinnest = channel.mouth / 2;
  for (const auto& b : grown) deepest = std::max(deepest, b.end[0]), thinnest = std::min(thinnest, b.radius);
  const double scale = channel.depth * cell.thickness / deepest;
  for (auto& b : grown)
    for (int k = 0; k < 3; ++k) b.start[k] *= scale, b.end[k] *= scale;
  branches_ = within(grown, cell);
  resolution_ = thinnest / 10;
  if (cell.dimension == 2 && !cell.axisymmetric)
    for (const Branch& b : branches_) slots_.push_back({{b.start[0], b.start[1]}, {b.end[0], b.end[1]}, b.radius});
}

double TreeChannel::half_thickness(const Branch& branch, double radius) const {
  if (!cell_.axisymmetric || branch.generation == 0) return branch.radius;
  // Each sheet stands for as many cylinders as leave the trunk: 2 pi radius thickness = n pi r^2.
  const double n = channel_.branching.branches;
  return std::min(branch.radius, n * branch.radius * branch.radius / (4 * std::max(std::abs(radius), branch.radius)));
}

double TreeChannel::distance(const Branch& branch, const Vector& point, Vector& away) const {
  const Vector axis = plus(branch.end, -1, branch.start), from = plus(point, -1, branch.start);
  const double length2 = axis[0] * axis[0] + axis[1] * axis[1] + axis[2] * axis[2];
  const double t = std::clamp((axis[0] * from[0] + axis[1] * from[1] + axis[2] * from[2]) / length2, 0.0, 1.0);
  const Vector nearest = plus(branch.start, t, axis);
  away = plus(point, -1, nearest);
  const double far = std::sqrt(away[0] * away[0] + away[1] * away[1] + away[2] * away[2]);
  if (far > 0)
    for (double& a : away) a /= far;
  return far - half_thickness(branch, nearest[1]);
}

/// How far a round wall falls back behind its tangent plane, on the mean over a box of that size [m]
double TreeChannel::sagitta(const Branch& branch, const Vector& away, const Vector& size) const {
  if (cell_.dimension == 2) return 0;
  const Vector axis = plus(branch.end, -1, branch.start);
  const Vector around{axis[1] * away[2] - axis[2] * away[1], axis[2] * away[0] - axis[0] * away[2],
                      axis[0] * away[1] - axis[1] * away[0]};
  double square = 0, length2 = 0;
  for (int k = 0; k < 3; ++k) square += std::pow(around[k] * size[k], 2), length2 += around[k] * around[k];
  return length2 > 0 ? square / length2 / (24 * branch.radius) : 0;
}

double TreeChannel::fraction(const Box& box) const {
  Box from_mouth = box;
  if (channel_.from_separator) {
    from_mouth.low[0] = cell_.thickness - box.high[0];
    from_mouth.high[0] = cell_.thickness - box.low[0];
  }
  if (cell_.dimension == 2) from_mouth.low[2] = from_mouth.high[2] = 0;
  if (!slots_.empty())
    return covered_by_slots(slots_, {from_mouth.low[0], from_mouth.low[1]}, {from_mouth.high[0], from_mouth.high[1]});
  std::vector<int> all(branches_.size());
  std::iota(all.begin(), all.end(), 0);
  return fraction(from_mouth, all, {});
}

double TreeChannel::fraction(const Box& box, const std::vector<int>& near, Halving halving) const {
  Vector middle{}, size{};
  for (int k = 0; k < 3; ++k) middle[k] = (box.low[k] + box.high[k]) / 2, size[k] = box.high[k] - box.low[k];
  const double ball = std::sqrt(size[0] * size[0] + size[1] * size[1] + size[2] * size[2]) / 2;

  std::vector<int> cutting;
  Vector away{};
  for (const int b : near) {
    const double d = distance(branches_[b], middle, away);
    if (d <= -ball) return 1;
    if (d < ball) cutting.push_back(b);
  }
  if (cutting.empty()) return 0;

  int direction = halving.next, ended = 0;  // in turn
  for (; ended < 3 && (halving.ended[direction] || size[direction] <= resolution_); ++ended)
    direction = (direction + 1) % 3;
  if (ended == 3) {  // of walls that meet in it, the one that takes most
    double part = 0;
    for (const int b : cutting) {
      const double d = distance(branches_[b], middle, away);
      part = std::max(part, behind_plane(size, away, d + sagitta(branches_[b], away, size)));
    }
    return part;
  }
  constexpr double blended = 0.4;  // of the resolution: pieces at most this much larger are the mean of both
  const double larger = (size[direction] / resolution_ - 1) / blended;
  const double share = larger < 1 ? larger * larger * (3 - 2 * larger) : 1;
  halving.next = (direction + 1) % 3;
  double sum = share * halved(box, cutting, direction, halving);
  halving.ended[direction] = true;
  if (share < 1) sum += (1 - share) * fraction(box, cutting, halving);
  return sum;
}

double TreeChannel::halved(const Box& box, const std::vector<int>& near, int direction, Halving halving) const {
  Box low = box, high = box;
  const double middle = (box.low[direction] + box.high[direction]) / 2;
  low.high[direction] = high.low[direction] = middle;
  double part = 0.5;  // of the volume in the lower half
  if (cell_.axisymmetric && direction == 1) part = (box.low[1] + middle) / (2 * (box.low[1] + box.high[1]));
  return part * fraction(low, near, halving) + (1 - part) * fraction(high, near, halving);
}

}  // namespace porelith
