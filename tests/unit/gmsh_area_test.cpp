/// The area of a Gmsh mesh is what both electrodes cover, seen along x; its layers are plane and parallel.
#include "meshes/gmsh/mesh.hpp"
#include "solver/base/error.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/gmsh_boxes.hpp"
#include "tests/support/sample_cells.hpp"
#include "tests/support/sentence.hpp"

using namespace porelith;

namespace {

constexpr double um = 1e-6, pi = 3.14159265358979323846;

/// Two boxes a layer; electrodes have the columns and rows that are asked for.
BoxMesh boxes_with_gaps(Cut cut, std::function<bool(int, int)> negative, std::function<bool(int, int)> positive) {
  BoxMesh block = layered_boxes(sample_cell(), 2, 2, {0, 8, 20, 23, 30}, {0, 10, 15, 25});
  block.cut = cut;
  const auto layers = block.region;
  block.region = [=](int i, int j, int k) {
    const std::string name = layers(i, j, k);
    const bool there = name == "negative" ? negative(j, k) : name == "positive" ? positive(j, k) : true;
    return there ? name : std::string();
  };
  return block;
}

std::string complaint(const GmshFile& file, const GmshOptions& options = {}) {
  return sentence_of<CaseError>([&] { gmsh_mesh(file, sample_layers(), options); });
}

double x_of_layer(int layer) {
  const Cell& c = sample_cell();
  return ((layer > 0 ? c.negative.thickness : 0.0) + (layer > 1 ? c.separator.thickness : 0.0)) / um;
}

}  // namespace

TEST_CASE("electrodes of unequal width have the area that both cover") {
  const auto all = [](int, int) { return true; };
  const auto left = [](int j, int) { return j < 2; };
  const auto right = [](int j, int) { return j > 0; };
  for (Cut cut : {Cut::quadrilaterals, Cut::triangles}) {
    CHECK(gmsh_mesh(make_boxes(boxes_with_gaps(cut, all, left)), sample_layers(), {}).footprint ==
          Approx(20 * um).epsilon(1e-12));
    CHECK(gmsh_mesh(make_boxes(boxes_with_gaps(cut, right, left)), sample_layers(), {}).footprint ==
          Approx(12 * um).epsilon(1e-12));
    CHECK(gmsh_mesh(make_boxes(boxes_with_gaps(cut, right, left)), sample_layers(), {um, true}).footprint ==
          Approx(pi * (20 * 20 - 8 * 8) * um * um).epsilon(1e-12));
  }
  const auto low = [](int, int k) { return k < 2; };
  for (Cut cut : {Cut::hexahedra, Cut::tetrahedra, Cut::prisms, Cut::mixed})
    CHECK(gmsh_mesh(make_boxes(boxes_with_gaps(cut, low, right)), sample_layers(), {}).footprint ==
          Approx(22 * 15 * um * um).epsilon(1e-12));
  const auto first = [](int j, int) { return j < 1; };
  const auto last = [](int j, int) { return j > 2; };
  CHECK_THAT(complaint(make_boxes(boxes_with_gaps(Cut::quadrilaterals, first, last))),
             says("block.msh: the electrodes do not face each other"));
}

TEST_CASE("faces of the two electrodes need not lie opposite each other") {
  // Of a shaken block each face is another one's only in part; the sum is the box's area all the same.
  BoxMesh block = layered_boxes(sample_cell(), 2, 2, equal_edges(30, 7), equal_edges(40, 5));
  block.shake = 0.3;
  for (Cut cut : {Cut::hexahedra, Cut::tetrahedra, Cut::prisms, Cut::pyramids, Cut::mixed}) {
    block.cut = cut;
    CHECK(gmsh_mesh(make_boxes(block), sample_layers(), {}).footprint == Approx(30 * 40 * um * um).epsilon(1e-12));
  }
}

TEST_CASE("layers that are not plane and parallel are refused with what they are") {
  const auto bent = [](Cut cut, const std::function<double(const std::array<double, 3>&)>& shift) {
    BoxMesh block = layered_boxes(sample_cell(), 2, 2, equal_edges(30, 6), equal_edges(30, 4));
    block.cut = cut;
    GmshFile file = make_boxes(block);
    for (auto& p : file.points) p[0] += shift(p);
    return file;
  };
  for (Cut cut : {Cut::quadrilaterals, Cut::triangles, Cut::tetrahedra, Cut::hexahedra}) {
    // All layers in waves: each is thicker from end to end than it is.
    CHECK_THAT(complaint(bent(cut, [](auto& p) { return 5 * std::sin(p[1] / 5); })),
               says("the face between \"negative\" and \"separator\" is not plane (x from "));
    CHECK_THAT(complaint(bent(cut, [](auto& p) { return 0.1 * p[1]; })),
               says("the face between \"negative\" and \"separator\" is tilted by 5.71 degrees (x from "));
    // One face alone.
    CHECK_THAT(complaint(bent(
                   cut, [](auto& p) { return std::abs(p[0] - x_of_layer(2)) < 1e-9 ? 2 * std::cos(p[1] / 5) : 0.0; })),
               says("the face between \"positive\" and \"separator\" is not plane (x from "));
    CHECK_THAT(complaint(bent(cut, [](auto& p) { return p[0] == 0 ? 3 * std::sin(p[1] / 10) : 0.0; })),
               says("the face between \"negative\" and its collector is not plane (x from "));
    // What a drawing program rounds is none of it.
    CHECK(complaint(bent(cut, [](auto& p) { return 1e-4 * std::sin(p[1]); })) == "");
  }
  CHECK_THAT(complaint(bent(Cut::tetrahedra, [](auto& p) { return 0.2 * p[1] + 0.1 * p[2]; })),
             says("tilted by 12.6 degrees"));
}

TEST_CASE("layers along another axis or from right to left are told which way they go") {
  GmshFile file = make_boxes(layered_boxes(sample_cell(), 2, 2, equal_edges(30, 3), equal_edges(30, 2)));
  GmshFile bad = file;
  for (auto& p : bad.points) p = {p[1], p[2], p[0]};
  CHECK_THAT(complaint(bad), says("must follow each other along x; their middles are at"));
  CHECK_THAT(complaint(bad), says("; they do along z: turn the drawing"));
  bad = file;
  for (auto& p : bad.points) p[0] = -p[0];
  CHECK_THAT(complaint(bad), says("um; mirror the drawing"));
  for (auto& p : file.points) p = {p[0] - 1000, p[1] + 70, p[2] - 3};  // where it lies in space is nobody's business
  CHECK(complaint(file) == "");
}

TEST_CASE("a foil may stand in the electrode with steep walls, not with slopes") {
  BoxMesh block = layered_boxes(sample_cell(), 4, 2, equal_edges(30, 3), {0, 1});
  block.cut = Cut::quadrilaterals;
  block.x.insert(block.x.begin(), -10);
  block.region = [](int i, int j, int) {
    if (i == 0 || (i == 1 && j == 1)) return "negative_foil";
    return i < 5 ? "negative" : i < 7 ? "separator" : "positive";
  };
  const GmshFile pin = make_boxes(block);
  CHECK(complaint(pin) == "");
  GmshFile slope = pin;
  for (auto& p : slope.points)
    if (std::abs(p[0] - block.x[2]) < 1e-9 && p[1] == 10) p[0] -= 4;
  CHECK_THAT(complaint(slope), says("the face between \"negative\" and its collector"));
}

TEST_CASE("a mesh of surfaces may lie in the plane of x and z") {
  BoxMesh block = layered_boxes(sample_cell(), 2, 2, {0, 8, 20, 30}, {0, 1});
  block.cut = Cut::triangles;
  const GmshFile upright = make_boxes(block);
  GmshFile lying = upright;
  for (auto& p : lying.points) p = {p[0], 12.5, p[1]};
  for (const bool axisymmetric : {false, true}) {
    const Mesh a = gmsh_mesh(upright, sample_layers(), {um, axisymmetric});
    const Mesh b = gmsh_mesh(lying, sample_layers(), {um, axisymmetric});
    CHECK(b.footprint == Approx(a.footprint).epsilon(1e-12));
    CHECK(b.volume == a.volume);
  }
  for (auto& p : lying.points) p[1] = p[0];
  CHECK_THAT(complaint(lying), says("must lie in the plane of x and y, where z is constant, or of x and z"));
}

TEST_CASE("elements a thousand times as wide as the cell is thick touch nothing but their neighbours") {
  for (const double width : {1e3, 1e5, 1e7}) {
    BoxMesh block = layered_boxes(sample_cell(), 4, 2, equal_edges(width, 4), equal_edges(width, 3));
    for (Cut cut : {Cut::quadrilaterals, Cut::triangles, Cut::hexahedra, Cut::prisms, Cut::tetrahedra}) {
      block.cut = cut;
      INFO("width " << width << ", cut " << static_cast<int>(cut));
      CHECK(complaint(make_boxes(block)) == "");
    }
  }
}

TEST_CASE("parts that lie on each other are found however flat their elements are") {
  BoxMesh block = layered_boxes(sample_cell(), 4, 2, equal_edges(1e5, 4), equal_edges(1e5, 3));
  for (Cut cut : {Cut::quadrilaterals, Cut::hexahedra}) {
    block.cut = cut;
    GmshFile file = make_boxes(block);
    std::map<int, int> twin;  // the positive electrode's face gets nodes of its own
    for (int i = 0, n = static_cast<int>(file.points.size()); i < n; ++i)
      if (std::abs(file.points[i][0] - x_of_layer(2)) < 1e-9) {
        twin[i] = static_cast<int>(file.points.size());
        file.points.push_back(file.points[i]);
      }
    int tag = 0;
    for (const auto& group : file.groups)
      if (group.name == "positive") tag = group.tag;
    for (GmshShape shape : {GmshShape::quadrilateral, GmshShape::hexahedron}) {
      if (dimension_of(shape) != (cut == Cut::hexahedra ? 3 : 2)) continue;
      auto& e = file.of(shape);
      for (std::size_t k = 0; k < e.vertices.size(); ++k)
        if (e.group[k / vertices_of(shape)] == tag && twin.count(e.vertices[k])) e.vertices[k] = twin[e.vertices[k]];
    }
    CHECK_THAT(complaint(file), says("but share no face"));
  }
}
