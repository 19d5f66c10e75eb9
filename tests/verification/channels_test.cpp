/// Two and three dimensions against one, and grooves against an independent code.
#include <cmath>
#include <cstdio>

#include "solver/case_mesh.hpp"
#include "solver/simulation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/channelled.hpp"

using namespace porelith;

namespace {

Results solved(const Case& c) {
  Results r = simulate(c);
  INFO(r.status);
  REQUIRE(r.status == "complete");
  return r;
}

double areal(const Results& r) { return -r.curve.back().charge() / 3.6 / (1e4 * r.area); }  // [mA h cm-2]

/// Largest difference of voltage between two runs, at the same times [V]
double apart(const Results& a, const Results& b) {
  REQUIRE(a.curve.size() == b.curve.size());
  double worst = 0;
  for (std::size_t k = 0; k < a.curve.size(); ++k) {
    CHECK(a.curve[k].time == Approx(b.curve[k].time).epsilon(1e-6));
    worst = std::max(worst, std::abs(a.curve[k].voltage() - b.curve[k].voltage()));
  }
  return worst;
}

/// Salt in all pores over what was there at the start, less 1.
double salt_drift(const Results& r) {
  double before = 0, after = 0;
  for (int P = 0; P < r.mesh.cells(); ++P) {
    before += r.eps[P] * r.mesh.volume[P] * r.snapshots.front().c_e[P];
    after += r.eps[P] * r.mesh.volume[P] * r.snapshots.back().c_e[P];
  }
  return after / before - 1;
}

}  // namespace

TEST_CASE("without channels a plane, a box and a body of revolution are the line they are made of") {
  Case line = thick_charge(2);
  set_mesh(line, 12, 6, 10);
  const Results plain = solved(line);
  const auto check = [&](const char* name, int dimension, bool axisymmetric) {
    Case c = line;
    c.geometry.dimension = dimension;
    c.geometry.axisymmetric = axisymmetric;
    c.geometry.width = c.geometry.height = 40e-6;
    c.mesh.width = 4;
    c.mesh.height = dimension > 2 ? 3 : 0;
    const Results r = solved(c);
    const double off = apart(plain, r);
    std::printf("  %-13s %5d cells: voltages within %.1e V of the line's\n", name, r.mesh.cells(), off);
    CHECK(off < 1e-8);
  };
  check("plane", 2, false);
  check("axisymmetric", 2, true);
  check("box", 3, false);
}

TEST_CASE("grooves end where an independent code ends, within 0.3 %") {
  const auto check = [](double rate, double seconds, double capacity) {
    Case c = thick_charge(rate);
    cut(c, 2, 60e-6, ChannelForm::groove, 15e-6);
    set_mesh(c, 40, 14, 15);
    c.mesh.width = 32;
    c.solver.rtol = 3e-4;
    c.output.max_snapshots = 3;
    const Results r = solved(c);
    std::printf("  %.0fC: %d cells, %.2f s (%.1f, %+.3f %%)  %.4f mAh/cm2 (%.3f, %+.3f %%), salt drift %.1e\n", rate,
                r.mesh.cells(), r.curve.back().time, seconds, 100 * (r.curve.back().time / seconds - 1), areal(r),
                capacity, 100 * (areal(r) / capacity - 1), salt_drift(r));
    CHECK(r.curve.back().time == Approx(seconds).epsilon(0.003));
    CHECK(areal(r) == Approx(capacity).epsilon(0.003));
    CHECK(std::abs(salt_drift(r)) < 1e-11);
  };
  check(3, 598.9, 2.183);
  check(2, 1082.9, 2.632);
}

TEST_CASE("a channel of no width is none") {
  Case none = thick_charge(3);
  set_mesh(none, 10, 4, 8);
  cut(none, 2, 60e-6, ChannelForm::groove, 0);
  none.mesh.width = 4;
  Case thin = none;
  Channel channel;
  thin.geometry.negative = thin.geometry.positive = {channel};
  CHECK(apart(solved(none), solved(thin)) < 1e-12);
}

TEST_CASE("crossed grooves are the same seen along y and along z") {
  Case c = thick_charge(3);
  cut(c, 3, 60e-6, ChannelForm::grid, 20e-6);
  set_mesh(c, 6, 3, 6);
  c.mesh.width = c.mesh.height = 6;
  c.solver.rtol = 1e-3;
  c.protocol[0].stops.push_back({Quantity::time, 300});
  c.output.max_snapshots = 2;
  const Results r = solved(c);
  const auto& centre = r.mesh.centre;
  double worst = 0;
  for (int P = 0; P < r.mesh.cells(); ++P)
    for (int N = 0; N < r.mesh.cells(); ++N)
      if (std::abs(centre[P][0] - centre[N][0]) + std::abs(centre[P][1] - centre[N][2]) +
              std::abs(centre[P][2] - centre[N][1]) <
          1e-12)
        worst = std::max(worst, std::abs(r.snapshots.back().c_e[P] - r.snapshots.back().c_e[N]));
  std::printf("  c_e mirrored at y = z: %.1e mol/m3 apart\n", worst);
  CHECK(worst < 1e-6);
}
