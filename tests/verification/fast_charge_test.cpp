/// Fast charging of the NMC111/graphite pouch cell, coatings as made and twice as thick, plain and graded.
/// Times and capacities: an independent finite-volume code, converged to about 0.2 %; PyBaMM 26.8 where named.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "solver/case/reader.hpp"
#include "solver/newman/observables/observables.hpp"
#include "solver/simulation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sample_cells.hpp"

using namespace porelith;

namespace {

Case charge(double thickness, double rate) {
  Case c = shipped_case("nmc111_pouch");
  c.temperature = 298.15;
  thicken(c, thickness);
  c.initial = {};
  c.initial.soc = 0;
  c.protocol = {at_rate(*c.cell, -rate)};
  set_mesh(c, 80, 40, 20);
  c.solver.rtol = 1e-5;
  return c;
}

void check(const char* name, const Case& c, double seconds, double areal, double tolerance) {
  const Results r = simulate(c);
  REQUIRE(r.status == "complete");
  const double ours = -r.curve.back().charge() / 3.6 / (1e4 * r.area);  // [mA h cm-2]
  std::printf("  %-32s %9.2f s (%7.1f, %+.3f %%)  %.4f mAh/cm2 (%.3f, %+.3f %%)\n", name, r.curve.back().time, seconds,
              100 * (r.curve.back().time / seconds - 1), ours, areal, 100 * (ours / areal - 1));
  CHECK(r.curve.back().time == Approx(seconds).epsilon(tolerance));
  CHECK(ours == Approx(areal).epsilon(tolerance));
}

/// eps = eps0 (1 + 0.3 (2 xi - 1)), xi = 0 at the collector and 1 at the separator
void grade(Electrode& electrode, Solid solid) {
  electrode.porosity = Profile::polynomial({0.7 * electrode.reference_porosity, 0.6 * electrode.reference_porosity});
  electrode.solid = solid;
}

}  // namespace

TEST_CASE("plain fast charging ends where other codes end, within 0.5 %") {
  check("nominal thickness, 1C", charge(1, 1), 3444, 2.093, 0.005);
  check("nominal thickness, 2C", charge(1, 2), 1594, 1.937, 0.005);
  check("nominal thickness, 4C", charge(1, 4), 680.6, 1.654, 0.005);
  check("nominal thickness, 6C", charge(1, 6), 359.0, 1.309, 0.005);
  check("twice as thick, 2C", charge(2, 2), 1105.5, 2.686, 0.005);  // 1105.52 s in PyBaMM too
}

TEST_CASE("graded fast charging ends where other codes end, within 0.5 %") {
  Case one = charge(2, 2);
  grade(one.cell->negative, Solid::filler);  // eps + eps_s kept
  check("negative graded, 2C", one, 1192.7, 2.898, 0.005);
  Case both = charge(2, 2);
  grade(both.cell->negative, Solid::composition);  // a scaled by (1-eps)/(1-eps0)
  grade(both.cell->positive, Solid::composition);
  check("both graded, 2C", both, 1280.3, 3.112, 0.005);
}

TEST_CASE("when the salt runs out the charge goes on to its cut-off") {
  Case c = charge(2, 3);
  const Results r = simulate(c);
  REQUIRE(r.status == "complete");
  CHECK(r.steps[0].ended == "voltage rose to 4.2 V");
  CHECK(observed(r.curve.back(), "c_e_min") < 0.1);
  CHECK(observed(r.curve.back(), "c_e_min") > 0);
  // PyBaMM 326.0 s with D_e and kappa held at their values of 10 mol/m3 below that; the end is sensitive.
  CHECK(r.curve.back().time == Approx(326.0).epsilon(0.01));
  for (double rate : {4.0, 6.0, 10.0}) {
    const Results faster = simulate(charge(2, rate));
    INFO(rate << "C: " << faster.status);
    CHECK(faster.status == "complete");
    CHECK(faster.steps[0].ended.find("voltage rose to 4.2 V") == 0);
  }
}

TEST_CASE("at equal active mass, porosity rising toward the separator wins a deep fast discharge") {
  const auto capacity = [](const char* cell, double thickness, double gradient) {
    Case c = shipped_case(cell);
    thicken(c, thickness);
    for (Electrode* e : {&c.cell->negative, &c.cell->positive}) {
      const double eps0 = e->reference_porosity;
      e->porosity = Profile::polynomial({eps0 * (1 - gradient), 2 * eps0 * gradient});
    }
    c.initial = {};
    c.initial.soc = 1;
    c.protocol = {at_rate(*c.cell, 3)};
    const Results r = simulate(c);
    REQUIRE(r.status == "complete");
    return r.curve.back().charge() / 3600 / c.cell->nominal_capacity;
  };
  for (const auto& [cell, thickness] :
       {std::pair("nmc111_pouch", 2.0), std::pair("kokam_marquis2019", 2.0), std::pair("lgm50_chen2020", 1.0)}) {
    const double falling = capacity(cell, thickness, -0.3), even = capacity(cell, thickness, 0),
                 rising = capacity(cell, thickness, 0.3);
    std::printf("  %-18s x%.0f at 3C: %.4f falling, %.4f even, %.4f rising (of nominal)\n", cell, thickness, falling,
                even, rising);
    CHECK(rising > 1.05 * even);
    CHECK(even > 1.05 * falling);
  }
}

TEST_CASE("a foil has no salt: it counts in no extreme, and what stands in its place does not drift") {
  const Results r = simulate(read_case(std::string(PORELITH_SOURCE_DIR) + "/cases/pouch_tabs"));
  REQUIRE(r.status == "complete");
  std::size_t foils = 0;
  double least = HUGE_VAL, greatest = 0;
  const std::vector<double>& c_e = r.snapshots.back().c_e;
  for (int P = 0; P < r.mesh.cells(); ++P) {
    if (r.eps[P] > 0)
      least = std::min(least, c_e[P]), greatest = std::max(greatest, c_e[P]);
    else
      ++foils;
  }
  REQUIRE(foils > 0);
  CHECK(observed(r.curve.back(), "c_e_min") == least);
  CHECK(observed(r.curve.back(), "c_e_max") == greatest);
  // Bounds of this program's own making: a guard against drift, no truth.
  for (const CurveRow& row : r.curve) {
    CHECK(observed(row, "c_e_min") > 780);
    CHECK(observed(row, "c_e_max") < 1230);
  }
}
