#include "meshes/channels/straight.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace porelith {
namespace {

/// Part of [low, high] below `limit`.
double part_below(double low, double high, double limit) { return std::clamp((limit - low) / (high - low), 0.0, 1.0); }

double disc_part(double y0, double y1, double z0, double z1, double r) {
  if (std::hypot(y0, z0) >= r) return 0;
  if (std::hypot(y1, z1) <= r) return 1;
  const double area = disc_in_rectangle(y1, z1, r) - disc_in_rectangle(y0, z1, r) - disc_in_rectangle(y1, z0, r) +
                      disc_in_rectangle(y0, z0, r);
  return std::clamp(area / ((y1 - y0) * (z1 - z0)), 0.0, 1.0);
}

/// About the axis at y = z = 0.
double hole_part(ChannelForm form, double y0, double y1, double z0, double z1, double half) {
  if (form == ChannelForm::round) return disc_part(y0, y1, z0, z1, half);
  return part_below(y0, y1, half) * part_below(z0, z1, half);
}

/// Half widths at which the cross-section of a box has a kink: where the outline passes one of its corners.
void add_kinks(ChannelForm form, double y0, double y1, double z0, double z1, std::vector<double>& kinks) {
  if (form == ChannelForm::round) {
    for (const double y : {y0, y1})
      for (const double z : {z0, z1}) kinks.push_back(std::hypot(y, z));
  } else {
    kinks.insert(kinks.end(), {y0, y1, z0, z1});
  }
}

}  // namespace

double disc_in_rectangle(double a, double b, double r) {
  if (a <= 0 || b <= 0 || r <= 0) return 0;
  if (a * a + b * b <= r * r) return a * b;
  a = std::min(a, r);
  b = std::min(b, r);
  const auto primitive = [r](double y) {  // of sqrt(r^2 - y^2)
    return (y * std::sqrt(std::max(0.0, r * r - y * y)) + r * r * std::asin(std::min(1.0, y / r))) / 2;
  };
  const double flat = std::min(a, std::sqrt(r * r - b * b));  // up to here the rectangle's side is below the circle
  return flat * b + primitive(a) - primitive(flat);
}

StraightChannel::StraightChannel(const Channel& channel, const UnitCell& cell) : channel_(channel), cell_(cell) {}

double StraightChannel::half_width(double from_mouth) const {
  const double part = from_mouth / (channel_.depth * cell_.thickness);
  return (channel_.mouth + (channel_.bottom - channel_.mouth) * part) / 2;
}

double StraightChannel::across(const Box& box, double half) const {
  const double y0 = box.low[1], y1 = box.high[1], z0 = box.low[2], z1 = box.high[2];
  if (cell_.axisymmetric) return part_below(y0 * y0, y1 * y1, half * half);
  const double in_y = part_below(y0, y1, half);
  if (cell_.dimension == 2 || channel_.form == ChannelForm::groove) return in_y;
  if (channel_.form == ChannelForm::grid) return 1 - (1 - in_y) * (1 - part_below(z0, z1, half));
  const double here = hole_part(channel_.form, y0, y1, z0, z1, half);
  if (!cell_.hexagonal) return here;
  const double Y = cell_.reach_y, Z = cell_.reach_z;  // the other hole's axis; seen from there the box is mirrored
  return std::min(1.0, here + hole_part(channel_.form, Y - y1, Y - y0, Z - z1, Z - z0, half));
}

double StraightChannel::fraction(const Box& box) const {
  const double L = cell_.thickness;
  const double near = channel_.from_separator ? L - box.high[0] : box.low[0];  // from the mouth
  const double far = channel_.from_separator ? L - box.low[0] : box.high[0];
  const double to = std::min(far, channel_.depth * L);
  if (to <= near || (channel_.mouth <= 0 && channel_.bottom <= 0)) return 0;
  const double w_near = half_width(near), w_to = half_width(to);
  if (channel_.mouth == channel_.bottom) return across(box, w_near) * (to - near) / (far - near);
  const double widest = across(box, std::max(w_near, w_to)), narrowest = across(box, std::min(w_near, w_to));
  if (widest == narrowest) return widest * (to - near) / (far - near);

  std::vector<double> kinks{w_near, w_to};
  add_kinks(channel_.form, box.low[1], box.high[1], box.low[2], box.high[2], kinks);
  if (cell_.hexagonal)
    add_kinks(channel_.form, cell_.reach_y - box.high[1], cell_.reach_y - box.low[1], cell_.reach_z - box.high[2],
              cell_.reach_z - box.low[2], kinks);
  std::sort(kinks.begin(), kinks.end());
  // Gauss-Legendre, five points, in the half width, which is linear in depth.
  constexpr double at[] = {0, 0.5384693101056831, 0.9061798459386640};
  constexpr double weight[] = {0.5688888888888889, 0.4786286704993665, 0.2369268850561891};
  const double low = std::min(w_near, w_to), high = std::max(w_near, w_to);
  double sum = 0;
  for (std::size_t k = 0; k + 1 < kinks.size(); ++k) {
    const double a = std::clamp(kinks[k], low, high), b = std::clamp(kinks[k + 1], low, high);
    if (!(b > a)) continue;
    const double middle = (a + b) / 2, half = (b - a) / 2;
    double piece = weight[0] * across(box, middle);
    for (const int g : {1, 2})
      piece += weight[g] * (across(box, middle - half * at[g]) + across(box, middle + half * at[g]));
    sum += piece * half;
  }
  return sum / (high - low) * (to - near) / (far - near);
}

}  // namespace porelith
