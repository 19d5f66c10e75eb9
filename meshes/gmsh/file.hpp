#pragma once
/// What a Gmsh file says, read and judged: every count, index and tag in it is in range.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace porelith {

/// Straight-sided shapes; Gmsh's numbers 1 to 7.
enum class GmshShape : std::uint8_t { line, triangle, quadrilateral, tetrahedron, hexahedron, prism, pyramid };
constexpr int gmsh_shapes = 7;

/// Vertices of a shape, 2 to 8; its dimension, 1 to 3; its name.
int vertices_of(GmshShape shape);
int dimension_of(GmshShape shape);
const char* name_of(GmshShape shape);

/// A physical name and the tag that elements carry for it.
struct GmshGroup {
  static constexpr int dimension_of_its_elements = -1;  ///< while a file is read whose names have none
  int dimension;
  int tag;
  std::string name;
};

/// The elements of one shape.
struct GmshElements {
  std::vector<int> vertices;         ///< indices of points, vertices_of(shape) an element, in Gmsh's order
  std::vector<int> group;            ///< tag of its physical group, 0 = none
  std::vector<std::int64_t> number;  ///< as the file calls it

  int size() const { return static_cast<int>(group.size()); }
};

struct GmshFile {
  std::string name;
  std::vector<std::array<double, 3>> points;  ///< in the file's unit of length
  std::vector<GmshGroup> groups;
  std::array<GmshElements, gmsh_shapes> elements;  ///< by shape

  const GmshElements& of(GmshShape shape) const { return elements[static_cast<std::size_t>(shape)]; }
  GmshElements& of(GmshShape shape) { return elements[static_cast<std::size_t>(shape)]; }
};

/// Reads a mesh of version 2.0 to 2.2, 4.0 or 4.1, text or binary. An element of several physical groups is there once
/// for each; of an element of order 2 the corners are.
/// @throws CaseError with file, line and column (text) or byte (binary) and what was expected there
GmshFile read_gmsh(const std::string& path);
/// The same from memory. @param name stands for the file in sentences
GmshFile parse_gmsh(std::string_view bytes, const std::string& name);

}  // namespace porelith
