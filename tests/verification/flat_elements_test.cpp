/// Flat triangles and tetrahedra beside metal foils: as right as rectangles and boxes of the same size, which have no
/// skew faces. The foils carry the current to their ends, so that what flows along flat elements counts.
#include <cstdio>

#include "meshes/gmsh/mesh.hpp"
#include "solver/base/error.hpp"
#include "solver/simulation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/gmsh_boxes.hpp"
#include "tests/support/sample_cells.hpp"
#include "tests/support/sentence.hpp"

using namespace porelith;

namespace {

Results charged(const Case& c, Cut cut, double box, int n) {
  return simulate_on(gmsh_mesh(make_boxes(pouch_boxes(*c.cell, cut, box, n)), thicknesses_of(*c.cell), {}), c);
}

}  // namespace

TEST_CASE("flat triangles and tetrahedra beside foils give the voltage of rectangles and boxes") {
  Case c = shipped_case("nmc111_pouch");
  c.mesh.shells = 6;
  c.geometry.negative_foil = Foil{0, 5.96e7};
  c.geometry.positive_foil = Foil{0, 3.55e7};
  c.initial.soc = 0;
  c.protocol.resize(1);
  c.protocol[0].control = Control::current;
  c.protocol[0].value = -2 * c.cell->nominal_capacity;
  c.protocol[0].stops = {{Quantity::time, 60}};
  struct Try {
    Cut cut, square;
    int n;
    std::array<double, 2> boxes;  ///< wide, in um
  };
  for (const auto& [cut, square, n, boxes] :
       {Try{Cut::triangles, Cut::quadrilaterals, 30, {20, 2000}}, Try{Cut::tetrahedra, Cut::hexahedra, 3, {20, 250}}}) {
    std::array<double, 2> difference{};
    std::array<long, 2> iterations{};
    for (int k : {0, 1}) {
      const Results flat = charged(c, cut, boxes[k], n), right = charged(c, square, boxes[k], n);
      INFO("boxes " << boxes[k] << " um wide");
      REQUIRE(right.status == "complete");
      REQUIRE(flat.status == "complete");
      iterations[k] = flat.counts.linear_iterations;
      difference[k] = flat.curve.back().voltage() - right.curve.back().voltage();
      std::printf("  %s, %3.0f um wide and 5 um thick: %.4f V, %+.3f mV from %s; %d Newton, %d Krylov\n",
                  cut == Cut::triangles ? "triangles " : "tetrahedra", boxes[k], flat.curve.back().voltage(),
                  1e3 * difference[k], cut == Cut::triangles ? "rectangles" : "boxes", int(flat.counts.newton),
                  int(flat.counts.linear_iterations));
    }
    CHECK(std::abs(difference[0]) < 2e-3);                     // of three boxes a layer
    CHECK(std::abs(difference[1] - difference[0]) < 0.15e-3);  // of it, flatness adds a tenth at most
    CHECK(iterations[1] < 2 * iterations[0]);
  }
}

TEST_CASE("skew elements and foils are refused where they are too many for a direct factor, by check and by run") {
  Case c = shipped_case("nmc111_pouch");
  c.geometry.negative_foil = c.geometry.positive_foil = Foil{0, 5.96e7};
  const auto mesh = [&](Cut cut, int n) {
    return gmsh_mesh(make_boxes(pouch_boxes(*c.cell, cut, 100, n)), thicknesses_of(*c.cell), {});
  };
  CHECK(unsolvable(mesh(Cut::tetrahedra, 20)) == "");
  CHECK(unsolvable(mesh(Cut::triangles, 200)) == "");
  const Mesh large = mesh(Cut::tetrahedra, 71);
  const std::string why =
      "the mesh has 302460 cells, tetrahedra or other skew ones among them, and foils: their potential takes a direct "
      "factor, for which these are too many (at most 300000): draw prisms or hexahedra in all layers (Extrude with "
      "Layers and Recombine in the .geo file), or fewer cells";
  CHECK(unsolvable(large) == why);
  CHECK_THAT(sentence_of<CaseError>([&] { simulate_on(large, c); }), says(why));
  Mesh without = large;
  for (Region& region : without.region) region = Region::separator;
  CHECK(unsolvable(without) == "");
}
