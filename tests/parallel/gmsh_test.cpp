/// A Gmsh file on several ranks: the same cell as on one, skew faces between the ranks included.

#include "meshes/gmsh/mesh.hpp"
#include "solver/base/error.hpp"
#include "solver/simulation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/gmsh_boxes.hpp"
#include "tests/support/sample_cells.hpp"
#include "tests/support/sentence.hpp"

using namespace porelith;

TEST_CASE("a tapered hole of tetrahedra charges alike on all ranks together and on one") {
  Case c = shipped_case("nmc111_pouch");
  thicken(c, 2);
  c.initial.soc = 0;
  c.mesh.shells = 4;
  c.solver.fixed_step = 1;
  Step step = at_rate(*c.cell, -2);
  step.stops.push_back({Quantity::time, 5});
  c.protocol = {step};
  const std::string file = std::string(PORELITH_SOURCE_DIR) + "/tests/data/gmsh/tapered_hole_41_binary.msh";
  const Team world = Team::world();
  const Results together = simulate_on(gmsh_mesh(file, thicknesses_of(*c.cell), {}, world), c, nullptr, world);
  const Results alone = simulate_on(gmsh_mesh(file, thicknesses_of(*c.cell), {}), c);
  REQUIRE(together.status == "complete");
  REQUIRE(together.curve.size() == alone.curve.size());
  for (std::size_t i = 0; i < alone.curve.size(); ++i) {
    CHECK(together.curve[i].time == Approx(alone.curve[i].time));
    CHECK(std::abs(together.curve[i].voltage() - alone.curve[i].voltage()) < 1e-8);
  }
}

TEST_CASE("prisms and tetrahedra run with foils of whatever metal on any number of ranks") {
  Case c = shipped_case("nmc111_pouch");
  c.initial.soc = 0;
  c.mesh.shells = 3;
  Step step = at_rate(*c.cell, -2);
  step.stops = {{Quantity::time, 0.01}};
  c.protocol = {step};
  const Team world = Team::world();
  const auto run = [&](Cut cut, double conductivity) {
    c.geometry.negative_foil = c.geometry.positive_foil = Foil{0, conductivity};
    Mesh mesh = gmsh_mesh(make_boxes(pouch_boxes(*c.cell, cut, 50, 2)), thicknesses_of(*c.cell), {}, world.rank(),
                          world.size());
    return simulate_on(std::move(mesh), c, nullptr, world).status;
  };
  CHECK(run(Cut::prisms, 5.96e7) == "complete");
  for (const double conductivity : {1e5, 3.55e7, 5.96e7}) CHECK(run(Cut::tetrahedra, conductivity) == "complete");
}

TEST_CASE("all ranks hear of a Gmsh file that is not there") {
  const std::string sentence = sentence_of<CaseError>(
      [] { gmsh_mesh("/nowhere/x.msh", thicknesses_of(*shipped_case("nmc111_pouch").cell), {}, Team::world()); });
  CHECK_THAT(sentence, says("/nowhere/x.msh: cannot be read"));
}
