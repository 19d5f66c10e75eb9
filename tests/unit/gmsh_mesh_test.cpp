/// Gmsh files become meshes: exact volumes, closed cells, parts that fit together, and sentences for what is no cell.
#include "meshes/gmsh/mesh.hpp"
#include "solver/base/error.hpp"
#include "solver/case/reader.hpp"
#include "solver/case_mesh.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/gmsh_boxes.hpp"
#include "tests/support/sample_cells.hpp"
#include "tests/support/sentence.hpp"

using namespace porelith;

namespace {

constexpr double um = 1e-6;
const std::vector<Cut> solid_cuts{Cut::hexahedra, Cut::tetrahedra, Cut::prisms, Cut::pyramids, Cut::mixed};

BoxMesh bent_boxes(Cut cut) {
  BoxMesh block = layered_boxes(sample_cell(), 4, 2, {0, 8, 20, 30}, {0, 10, 15, 25, 40});
  block.cut = cut;
  block.bend = 0.3;
  block.shake = 0.1;
  return block;
}

BoxMesh flat_boxes(Cut cut) {
  BoxMesh block = layered_boxes(sample_cell(), 4, 2, {0, 8, 20, 30}, {0, 1});
  block.cut = cut;
  block.bend = 0.3;
  return block;
}

double volume_of(const Mesh& mesh, Region region) {
  double sum = 0;
  for (int P = 0; P < mesh.cells(); ++P)
    if (mesh.region[P] == region) sum += mesh.volume[P];
  return sum;
}

std::string complaint(const GmshFile& file, const GmshOptions& options = {}) {
  return sentence_of<CaseError>([&] { gmsh_mesh(file, sample_layers(), options); });
}

void rename(GmshFile& file, const std::string& from, const std::string& to) {
  for (auto& g : file.groups)
    if (g.name == from) g.name = to;
}

}  // namespace

TEST_CASE("volumes, layers and terminals of bent meshes of every shape are those of the box") {
  for (Cut cut : solid_cuts) {
    const Mesh mesh = gmsh_mesh(make_boxes(bent_boxes(cut)), sample_layers(), {});
    INFO("cut " << static_cast<int>(cut));
    const double area = 30 * um * 40 * um;
    CHECK(mesh.footprint == Approx(area).epsilon(1e-12));
    CHECK(volume_of(mesh, Region::negative) == Approx(area * sample_cell().negative.thickness).epsilon(1e-12));
    CHECK(volume_of(mesh, Region::separator) == Approx(area * sample_cell().separator.thickness).epsilon(1e-12));
    CHECK(volume_of(mesh, Region::positive) == Approx(area * sample_cell().positive.thickness).epsilon(1e-12));
    double first = 0, last = 0;
    for (const auto& f : mesh.negative_collector) first += f.area;
    for (const auto& f : mesh.positive_collector) last += f.area;
    CHECK(first == Approx(area).epsilon(1e-12));
    CHECK(last == Approx(area).epsilon(1e-12));
  }
}

TEST_CASE("an electrode's mean depth is one half, and no cell's slice leaves the cell") {
  for (Cut cut : solid_cuts) {
    const Mesh mesh = gmsh_mesh(make_boxes(bent_boxes(cut)), sample_layers(), {});
    double sum = 0, volume = 0;
    for (int P = 0; P < mesh.cells(); ++P) {
      CHECK((mesh.xi_from[P] >= 0 && mesh.xi_from[P] < mesh.xi_to[P] && mesh.xi_to[P] <= 1));
      if (mesh.region[P] != Region::positive) continue;
      volume += mesh.volume[P];
      sum += mesh.volume[P] * (mesh.xi_from[P] + mesh.xi_to[P]) / 2;
    }
    CHECK(sum / volume == Approx(0.5).epsilon(1e-12));
  }
}

TEST_CASE("the sides of every cell close") {
  for (Cut cut : solid_cuts) {
    const Mesh mesh = gmsh_mesh(make_boxes(bent_boxes(cut)), sample_layers(), {});
    std::vector<std::array<double, 3>> sum(mesh.cells());
    std::vector<char> inner(mesh.cells(), 1);
    REQUIRE(mesh.skew.size() == mesh.faces.size());
    for (const Wall& w : mesh.walls) inner[w.cell] = 0;
    for (std::size_t k = 0; k < mesh.faces.size(); ++k)
      for (int q = 0; q < 3; ++q) {
        sum[mesh.faces[k].owner][q] += mesh.faces[k].area * mesh.skew[k].normal[q];
        sum[mesh.faces[k].neighbour][q] -= mesh.faces[k].area * mesh.skew[k].normal[q];
      }
    int checked = 0;
    for (int P = 0; P < mesh.cells(); ++P)
      for (int q = 0; inner[P] && q < 3; ++q, ++checked) CHECK(std::abs(sum[P][q]) < 1e-12 * 1e-10);
    CHECK(checked > 0);
  }
}

TEST_CASE("boxes have no skew; plane meshes are 1 m deep; rings go round the axis") {
  BoxMesh straight = bent_boxes(Cut::hexahedra);
  straight.bend = straight.shake = 0;
  CHECK(gmsh_mesh(make_boxes(straight), sample_layers(), {}).skew.empty());
  for (Cut cut : {Cut::quadrilaterals, Cut::triangles}) {
    const GmshFile file = make_boxes(flat_boxes(cut));
    const Mesh plane = gmsh_mesh(file, sample_layers(), {});
    CHECK(plane.dimension == 2);
    CHECK(plane.footprint == Approx(30 * um).epsilon(1e-12));
    const Mesh ring = gmsh_mesh(file, sample_layers(), {um, true});
    const double disk = 3.14159265358979323846 * 30 * um * 30 * um;
    CHECK(ring.footprint == Approx(disk).epsilon(1e-12));
    CHECK(volume_of(ring, Region::negative) == Approx(disk * sample_cell().negative.thickness).epsilon(1e-12));
    double moment = 0;  // the centroid of a disk's radius is 2/3 of it
    for (int P = 0; P < ring.cells(); ++P) moment += ring.volume[P] * ring.centre[P][1];
    const double length =
        sample_cell().negative.thickness + sample_cell().separator.thickness + sample_cell().positive.thickness;
    CHECK(moment == Approx(disk * length * 20 * um).epsilon(1e-12));
  }
}

TEST_CASE("a mesh whose elements are numbered the other way round is the same mesh") {
  GmshFile file = make_boxes(bent_boxes(Cut::tetrahedra));
  const Mesh before = gmsh_mesh(file, sample_layers(), {});
  auto& v = file.of(GmshShape::tetrahedron).vertices;
  for (std::size_t i = 0; i < v.size(); i += 4) std::swap(v[i], v[i + 1]);
  const Mesh after = gmsh_mesh(file, sample_layers(), {});
  REQUIRE(after.cells() == before.cells());
  CHECK(volume_of(after, Region::negative) == Approx(volume_of(before, Region::negative)).epsilon(1e-12));
  for (std::size_t k = 0; k < after.faces.size(); ++k) CHECK(after.faces[k].d_owner > 0);
}

TEST_CASE("the parts of several ranks fit together") {
  const GmshFile file = make_boxes(bent_boxes(Cut::mixed));
  const Mesh whole = gmsh_mesh(file, sample_layers(), {});
  for (int ranks : {2, 3, 4, 7}) {
    std::vector<Mesh> part;
    for (int rank = 0; rank < ranks; ++rank) part.push_back(gmsh_mesh(file, sample_layers(), {}, rank, ranks));
    std::int64_t next = 0;
    double volume = 0;
    std::size_t faces = 0;
    for (int rank = 0; rank < ranks; ++rank) {
      const Mesh& mesh = part[rank];
      CHECK(std::abs(mesh.cells() * ranks - whole.cells()) <= 2 * ranks);
      for (int P = 0; P < mesh.cells(); ++P) {
        CHECK(mesh.number[P] == next++);
        volume += mesh.volume[P];
      }
      std::size_t received = 0;
      for (const auto& n : mesh.halo.neighbours) {
        received += n.receive.size();
        const auto& back = part[n.rank].halo.neighbours;
        const auto it = std::find_if(back.begin(), back.end(), [&](const auto& b) { return b.rank == rank; });
        REQUIRE(it != back.end());
        REQUIRE(it->send.size() == n.receive.size());
        for (std::size_t i = 0; i < n.receive.size(); ++i) {
          CHECK(part[n.rank].number[it->send[i]] == mesh.number[n.receive[i]]);
          CHECK(part[n.rank].centre[it->send[i]] == mesh.centre[n.receive[i]]);
        }
      }
      CHECK(received == std::size_t(mesh.with_ghosts() - mesh.cells()));
      for (const Face& f : mesh.faces) {
        CHECK((f.owner < mesh.cells() || f.neighbour < mesh.cells()));
        if (f.owner < mesh.cells()) ++faces;  // each face once: with its owner
      }
    }
    CHECK(next == whole.cells());
    CHECK(faces == whole.faces.size());
    CHECK(volume == Approx(whole.footprint * (sample_cell().negative.thickness + sample_cell().separator.thickness +
                                              sample_cell().positive.thickness))
                        .epsilon(1e-12));
  }
}

TEST_CASE("the shipped tapered hole is the same in all four formats and has the cone's volume") {
  Cell cell = sample_cell();
  cell.negative.thickness.value *= 2;
  cell.positive.thickness.value *= 2;
  const std::string folder = std::string(PORELITH_SOURCE_DIR) + "/tests/data/gmsh/";
  const double L = cell.negative.thickness, R = 15 * um, r = 6 * um, pi = 3.14159265358979323846;
  const double cone = pi / 12 * L * (R * R + R * r + r * r);  // a quarter
  for (const char* name : {"tapered_hole_22", "tapered_hole_22_binary", "tapered_hole_41", "tapered_hole_41_binary"}) {
    INFO(name);
    const Mesh mesh = gmsh_mesh(folder + name + ".msh", thicknesses_of(cell), {});
    CHECK(mesh.cells() == 1040);
    CHECK(mesh.footprint == Approx(30 * um * 30 * um).epsilon(1e-9));
    double channel = 0, all = 0;
    for (int P = 0; P < mesh.cells(); ++P) {
      all += mesh.volume[P];
      channel += mesh.volume[P] * (1 - mesh.matrix_of(P));
    }
    CHECK(all == Approx(30 * um * 30 * um * (L + cell.separator.thickness + cell.positive.thickness)).epsilon(1e-9));
    CHECK(channel / cone < 1);  // chords of a coarse circle
    CHECK(channel / cone > 0.9);
    double terminal = 0;  // no electrons where the hole meets the collector
    for (const auto& f : mesh.negative_collector) terminal += f.area;
    CHECK(terminal == Approx(30 * um * 30 * um - pi / 4 * r * r).epsilon(0.01));
  }
}

TEST_CASE("prisms and hexahedra that Gmsh made are read as they are") {
  Cell cell = sample_cell();
  cell.negative.thickness.value *= 2;
  cell.positive.thickness.value *= 2;
  const Mesh mesh = gmsh_mesh(std::string(PORELITH_SOURCE_DIR) + "/tests/data/gmsh/straight_hole.msh",
                              thicknesses_of(cell), GmshOptions{});
  CHECK(mesh.cells() == 182 + 78);
  CHECK(volume_of(mesh, Region::negative) == Approx(900 * um * um * cell.negative.thickness).epsilon(1e-9));
}

TEST_CASE("what is wrong with a Gmsh mesh is told in a sentence") {
  const GmshFile good = make_boxes(bent_boxes(Cut::mixed));
  GmshFile bad = good;
  rename(bad, "positive", "positiv");
  CHECK_THAT(complaint(bad), says("block.msh: there is no Physical Volume \"positive\". Did you mean \"positiv\"?"));
  bad = good;
  bad.of(GmshShape::prism).group[3] = 0;
  CHECK_THAT(complaint(bad), says("prism 6 belongs to no physical group; every volume needs one"));
  CHECK_THAT(complaint(good, {1e-3, false}),
             says("\"negative\" is 56200 um thick along x, that of the case 56.2 um; is [mesh] unit right?"));
  bad = good;
  for (auto& p : bad.points) p = {p[1], p[0], p[2]};
  CHECK_THAT(complaint(bad), says("negative, separator and positive must follow each other along x"));
  bad = good;
  auto& tetrahedra = bad.of(GmshShape::tetrahedron);
  tetrahedra.vertices = {0, 1, 2, 3};
  tetrahedra.group = {bad.groups[0].tag};
  tetrahedra.number = {9999};
  CHECK_THAT(complaint(bad), says("tetrahedron 9999"));
  CHECK_THAT(complaint(good, {um, true}), says("an axisymmetric mesh has surfaces only; this one has volumes"));
  bad = make_boxes(flat_boxes(Cut::triangles));
  for (auto& p : bad.points) p[1] -= 10;
  CHECK_THAT(complaint(bad, {um, true}), says("in an axisymmetric mesh y is the radius; there is y = -10"));
}

TEST_CASE("parts that touch without sharing faces, folds and cut-off cells are found") {
  // The separator's last plane gets nodes of its own: two meshes that merely touch.
  GmshFile bad = make_boxes(bent_boxes(Cut::tetrahedra));
  std::map<int, int> twin;
  const double plane = (sample_cell().negative.thickness + sample_cell().separator.thickness) / um;
  for (int i = 0, n = static_cast<int>(bad.points.size()); i < n; ++i)
    if (std::abs(bad.points[i][0] - plane) < 1e-9) {
      twin[i] = static_cast<int>(bad.points.size());
      bad.points.push_back(bad.points[i]);
    }
  auto& e = bad.of(GmshShape::tetrahedron);
  const auto positive =
      std::find_if(bad.groups.begin(), bad.groups.end(), [](auto& g) { return g.name == "positive"; });
  for (int i = 0; i < e.size(); ++i)
    for (int k = 0; e.group[i] == positive->tag && k < 4; ++k)
      if (twin.count(e.vertices[4 * i + k])) e.vertices[4 * i + k] = twin[e.vertices[4 * i + k]];
  CHECK_THAT(complaint(bad), says("but share no face; make the parts of the geometry one (Coherence"));

  bad = make_boxes(bent_boxes(Cut::hexahedra));
  bad.points[bad.of(GmshShape::hexahedron).vertices[6]][0] += 40;  // one corner far into the next cells
  CHECK_THAT(complaint(bad), says("a centre lies behind the face between them"));

  bad = make_boxes(bent_boxes(Cut::hexahedra));
  auto& hexahedra = bad.of(GmshShape::hexahedron);
  for (auto* list : {&hexahedra.group}) list->push_back(list->front());
  hexahedra.number.push_back(777);
  hexahedra.vertices.insert(hexahedra.vertices.end(), hexahedra.vertices.begin(), hexahedra.vertices.begin() + 8);
  CHECK_THAT(complaint(bad), says("more than two cells meet at"));
  CHECK_THAT(complaint(bad), says("hexahedron 777"));

  // A piece of negative electrode behind the separator: electrons cannot reach it.
  BoxMesh island = bent_boxes(Cut::hexahedra);
  const auto layers = island.region;
  island.region = [layers](int i, int j, int k) {
    return i == 5 && j == 1 && k == 1 ? std::string("negative_channel") : layers(i, j, k);
  };
  CHECK_THAT(complaint(make_boxes(island)),
             says("the face between \"negative\" and \"separator\" is not plane (x from 56.2 to 76.2 um)"));
  island.region = [layers](int i, int j, int k) {
    return i == 3 && j == 1 && k == 1 ? std::string("negative")
           : i >= 2 && i < 4          ? std::string("negative_channel")
                                      : layers(i, j, k);
  };
  CHECK_THAT(complaint(make_boxes(island)),
             says("of \"negative\" is not joined to \"negative_collector\" through cells that conduct electrons"));
  island.region = [layers](int i, int j, int k) {
    return j == 0 && i == 4 ? std::string("positive") : layers(i, j, k);
  };
  CHECK_THAT(complaint(make_boxes(island)), says("a short circuit"));

  bad = make_boxes(bent_boxes(Cut::hexahedra));
  rename(bad, "negative_collector", "x");
  rename(bad, "positive_collector", "negative_collector");
  rename(bad, "x", "positive_collector");
  CHECK_THAT(complaint(bad), says("of \"positive_collector\" at (0, 4.08205, 5.19396) lies against \"negative\""));
}

TEST_CASE("a hexahedron's side against two triangles is no shared face") {
  // The last column of the block cut into prisms of which the others know nothing.
  BoxMesh left = bent_boxes(Cut::hexahedra);
  left.bend = left.shake = 0;
  GmshFile file = make_boxes(left);
  GmshElements& hexahedra = file.of(GmshShape::hexahedron);
  const std::array<int, 8> c = [&] {
    std::array<int, 8> corners{};
    std::copy_n(hexahedra.vertices.begin() + 8 * 5, 8, corners.begin());  // in the second layer of the separator
    return corners;
  }();
  const int group = hexahedra.group[5];
  hexahedra.vertices.erase(hexahedra.vertices.begin() + 40, hexahedra.vertices.begin() + 48);
  hexahedra.group.erase(hexahedra.group.begin() + 5);
  hexahedra.number.erase(hexahedra.number.begin() + 5);
  GmshElements& prisms = file.of(GmshShape::prism);  // cut along y, z: their triangles lie against quadrilaterals
  prisms.vertices = {c[0], c[3], c[7], c[1], c[2], c[6], c[0], c[7], c[4], c[1], c[6], c[5]};
  prisms.group = {group, group};
  prisms.number = {5001, 5002};
  CHECK_THAT(complaint(file), says("but share no face"));
}

TEST_CASE("a Gmsh file is the mesh of a case; what it has itself has no place beside it") {
  const std::string cell =
      "[cell]\nfile = \"nmc111_pouch\"\n[negative]\nthickness = \"112.4 um\"\n[positive]\nthickness = \"104.6 um\"\n"
      "[[step]]\ncharge = \"1C\"\n";
  const std::string file = std::string(PORELITH_SOURCE_DIR) + "/tests/data/gmsh/tapered_hole_41.msh";
  const std::string mesh = "[mesh]\nfile = \"" + file + "\"\n";
  const Case good = parse_case(cell + mesh + "[geometry]\ndimension = 3\n", "case.toml");
  CHECK(good.mesh.file == file);
  CHECK(good.geometry.dimension == 3);
  CHECK(mesh_of(good).cells() == 1040);
  CHECK_THAT(good.resolved, says("# sha256 of the file: "));
  CHECK(parse_case(good.resolved, "again.toml").mesh.file == file);

  const auto complaint = [&](const std::string& text) {
    return sentence_of<CaseError>([&] { mesh_of(parse_case(cell + text, "case.toml")); });
  };
  CHECK_THAT(complaint(mesh), says("[geometry] dimension = 2, 3 or \"axisymmetric\" must stand beside [mesh] file"));
  CHECK_THAT(complaint(mesh + "[geometry]\ndimension = 2\n"),
             says("the mesh has 3 dimensions, [geometry] dimension says 2"));
  CHECK_THAT(complaint(mesh + "unit = \"mm\"\n[geometry]\ndimension = 3\n"),
             says("\"negative\" is 112400 um thick along x, that of the case 112.4 um; is [mesh] unit right?"));
  CHECK_THAT(complaint(mesh + "[geometry]\ndimension = 3\nwidth = \"60 um\"\n"),
             says("[geometry] width has no place beside [mesh] file, which has the geometry"));
  CHECK_THAT(complaint(mesh + "[geometry]\ndimension = 3\n[[channel]]\nwidth = \"20 um\"\n"),
             says("[channel 1] has no place beside [mesh] file"));
  CHECK_THAT(complaint("[mesh]\nfile = \"hole.msh\"\n[geometry]\ndimension = 3\n"),
             says("case.toml:10:8: [mesh] file = \"hole.msh\" is no file in this folder"));
}
