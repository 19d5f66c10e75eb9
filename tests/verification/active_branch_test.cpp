/// Where and when a least or greatest value is, and whether another is as good.
#include "solver/active_branch.hpp"

#include "solver/gradient.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/channelled.hpp"

using namespace porelith;

namespace {

Gradient told(const Case& c, const char* result) {
  const TapedRun run = simulate_taped(c);
  REQUIRE(run.results.status == "complete");
  return gradients(c, run, {result}, {}).at(0);
}

Case charge() {
  Case c = thick_charge(1);
  set_mesh(c, 8, 4, 8);
  c.mesh.shells = 6;
  c.solver.rtol = 1e-3;
  return c;
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("the plating margin of a charge is least at the separator, in one place alone") {
  const Gradient margin = told(charge(), "plating_margin");
  INFO(margin.branch.where);
  CHECK(holds(margin.branch.where, "of step 1 (charge at 1C)"));
  CHECK(holds(margin.branch.where, "negative electrode, x = "));
  CHECK(holds(margin.branch.where, "at its face to the separator"));
  CHECK(margin.branch.one_sided.empty());
}

TEST_CASE("what the terminals show names the step and how it ended") {
  const Gradient capacity = told(charge(), "capacity");
  CHECK(holds(capacity.branch.where, "of step 1 (charge at 1C), which ended: voltage rose to "));
  CHECK(capacity.branch.one_sided.empty());
}

TEST_CASE("where nothing varies along the separator all places there are as good") {
  Case c = charge();
  cut(c, 2, 60e-6, ChannelForm::groove, 0);
  c.mesh.width = 4;
  const Gradient margin = told(c, "plating_margin");
  INFO(margin.branch.one_sided);
  CHECK(holds(margin.branch.one_sided, "3 other places are within 1e-05 V"));
}

TEST_CASE("an extreme that comes twice is one-sided") {
  Case c = charge();
  c.initial.soc = 0.3;
  Step on = at_rate(*c.cell, -0.5);
  on.stops = {{Quantity::time, 200}};
  c.protocol = {rest_for(500), on};
  const Gradient salt = told(c, "c_e_max");
  CHECK(holds(salt.branch.where, "of step 2 ("));
  CHECK(salt.branch.one_sided.empty());
  c.protocol = {rest_for(500), rest_for(500)};
  const Gradient still = told(c, "plating_margin");
  INFO(still.branch.one_sided);
  CHECK(holds(still.branch.one_sided, "the value at t = "));
}
