/// Time steps of one run done again in another (T9).
#include <cmath>
#include <cstdio>

#include "solver/case/reader.hpp"
#include "solver/simulation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sample_cells.hpp"

using namespace porelith;

namespace {

/// @param radius of the negative electrode's particles over the cell's own
Case tight_case(double radius = 1, const std::string& cell = "lgm50_chen2020") {
  Case c = shipped_case(cell);
  set_mesh(c, 10, 5, 10);
  c.solver.newton = 1e-7;
  auto& R = c.cell->negative.materials[0].R;
  R = R->scaled(radius);
  return c;
}

/// Remembers the steps of a run.
struct Steps : Recorder {
  void took(const TakenStep& step) override { taken.push_back(step); }
  std::vector<TakenStep> taken;
};

double farthest(const Results& a, const Results& b) {
  REQUIRE(a.accepted.size() == b.accepted.size());
  double worst = 0;
  for (std::size_t k = 0; k < a.accepted.size(); ++k)
    worst = std::max(worst, std::abs(a.accepted[k].voltage() - b.accepted[k].voltage()));
  return worst;
}

}  // namespace

TEST_CASE("a run done again by its own steps gives its own states") {
  const auto same = [](const char* name, Case c) {
    INFO(name);
    Steps first, second;
    const Results own = simulate(c, &first), again = replay(c, first.taken, &second);
    REQUIRE(own.status == "complete");
    REQUIRE(again.status == "complete");
    REQUIRE(first.taken.size() == static_cast<std::size_t>(own.counts.steps));
    CHECK(farthest(own, again) < 1e-9);
    CHECK(again.counts.rejected == 0);
    REQUIRE(again.steps.size() == own.steps.size());
    for (std::size_t k = 0; k < own.steps.size(); ++k) {
      CHECK(again.steps[k].end == Approx(own.steps[k].end).epsilon(1e-12));
      CHECK(again.steps[k].charge == Approx(own.steps[k].charge).epsilon(1e-9).margin(1e-9));
    }
    CHECK(second.taken.size() == first.taken.size());
  };
  Case discharge = tight_case();
  discharge.protocol = {at_rate(*discharge.cell, 1)};
  same("discharge", discharge);
  Case several = tight_case();
  several.initial.soc = 0.2;
  several.protocol = {at_rate(*several.cell, -1), hold_at(4.2, 0.5), rest_for(600), at_rate(*several.cell, 2)};
  same("charge, hold, rest, discharge", several);
  Case varied = tight_case(1, "kokam_ecker2015");
  varied.protocol = {at_rate(*varied.cell, 1)};
  same("D_s of the stoichiometry", varied);
  Case table = tight_case();
  auto rows = std::make_shared<DriveTable>();
  rows->time = {0, 60, 60, 200, 300, 400};
  rows->value = {2, 5, -1, -4, 3, 3};
  Step step;
  step.control = Control::table;
  step.table = rows;
  table.initial.soc = 0.6;
  table.protocol = {step};
  same("a table with a jump and kinks", table);
}

TEST_CASE("a table that may be left at a cut-off is not done again, and says so") {
  Case c = tight_case();
  auto rows = std::make_shared<DriveTable>();
  rows->time = {0, 100};
  rows->value = {1, 1};
  Step step;
  step.control = Control::table;
  step.table = rows;
  step.at_cut_off = AtCutOff::hold;
  c.protocol = {step};
  CHECK_THAT(replay(c, {}).status, says("cannot be solved by the steps of another run"));
}

TEST_CASE("by frozen steps a result is a smooth function of a parameter") {
  const auto with = [](double radius) {
    Case c = tight_case(radius);
    c.protocol = {at_rate(*c.cell, 2)};
    c.protocol[0].stops.push_back({Quantity::time, 600});
    return c;
  };
  Steps base;
  simulate(with(1), &base);
  const auto voltage = [&](double radius) { return replay(with(radius), base.taken).accepted.back().voltage(); };
  const auto slope = [&](double h) { return (voltage(1 + h) - voltage(1 - h)) / (2 * h); };
  const double coarse = slope(4e-3), middle = slope(2e-3), fine = slope(1e-3);
  INFO("dV/dR slopes " << coarse << ", " << middle << ", " << fine << " V");
  CHECK(std::abs(fine - middle) < 1e-5 * std::abs(fine));
  CHECK((coarse - middle) / (middle - fine) == Approx(4).epsilon(0.1));  // differences of second order
}

TEST_CASE("what Newton's method leaves is what solver.newton allows") {
  Case c = tight_case();
  c.protocol = {at_rate(*c.cell, 1)};
  Steps steps;
  const Results tight = simulate(c, &steps);
  long iterations = tight.counts.newton;
  std::vector<double> left;
  for (const std::string key : {"0.001", "0.05", "1"}) {
    const Case written =
        parse_case("[cell]\nfile = \"lgm50_chen2020\"\n[solver]\nnewton = " + key + "\n[[step]]\ndischarge = \"1C\"\n",
                   "case.toml");
    c.solver.newton = written.solver.newton;
    REQUIRE(c.solver.newton_leaves() == std::stod(key));
    const Results run = replay(c, steps.taken);
    left.push_back(farthest(run, tight));
    std::printf("  newton = %-5s  %5ld iterations, leaves %.1e of rtol\n", key.c_str(), run.counts.newton,
                left.back() / c.solver.rtol);
    CHECK(run.counts.newton < iterations);
    CHECK(left.back() < 3 * *c.solver.newton * c.solver.rtol);  // of one step; a run has many
    iterations = run.counts.newton;
  }
  CHECK(left[0] < left[1] / 5);
  CHECK(left[1] < left[2]);
  c.solver.newton.reset();  // as where nobody says
  CHECK(farthest(replay(c, steps.taken), tight) == left[1]);
}
