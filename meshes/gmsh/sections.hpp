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

/// Physical groups of the geometry's entities, by dimension and tag (version 4).
using GmshEntities = std::map<std::pair<int, long>, std::vector<int>>;

/// What the sections of one file share while they are read.
struct GmshParts {
  GmshFile file;
  GmshTags tags;
  GmshEntities entities;
  bool has_entities = false, has_points = false, has_elements = false;
};

void read_groups(GmshSource& source, GmshParts& parts);
void read_points_2(GmshSource& source, GmshParts& parts);
void read_elements_2(GmshSource& source, GmshParts& parts);
void read_entities_4(GmshSource& source, GmshParts& parts);
void read_points_4(GmshSource& source, GmshParts& parts);
void read_elements_4(GmshSource& source, GmshParts& parts);

/// The shape that a file's type number stands for; none for points, which carry nothing.
/// @throws CaseError at `source` for curved elements and for types that Gmsh does not know
std::optional<GmshShape> shape_of_type(long type, const GmshSource& source);

/// Keeps an element, once for each of its groups. @throws CaseError at `source` if a vertex is there twice
void keep_element(const GmshSource& source, GmshElements& elements, GmshShape shape, const std::array<int, 8>& vertices,
                  long number, const std::vector<int>& groups);

}  // namespace porelith
