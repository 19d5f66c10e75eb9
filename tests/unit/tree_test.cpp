#include "meshes/channels/tree.hpp"

#include <chrono>
#include <cmath>
#include <cstdio>

#include "meshes/channels/channels.hpp"
#include "tests/support/catch.hpp"

using namespace porelith;

namespace {

constexpr double pi = 3.14159265358979323846, L = 150e-6, half = 50e-6;

UnitCell block() { return {3, false, false, L, half, half}; }

Channel tree(int generations, int branches = 2, bool radial = true) {
  Channel c;
  c.form = ChannelForm::tree;
  c.mouth = c.bottom = 20e-6;
  c.depth = 0.9;
  c.branching = {generations, branches, 0.65, 0.79, 0.8, radial};
  return c;
}

double summed(const Channels& channels, const UnitCell& cell, int n) {
  const int nz = cell.dimension == 3 ? n : 1;
  double sum = 0, all = 0;
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j)
      for (int k = 0; k < nz; ++k) {
        const double dy = cell.reach_y / n, dz = cell.reach_z / nz;
        const double volume = cell.axisymmetric ? 2 * j + 1 : 1;
        sum += volume * channels.fraction({{i * L / n, j * dy, k * dz}, {(i + 1) * L / n, (j + 1) * dy, (k + 1) * dz}});
        all += volume;
      }
  return sum / all;
}

}  // namespace

TEST_CASE("a trunk alone is a cylinder with a round end, to 1e-3 of its volume on any mesh") {
  const Channels trunk({tree(0)}, block());
  const double r = 10e-6, length = 0.9 * L;  // the hemisphere below is all inside the layer
  const double exact = (pi * r * r * length + 2 * pi / 3 * r * r * r) / (4 * half * half * L);
  CHECK(trunk.fraction() == Approx(exact).epsilon(1e-3));
  for (const int n : {5, 12, 30}) CHECK(summed(trunk, block(), n) == Approx(exact).epsilon(1e-3));
}

TEST_CASE("a tree reaches its depth, branches shrink by their ratios, and it is its own mirror image") {
  const TreeChannel grown(tree(3, 4), block());
  double deepest = 0;
  std::array<int, 4> count{};
  for (const Branch& b : grown.branches()) {
    deepest = std::max(deepest, b.end[0]);
    CHECK(b.radius == Approx(10e-6 * std::pow(0.79, b.generation)).epsilon(1e-12));
    ++count.at(b.generation);
  }
  CHECK(deepest == Approx(0.9 * L).epsilon(1e-12));
  CHECK(count[0] == 1);

  // Seen through a mirror or turned by 90 degrees the tree of four is the same: a cell and its twin agree.
  const double at = 12e-6, size = 7e-6;
  for (double depth = 0; depth < L; depth += 10e-6)
    for (double other = 2e-6; other < 40e-6; other += 9e-6) {
      const Box one{{depth, at, other}, {depth + size, at + size, other + size}};
      const Box two{{depth, other, at}, {depth + size, other + size, at + size}};
      CHECK(grown.fraction(one) == Approx(grown.fraction(two)).margin(2e-3));
    }
}

TEST_CASE("the volume of a tree does not depend on the mesh, to 1e-3") {
  for (const bool radial : {true, false}) {
    INFO((radial ? "radial" : "planar"));
    const Channels vascular({tree(2, 4, radial)}, block());
    const double Phi = vascular.fraction();
    CHECK(Phi > Channels({tree(1, 4, radial)}, block()).fraction());
    for (const int n : {8, 15, 24}) CHECK(summed(vascular, block(), n) == Approx(Phi).epsilon(1e-3));
  }
  const UnitCell slab{2, false, false, L, half, 1}, rod{2, true, false, L, half, 1};
  for (const UnitCell& flat : {slab, rod}) {
    const Channels vascular({tree(3, 2, false)}, flat);
    for (const int n : {8, 15, 40}) CHECK(summed(vascular, flat, n) == Approx(vascular.fraction()).epsilon(1e-3));
  }
}

TEST_CASE("around an axis a sheet has the open area of the cylinders that it stands for") {
  // Between trunk and tips the branches' volume is that of the cylinders, here six of them in one generation.
  Channel c = tree(1, 6);
  c.mouth = c.bottom = 12e-6;
  c.branching.length_ratio = 0.5;
  const UnitCell rod{2, true, false, L, half, 1}, cube = block();
  const double R2 = half * half * pi, A = 4 * half * half;
  const TreeChannel alone(c, rod);
  const double from = 14e-6, to = 22e-6;  // radii within which only branches are
  const Box ring{{0, from, 0}, {L, to, 1}};
  const double sheet = alone.fraction(ring) * pi * (to * to - from * from) * L;
  const Branch& b = alone.branches().at(1);
  const double tilt = std::atan2(b.end[1] - b.start[1], b.end[0] - b.start[0]);
  const double cylinders = 6 * pi * b.radius * b.radius * (to - from) / std::sin(tilt);
  CHECK(b.end[1] > to + b.radius);
  CHECK(sheet == Approx(cylinders).epsilon(0.02));
  CHECK(Channels({c}, rod).fraction() * R2 == Approx(Channels({c}, cube).fraction() * A).epsilon(0.1));
}

TEST_CASE("a cell's part in a tree follows its lengths and angle without a jump") {
  const double h = 0.01, step = 1e-5;
  const auto same = [&](const auto& part, double from, double to) {
    const auto slope = [&](double x) { return (part(x + step) - part(x - step)) / (2 * step); };
    for (double x = from; x < to; x += h)
      CHECK(std::abs(part(x + h) - part(x) - h * (slope(x) + slope(x + h)) / 2) < 1e-4);
  };
  const Box box{{60e-6, 10e-6, 2e-6}, {75e-6, 22e-6, 12e-6}};
  same(
      [&](double angle) {
        Channel c = tree(2);
        c.branching.angle = angle;
        return TreeChannel(c, block()).fraction(box);
      },
      0.4, 0.9);
  same(
      [&](double scale) {
        return TreeChannel(tree(2), block())
            .fraction({{60e-6 * scale, 10e-6 * scale, 2e-6}, {75e-6, 22e-6, 12e-6 * scale}});
      },
      0.8, 1.2);
}

TEST_CASE("what slots cover of a rectangle has its closed forms, to rounding") {
  const double r = 0.7;
  for (const double tilt : {0.0, 0.3, pi / 4, 1.2, pi / 2, 2.5, -0.9}) {
    const double c = std::cos(tilt), s = std::sin(tilt);
    const RoundSlot one{{-2 * c, -2 * s}, {3 * c, 3 * s}, r};
    const double area = 5 * 2 * r + pi * r * r;
    CHECK(covered_by_slots({one}, {-9, -8}, {7, 9}) * 16 * 17 == Approx(area).epsilon(1e-13));
    CHECK(covered_by_slots({one, one}, {-9, -8}, {7, 9}) * 16 * 17 == Approx(area).epsilon(1e-13));
    for (const double angle : {0.8, 1.5, 2.2}) {  // two walls of width 2 r that cross have a rhombus in common
      const double d = std::cos(tilt + angle), e = std::sin(tilt + angle);
      const RoundSlot other{{-3 * d, -3 * e}, {3 * d, 3 * e}, r};
      const double both = covered_by_slots({one, other}, {-9, -8}, {7, 9}) * 16 * 17;
      CHECK(both == Approx(area + 12 * r + pi * r * r - 4 * r * r / std::sin(angle)).epsilon(1e-13));
    }
    double sum = 0;  // pieces of a rectangle add up
    const RoundSlot bent{{3 * c, 3 * s}, {5, -1}, 0.5 * r};
    const double edges_x[] = {-3, -1.1, 0.2, 0.9, 3.3, 6}, edges_y[] = {-4, -0.7, 0, 0.4, 5};
    for (int i = 0; i < 5; ++i)
      for (int j = 0; j < 4; ++j)
        sum += (edges_x[i + 1] - edges_x[i]) * (edges_y[j + 1] - edges_y[j]) *
               covered_by_slots({one, bent}, {edges_x[i], edges_y[j]}, {edges_x[i + 1], edges_y[j + 1]});
    CHECK(sum == Approx(covered_by_slots({one, bent}, {-3, -4}, {6, 5}) * 81).epsilon(1e-13));
  }
  CHECK(covered_by_slots({{{0, 0}, {1, 0}, 1}}, {-0.5, -0.5}, {1.5, 0.5}) == 1);
  CHECK(covered_by_slots({{{0, 0}, {1, 0}, 1}}, {2.1, -5}, {3, 5}) == 0);
  CHECK(covered_by_slots({{{0, 0}, {0, 0}, 1}}, {0, 0}, {2, 2}) == Approx(pi / 16).epsilon(1e-14));
}

TEST_CASE("in a plane a cell's part in a tree has a slope, to 1e-6 of the largest") {
  const double reach_y = 50e-6;
  const UnitCell cell{2, false, false, L, reach_y, 1};
  const auto part = [&](double angle, int i, int j) {
    Channel c = tree(2, 3, false);
    c.branching.angle = angle;
    return TreeChannel(c, cell).fraction(
        {{i * L / 10, j * reach_y / 8, 0}, {(i + 1) * L / 10, (j + 1) * reach_y / 8, 1}});
  };
  const auto slope = [&](double at, double h, int i, int j) {  // of fourth order
    return (8 * (part(at + h, i, j) - part(at - h, i, j)) - (part(at + 2 * h, i, j) - part(at - 2 * h, i, j))) /
           (12 * h);
  };
  double largest = 0, off = 0;
  for (int i = 0; i < 10; ++i)
    for (int j = 0; j < 8; ++j) {
      const double fine = slope(0.61, 1e-5, i, j);  // two steps that agree: nothing jumps nor ripples on their scale
      largest = std::max(largest, std::abs(fine));
      off = std::max(off, std::abs(slope(0.61, 1e-4, i, j) - fine));
    }
  std::printf("  slopes of parts by the angle: up to %.3g, two steps differ by %.1e of it\n", largest, off / largest);
  CHECK(largest > 0.5);
  CHECK(off < 1e-6 * largest);
}
