/// The equations at exactly one state on several ranks, skew faces included.
#include <cstdio>

#include "meshes/gmsh/mesh.hpp"
#include "solver/case_parameters.hpp"
#include "solver/newman/tangent.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/gmsh_boxes.hpp"
#include "tests/support/linearised.hpp"

using namespace porelith;

TEST_CASE("on skew meshes and any number of ranks the residual changes as the linearisation says") {
  const Team team = Team::world();
  Case c = shipped_case("lgm50_chen2020");
  c.mesh.shells = 4;
  for (const Cut cut : {Cut::tetrahedra, Cut::triangles}) {
    BoxMesh block = layered_boxes(*c.cell, 3, 2, equal_edges(60, 3), equal_edges(60, 3));
    block.cut = cut;
    block.shake = 0.2;
    const Model model =
        model_of(c, gmsh_mesh(make_boxes(block), thicknesses_of(*c.cell), {}, team.rank(), team.size()), team);
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

TEST_CASE("on skew meshes and any number of ranks the relations give what is assembled, and how B moves it") {
  const Team team = Team::world();
  Case c = shipped_case("lgm50_chen2020");
  c.mesh.shells = 4;
  BoxMesh block = layered_boxes(*c.cell, 3, 2, equal_edges(60, 3), equal_edges(60, 3));
  block.cut = Cut::tetrahedra;
  block.shake = 0.2;
  Model model = model_of(c, gmsh_mesh(make_boxes(block), thicknesses_of(*c.cell), {}, team.rank(), team.size()), team);
  const Layout l = model.layout();
  const State x = uneven_state(model);
  State hat = x;
  for (double& value : hat) value *= 0.999;
  const int from[3] = {l.c_e, l.phi_e, l.phi_s};
  const auto deviation = [&](const State& rows, const auto& other) {
    double worst = 0;
    for (int q = 0; q < 3; ++q) {
      double off = 0, size = 0;
      for (int P = 0; P < l.cells; ++P) {
        off = std::max(off, std::abs(rows[from[q] + P] - other(q, P)));
        size = std::max(size, std::abs(rows[from[q] + P]));
      }
      size = team.max(size);
      worst = std::max(worst, team.max(off) / (size > 0 ? size : 1));
    }
    return worst;
  };
  const Linearisation at = model.linearise(2, hat, x);
  CHECK(deviation(step_residual(model, 2, hat, x), [&](int q, int P) { return at.system.residual[P][q]; }) < 1e-13);

  const State exact = step_derivatives_by(model, 2, hat, x, {"negative.B"})[0];
  const Medium medium = model.medium();
  const double h = 1e-5;
  const auto residual_at = [&](double change) {
    Medium other = medium;
    for (int P = 0; P < model.mesh().with_ghosts(); ++P)
      if (model.mesh().region[P] == Region::negative) other.B[P] += change;
    model.set_medium(other);
    return model.linearise(2, hat, x);
  };
  const Linearisation up = residual_at(h), down = residual_at(-h);
  const double off =
      deviation(exact, [&](int q, int P) { return (up.system.residual[P][q] - down.system.residual[P][q]) / (2 * h); });
  if (team.first()) std::printf("  by B on %d ranks: off by %.1e\n", team.size(), off);
  CHECK(off < 1e-7);
}
