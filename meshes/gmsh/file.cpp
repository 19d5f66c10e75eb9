#include "meshes/gmsh/file.hpp"

#include <fmt/format.h>

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

/// The format's version, 2 or 4; the source is text or binary after it.
int read_format(GmshSource& source) {
  const auto first = source.line();
  if (first != "$MeshFormat") source.fail("this is no Gmsh mesh: it does not begin with $MeshFormat");
  const double version = source.real("the format's version");
  if (version != 2.2 && version != 4.1)
    source.fail(fmt::format("the format's version is {}; 2.2 and 4.1 are read (gmsh -format msh41)", version));
  const long binary = source.integer("the file type, 0 (text) or 1 (binary)", 0, 1);
  const long size = source.integer("the size of a number", 1, 16);
  if (size != 8) source.fail(fmt::format("numbers of {} bytes are not read, only of 8", size));
  source.end_of_line();
  if (binary == 1) {
    source.set_binary(true);
    source.check_byte_order();
  }
  source.expect("$EndMeshFormat");
  return version == 2.2 ? 2 : 4;
}

using Section = void (*)(GmshSource&, GmshParts&);

/// The function that reads a section; none for those that carry nothing for us.
Section section_of(std::string_view heading, int version) {
  if (heading == "$PhysicalNames") return read_groups;
  if (heading == "$Entities" && version == 4) return read_entities_4;
  if (heading == "$Nodes") return version == 2 ? read_points_2 : read_points_4;
  if (heading == "$Elements") return version == 2 ? read_elements_2 : read_elements_4;
  return nullptr;
}

}  // namespace

GmshFile parse_gmsh(std::string_view bytes, const std::string& name) {
  GmshSource source(name, bytes);
  GmshParts parts;
  parts.file.name = name;
  const int version = read_format(source);
  for (;;) {
    const auto heading = source.line();
    if (heading.empty()) break;
    if (heading[0] != '$' || heading.substr(0, 4) == "$End") source.fail("expected a section like $Nodes here");
    const std::string end = "$End" + std::string(heading.substr(1));
    if (heading == "$PartitionedEntities")
      source.fail("the mesh is partitioned; save it whole (Mesh.NbPartitions = 0)");
    if (const Section read = section_of(heading, version)) {
      read(source, parts);
      source.expect(end);
    } else {
      source.skip_behind(end);
    }
  }
  if (!parts.has_points) source.fail("the file has no $Nodes");
  if (!parts.has_elements) source.fail("the file has no $Elements");
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
