#pragma once
/// The sections of a Gmsh file, one function each. They begin behind the heading and end before "$End...".
#include <map>
#include <optional>
#include <utility>

#include "meshes/gmsh/file.hpp"
#include "meshes/gmsh/source.hpp"

namespace porelith {

/// Finds points by the tags that the file gives them, which need be neither dense nor sorted.
class GmshTags {
 public:
  void reserve(std::size_t n) { by_tag_.reserve(n); }
  void add(long tag, int index) { by_tag_.push_back({tag, index}); }
  /// After the last add. @throws CaseError at `source` if a tag is there twice
  void close(const GmshSource& source);
  /// @throws CaseError at `source` if no point has this tag
  int index(long tag, const GmshSource& source) const;

 private:
  std::vector<std::pair<long, int>> by_tag_;
};

/// What was in use one after the other and still is. 2.0 to 2.2 differ in what is not read here, and in that 2.0 may
/// leave out the dimensions of physical names.
enum class GmshVersion { v2, v4_0, v4_1 };

/// Physical groups of the geometry's entities, by dimension and tag (version 4).
using GmshEntities = std::map<std::pair<int, long>, std::vector<int>>;

/// What the sections of one file share while they are read.
struct GmshParts {
  GmshFile file;
  GmshTags tags;
  GmshVersion version = GmshVersion::v4_1;
  GmshEntities entities;
  bool has_entities = false, has_points = false, has_elements = false;
};

void read_groups(GmshSource& source, GmshParts& parts);
void read_points_2(GmshSource& source, GmshParts& parts);
void read_elements_2(GmshSource& source, GmshParts& parts);
void read_entities_4(GmshSource& source, GmshParts& parts);
void read_points_4(GmshSource& source, GmshParts& parts);
void read_elements_4(GmshSource& source, GmshParts& parts);

/// What a file's type number stands for. Of an element of order 2 the corners come first.
struct GmshType {
  std::optional<GmshShape> shape;  ///< none for points, which carry nothing
  int nodes;                       ///< those between the corners included
};
/// @throws CaseError at `source` for elements of order 3 and more and for types that Gmsh does not know
GmshType gmsh_type(long type, const GmshSource& source);
/// The nodes of one element; those that are no corners must be there and are let go.
/// @param node takes the tag of the next one
template <class Node>
std::array<int, 8> read_corners(const GmshType& type, Node node) {
  std::array<int, 8> vertices{};
  const int corners = type.shape ? vertices_of(*type.shape) : 1;
  for (int i = 0; i < type.nodes; ++i) {
    const int point = node();
    if (i < corners) vertices[i] = point;
  }
  return vertices;
}

/// Keeps an element, once for each of its groups. @throws CaseError at `source` if a vertex is there twice
void keep_element(const GmshSource& source, GmshElements& elements, GmshShape shape, const std::array<int, 8>& vertices,
                  long number, const std::vector<int>& groups);

}  // namespace porelith
