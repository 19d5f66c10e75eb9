#include "solver/march/between_rows.hpp"

#include <algorithm>
#include <cmath>

namespace porelith {
namespace {

constexpr int most_halvings = 6;  ///< of one step: a row count that a kink of the polynomial cannot break

/// A time of the step, and what the step's polynomial says there.
struct Point {
  double t, V, I;
};

class Rows {
 public:
  Rows(const Stepper& stepper, const Layout& l, const std::function<void(double)>& add)
      : stepper_(stepper), l_(l), add_(add) {}

  void fill(const Point& a, const Point& b, int halvings) const {
    const Point middle = at((a.t + b.t) / 2);
    const bool straight =
        fits(a, b, middle) && fits(a, b, at(a.t + (b.t - a.t) / 4)) && fits(a, b, at(b.t - (b.t - a.t) / 4));
    if (straight || halvings == most_halvings || !(middle.t > a.t && middle.t < b.t)) return;
    fill(a, middle, halvings + 1);
    add_(middle.t);
    fill(middle, b, halvings + 1);
  }

  Point at(double t) const { return {t, stepper_.interpolated(t, l_.voltage), stepper_.interpolated(t, l_.current)}; }

 private:
  static bool fits(const Point& a, const Point& b, const Point& p) {
    const double w = (p.t - a.t) / (b.t - a.t);
    const double most = row_part * std::max(std::abs(a.I), std::abs(b.I));
    return std::abs(p.V - a.V - w * (b.V - a.V)) <= row_voltage && std::abs(p.I - a.I - w * (b.I - a.I)) <= most;
  }

  const Stepper& stepper_;
  const Layout& l_;
  const std::function<void(double)>& add_;
};

}  // namespace

void between_rows(const Stepper& stepper, const Layout& l, const std::function<void(double t)>& add) {
  const auto ends = [&](double t, const State& x) { return Point{t, x[l.voltage], x[l.current]}; };
  Rows(stepper, l, add)
      .fill(ends(stepper.time(), stepper.state()), ends(stepper.candidate_time(), stepper.candidate()), 0);
}

}  // namespace porelith
