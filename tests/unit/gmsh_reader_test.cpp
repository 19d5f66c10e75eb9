/// Gmsh files as text and bytes: every format says the same, damage is told with its place.
#include "meshes/gmsh/file.hpp"
#include "solver/base/error.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/gmsh_boxes.hpp"
#include "tests/support/sentence.hpp"

using namespace porelith;

namespace {

const std::string one_tetrahedron =
    "$MeshFormat\n2.2 0 8\n$EndMeshFormat\n"                              // lines 1 to 3
    "$PhysicalNames\n1\n3 7 \"negative\"\n$EndPhysicalNames\n"            // 4 to 7
    "$Nodes\n4\n10 0 0 0\n20 1 0 0\n30 0 1 0\n5 0 0 1\n$EndNodes\n"       // 8 to 14
    "$Elements\n2\n1 15 2 0 1 10\n2 4 2 7 1 10 20 30 5\n$EndElements\n";  // 15 to 19

std::string changed(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

std::string complaint(const std::string& bytes) {
  return sentence_of<CaseError>([&] { parse_gmsh(bytes, "m.msh"); });
}

GmshFile small_boxes() {
  BoxMesh block;
  block.x = {0, 1, 2, 3};
  block.y = block.z = {0, 1, 2};
  block.cut = Cut::mixed;
  block.region = [](int i, int, int) { return i == 0 ? "negative" : i == 1 ? "separator" : "positive"; };
  return make_boxes(block);
}

}  // namespace

TEST_CASE("a Gmsh file's nodes, elements and names are read, whatever their numbers") {
  const GmshFile file = parse_gmsh(one_tetrahedron, "m.msh");
  REQUIRE(file.points.size() == 4);
  CHECK(file.points[3][2] == 1);
  REQUIRE(file.groups.size() == 1);
  CHECK(file.groups[0].name == "negative");
  const GmshElements& e = file.of(GmshShape::tetrahedron);
  REQUIRE(e.size() == 1);
  CHECK(e.vertices == std::vector<int>{0, 1, 2, 3});
  CHECK(e.group[0] == 7);
  CHECK(e.number[0] == 2);
}

TEST_CASE("versions 2.2 and 4.1, text and binary, tell the same mesh") {
  const GmshFile block = small_boxes();
  CHECK(block.of(GmshShape::prism).size() == 12);
  CHECK(block.of(GmshShape::pyramid).size() == 12);
  CHECK(block.of(GmshShape::hexahedron).size() == 4);
  for (int version : {2, 4})
    for (bool binary : {false, true}) {
      const GmshFile file = parse_gmsh(gmsh_bytes(block, version, binary), "b.msh");
      CHECK(file.points == block.points);
      CHECK(file.groups.size() == block.groups.size());
      for (int s = 0; s < gmsh_shapes; ++s) {
        INFO("version " << version << ", binary " << binary << ", " << name_of(static_cast<GmshShape>(s)));
        REQUIRE(file.elements[s].size() == block.elements[s].size());
        std::map<std::int64_t, std::pair<std::vector<int>, int>> by_number[2];
        const int n = vertices_of(static_cast<GmshShape>(s));
        for (int which : {0, 1}) {
          const GmshElements& e = (which == 0 ? file : block).elements[s];
          for (int i = 0; i < e.size(); ++i)
            by_number[which][e.number[i]] = {{&e.vertices[i * n], &e.vertices[i * n] + n}, e.group[i]};
        }
        CHECK(by_number[0] == by_number[1]);
      }
    }
}

TEST_CASE("an element of two physical groups of version 4.1 is there once for each") {
  std::string text = gmsh_bytes(small_boxes(), 4, false);
  const GmshFile before = parse_gmsh(text, "m.msh");
  const int tag = before.groups[0].tag;
  text = changed(text, fmt::format("0 1 2 3 4 5 1 {} 0", tag), fmt::format("0 1 2 3 4 5 2 {} 99 0", tag));
  CHECK(parse_gmsh(text, "m.msh").of(GmshShape::prism).size() == before.of(GmshShape::prism).size() + 4);
}

TEST_CASE("damage in a Gmsh file of text is told with line and column") {
  const auto says_of = [&](const std::string& from, const std::string& to) {
    return complaint(changed(one_tetrahedron, from, to));
  };
  CHECK_THAT(complaint("hello"), says("m.msh:1:1: this is no Gmsh mesh: it does not begin with $MeshFormat"));
  CHECK_THAT(complaint(""), says("this is no Gmsh mesh"));
  CHECK_THAT(says_of("2.2 0 8", "4 0 8"), says("m.msh:2:1: the format's version is 4; 2.2 and 4.1 are read"));
  CHECK_THAT(says_of("2.2 0 8", "2.2 0 4"), says("m.msh:2:7: numbers of 4 bytes are not read, only of 8"));
  CHECK_THAT(says_of("20 1 0 0", "20 1 0"), says("m.msh:11:7: expected z of a node, found the end of the line"));
  CHECK_THAT(says_of("20 1 0 0", "20 1 0 0 0"), says("m.msh:11:10: expected the end of the line, found \"0\""));
  CHECK_THAT(says_of("20 1 0 0", "20 1 0 x"), says("m.msh:11:8: expected z of a node, a number, found \"x\""));
  CHECK_THAT(says_of("20 1 0 0", "20 1 0 nan"), says("m.msh:11:8: z of a node = nan is outside [-1e+12, 1e+12]"));
  CHECK_THAT(says_of("20 1 0 0", "10 1 0 0"), says("node 10 is there twice"));
  CHECK_THAT(says_of("$Nodes\n4", "$Nodes\n5"), says("expected a node's number, a whole number, found \"$EndNodes\""));
  CHECK_THAT(says_of("$Nodes\n4", "$Nodes\n3"), says("m.msh:13:1: expected $EndNodes, found \"5 0 0 1\""));
  CHECK_THAT(says_of("$Nodes\n4", "$Nodes\n4000000"),
             says("the number of nodes = 4000000, but the rest of the file has room for"));
  CHECK_THAT(says_of("$Nodes\n4", "$Nodes\n-1"), says("the number of nodes = -1 is outside [0, 2147483647]"));
  CHECK_THAT(says_of("10 20 30 5\n", "10 20 30 6\n"), says("m.msh:18:20: there is no node 6"));
  CHECK_THAT(says_of("10 20 30 5\n", "10 20 30 10\n"), says("element 2, a tetrahedron, has the same node twice"));
  CHECK_THAT(says_of("2 4 2", "2 11 2"), says("m.msh:18:3: element type 11 has curved sides; only straight ones"));
  CHECK_THAT(says_of("2 4 2", "2 77 2"), says("element type 77 is not one of Gmsh's"));
  CHECK_THAT(says_of("\"negative\"", "negative"), says("m.msh:6:5: expected a physical name between quotes"));
  CHECK_THAT(says_of("$EndElements", "$EndElement"), says("m.msh:19:1: expected $EndElements, found \"$EndElement\""));
  CHECK_THAT(complaint(one_tetrahedron.substr(0, one_tetrahedron.find("$Elements"))),
             says("the file has no $Elements"));
  CHECK_THAT(says_of("$Nodes", "$Knots"), says("there is no $EndKnots to end this section"));
}

TEST_CASE("damage in a binary Gmsh file is told with its byte") {
  for (int version : {2, 4}) {
    const std::string bytes = gmsh_bytes(small_boxes(), version, true);
    const auto nodes = bytes.find("$Nodes");
    CHECK_THAT(complaint(bytes.substr(0, nodes + 60)), says("m.msh: byte "));
    std::string swapped = bytes;
    std::swap(swapped[swapped.find("1 8\n") + 4], swapped[swapped.find("1 8\n") + 7]);
    CHECK_THAT(complaint(swapped), says("written on a machine of the other byte order"));
    std::string many = bytes;  // a count that no file can hold
    many[many.find("$Elements\n") + (version == 2 ? 10 : 10 + 8 + 3)] = version == 2 ? '9' : '\x7f';
    CHECK_THAT(complaint(many), says(version == 2 ? "element" : "the number of elements = 21"));
  }
}

TEST_CASE("sections of version 4.1 hold what they announce") {
  const std::string text = gmsh_bytes(small_boxes(), 4, false);
  const auto line_behind = [&](const std::string& heading) {
    const auto at = text.find(heading) + heading.size();
    return text.substr(at, text.find('\n', at) - at);
  };
  const std::string head = line_behind("$Elements\n");
  CHECK_THAT(complaint(changed(text, "$Elements\n" + head, "$Elements\n1 1 1 1")),
             says("the number of a block's elements = "));
  CHECK_THAT(complaint(changed(text, "$Nodes\n1 ", "$Nodes\n2 ")), says("expected an entity's dimension"));
  CHECK_THAT(complaint(changed(text, "$Entities\n0 ", "$Entities\n1 ")), says("m.msh:"));
}

TEST_CASE("a Gmsh file that is not there is told by its name") {
  CHECK_THAT(sentence_of<CaseError>([] { read_gmsh("/nowhere/x.msh"); }),
             says("/nowhere/x.msh: cannot be read: No such file or directory"));
}
