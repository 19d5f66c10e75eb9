/// The equations at exactly one state on several ranks, skew faces included.
#include <cstdio>

#include "meshes/gmsh/mesh.hpp"
#include "solver/case_parameters.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/gmsh_boxes.hpp"
#include "tests/support/linearised.hpp"

using namespace porelith;

TEST_CASE("on skew meshes and any number of ranks the residual changes as the linearisation says") {
  const Team team = Team::world();
  Case c = shipped_case("lgm50_chen2020");
  c.mesh.shells = 4;
  for (const Cut cut : {Cut::tetrahedra, Cut::triangles}) {
    BoxMesh block = layered_boxes(c.cell, 3, 2, equal_edges(60, 3), equal_edges(60, 3));
    block.cut = cut;
    block.shake = 0.2;
    const Model model =
        model_of(c, gmsh_mesh(make_boxes(block), thicknesses_of(c.cell), {}, team.rank(), team.size()), team);
    const State x = uneven_state(model);
    State hat = x;
    for (double& value : hat) value *= 0.999;
    const double worst = derivative_error(model, 2, hat, x, 5);
    // the far part is of the linearisation, not of what the model was last asked for
    const Linearisation kept = model.linearise(2, hat, x), other = model.linearise(2, x, hat);
    REQUIRE(kept.system.far != nullptr);
    CHECK(kept.system.far != other.system.far);
    if (team.first())
      std::printf("  %dD on %d ranks: largest deviation from central differences %.1e\n", model.mesh().dimension,
                  team.size(), worst);
    CHECK(worst < 1e-6);
  }
}
