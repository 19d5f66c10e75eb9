/// [mesh.names]: what a file's physical groups are called, and what is said where a needed one is not found.
#include "meshes/gmsh/mesh.hpp"
#include "solver/base/error.hpp"
#include "solver/case/reader.hpp"
#include "solver/case_mesh.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/gmsh_boxes.hpp"
#include "tests/support/sample_cells.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/sentence.hpp"

using namespace porelith;

namespace {

GmshFile boxes(Cut cut = Cut::mixed) {
  BoxMesh block = layered_boxes(sample_cell(), 3, 2, {0, 8, 20, 30}, {0, 10, 15, 25});
  block.cut = cut;
  return make_boxes(block);
}

GmshOptions named(const GmshNames& names) {
  GmshOptions options;
  options.names = names;
  return options;
}

std::string complaint(const GmshFile& file, const GmshNames& names = {}) {
  return sentence_of<CaseError>([&] { gmsh_mesh(file, sample_layers(), named(names)); });
}

void rename(GmshFile& file, const std::string& from, const std::string& to) {
  for (auto& g : file.groups)
    if (g.name == from) g.name = to;
}

int tag_of(const GmshFile& file, const std::string& name) {
  for (const auto& g : file.groups)
    if (g.name == name) return g.tag;
  return 0;
}

void forget(GmshFile& file, const std::string& name) {
  const auto it = std::find_if(file.groups.begin(), file.groups.end(), [&](const auto& g) { return g.name == name; });
  file.groups.erase(it);
}

/// Every element of a group once more, as an element of another one.
void copy_group(GmshFile& file, const std::string& from, int dimension, int tag, const std::string& name) {
  const int old = tag_of(file, from);
  file.groups.push_back({dimension, tag, name});
  for (int s = 0; s < gmsh_shapes; ++s) {
    const auto shape = static_cast<GmshShape>(s);
    if (dimension_of(shape) != dimension) continue;
    auto& e = file.of(shape);
    const int n = vertices_of(shape);
    for (int i = 0, size = e.size(); i < size; ++i) {
      if (e.group[i] != old) continue;
      for (int k = 0; k < n; ++k) e.vertices.push_back(int(e.vertices[std::size_t(i) * n + k]));
      e.group.push_back(tag);
      e.number.push_back(e.number[i] + 100000);  // as version 2 counts them
    }
  }
}

/// The same cells, faces and terminals.
void check_same(const Mesh& a, const Mesh& b) {
  CHECK(a.volume == b.volume);
  CHECK(a.region == b.region);
  CHECK(a.faces.size() == b.faces.size());
  CHECK(a.footprint == b.footprint);
  CHECK(a.negative_collector.size() == b.negative_collector.size());
  CHECK(a.positive_collector.size() == b.positive_collector.size());
}

}  // namespace

TEST_CASE("a file's groups are parts of the cell by their names or their numbers") {
  const GmshFile plain = boxes();
  const Mesh expected = gmsh_mesh(plain, sample_layers(), {});
  GmshFile file = plain;
  rename(file, "negative", "Graphite (anode)");
  rename(file, "positive_collector", "Al tab");
  const GmshNames names{{"negative", {"Graphite (anode)"}}, {"positive_collector", {"Al tab"}}};
  check_same(gmsh_mesh(file, sample_layers(), named(names)), expected);

  const std::string number = std::to_string(tag_of(file, "separator"));
  forget(file, "separator");  // a group without a name
  GmshNames by_number = names;
  by_number["separator"] = {number};
  check_same(gmsh_mesh(file, sample_layers(), named(by_number)), expected);
  CHECK_THAT(complaint(file, names), says("block.msh: there is no Physical Volume \"separator\"; if it is " + number +
                                          ", say so in [mesh.names]: separator = " + number));
}

TEST_CASE("a layer may be several groups") {
  const GmshFile plain = boxes(Cut::hexahedra);
  GmshFile file = plain;
  auto& e = file.of(GmshShape::hexahedron);
  const int tag = tag_of(file, "negative");
  for (int i = 0, n = 0; i < e.size(); ++i)
    if (e.group[i] == tag && ++n % 3 == 0) e.group[i] = 77;
  const Mesh expected = gmsh_mesh(plain, sample_layers(), {});
  check_same(gmsh_mesh(file, sample_layers(), named({{"negative", {"negative", "77"}}})), expected);
  file.groups.push_back({3, 77, "negative"});  // one name for both is as good
  check_same(gmsh_mesh(file, sample_layers(), {}), expected);
}

TEST_CASE("other groups over the same elements are nobody's business") {
  const GmshFile plain = boxes();
  GmshFile file = plain;
  for (const char* layer : {"negative", "separator", "positive"}) copy_group(file, layer, 3, 500, "everything");
  file.groups.resize(plain.groups.size() + 1);
  file.groups.push_back({2, 900, "negativ_collector"});  // near, but what is needed is there
  file.groups.push_back({3, 901, "seperator"});
  check_same(gmsh_mesh(file, sample_layers(), {}), gmsh_mesh(plain, sample_layers(), {}));

  copy_group(file, "negative", 3, 600, "again");  // twice the same part is once
  check_same(gmsh_mesh(file, sample_layers(), named({{"negative", {"negative", "again"}}})),
             gmsh_mesh(plain, sample_layers(), {}));
  CHECK_THAT(complaint(file, {{"separator", {"separator", "again"}}}),
             says("belongs to \"negative\" and to \"separator\""));
}

TEST_CASE("what is left out takes no part") {
  BoxMesh block = layered_boxes(sample_cell(), 3, 2, {0, 8, 20, 30}, {0, 10, 15, 25});
  const auto layers = block.region;
  block.region = [layers](int i, int j, int k) {
    const std::string name = layers(i, j, k);
    return j == 2 && name == "positive" ? std::string() : name;
  };
  const Mesh expected = gmsh_mesh(make_boxes(block), sample_layers(), {});
  block.region = [layers](int i, int j, int k) {
    const std::string name = layers(i, j, k);
    return j == 2 && name == "positive" ? "case" : name;
  };
  GmshFile file = make_boxes(block);
  auto& q = file.of(GmshShape::quadrilateral);  // its end is no terminal
  const int terminal = tag_of(file, "positive_collector");
  for (int i = 0; i < q.size(); ++i)
    if (q.group[i] == terminal && file.points[q.vertices[4 * i]][1] > 19) q.group[i] = 0;
  CHECK_THAT(complaint(file), says("belongs to Physical Volume \"case\" only, which is no part of the cell; say in "
                                   "[mesh.names] which of negative, separator, "));
  check_same(gmsh_mesh(file, sample_layers(), named({{"left_out", {"case"}}})), expected);
}

TEST_CASE("a part that is not found is told with the group that may be meant") {
  const auto without = [](const std::string& from, const std::string& to) {
    GmshFile file = boxes();
    rename(file, from, to);
    return complaint(file);
  };
  for (const char* name : {"Positive", "POSITIVE", " positive ", "positiv", "positive1"})
    CHECK_THAT(without("positive", name),
               says(fmt::format("block.msh: there is no Physical Volume \"positive\". Did you mean \"{}\"? Then write "
                                "positive = \"{}\" in [mesh.names]",
                                name, name)));
  CHECK_THAT(without("positive", "NMC"),
             says("there is no Physical Volume \"positive\"; if it is \"NMC\", say so in [mesh.names]: positive = "));
  CHECK_THAT(without("negative_collector", "Negative-Collector"),
             says("there is no Physical Surface \"negative_collector\", where the current enters or leaves. Did you "
                  "mean \"Negative-Collector\"?"));

  GmshFile file = boxes(Cut::hexahedra);
  file.of(GmshShape::hexahedron).group[0] = 88;
  CHECK_THAT(complaint(file), says("hexahedron 1 belongs to Physical Volume 88 only, which is no part of the cell"));
  file.groups.push_back({3, 88, "negative foil"});
  CHECK_THAT(complaint(file), says("hexahedron 1 belongs to Physical Volume \"negative foil\" only, which is no part "
                                   "of the cell; did you mean \"negative_foil\"? Then write negative_foil = "));
  file.of(GmshShape::hexahedron).group[0] = 0;
  CHECK_THAT(complaint(file), says("hexahedron 1 belongs to no physical group; every volume needs one"));
}

TEST_CASE("names that no group has, and groups that two parts want, are told") {
  const GmshFile file = boxes();
  CHECK_THAT(complaint(file, {{"negative", {"negatve"}}}),
             says("[mesh.names] negative = \"negatve\": the file has no Physical Volume of that name or number. Did "
                  "you mean \"negative\"?"));
  CHECK_THAT(complaint(file, {{"negative_collector", {"12"}}}),
             says("the file has no Physical Surface of that name or number; it has \"negative_collector\""));
  CHECK_THAT(complaint(file, {{"negative_foil", {"separator"}}}), says("both take Physical Volume \"separator\""));
}

TEST_CASE("[mesh.names] is read, echoed and refused where there is no file") {
  const Scratch folder;
  GmshFile file = boxes();
  rename(file, "negative", "anode");
  const std::string number = std::to_string(tag_of(file, "separator"));
  forget(file, "separator");
  write_text(folder / "box.msh", gmsh_bytes(file, 2, false));
  const std::string base =
      "[cell]\nfile = \"nmc111_pouch\"\n[[step]]\ncharge = \"1C\"\n[geometry]\ndimension = 3\n[mesh]\n";
  const std::string names = "[mesh.names]\nnegative = [\"anode\"]\nseparator = " + number + "\n";
  const std::string mesh = "file = \"" + (folder / "box.msh") + "\"\n";
  const Case input = parse_case(base + mesh + names, "case.toml");
  CHECK(mesh_of(input).cells() == gmsh_mesh(boxes(), sample_layers(), {}).cells());
  CHECK_THAT(input.resolved, says("[mesh.names]\nnegative = \"anode\"\nseparator = \"" + number + "\"\n"));
  CHECK(mesh_of(parse_case(input.resolved, "again.toml")).cells() == mesh_of(input).cells());
  CHECK(mesh_of(parse_case(base + mesh + names, "case.toml", {"mesh.split=1"})).cells() > 7 * mesh_of(input).cells());

  const auto sentence = [&](const std::string& text) {
    return sentence_of<CaseError>([&] { parse_case(base + text, "case.toml"); });
  };
  CHECK_THAT(sentence("negative = 10\n" + names), says("[mesh] names has no place without [mesh] file"));
  CHECK_THAT(sentence("split = 1\n"), says("[mesh] split has no place without [mesh] file"));
  CHECK_THAT(sentence(mesh + "[mesh.names]\nnegative = 1.5\n"),
             says("[mesh.names] negative = 1.5 has 1.5, which is a number, not a name in quotes or a whole number"));
  CHECK_THAT(sentence(mesh + "[mesh.names]\nseperator = 1\n"), says("Did you mean separator?"));
}
