/// One cell on as many ranks as mpirun starts, against the same cell on one.
#include <cmath>
#include <cstdio>

#include "solver/case_mesh.hpp"
#include "solver/march/stepper.hpp"
#include "solver/newman/observables/observables.hpp"
#include "solver/simulation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/channelled.hpp"
#include "tests/support/tempered.hpp"

using namespace porelith;

namespace {

void check_against_one_rank(const char* name, const Case& c) {
  const Team team = Team::world();
  const Results together = simulate(c, nullptr, team);
  const Results alone = simulate(c);
  INFO(name << ": " << together.status << " / " << alone.status);
  REQUIRE(together.status == "complete");
  REQUIRE(alone.status == "complete");
  REQUIRE(together.curve.size() == alone.curve.size());
  double worst = 0;
  for (std::size_t k = 0; k < alone.curve.size(); ++k)
    worst = std::max(worst, std::abs(alone.curve[k].voltage() - together.curve[k].voltage()));
  const long cells = team.sum(static_cast<long>(together.mesh.cells()));
  if (team.first())
    std::printf("  %s on %d ranks: %ld cells, %ld + %ld here; voltages within %.1e V of one rank's\n", name,
                team.size(), cells, static_cast<long>(together.mesh.cells()),
                static_cast<long>(together.mesh.volume.size()) - together.mesh.cells(), worst);
  CHECK(cells == alone.mesh.cells());
  CHECK(worst < 1e-8);
  CHECK(observed(together.curve.back(), "plating_margin") ==
        Approx(observed(alone.curve.back(), "plating_margin")).margin(1e-8));
}

}  // namespace

TEST_CASE("a line, grooves and holes give the same voltages on any number of ranks") {
  Case line = thick_charge(2);
  set_mesh(line, 12, 6, 8);
  check_against_one_rank("line", line);
  Case grooves = thick_charge(3);
  cut(grooves, 2, 60e-6, ChannelForm::groove, 15e-6);
  set_mesh(grooves, 12, 4, 8);
  grooves.mesh.width = 12;
  check_against_one_rank("grooves", grooves);
  Case holes = thick_charge(3);
  cut(holes, 3, 60e-6, ChannelForm::round, 25e-6);
  set_mesh(holes, 8, 3, 6);
  holes.mesh.width = holes.mesh.height = 8;
  holes.solver.rtol = 1e-3;
  check_against_one_rank("round holes", holes);
}

TEST_CASE("a temperature that is a function of time is the same on any number of ranks") {
  Case line = thick_charge(2);
  set_mesh(line, 12, 6, 8);
  make_sensitive(line);
  set_temperature_function(line, "300 + 15*sin(t/100)", 3600);
  check_against_one_rank("line, warmed and cooled", line);
  Case grooves = thick_charge(3);
  cut(grooves, 2, 60e-6, ChannelForm::groove, 15e-6);
  set_mesh(grooves, 8, 4, 6);
  grooves.mesh.width = 8;
  make_sensitive(grooves);
  set_temperature_function(grooves, "300 + 15*sin(t/100)", 3600);
  check_against_one_rank("grooves, warmed and cooled", grooves);
}
