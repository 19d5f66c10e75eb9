/// The preconditioner of large meshes: right, and hardly dearer on finer ones.
#include <cmath>
#include <cstdio>

#include "solver/simulation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/channelled.hpp"
#include "tests/support/petsc_options.hpp"

using namespace porelith;

namespace {

/// The first second of a fast charge through tapered holes, on 10.24 n^3 nearly alike cells.
Results first_second(int n) {
  Case c = thick_charge(3);
  c.output.interval = 0.1;
  cut(c, 3, 60e-6, ChannelForm::round, 30e-6);
  c.geometry.negative[0].bottom = c.geometry.positive[0].bottom = 10e-6;
  set_mesh(c, 17 * n / 10, 6 * n / 10, 17 * n / 10);
  c.mesh.width = c.mesh.height = 16 * n / 10;
  c.protocol.front().stops.push_back({Quantity::time, 1});
  Results r = simulate(c);
  INFO(r.status);
  REQUIRE(r.status == "complete");
  return r;
}

double iterations_a_solve(const Results& r) { return double(r.counts.linear_iterations) / r.counts.newton; }

}  // namespace

TEST_CASE("multigrid gives what the direct factor gives, and its iterations hardly grow with the mesh") {
  const Results direct = first_second(5);
  const PetscOptionsFor multigrid{{"-newton_direct", "false"}};
  const Results coarse = first_second(5), fine = first_second(10);
  REQUIRE(coarse.curve.size() == direct.curve.size());
  for (std::size_t k = 0; k < direct.curve.size(); ++k)
    CHECK(std::abs(coarse.curve[k].voltage() - direct.curve[k].voltage()) < 1e-8);
  std::printf("  %d, %d cells: %.1f, %.1f iterations a solve\n", coarse.mesh.cells(), fine.mesh.cells(),
              iterations_a_solve(coarse), iterations_a_solve(fine));
  CHECK(iterations_a_solve(direct) < iterations_a_solve(coarse));  // it was another solver
  CHECK(iterations_a_solve(fine) < 1.2 * iterations_a_solve(coarse));
}
