/// A model knows numbers on its mesh and nothing of the case: those that change leave nothing behind.
#include <cmath>

#include "meshes/gmsh/mesh.hpp"
#include "solver/case_parameters.hpp"
#include "solver/newman/mixing.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/channelled.hpp"
#include "tests/support/gmsh_boxes.hpp"
#include "tests/support/linearised.hpp"

using namespace porelith;

namespace {

Case cell_with(double porosity, double sigma) {
  Case c = shipped_case("lgm50_chen2020");
  set_mesh(c, 5, 3, 5);
  for (Electrode* e : {&c.cell->negative, &c.cell->positive}) {
    e->porosity = Profile::layers({0, 0.4, 1}, {porosity, 1.2 * porosity});
    e->conductivity = sigma;
  }
  return c;
}

/// One dimension; a box that a round hole cuts; skew tetrahedra.
std::vector<Mesh> meshes_of(const Case& input) {
  Case hole = input;
  cut(hole, 3, 60e-6, ChannelForm::round, 25e-6);
  hole.mesh.width = hole.mesh.height = 4;
  BoxMesh block = layered_boxes(*input.cell, 3, 2, equal_edges(60, 2), equal_edges(60, 2));
  block.cut = Cut::tetrahedra;
  block.shake = 0.2;
  return {mesh_of(input), mesh_of(hole), gmsh_mesh(make_boxes(block), thicknesses_of(*input.cell), {})};
}

}  // namespace

TEST_CASE("a model that is given another medium has every bit of one that was built with it") {
  const Case before = cell_with(0.25, 10), after = cell_with(0.3, 0.7);
  for (const Mesh& mesh : meshes_of(before)) {
    Model changed = model_of(before, mesh);
    const Model built = model_of(after, mesh);
    const State x = uneven_state(built);
    State hat = x;
    for (double& value : hat) value *= 0.999;
    REQUIRE(changed.linearise(2, hat, x).system.residual != built.linearise(2, hat, x).system.residual);

    changed.set_medium(built.medium());
    for (std::size_t b = 0; b < built.beds().size(); ++b)
      changed.set_surfaces(b, built.beds()[b].eps_s, built.beds()[b].a);
    const Linearisation left = changed.linearise(2, hat, x), right = built.linearise(2, hat, x);
    CHECK(left.system.residual == right.system.residual);
    CHECK(left.system.diagonal == right.system.diagonal);
    CHECK(left.system.borders[0].column == right.system.borders[0].column);
    CHECK(left.kinetics[0].residual == right.kinetics[0].residual);
    CHECK(changed.collector_conductance() == built.collector_conductance());
    CHECK(changed.current(x, x[built.layout().voltage]) == built.current(x, x[built.layout().voltage]));
  }
}

TEST_CASE("channel and matrix lie side by side along a wall and in series across it") {
  const double B = 0.3, matrix = 0.4, together = side_by_side(matrix, B);
  CHECK(together == Approx(0.6 + 0.4 * 0.3));
  CHECK(B_along(together, matrix, 0.0) == together);
  CHECK(1 / B_along(together, matrix, 1.0) == Approx(0.6 + 0.4 / 0.3));
  Mesh mesh;
  mesh.matrix = {1, 0.5, 2e-6, 5e-8};
  CHECK(matrix_part(mesh, 1) == 0.5);
  CHECK(matrix_part(mesh, 2) == 2e-6);
  CHECK(matrix_part(mesh, 3) == 0);
}

TEST_CASE("the last matrix of a cell goes smoothly") {
  Mesh mesh;
  const auto part = [&](double of) {
    mesh.matrix = {of};
    return matrix_part(mesh, 0);
  };
  const auto slope = [&](double at, double h) { return (part(at + h) - part(at)) / h; };
  for (const double joint : {1e-7, 2e-6}) {
    CHECK(part(joint - 1e-15) == Approx(part(joint + 1e-15)).margin(1e-14));
    CHECK(slope(joint, -1e-11) == Approx(slope(joint, 1e-11)).margin(1e-4));
  }
  CHECK(part(1e-7) == 0);
  for (double at = 1e-7; at < 2e-6; at += 1e-8) CHECK(slope(at, 1e-8) > 0);
}
