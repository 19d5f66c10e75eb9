#include "meshes/gmsh/sections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>

namespace porelith {

void GmshTags::close(const GmshSource& source) {
  if (!std::is_sorted(by_tag_.begin(), by_tag_.end())) std::sort(by_tag_.begin(), by_tag_.end());
  const auto same = [](const auto& a, const auto& b) { return a.first == b.first; };
  const auto twice = std::adjacent_find(by_tag_.begin(), by_tag_.end(), same);
  if (twice != by_tag_.end()) source.fail(fmt::format("node {} is there twice", twice->first));
}

int GmshTags::index(long tag, const GmshSource& source) const {
  // Most files number without gaps: then the tag says where it stands.
  const auto guess = by_tag_.empty() ? 0 : static_cast<std::size_t>(tag - by_tag_.front().first);
  if (guess < by_tag_.size() && by_tag_[guess].first == tag) return by_tag_[guess].second;
  const auto found = std::lower_bound(by_tag_.begin(), by_tag_.end(), std::pair<long, int>{tag, 0});
  if (found == by_tag_.end() || found->first != tag) source.fail(fmt::format("there is no node {}", tag));
  return found->second;
}

namespace {
constexpr long largest = INT32_MAX;

void must_be_first(bool there, const char* heading, const GmshSource& source) {
  if (there) source.fail(fmt::format("{} is there twice", heading));
}

void read_point(GmshSource& source, GmshParts& parts) {
  const double x = source.real("x of a node"), y = source.real("y of a node"), z = source.real("z of a node");
  parts.file.points.push_back({x, y, z});
}

/// Reads one number that is text in binary files too, and the rest of its line.
long count_as_text(GmshSource& source, const char* what, long bytes_each) {
  const bool binary = source.set_binary(false);
  const long n = source.count(what, 1);
  source.end_of_line();
  source.set_binary(binary);
  return source.within_file(what, n, bytes_each);
}
}  // namespace

void read_groups(GmshSource& source, GmshParts& parts) {
  must_be_first(!parts.file.groups.empty(), "$PhysicalNames", source);
  const bool binary = source.set_binary(false);  // names are always text
  const long n = source.count("the number of physical names", 7);
  source.end_of_line();
  for (long i = 0; i < n; ++i) {
    GmshGroup group;
    const long first = source.integer("a physical name's dimension", 0, largest);
    if (parts.version == GmshVersion::v2 && source.quote_follows()) {
      group.dimension = GmshGroup::dimension_of_its_elements;
      group.tag = static_cast<int>(first);
    } else {
      if (first > 3) source.fail(fmt::format("a physical name's dimension = {} is outside [0, 3]", first));
      group.dimension = static_cast<int>(first);
      group.tag = static_cast<int>(source.integer("a physical name's tag", 1, largest));
    }
    group.name = source.quoted("a physical name");
    source.end_of_line();
    for (const auto& other : parts.file.groups)
      if (other.dimension == group.dimension && other.tag == group.tag)
        source.fail(fmt::format("the physical group {} has a name already, \"{}\"", group.tag, other.name));
    parts.file.groups.push_back(std::move(group));
  }
  source.set_binary(binary);
}

GmshType gmsh_type(long type, const GmshSource& source) {
  using S = GmshShape;
  static const std::map<long, GmshType> types{
      {15, {std::nullopt, 1}},   {1, {S::line, 2}},       {2, {S::triangle, 3}},       {3, {S::quadrilateral, 4}},
      {4, {S::tetrahedron, 4}},  {5, {S::hexahedron, 8}}, {6, {S::prism, 6}},          {7, {S::pyramid, 5}},
      {8, {S::line, 3}},         {9, {S::triangle, 6}},   {10, {S::quadrilateral, 9}}, {11, {S::tetrahedron, 10}},
      {12, {S::hexahedron, 27}}, {13, {S::prism, 18}},    {14, {S::pyramid, 14}},      {16, {S::quadrilateral, 8}},
      {17, {S::hexahedron, 20}}, {18, {S::prism, 15}},    {19, {S::pyramid, 13}}};
  if (type < 1 || type > 140) source.fail(fmt::format("element type {} is not one of Gmsh's", type));
  const auto known = types.find(type);
  if (known == types.end())
    source.fail(fmt::format(
        "element type {} is not read: triangles, quadrilaterals, tetrahedra, hexahedra, prisms and pyramids of order 1 "
        "or 2 are (Mesh.ElementOrder = 1)",
        type));
  return known->second;
}

void keep_element(const GmshSource& source, GmshElements& elements, GmshShape shape, const std::array<int, 8>& vertices,
                  long number, const std::vector<int>& groups) {
  const int n = vertices_of(shape);
  for (int i = 0; i < n; ++i)
    for (int k = 0; k < i; ++k)
      if (vertices[i] == vertices[k])
        source.fail(fmt::format("element {}, a {}, has the same node twice", number, name_of(shape)));
  const auto keep = [&](int group) {
    elements.vertices.insert(elements.vertices.end(), vertices.begin(), vertices.begin() + n);
    elements.group.push_back(group);
    elements.number.push_back(number);
  };
  if (groups.empty()) keep(0);
  for (int group : groups) keep(group);
}

void read_points_2(GmshSource& source, GmshParts& parts) {
  must_be_first(parts.has_points, "$Nodes", source);
  parts.has_points = true;
  const long n = count_as_text(source, "the number of nodes", source.binary() ? 28 : 8);
  parts.file.points.reserve(n);
  parts.tags.reserve(n);
  for (long i = 0; i < n; ++i) {
    parts.tags.add(source.integer("a node's number", 1, largest), static_cast<int>(i));
    read_point(source, parts);
    source.end_of_line();
  }
  parts.tags.close(source);
}

namespace {
/// The physical group is the first of an element's tags.
void read_element_2(GmshSource& source, GmshParts& parts, long number, const GmshType& type, long tags) {
  std::vector<int> groups;
  for (long i = 0; i < tags; ++i) {
    const long tag = source.integer("a tag of an element", -largest, largest);  // negative: turned round
    if (i == 0 && tag != 0) groups.push_back(static_cast<int>(std::abs(tag)));
  }
  const auto vertices =
      read_corners(type, [&] { return parts.tags.index(source.integer("a node of an element", 1, largest), source); });
  if (type.shape) keep_element(source, parts.file.of(*type.shape), *type.shape, vertices, number, groups);
}
}  // namespace

void read_elements_2(GmshSource& source, GmshParts& parts) {
  must_be_first(parts.has_elements, "$Elements", source);
  if (!parts.has_points) source.fail("$Elements stands before $Nodes");
  parts.has_elements = true;
  long left = count_as_text(source, "the number of elements", source.binary() ? 8 : 6);
  while (left > 0) {
    long number = 0, here = 1;
    if (!source.binary()) number = source.integer("an element's number", 1, largest);
    const GmshType type = gmsh_type(source.integer("an element's type", -largest, largest), source);
    if (source.binary()) here = source.integer("the number of elements of a type", 1, left);
    const long tags = source.integer("the number of an element's tags", 0, 1000);
    left -= here;
    for (; here > 0; --here) {
      if (source.binary()) number = source.integer("an element's number", 1, largest);
      read_element_2(source, parts, number, type, tags);
      source.end_of_line();
    }
  }
}

}  // namespace porelith
