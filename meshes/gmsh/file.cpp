#include "meshes/gmsh/file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "meshes/gmsh/sections.hpp"
#include "solver/base/error.hpp"

namespace porelith {

int vertices_of(GmshShape shape) {
  constexpr int vertices[gmsh_shapes] = {2, 3, 4, 4, 8, 6, 5};
  return vertices[static_cast<int>(shape)];
}

int dimension_of(GmshShape shape) {
  constexpr int dimension[gmsh_shapes] = {1, 2, 2, 3, 3, 3, 3};
  return dimension[static_cast<int>(shape)];
}

const char* name_of(GmshShape shape) {
  constexpr const char* name[gmsh_shapes] = {"line",       "triangle", "quadrilateral", "tetrahedron",
                                             "hexahedron", "prism",    "pyramid"};
  return name[static_cast<int>(shape)];
}

namespace {

GmshVersion version_of(double number, const GmshSource& source) {
  if (number >= 2 && number <= 2.2) return GmshVersion::v2;
  if (number == 4) return GmshVersion::v4_0;  // as Gmsh itself writes 4.0
  if (number == 4.1) return GmshVersion::v4_1;
  source.fail(fmt::format(
      "the format's version is {}; 2.0 to 2.2, 4 (which is 4.0) and 4.1 are read (gmsh -save -format msh41)", number));
}

/// The source is text or binary after it.
GmshVersion read_format(GmshSource& source) {
  auto first = source.line();
  while (first == "$Comments") {
    source.skip_behind("$EndComments");
    first = source.line();
  }
  if (first == "$NOD")
    source.fail("this is Gmsh's first format, without a version; save it anew (gmsh -save -format msh41)");
  if (first != "$MeshFormat") source.fail("this is no Gmsh mesh: it does not begin with $MeshFormat");
  const GmshVersion version = version_of(source.real("the format's version"), source);
  const long binary = source.integer("the file type, 0 (text) or 1 (binary)", 0, 1);
  const long size = source.integer("the size of a number", 1, 16);
  if (size != 8) source.fail(fmt::format("numbers of {} bytes are not read, only of 8", size));
  source.end_of_line();
  if (binary == 1) {
    source.set_binary(true);
    source.check_byte_order();
  }
  source.expect("$EndMeshFormat");
  return version;
}

using Section = void (*)(GmshSource&, GmshParts&);

/// The function that reads a section; none for those that carry nothing for us.
Section section_of(std::string_view heading, GmshVersion version) {
  const bool old = version == GmshVersion::v2;
  if (heading == "$PhysicalNames") return read_groups;
  if (heading == "$Entities" && !old) return read_entities_4;
  if (heading == "$Nodes") return old ? read_points_2 : read_points_4;
  if (heading == "$Elements") return old ? read_elements_2 : read_elements_4;
  return nullptr;
}

/// Names without a dimension stand for the groups of their tag in every dimension.
void spread_names(GmshFile& file) {
  std::vector<GmshGroup> groups;
  for (const GmshGroup& group : file.groups) {
    if (group.dimension != GmshGroup::dimension_of_its_elements) {
      groups.push_back(group);
      continue;
    }
    for (int dimension = 1; dimension <= 3; ++dimension) {
      bool there = false;
      for (int s = 0; s < gmsh_shapes && !there; ++s) {
        const auto& tags = file.elements[s].group;
        there = dimension_of(static_cast<GmshShape>(s)) == dimension &&
                std::find(tags.begin(), tags.end(), group.tag) != tags.end();
      }
      if (there) groups.push_back({dimension, group.tag, group.name});
    }
  }
  file.groups = std::move(groups);
}

}  // namespace

GmshFile parse_gmsh(std::string_view bytes, const std::string& name) {
  constexpr std::string_view mark = "\xEF\xBB\xBF";  // some editors put it before a text
  if (bytes.substr(0, mark.size()) == mark) bytes.remove_prefix(mark.size());
  GmshSource source(name, bytes);
  GmshParts parts;
  parts.file.name = name;
  parts.version = read_format(source);
  for (;;) {
    const auto heading = source.line();
    if (heading.empty()) break;
    if (heading[0] != '$' || heading.substr(0, 4) == "$End") source.fail("expected a section like $Nodes here");
    const std::string end = "$End" + std::string(heading.substr(1));
    if (heading == "$PartitionedEntities")
      source.fail("the mesh is partitioned; save it whole (Mesh.NbPartitions = 0)");
    if (const Section read = section_of(heading, parts.version)) {
      read(source, parts);
      source.expect(end);
    } else {
      source.skip_behind(end);
    }
  }
  if (!parts.has_points) source.fail("the file has no $Nodes");
  if (!parts.has_elements) source.fail("the file has no $Elements");
  spread_names(parts.file);
  return std::move(parts.file);
}

GmshFile read_gmsh(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string bytes;
  if (file) bytes.assign(std::istreambuf_iterator<char>(file), {});
  if (!file.is_open() || file.bad())
    throw CaseError({{{path, 0, 0}, fmt::format("cannot be read: {}", std::strerror(errno ? errno : EIO))}});
  return parse_gmsh(bytes, path);
}

}  // namespace porelith
