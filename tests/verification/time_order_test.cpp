#include <cmath>
#include <cstdio>

#include "solver/case_parameters.hpp"
#include "solver/march/stepper.hpp"
#include "solver/simulation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/layered.hpp"
#include "tests/support/order_study.hpp"
#include "tests/support/sample_cells.hpp"

using namespace porelith;

namespace {

OrderStudy study_of_discharge() {
  Case c = shipped_case("kokam_marquis2019");
  set_mesh(c, 8, 4, 8);
  return OrderStudy(std::move(c), 1000, 1600);
}

}  // namespace

// BDF5 shows its order in a window only: at steps of 25 and 12.5 s the steepest shells are not resolved yet (observed
// 4.1 and 4.8), at 1.6 s the errors are down to 1e-12, where the past's tolerance of 1e-10 begins to show.
TEST_CASE("the particles converge in time with the nominal order of each BDF, 1 to 5") {
  OrderStudy study = study_of_discharge();
  const State exact = study.solve(5, study.grid);
  for (int order = 1; order <= max_bdf_order; ++order) {
    const double coarse = study.distance(study.solve(order, 6.25), exact)[0],
                 fine = study.distance(study.solve(order, 3.125), exact)[0];
    const double observed = std::log2(coarse / fine);
    std::printf("  BDF%d: stoichiometries off by %.3e at 6.25 s, %.3e at 3.125 s, observed order %.2f\n", order, coarse,
                fine, observed);
    CHECK(observed == Approx(order).margin(0.1));
  }
}

TEST_CASE("from what it remembers, a run goes on bit for bit") {
  Case c = shipped_case("lgm50_chen2020");
  set_mesh(c, 6, 4, 6);
  Model model = model_of(c, layered_mesh(*c.cell, c.mesh)), other = model_of(c, layered_mesh(*c.cell, c.mesh));
  const Drive drive = Drive::constant(Control::current, 5);
  Stepper whole(model, c.solver), resumed(other, c.solver);
  whole.start(model.rest(initial_stoichiometries(c)), 0, drive);
  for (int i = 0; i < 60; ++i) {
    if (i == 37) resumed.resume(whole.remember(), drive);
    whole.advance(3000);
    whole.commit();
    if (i >= 37) {
      resumed.advance(3000);
      resumed.commit();
      REQUIRE(resumed.time() == whole.time());
      REQUIRE(resumed.state() == whole.state());
    }
  }
}
