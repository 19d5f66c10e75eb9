#include "meshes/channels/slots.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace porelith {
namespace {

using Point = std::array<double, 2>;

struct Line {
  Point through, along;  ///< along: of length 1
};
struct Circle {
  Point centre;
  double radius;
};

/// A piece of an outline as a function y(x): a straight line, or half a circle.
struct Outline {
  double x, y;        ///< a point of the line, or the circle's centre
  double slope;       ///< of the line
  double radius = 0;  ///< 0: a line; else of the circle, negative for its lower half

  double at(double place) const {
    if (radius == 0) return y + slope * (place - x);
    return y +
           std::copysign(std::sqrt(std::max(0.0, (std::abs(radius) - (place - x)) * (std::abs(radius) + (place - x)))),
                         radius);
  }
  double integral(double a, double b) const {
    if (radius == 0) return (at(a) + at(b)) / 2 * (b - a);
    const double r = std::abs(radius);
    const auto primitive = [r](double u) {  // of sqrt(r^2 - u^2); with asin its digits would halve at the ends
      const double other = std::sqrt(std::max(0.0, (r - u) * (r + u)));
      return (u * other + r * r * std::atan2(u, other)) / 2;
    };
    return y * (b - a) + std::copysign(primitive(b - x) - primitive(a - x), radius);
  }
};

/// A slot seen along x, its ends in that order.
class Shape {
 public:
  explicit Shape(const RoundSlot& slot) : a_(slot.start), b_(slot.end), r_(slot.radius) {
    if (a_[0] > b_[0]) std::swap(a_, b_);
    const double length = std::hypot(b_[0] - a_[0], b_[1] - a_[1]);
    if (length > 0) along_ = {(b_[0] - a_[0]) / length, (b_[1] - a_[1]) / length};
  }

  double from() const { return a_[0] - r_; }
  double to() const { return b_[0] + r_; }
  /// Where the upper (1) or lower (-1) wall begins and ends to be straight.
  double straight_from(int side) const { return a_[0] - side * r_ * along_[1]; }
  double straight_to(int side) const { return b_[0] - side * r_ * along_[1]; }

  Outline outline(int side, double x) const {
    if (x <= straight_from(side)) return {a_[0], a_[1], 0, side * r_};
    if (x >= straight_to(side)) return {b_[0], b_[1], 0, side * r_};
    return {straight_from(side), a_[1] + side * r_ * along_[0], along_[1] / along_[0]};
  }
  Line wall(int side) const { return {{straight_from(side), a_[1] + side * r_ * along_[0]}, along_}; }
  std::array<Circle, 2> ends() const { return {{{a_, r_}, {b_, r_}}}; }

 private:
  Point a_, b_;
  double r_;
  Point along_{1, 0};
};

void add_crossings(const Line& a, const Line& b, std::vector<double>& x) {
  const double cross = a.along[0] * b.along[1] - a.along[1] * b.along[0];
  if (std::abs(cross) < 1e-14) return;
  const double dx = b.through[0] - a.through[0], dy = b.through[1] - a.through[1];
  x.push_back(a.through[0] + (dx * b.along[1] - dy * b.along[0]) / cross * a.along[0]);
}

void add_crossings(const Line& a, const Circle& b, std::vector<double>& x) {
  const double dx = b.centre[0] - a.through[0], dy = b.centre[1] - a.through[1];
  const double foot = dx * a.along[0] + dy * a.along[1], off = dx * a.along[1] - dy * a.along[0];
  const double half = std::sqrt(std::max(0.0, b.radius * b.radius - off * off));
  for (const double t : {foot - half, foot + half}) x.push_back(a.through[0] + t * a.along[0]);
}

void add_crossings(const Circle& a, const Circle& b, std::vector<double>& x) {
  const double dx = b.centre[0] - a.centre[0], dy = b.centre[1] - a.centre[1], far = std::hypot(dx, dy);
  if (far == 0) return;
  const double t = (far * far + a.radius * a.radius - b.radius * b.radius) / (2 * far);
  const double half = std::sqrt(std::max(0.0, a.radius * a.radius - t * t));
  for (const double h : {-half, half}) x.push_back(a.centre[0] + (t * dx + h * dy) / far);
}

/// Between which no outline begins, ends, or meets another or the rectangle's lower or upper side. Some are too many.
std::vector<double> breaks_of(const std::vector<Shape>& shapes, const Point& low, const Point& high) {
  std::vector<double> x{low[0], high[0]};
  std::vector<Line> lines{{low, {1, 0}}, {high, {1, 0}}};
  std::vector<Circle> circles;
  for (const Shape& shape : shapes) {
    x.insert(x.end(), {shape.from(), shape.to()});
    for (const int side : {-1, 1}) {
      x.insert(x.end(), {shape.straight_from(side), shape.straight_to(side)});
      lines.push_back(shape.wall(side));
    }
    for (const Circle& end : shape.ends()) circles.push_back(end);
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) add_crossings(lines[i], lines[k], x);
    for (const Circle& circle : circles) add_crossings(lines[i], circle, x);
  }
  for (std::size_t i = 0; i < circles.size(); ++i)
    for (std::size_t k = 0; k < i; ++k) add_crossings(circles[i], circles[k], x);
  for (double& place : x) place = std::clamp(place, low[0], high[0]);
  std::sort(x.begin(), x.end());
  return x;
}

/// What is covered along y, from outline to outline.
struct Covered {
  Outline from, to;
  double y_from, y_to;  ///< in the middle of a piece
};

double covered_between(const std::vector<Shape>& shapes, double a, double b, double bottom, double top) {
  const double middle = (a + b) / 2;
  std::vector<Covered> all;
  for (const Shape& shape : shapes) {
    if (middle <= shape.from() || middle >= shape.to()) continue;
    Covered c{shape.outline(-1, middle), shape.outline(1, middle), 0, 0};
    c.y_from = c.from.at(middle), c.y_to = c.to.at(middle);
    if (c.y_from >= top || c.y_to <= bottom) continue;
    if (c.y_from < bottom) c.from = {a, bottom, 0}, c.y_from = bottom;
    if (c.y_to > top) c.to = {a, top, 0}, c.y_to = top;
    all.push_back(c);
  }
  std::sort(all.begin(), all.end(), [](const Covered& p, const Covered& q) { return p.y_from < q.y_from; });
  double area = 0;
  for (std::size_t i = 0; i < all.size();) {
    Covered whole = all[i];
    for (++i; i < all.size() && all[i].y_from <= whole.y_to; ++i)
      if (all[i].y_to > whole.y_to) whole.to = all[i].to, whole.y_to = all[i].y_to;
    area += whole.to.integral(a, b) - whole.from.integral(a, b);
  }
  return area;
}

}  // namespace

double covered_by_slots(const std::vector<RoundSlot>& slots, const Point& low, const Point& high) {
  std::vector<Shape> shapes;
  for (const RoundSlot& slot : slots) {
    const Shape shape(slot);
    const auto [bottom, top] = std::minmax(slot.start[1], slot.end[1]);
    if (shape.to() <= low[0] || shape.from() >= high[0]) continue;
    if (top + slot.radius <= low[1] || bottom - slot.radius >= high[1]) continue;
    shapes.push_back(shape);
  }
  if (shapes.empty()) return 0;
  const std::vector<double> x = breaks_of(shapes, low, high);
  double area = 0;
  for (std::size_t k = 0; k + 1 < x.size(); ++k)
    if (x[k + 1] > x[k]) area += covered_between(shapes, x[k], x[k + 1], low[1], high[1]);
  return std::clamp(area / ((high[0] - low[0]) * (high[1] - low[1])), 0.0, 1.0);
}

}  // namespace porelith
