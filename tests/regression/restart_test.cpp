/// A run that is interrupted and goes on from its checkpoint is the run that was not, to the last bit.
#include <random>

#include "tests/support/interrupted.hpp"
#include "tests/support/scratch.hpp"

using namespace porelith;

namespace {

/// Interrupts a run at random time steps, several times in one run too, and compares it with one that ran through.
void restart_at_random(const Case& input, int trials, unsigned seed) {
  const Results whole = solve_on(input, nullptr, Team::alone());
  REQUIRE(whole.status == "complete");
  const long time_steps = whole.counts.steps;
  std::mt19937 random(seed);
  for (int trial = 0; trial < trials; ++trial) {
    const Scratch folder;
    const long first = random() % time_steps, second = random() % 20;
    INFO("stopped after " << first << " and " << second << " of " << time_steps << " time steps");
    REQUIRE(solve_leg(input, folder.path(), Team::alone(), first).results.status == "stopped");
    solve_leg(input, folder.path(), Team::alone(), second);
    Results resumed = solve_leg(input, folder.path(), Team::alone()).results;
    require_same(resumed, whole);
  }
}

}  // namespace

TEST_CASE("a 1D run with every kind of step goes on bit for bit from any time step") {
  restart_at_random(busy_case(), 12, 1);
}

TEST_CASE("a table goes on bit for bit from any time step: within pieces, at jumps, at rest and held at a cut-off") {
  Case input = busy_case();
  input.initial.soc = 0.07;
  for (const AtCutOff mode : {AtCutOff::hold, AtCutOff::rest}) {
    Step table;
    table.label = "table";
    table.control = Control::table;
    table.table = std::make_shared<DriveTable>(
        DriveTable{Control::current, {0, 30, 30, 31, 33, 200, 220, 260, 300}, {1, 2, -3, 4, 10, 10, 9, -4, 8}});
    table.stops = {{Quantity::time, 300}, {Quantity::voltage_below, 2.5, true, true}};
    table.at_cut_off = mode;
    input.protocol = {table, table};
    restart_at_random(input, 8, 5);
  }
}

TEST_CASE("rows at fixed times go on where they were") {
  Case input = busy_case();
  input.output.interval = 7;
  restart_at_random(input, 6, 2);
}

TEST_CASE("a grooved cell in 2D goes on bit for bit, its kept preconditioner included") {
  Case input = busy_case("[geometry]\ndimension = 2\nwidth = \"60 um\"\n[[channel]]\nwidth = \"15 um\"\n");
  input.mesh.width = 4;
  restart_at_random(input, 2, 3);
}

TEST_CASE("keeping checkpoints changes nothing in a run") {
  const Scratch folder;
  const Case input = busy_case();
  const Results kept = solve_leg(input, folder.path(), Team::alone(), -1, 1e-9).results;
  require_same(kept, solve_on(input, nullptr, Team::alone()));
  CHECK(std::filesystem::exists(folder / "checkpoint"));
}
