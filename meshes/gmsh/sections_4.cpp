/// The sections of versions 4.0 and 4.1 that differ from 2.2: blocks, one an entity of the geometry. 4.0 has smaller
/// numbers for nodes and elements, no range of them, entities before dimensions and each node's number beside its
/// place.
#include <fmt/format.h>

#include <cstdlib>

#include "meshes/gmsh/sections.hpp"

namespace porelith {

namespace {
constexpr long largest = INT32_MAX;
constexpr const char* entity_name[] = {"point", "curve", "surface", "volume"};

/// Blocks announce in sum what the section's head announces.
struct Announced {
  long blocks, things;
};

bool is_4_0(const GmshParts& parts) { return parts.version == GmshVersion::v4_0; }

/// The number of a node or an element.
long number_of(GmshSource& source, const GmshParts& parts, const char* what) {
  return is_4_0(parts) ? source.integer(what, 1, largest) : source.tag(what, 1, INT64_MAX);
}

Announced read_head(GmshSource& source, const GmshParts& parts, const char* things, long bytes_each) {
  Announced head{};
  head.blocks = source.tag_count("the number of blocks", 6);
  head.things = source.tag_count(things, bytes_each);
  if (!is_4_0(parts)) {
    source.tag("the smallest tag", 0, INT64_MAX);
    source.tag("the largest tag", 0, INT64_MAX);
  }
  source.end_of_line();
  return head;
}

/// The physical groups of one entity, by which its elements go.
void read_entity(GmshSource& source, GmshParts& parts, int dimension) {
  const long tag = source.integer("an entity's tag", -largest, largest);
  const int coordinates = dimension == 0 && !is_4_0(parts) ? 3 : 6;  // a place or the corners of a box
  for (int i = 0; i < coordinates; ++i) source.real("a coordinate of an entity");
  auto [place, fresh] = parts.entities.try_emplace({dimension, tag});
  if (!fresh) source.fail(fmt::format("{} {} is there twice", entity_name[dimension], tag));
  for (long n = source.tag_count("the number of an entity's physical groups", 2); n > 0; --n) {
    const long group = source.integer("a physical group's tag", -largest, largest);  // negative: turned round
    if (group != 0) place->second.push_back(static_cast<int>(std::abs(group)));
  }
  if (dimension > 0)
    for (long n = source.tag_count("the number of an entity's bounds", 2); n > 0; --n)
      source.integer("the tag of an entity's bound", -largest, largest);
  source.end_of_line();
}

/// The entity that a block belongs to.
struct EntityOf {
  int dimension;
  long tag;
};

EntityOf read_entity_of(GmshSource& source, const GmshParts& parts) {
  EntityOf it{};
  const auto dimension = [&] { it.dimension = static_cast<int>(source.integer("an entity's dimension", 0, 3)); };
  if (!is_4_0(parts)) dimension();
  it.tag = source.integer("an entity's tag", -largest, largest);
  if (is_4_0(parts)) dimension();
  if (parts.has_entities && parts.entities.count({it.dimension, it.tag}) == 0)
    source.fail(fmt::format("there is no {} {} in $Entities", entity_name[it.dimension], it.tag));
  return it;
}

void read_point_4(GmshSource& source, GmshParts& parts, int parameters) {
  const double x = source.real("x of a node"), y = source.real("y of a node"), z = source.real("z of a node");
  for (int k = 0; k < parameters; ++k) source.real("a parameter of a node");
  source.end_of_line();
  parts.file.points.push_back({x, y, z});
}
}  // namespace

void read_entities_4(GmshSource& source, GmshParts& parts) {
  if (parts.has_entities) source.fail("$Entities is there twice");
  if (parts.has_elements) source.fail("$Entities stands behind $Elements");
  parts.has_entities = true;
  std::array<long, 4> n{};
  for (int dimension = 0; dimension < 4; ++dimension) n[dimension] = source.tag_count("the number of entities", 10);
  source.end_of_line();
  for (int dimension = 0; dimension < 4; ++dimension)
    for (; n[dimension] > 0; --n[dimension]) read_entity(source, parts, dimension);
}

void read_points_4(GmshSource& source, GmshParts& parts) {
  if (parts.has_points) source.fail("$Nodes is there twice");
  parts.has_points = true;
  const bool together = is_4_0(parts);
  Announced head = read_head(source, parts, "the number of nodes", source.binary() ? (together ? 28 : 32) : 8);
  parts.file.points.reserve(head.things);
  parts.tags.reserve(head.things);
  for (; head.blocks > 0; --head.blocks) {
    const int dimension = read_entity_of(source, parts).dimension;
    const long parametric = source.integer("whether nodes have parameters", 0, 1);
    const long n = source.tag("the number of a block's nodes", 0, head.things);
    source.end_of_line();
    head.things -= n;
    const int first = static_cast<int>(parts.file.points.size());
    const int parameters = parametric == 1 ? dimension : 0;
    for (long i = 0; i < n; ++i) {
      parts.tags.add(number_of(source, parts, "a node's number"), first + static_cast<int>(i));
      together ? read_point_4(source, parts, parameters) : source.end_of_line();
    }
    for (long i = 0; !together && i < n; ++i) read_point_4(source, parts, parameters);
  }
  if (head.things > 0) source.fail(fmt::format("{} of the announced nodes are in no block", head.things));
  parts.tags.close(source);
}

void read_elements_4(GmshSource& source, GmshParts& parts) {
  if (parts.has_elements) source.fail("$Elements is there twice");
  if (!parts.has_points) source.fail("$Elements stands before $Nodes");
  parts.has_elements = true;
  Announced head = read_head(source, parts, "the number of elements", source.binary() ? (is_4_0(parts) ? 8 : 16) : 4);
  for (; head.blocks > 0; --head.blocks) {
    const auto [dimension, entity] = read_entity_of(source, parts);
    const GmshType type = gmsh_type(source.integer("an element's type", -largest, largest), source);
    const auto& shape = type.shape;
    if ((shape ? dimension_of(*shape) : 0) != dimension)
      source.fail(
          fmt::format("{} elements are no part of a {}", shape ? name_of(*shape) : "point", entity_name[dimension]));
    const long n = source.tag("the number of a block's elements", 0, head.things);
    source.end_of_line();
    head.things -= n;
    const std::vector<int>& groups = parts.entities[{dimension, entity}];
    for (long i = 0; i < n; ++i) {
      const long number = number_of(source, parts, "an element's number");
      const auto vertices = read_corners(
          type, [&] { return parts.tags.index(number_of(source, parts, "a node of an element"), source); });
      source.end_of_line();
      if (shape) keep_element(source, parts.file.of(*shape), *shape, vertices, number, groups);
    }
  }
  if (head.things > 0) source.fail(fmt::format("{} of the announced elements are in no block", head.things));
}

}  // namespace porelith
