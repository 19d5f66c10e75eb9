#include "meshes/quality.hpp"

#include <cmath>

#include "solver/case/reader.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/layered.hpp"

using namespace porelith;

namespace {

/// Two cells of the given shape side by side along x, as far as quality looks at them.
Mesh pair_of(int dimension, std::vector<std::array<double, 3>> points, std::vector<int> vertices) {
  Mesh mesh;
  mesh.dimension = dimension;
  mesh.points = std::move(points);
  mesh.vertices = {vertices, vertices};
  mesh.volume = {2, 1};
  mesh.matrix = {1, 0.25};
  mesh.region = {Region::negative, Region::negative};
  mesh.faces = {{0, 1, 1, 0.5, 0.2}};
  return mesh;
}

}  // namespace

TEST_CASE("aspect ratios are of edges, whatever the shape") {
  const std::vector<std::array<double, 3>> box{{0, 0, 0}, {2, 0, 0}, {2, 1, 0}, {0, 1, 0},
                                               {0, 0, 4}, {2, 0, 4}, {2, 1, 4}, {0, 1, 4}};
  CHECK(quality_of(pair_of(3, box, {0, 1, 2, 3, 4, 5, 6, 7})).aspect[0] == Approx(4));
  CHECK(quality_of(pair_of(2, box, {0, 1, 2, 3})).aspect[0] == Approx(2));
  CHECK(quality_of(pair_of(2, box, {0, 1, 2})).aspect[0] == Approx(std::sqrt(5)));
  CHECK(quality_of(pair_of(1, box, {0, 1})).aspect[0] == 1);
  CHECK(quality_of(pair_of(3, box, {0, 1, 3, 4})).aspect[0] == Approx(std::sqrt(20)));  // tetrahedron: (2, 0, 4) to 1
  CHECK(quality_of(pair_of(3, box, {0, 1, 2, 3, 4})).aspect[0] == Approx(std::sqrt(21)));  // pyramid
  CHECK(quality_of(pair_of(3, box, {0, 1, 3, 4, 5, 7})).aspect[0] == Approx(4));           // wedge
}

TEST_CASE("a summary adds up volumes, channels and cut cells, and finds the worst") {
  const std::vector<std::array<double, 3>> box{{0, 0, 0}, {2, 0, 0}, {2, 1, 0}, {0, 1, 0}};
  const MeshSummary summary = summary_of(pair_of(2, box, {0, 1, 2, 3}));
  REQUIRE(summary.layers.size() == 1);
  CHECK(summary.cells == 2);
  CHECK(summary.cut == 1);
  CHECK(summary.layers[0].volume == 3);
  CHECK(summary.layers[0].channel == Approx(0.75 / 3));
  CHECK(summary.shortest_edge == 1);
  CHECK(summary.longest_edge == 2);
  CHECK(summary.worst_growth == Approx(2.5));
}

TEST_CASE("an even layered mesh is told as what it is") {
  const Case input = parse_case("[cell]\nfile = \"nmc111_pouch\"\n[[step]]\ncharge = \"1C\"\n", "case.toml");
  const MeshSummary summary = summary_of(layered_mesh(*input.cell, input.mesh, {4, 3}, 1e-4));
  CHECK(summary.cells == 50 * 12);
  REQUIRE(summary.layers.size() == 3);
  CHECK(summary.layers[1].cells == 120);
  CHECK(summary.layers[1].volume == Approx(input.cell->separator.thickness * 1e-8).epsilon(1e-12));
  CHECK(summary.layers[2].channel == 0);
}
