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

TEST_CASE("what other programs write of the same means the same") {
  const GmshFile expected = parse_gmsh(one_tetrahedron, "m.msh");
  const auto check = [&](const std::string& text) {
    INFO(text);
    const GmshFile file = parse_gmsh(text, "m.msh");
    CHECK(file.points == expected.points);
    REQUIRE(file.groups.size() == 1);
    CHECK(file.groups[0].name == "negative");
    CHECK(file.groups[0].dimension == 3);
    CHECK(file.groups[0].tag == 7);
    CHECK(file.of(GmshShape::tetrahedron).vertices == expected.of(GmshShape::tetrahedron).vertices);
    CHECK(file.of(GmshShape::tetrahedron).group == expected.of(GmshShape::tetrahedron).group);
  };
  const auto with = [](const std::string& from, const std::string& to) { return changed(one_tetrahedron, from, to); };
  for (const char* head : {"2 0 8", "2.0 0 8", "2.1 0 8", "2.20 0 8", "+2.2 +0 +8", "\t2.2  0 8  "})
    check(with("2.2 0 8", head));
  check(with("20 1 0 0", "+20 +1 +0.0 +0e+00"));
  check(with("20 1 0 0", "20 1. .0 0E-5"));
  check(with("2 4 2 7 1", "+2 +4 +2 +7 +1"));
  check("\xEF\xBB\xBF" + one_tetrahedron);
  std::string windows;
  for (const char c : one_tetrahedron) windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
  check(windows);
  check("\xEF\xBB\xBF" + windows);
  check("$Comments\nmade by hand\n$EndComments\n" + one_tetrahedron);
  check("\n\n" + one_tetrahedron + "\n\n");
  check(with("3 7 \"negative\"", "7 \"negative\""));  // before 2.1 names had no dimension
  check(with("2 4 2 7 1", "2 4 3 7 1 0"));            // 2.0 had the partition as a third tag
}

TEST_CASE("versions 4.0 and 4.1 as Gmsh writes them tell the same mesh") {
  const std::string
      head = "$PhysicalNames\n1\n2 1 \"negative side\"\n$EndPhysicalNames\n$Entities\n4 4 1 0\n",
      curves =
          "1 0 0 0 1 0 0 1 7 2 1 -2 \n2 1 0 0 1 1 0 0 2 2 -3 \n3 0 1 0 1 1 0 0 2 3 -4 \n4 0 0 0 0 1 0 0 2 4 -1 \n"
          "1 0 0 0 1 1 0 2 1 2 4 1 2 3 4 \n$EndEntities\n$Nodes\n";
  const std::string old = "$MeshFormat\n4 0 8\n$EndMeshFormat\n" + head +
                          "1 0 0 0 0 0 0 0 \n2 1 0 0 1 0 0 0 \n3 1 1 0 1 1 0 0 \n4 0 1 0 0 1 0 0 \n" + curves +
                          "6 4\n1 0 0 1\n1 0 0 0\n2 0 0 1\n2 1 0 0\n3 0 0 1\n3 1 1 0\n4 0 0 1\n4 0 1 0\n1 1 0 0\n"
                          "1 2 0 0\n$EndNodes\n$Elements\n2 3\n1 1 1 1\n1 1 2 \n1 2 2 2\n2 1 2 4 \n3 4 2 3 \n"
                          "$EndElements\n";
  const std::string fresh = "$MeshFormat\n4.1 0 8\n$EndMeshFormat\n" + head +
                            "1 0 0 0 0 \n2 1 0 0 0 \n3 1 1 0 0 \n4 0 1 0 0 \n" + curves +
                            "6 4 1 4\n0 1 0 1\n1\n0 0 0\n0 2 0 1\n2\n1 0 0\n0 3 0 1\n3\n1 1 0\n0 4 0 1\n4\n0 1 0\n"
                            "1 1 0 0\n2 1 0 0\n$EndNodes\n$Elements\n2 3 1 3\n1 1 1 1\n1 1 2 \n2 1 2 2\n2 1 2 4 \n"
                            "3 4 2 3 \n$EndElements\n";
  const GmshFile a = parse_gmsh(old, "old.msh"), b = parse_gmsh(fresh, "fresh.msh");
  CHECK(a.points == b.points);
  CHECK(a.points[2] == std::array<double, 3>{1, 1, 0});
  for (int s = 0; s < gmsh_shapes; ++s) {
    CHECK(a.elements[s].vertices == b.elements[s].vertices);
    CHECK(a.elements[s].group == b.elements[s].group);
    CHECK(a.elements[s].number == b.elements[s].number);
  }
  CHECK(a.of(GmshShape::triangle).group == std::vector<int>{1, 2, 1, 2});  // two groups each
  CHECK_THAT(complaint(changed(old, "1 2 2 2\n", "1 3 2 2\n")), says("there is no volume 1 in $Entities"));
  CHECK_THAT(complaint(changed(old, "3 4 2 3 \n", "3 4 2 5 \n")), says("there is no node 5"));
}

TEST_CASE("elements of order 2 are read by their corners") {
  const auto corners = [](const std::string& type, int nodes, GmshShape shape) {
    std::string text = fmt::format("$MeshFormat\n2.2 0 8\n$EndMeshFormat\n$Nodes\n{}\n", nodes), list;
    for (int i = 1; i <= nodes; ++i) {
      text += fmt::format("{} {} {} {}\n", i, i, i * i, 0.5 * i);
      list += fmt::format(" {}", i);
    }
    text += fmt::format("$EndNodes\n$Elements\n1\n1 {} 2 7 1{}\n$EndElements\n", type, list);
    return parse_gmsh(text, "m.msh").of(shape).vertices;
  };
  const auto first = [](int n) {
    std::vector<int> list(n);
    for (int i = 0; i < n; ++i) list[i] = i;
    return list;
  };
  CHECK(corners("8", 3, GmshShape::line) == first(2));
  CHECK(corners("9", 6, GmshShape::triangle) == first(3));
  CHECK(corners("10", 9, GmshShape::quadrilateral) == first(4));
  CHECK(corners("16", 8, GmshShape::quadrilateral) == first(4));
  CHECK(corners("11", 10, GmshShape::tetrahedron) == first(4));
  CHECK(corners("12", 27, GmshShape::hexahedron) == first(8));
  CHECK(corners("17", 20, GmshShape::hexahedron) == first(8));
  CHECK(corners("13", 18, GmshShape::prism) == first(6));
  CHECK(corners("18", 15, GmshShape::prism) == first(6));
  CHECK(corners("14", 14, GmshShape::pyramid) == first(5));
  CHECK(corners("19", 13, GmshShape::pyramid) == first(5));
}

TEST_CASE("damage in a Gmsh file of text is told with line and column") {
  const auto says_of = [&](const std::string& from, const std::string& to) {
    return complaint(changed(one_tetrahedron, from, to));
  };
  CHECK_THAT(complaint("hello"), says("m.msh:1:1: this is no Gmsh mesh: it does not begin with $MeshFormat"));
  CHECK_THAT(complaint(""), says("this is no Gmsh mesh"));
  CHECK_THAT(says_of("2.2 0 8", "3 0 8"),
             says("m.msh:2:1: the format's version is 3; 2.0 to 2.2, 4 (which is 4.0) and 4.1 are read"));
  CHECK_THAT(says_of("2.2 0 8", "41 0 8"), says("m.msh:2:1: the format's version is 41; 2.0 to 2.2,"));
  CHECK_THAT(complaint("$NOD\n4\n"), says("m.msh:1:1: this is Gmsh's first format, without a version; save it anew"));
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
  CHECK_THAT(says_of("2 4 2", "2 29 2"),
             says("m.msh:18:3: element type 29 is not read: triangles, quadrilaterals, tetrahedra, hexahedra, prisms "
                  "and pyramids of order 1 or 2 are (Mesh.ElementOrder = 1)"));
  CHECK_THAT(says_of("2 4 2", "2 777 2"), says("element type 777 is not one of Gmsh's"));
  CHECK_THAT(says_of("20 1 0 0", "20 +-1 0 0"), says("m.msh:11:4: expected x of a node, a number, found \"+-1\""));
  CHECK_THAT(says_of("20 1 0 0", "20 + 0 0"), says("m.msh:11:4: expected x of a node, a number, found \"+\""));
  CHECK_THAT(says_of("3 7 \"negative\"", "5 7 \"negative\""),
             says("m.msh:6:1: a physical name's dimension = 5 is outside [0, 3]"));
  CHECK_THAT(says_of("1\n3 7 \"negative\"", "2\n3 7 \"negative\"\n3 7 \"other\""),
             says("the physical group 7 has a name already, \"negative\""));
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
