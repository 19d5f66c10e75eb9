/// The same tapered holes cut into a grid and fitted by the elements of a Gmsh file: two ways to one capacity.
#include <cmath>
#include <cstdio>

#include "meshes/gmsh/mesh.hpp"
#include "solver/case/reader.hpp"
#include "solver/case_mesh.hpp"
#include "solver/simulation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/gmsh_boxes.hpp"

using namespace porelith;

namespace {

/// The case of tapered holes as shipped, in short steps of error, to its cut-off.
Case tapered(const std::vector<std::string>& more) {
  std::vector<std::string> set{"mesh.shells=8", "solver.rtol=3e-4", "output.max_snapshots=2"};
  set.insert(set.end(), more.begin(), more.end());
  return read_case(std::string(PORELITH_SOURCE_DIR) + "/cases/tapered_holes", set);
}

double areal(const Results& r) {  // [mA h cm-2]
  INFO(r.status);
  REQUIRE(r.status == "complete");
  return -r.curve.back().charge() / 3.6 / (1e4 * r.area);
}

/// Radius of the hole at x, all in um: of the mouth through the separator too, so that elements follow each other.
double wall_at(const Case& c, double x) {
  const double L_n = 1e6 * c.cell->negative.thickness, L_s = 1e6 * c.cell->separator.thickness,
               L_p = 1e6 * c.cell->positive.thickness, mouth = 15, bottom = 5;
  if (x < L_n) return bottom + (mouth - bottom) * x / L_n;
  return x < L_n + L_s ? mouth : mouth - (mouth - bottom) * (x - L_n - L_s) / L_p;
}

/// Boxes on the same planes through the layers as in the case's grid; of those across, as many are hole as are
/// `inside`.
BoxMesh boxes(const Case& c, const std::vector<double>& y, const std::vector<double>& z, int inside) {
  BoxMesh block = layered_boxes(*c.cell, c.mesh.negative, c.mesh.separator, y, z);
  block.x = grid_of(c).edges[0];
  REQUIRE(static_cast<int>(block.x.size()) == 2 * c.mesh.negative + c.mesh.separator + 1);
  for (double& x : block.x) x *= 1e6;
  block.region = [inside, layer = block.region](int i, int j, int k) {
    const std::string name = layer(i, j, k);
    return name != "separator" && j < inside && k < inside ? name + "_channel" : name;
  };
  return block;
}

/// Through Gmsh's own format, as a mesh of the case.
Mesh by_way_of_gmsh(const GmshFile& file, const Case& c, bool axisymmetric) {
  return gmsh_mesh(parse_gmsh(gmsh_bytes(file, 4, true), "fitted.msh"), thicknesses_of(*c.cell),
                   {1e-6, axisymmetric, 0});
}

/// Rings around the axis, whose edges lie on the slanted walls.
Mesh fitted_rings(const Case& c, int across) {
  const double R = 1e6 * c.geometry.unit_cell(1).reach_y;
  BoxMesh block = boxes(c, equal_edges(1, 2 * across), {0, 1}, across);
  block.cut = Cut::quadrilaterals;
  GmshFile file = make_boxes(block);
  for (auto& p : file.points) {
    const double wall = wall_at(c, p[0]), t = 2 * p[1];
    p[1] = t < 1 ? wall * t : wall + (R - wall) * (t - 1);
  }
  return by_way_of_gmsh(file, c, true);
}

/// The quarter of a square around a quarter of a hole: squares at the axis go over into circles at the wall, these into
/// the square around.
Mesh fitted_hexahedra(const Case& c, int across) {
  BoxMesh block = boxes(c, equal_edges(1, 2 * across), equal_edges(1, 2 * across), across);
  GmshFile file = make_boxes(block);
  for (auto& p : file.points) {
    const double wall = wall_at(c, p[0]), half = 30, u = 2 * p[1], v = 2 * p[2], ring = std::max(u, v);
    if (ring == 0) continue;
    const double angle = (u > v ? v / u : 2 - u / v) * std::atan(1.0);  // even around the circle
    const double round[] = {std::cos(angle), std::sin(angle)}, square[] = {u / ring, v / ring};
    for (int q = 0; q < 2; ++q)
      p[1 + q] = ring <= 1 ? wall * ring * (ring * round[q] + (1 - ring) * 0.8 * square[q])
                           : (2 - ring) * wall * round[q] + (ring - 1) * half * square[q];
  }
  return by_way_of_gmsh(file, c, false);
}

/// `k` times as many cells as the coarsest, every way.
Case refined(int k, std::vector<std::string> more) {
  const auto count = [k](const char* key, int n) { return "mesh." + (key + ("=" + std::to_string(n * k))); };
  for (const auto& set : {count("negative", 6), count("positive", 6), count("separator", 2), count("width", 4)})
    more.push_back(set);
  more.push_back("mesh.grading=3");
  return tapered(more);
}

/// How much further the charge goes on the grid than on the fitted mesh. [1]
double apart(const char* name, const Results& cut, const Results& fitted) {
  const double off = areal(cut) / areal(fitted) - 1;
  std::printf("  %-12s %5d cells, cut %.4f and fitted %.4f mAh/cm2: %+.3f %% apart\n", name, cut.mesh.cells(),
              areal(cut), areal(fitted), 100 * off);
  return std::abs(off);
}

double apart_around_an_axis(int k) {
  const Case c = refined(k, {"geometry.dimension=\"axisymmetric\""});
  return apart("axisymmetric", simulate(c), simulate_on(fitted_rings(c, 2 * k), c));
}

double apart_in_a_square(int k) {
  const Case c = refined(k, {"mesh.height=" + std::to_string(4 * k)});
  return apart("square array", simulate(c), simulate_on(fitted_hexahedra(c, 2 * k), c));
}

}  // namespace

TEST_CASE("around an axis tapered holes in a grid and in a fitted mesh converge to one capacity, 0.3 % apart at most") {
  const double coarse = apart_around_an_axis(2), fine = apart_around_an_axis(4);
  CHECK(fine < 0.003);
  CHECK(fine < coarse / 1.8);
}

TEST_CASE("tapered holes in a square array converge likewise") {
  const double coarse = apart_in_a_square(1), fine = apart_in_a_square(2);
  CHECK(fine < 0.006);
  CHECK(fine < coarse / 3);
}

// A minute or two: test_verification "[fine]"
TEST_CASE("on finer meshes grid and fitted mesh are less than 0.3 % apart in a square array too", "[.][fine]") {
  CHECK(apart_around_an_axis(8) < 0.0015);
  CHECK(apart_in_a_square(3) < 0.003);
}
