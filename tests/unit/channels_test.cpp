#include "meshes/channels/channels.hpp"

#include <cmath>
#include <random>

#include "tests/support/catch.hpp"

using namespace porelith;

namespace {

constexpr double pi = 3.14159265358979323846;
constexpr double L = 100e-6, a = 60e-6, b = 80e-6;  // thickness, width and height of the whole unit cell

UnitCell block(bool hexagonal = false) { return {3, false, hexagonal, L, a / 2, b / 2}; }
UnitCell slab() { return {2, false, false, L, a / 2, 1}; }
UnitCell rod() { return {2, true, false, L, a / 2, 1}; }

Channel channel(ChannelForm form, double mouth, double bottom, double depth = 1) {
  Channel c;
  c.form = form;
  c.mouth = mouth;
  c.bottom = bottom;
  c.depth = depth;
  return c;
}

double volume(const UnitCell& cell, const Box& box) {
  const double across =
      cell.axisymmetric ? pi * (box.high[1] * box.high[1] - box.low[1] * box.low[1]) : box.high[1] - box.low[1];
  return (box.high[0] - box.low[0]) * across * (cell.dimension == 3 ? box.high[2] - box.low[2] : 1);
}

/// Part of the unit cell that is channel, summed over n uneven cells a direction.
double summed(const Channels& channels, const UnitCell& cell, int n) {
  const auto edge = [n](double reach, int i) { return reach * std::pow(static_cast<double>(i) / n, 1.3); };
  const int nz = cell.dimension == 3 ? n : 1;
  double sum = 0, all = 0;
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j)
      for (int k = 0; k < nz; ++k) {
        const Box box{{edge(L, i), edge(cell.reach_y, j), nz > 1 ? edge(cell.reach_z, k) : 0},
                      {edge(L, i + 1), edge(cell.reach_y, j + 1), nz > 1 ? edge(cell.reach_z, k + 1) : 1}};
        sum += channels.fraction(box) * volume(cell, box);
        all += volume(cell, box);
      }
  return sum / all;
}

struct Known {
  const char* name;
  UnitCell cell;
  Channel channel;
  double fraction;  ///< in closed form
};

/// Volume of a frustum of a cone or, times 4/pi, of a pyramid.
double frustum(double w, double v, double depth) { return pi / 12 * depth * L * (w * w + w * v + v * v); }

std::vector<Known> known() {
  const double w = 30e-6, v = 14e-6, whole = L * a * b;
  const double grid_part = (w + v) / 2 * (1 / a + 1 / b) - (w * w + w * v + v * v) / (3 * a * b);
  return {
      {"groove", slab(), channel(ChannelForm::groove, 15e-6, 15e-6), 0.25},
      {"blind tapered groove", slab(), channel(ChannelForm::groove, w, v, 0.7), 0.7 * (w + v) / (2 * a)},
      {"V groove", block(), channel(ChannelForm::groove, w, 0), w / (2 * a)},
      {"grid", block(), channel(ChannelForm::grid, w, w), w / a + w / b - w * w / (a * b)},
      {"tapered grid", block(), channel(ChannelForm::grid, w, v), grid_part},
      {"hole", block(), channel(ChannelForm::round, w, w), pi * w * w / (4 * a * b)},
      {"cone", block(), channel(ChannelForm::round, w, v, 0.8), frustum(w, v, 0.8) / whole},
      {"pointed cone", block(), channel(ChannelForm::round, w, 0), frustum(w, 0, 1) / whole},
      {"hole that widens", block(), channel(ChannelForm::round, v, w), frustum(w, v, 1) / whole},
      {"square hole", block(), channel(ChannelForm::square, w, w), w * w / (a * b)},
      {"square pit", block(), channel(ChannelForm::square, w, v, 0.5), frustum(w, v, 0.5) * 4 / pi / whole},
      {"hexagonal holes", block(true), channel(ChannelForm::round, w, w), 2 * pi * w * w / (4 * a * b)},
      {"hexagonal cones", block(true), channel(ChannelForm::round, w, v), 2 * frustum(w, v, 1) / whole},
      {"hexagonal squares", block(true), channel(ChannelForm::square, w, w), 2 * w * w / (a * b)},
      {"hole around the axis", rod(), channel(ChannelForm::round, w, w), w * w / (a * a)},
      {"cone around the axis", rod(), channel(ChannelForm::round, w, v, 0.6),
       frustum(w, v, 0.6) / (pi * a * a / 4 * L)},
  };
}

}  // namespace

TEST_CASE("straight and tapered channels take their closed-form volume, in one box and summed over cells, to 1e-9") {
  for (const auto& shape : known())
    for (const bool from_separator : {true, false}) {
      INFO(shape.name << (from_separator ? " from the separator" : " from the collector"));
      Channel c = shape.channel;
      c.from_separator = from_separator;
      const Channels channels({c}, shape.cell);
      CHECK(channels.fraction() == Approx(shape.fraction).epsilon(1e-9));
      // Curved walls through cells with slanted depth: Gauss quadrature in between the kinks.
      for (const int n : {3, 8, 17}) CHECK(summed(channels, shape.cell, n) == Approx(shape.fraction).epsilon(2e-6));
    }
}

TEST_CASE("fractions agree with counted random points") {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> uniform(0, 1);
  const Channels cones({channel(ChannelForm::round, 30e-6, 10e-6, 0.9)}, block(true));
  const double Y = a / 2, Z = b / 2;
  for (int trial = 0; trial < 40; ++trial) {
    Box box{{uniform(random) * L * 0.8, uniform(random) * Y * 0.8, uniform(random) * Z * 0.8}, {}};
    box.high = {box.low[0] + 0.2 * L, box.low[1] + 0.2 * Y, box.low[2] + 0.2 * Z};
    int inside = 0;
    constexpr int points = 20000;
    for (int p = 0; p < points; ++p) {
      const double x = box.low[0] + uniform(random) * 0.2 * L, y = box.low[1] + uniform(random) * 0.2 * Y,
                   z = box.low[2] + uniform(random) * 0.2 * Z, down = (L - x) / (0.9 * L);
      const double radius = 15e-6 - 10e-6 * down;
      inside += down < 1 && (std::hypot(y, z) < radius || std::hypot(Y - y, Z - z) < radius);
    }
    CHECK(cones.fraction(box) == Approx(inside / double(points)).margin(5 * 0.5 / std::sqrt(points)));
  }
}

TEST_CASE("a box's part is that of its halves, and wider or deeper channels never take less") {
  std::mt19937 random(11);
  std::uniform_real_distribution<double> uniform(0, 1);
  for (const auto form : {ChannelForm::groove, ChannelForm::grid, ChannelForm::round, ChannelForm::square}) {
    const Channels narrow({channel(form, 20e-6, 10e-6, 0.7)}, block()),
        wide({channel(form, 22e-6, 12e-6, 0.8)}, block());
    for (int trial = 0; trial < 200; ++trial) {
      Box box{};
      const std::array<double, 3> reach{L, a / 2, b / 2};
      for (int k = 0; k < 3; ++k) {
        const double p = uniform(random), q = uniform(random);
        box.low[k] = reach[k] * std::min(p, q);
        box.high[k] = reach[k] * std::max(p, q);
      }
      const int k = trial % 3;
      Box low = box, high = box;
      low.high[k] = high.low[k] = (box.low[k] + box.high[k]) / 2;
      const double whole = narrow.fraction(box);
      CHECK((narrow.fraction(low) + narrow.fraction(high)) / 2 == Approx(whole).margin(1e-5));
      CHECK(wide.fraction(box) >= whole - 1e-9);
      CHECK(whole >= 0);
      CHECK(whole <= 1);
    }
  }
}

TEST_CASE("a channel of no width is none, and channels of several kinds take their union") {
  CHECK(Channels({channel(ChannelForm::groove, 0, 0)}, slab()).empty());
  CHECK(Channels({channel(ChannelForm::tree, 0, 0)}, block()).empty());
  CHECK(Channels().fraction({{0, 0, 0}, {1, 1, 1}}) == 0);

  const double w = 20e-6, d = 30e-6;
  const Channel groove = channel(ChannelForm::groove, w, w), hole = channel(ChannelForm::round, d, d, 0.6);
  const Channels both({groove, hole}, block());
  // A circle of diameter d less its part within |y| < w/2, over the hole's depth.
  const double r = d / 2, h = w / 2, caps = 2 * (r * r * std::acos(h / r) - h * std::sqrt(r * r - h * h));
  const double exact = w / a + 0.6 * caps / (a * b);
  CHECK(both.fraction() == Approx(exact).epsilon(1e-3));
  CHECK(summed(both, block(), 12) == Approx(exact).epsilon(1e-4));
  CHECK(Channels({groove, groove}, slab()).fraction() == Approx(w / a).epsilon(1e-3));
}

TEST_CASE("flat ends and walls, the slanted ones on their mean, are told, so that edges can stand there") {
  const Channels blind({channel(ChannelForm::square, 20e-6, 20e-6, 0.7), channel(ChannelForm::groove, 10e-6, 4e-6)},
                       block(true));
  REQUIRE(blind.flat_ends().size() == 1);
  CHECK(blind.flat_ends()[0] == Approx(0.3));
  const auto across = blind.walls(1);
  REQUIRE(across.size() == 3);
  CHECK(across[0] == Approx(10e-6));
  CHECK(across[1] == Approx(20e-6));   // of the hole at the other corner
  CHECK(across[2] == Approx(3.5e-6));  // slanted from 5 to 2 um
  CHECK(blind.walls(2).size() == 2);
}

TEST_CASE("the part of a rectangle within a circle is a quarter disc, a square, or in between") {
  CHECK(disc_in_rectangle(2, 3, 1) == Approx(pi / 4).epsilon(1e-14));
  CHECK(disc_in_rectangle(0.5, 0.5, 1) == 0.25);
  CHECK(disc_in_rectangle(1, 0, 1) == 0);
  // Half a segment: the quarter disc below y = 1/2 is sqrt(3)/8 + pi/12.
  CHECK(disc_in_rectangle(1, 0.5, 1) == Approx(std::sqrt(3) / 8 + pi / 12).epsilon(1e-14));
}
