/// Split elements: half as long, as many as they should be, the same body, and faces that match.
#include "meshes/gmsh/mesh.hpp"
#include "meshes/gmsh/split.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/gmsh_boxes.hpp"
#include "tests/support/sample_cells.hpp"

using namespace porelith;

namespace {

GmshOptions split_times(int n) {
  GmshOptions options;
  options.split = n;
  return options;
}

double volume_of(const Mesh& mesh, Region region) {
  double sum = 0;
  for (int P = 0; P < mesh.cells(); ++P)
    if (mesh.region[P] == region) sum += mesh.volume[P];
  return sum;
}

double area_of(const std::vector<CollectorFace>& faces) {
  double sum = 0;
  for (const auto& f : faces) sum += f.area;
  return sum;
}

}  // namespace

TEST_CASE("split meshes of every shape are the same body, in as many cells as they should be") {
  for (Cut cut :
       {Cut::hexahedra, Cut::tetrahedra, Cut::prisms, Cut::pyramids, Cut::mixed, Cut::quadrilaterals, Cut::triangles}) {
    INFO("cut " << static_cast<int>(cut));
    BoxMesh block = layered_boxes(sample_cell(), 3, 2, {0, 8, 20, 30}, {0, 10, 25});
    block.cut = cut;
    block.shake = 0.2;
    const GmshFile file = make_boxes(block);
    const Mesh whole = gmsh_mesh(file, sample_layers(), {});
    for (int n : {1, 2}) {
      const Mesh fine = gmsh_mesh(file, sample_layers(), split_times(n));  // which checks that all faces match
      long pyramids = 0, others = 0;
      for (const auto& v : whole.vertices) (v.size() == 5 && whole.dimension == 3 ? pyramids : others) += 1;
      const long parts = whole.dimension == 3 ? 8 : 4;
      for (int k = 0; k < n; ++k) others = parts * others + 4 * pyramids, pyramids *= 6;
      CHECK(fine.cells() == others + pyramids);
      CHECK(fine.footprint == Approx(whole.footprint).epsilon(1e-12));
      for (Region r : {Region::negative, Region::separator, Region::positive})
        CHECK(volume_of(fine, r) == Approx(volume_of(whole, r)).epsilon(1e-12));
      CHECK(area_of(fine.negative_collector) == Approx(area_of(whole.negative_collector)).epsilon(1e-12));
      CHECK(area_of(fine.positive_collector) == Approx(area_of(whole.positive_collector)).epsilon(1e-12));
    }
  }
}

TEST_CASE("split boxes are the boxes of twice as many edges") {
  for (Cut cut : {Cut::hexahedra, Cut::quadrilaterals}) {
    BoxMesh coarse = layered_boxes(sample_cell(), 2, 1, {0, 8, 20}, {0, 10, 25}),
            fine = layered_boxes(sample_cell(), 4, 2, {0, 4, 8, 14, 20}, {0, 5, 10, 17.5, 25});
    coarse.cut = fine.cut = cut;
    const auto centres = [](const Mesh& mesh) {
      std::vector<std::array<long, 4>> list;  // in nm, and the volume
      for (int P = 0; P < mesh.cells(); ++P) {
        const auto& c = mesh.centre[P];
        list.push_back({std::lround(c[0] * 1e9 + 0.2), std::lround(c[1] * 1e9), std::lround(c[2] * 1e9),
                        std::lround(mesh.volume[P] * (mesh.dimension == 3 ? 1e21 : 1e15))});
      }
      std::sort(list.begin(), list.end());
      return list;
    };
    CHECK(centres(gmsh_mesh(make_boxes(coarse), sample_layers(), split_times(1))) ==
          centres(gmsh_mesh(make_boxes(fine), sample_layers(), {})));
  }
}

TEST_CASE("split tetrahedra do not become flatter and flatter") {
  BoxMesh block = layered_boxes(sample_cell(), 2, 1, {0, 20, 50}, {0, 30, 50});
  block.cut = Cut::tetrahedra;
  block.shake = 0.2;
  GmshFile file = make_boxes(block);
  // Six times the volume over the cube of the longest edge, of the worst tetrahedron.
  const auto worst = [](const GmshFile& f) {
    double least = 1;
    const auto& e = f.of(GmshShape::tetrahedron);
    for (int i = 0; i < e.size(); ++i) {
      const auto at = [&](int k) { return f.points[e.vertices[4 * i + k]]; };
      const auto way = [&](int a, int b) {
        const auto p = at(a), q = at(b);
        return std::array<double, 3>{q[0] - p[0], q[1] - p[1], q[2] - p[2]};
      };
      double longest = 0;
      for (int a = 0; a < 4; ++a)
        for (int b = 0; b < a; ++b) {
          const auto w = way(a, b);
          longest = std::max(longest, std::hypot(w[0], w[1], w[2]));
        }
      const auto u = way(0, 1), v = way(0, 2), w = way(0, 3);
      const double six =
          u[0] * (v[1] * w[2] - v[2] * w[1]) - u[1] * (v[0] * w[2] - v[2] * w[0]) + u[2] * (v[0] * w[1] - v[1] * w[0]);
      least = std::min(least, std::abs(six) / (longest * longest * longest));
    }
    return least;
  };
  const double first = worst(split_elements(file));
  GmshFile fine = file;
  for (int n = 0; n < 4; ++n) fine = split_elements(fine);
  CHECK(worst(fine) > 0.8 * first);
}
