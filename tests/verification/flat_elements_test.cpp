/// Flat triangles and tetrahedra beside metal foils: as right as rectangles and boxes of the same size, which have no
/// skew faces. The foils carry the current to their ends, so that what flows along flat elements counts.
#include <cstdio>

#include "meshes/gmsh/mesh.hpp"
#include "solver/simulation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/gmsh_boxes.hpp"
#include "tests/support/sample_cells.hpp"

using namespace porelith;

namespace {

/// A pouch's layers with foils of 5 and 7.5 um, cut into `n` boxes along y and along z, each `box` wide. [um]
BoxMesh pouch(const Case& c, Cut cut, double box, int n) {
  BoxMesh block = layered_boxes(c.cell, 3, 2, equal_edges(n * box, n), equal_edges(n * box, n));
  for (double& x : block.x) x += 5;
  block.x.insert(block.x.begin(), 0);
  block.x.push_back(block.x.back() + 7.5);
  const auto layers = block.region;
  block.region = [layers](int i, int j, int k) {
    return i == 0 ? std::string("negative_foil") : i == 9 ? std::string("positive_foil") : layers(i - 1, j, k);
  };
  block.cut = cut;
  block.ends = true;
  return block;
}

Results charged(const Case& c, Cut cut, double box, int n) {
  return simulate_on(gmsh_mesh(make_boxes(pouch(c, cut, box, n)), thicknesses_of(c.cell), {}), c);
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
  c.protocol[0].value = -2 * c.cell.nominal_capacity;
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
      difference[k] = flat.curve.back().voltage - right.curve.back().voltage;
      std::printf("  %s, %3.0f um wide and 5 um thick: %.4f V, %+.3f mV from %s; %d Newton, %d Krylov\n",
                  cut == Cut::triangles ? "triangles " : "tetrahedra", boxes[k], flat.curve.back().voltage,
                  1e3 * difference[k], cut == Cut::triangles ? "rectangles" : "boxes", int(flat.counts.newton),
                  int(flat.counts.linear_iterations));
    }
    CHECK(std::abs(difference[0]) < 2e-3);                     // of three boxes a layer
    CHECK(std::abs(difference[1] - difference[0]) < 0.15e-3);  // of it, flatness adds a tenth at most
    CHECK(iterations[1] < 2 * iterations[0]);
  }
}
