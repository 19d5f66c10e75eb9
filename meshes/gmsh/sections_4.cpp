/// The sections of version 4.1 that differ from 2.2: blocks, one an entity of the geometry.
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

Announced read_head(GmshSource& source, const char* things, long bytes_each) {
  Announced head{};
  head.blocks = source.tag_count("the number of blocks", 6);
  head.things = source.tag_count(things, bytes_each);
  source.tag("the smallest tag", 0, INT64_MAX);
  source.tag("the largest tag", 0, INT64_MAX);
  source.end_of_line();
  return head;
}

/// The physical groups of one entity, by which its elements go.
void read_entity(GmshSource& source, GmshParts& parts, int dimension) {
  const long tag = source.integer("an entity's tag", -largest, largest);
  const int coordinates = dimension == 0 ? 3 : 6;  // a place or the corners of a box
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

long read_entity_of(GmshSource& source, const GmshParts& parts, int dimension) {
  const long tag = source.integer("an entity's tag", -largest, largest);
  if (parts.has_entities && parts.entities.count({dimension, tag}) == 0)
    source.fail(fmt::format("there is no {} {} in $Entities", entity_name[dimension], tag));
  return tag;
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
  Announced head = read_head(source, "the number of nodes", source.binary() ? 32 : 8);
  parts.file.points.reserve(head.things);
  parts.tags.reserve(head.things);
  for (; head.blocks > 0; --head.blocks) {
    const int dimension = static_cast<int>(source.integer("an entity's dimension", 0, 3));
    read_entity_of(source, parts, dimension);
    const long parametric = source.integer("whether nodes have parameters", 0, 1);
    const long n = source.tag("the number of a block's nodes", 0, head.things);
    source.end_of_line();
    head.things -= n;
    const int first = static_cast<int>(parts.file.points.size());
    for (long i = 0; i < n; ++i) {
      parts.tags.add(source.tag("a node's number", 1, INT64_MAX), first + static_cast<int>(i));
      source.end_of_line();
    }
    for (long i = 0; i < n; ++i) {
      const double x = source.real("x of a node"), y = source.real("y of a node"), z = source.real("z of a node");
      for (int k = 0; parametric == 1 && k < dimension; ++k) source.real("a parameter of a node");
      source.end_of_line();
      parts.file.points.push_back({x, y, z});
    }
  }
  if (head.things > 0) source.fail(fmt::format("{} of the announced nodes are in no block", head.things));
  parts.tags.close(source);
}

void read_elements_4(GmshSource& source, GmshParts& parts) {
  if (parts.has_elements) source.fail("$Elements is there twice");
  if (!parts.has_points) source.fail("$Elements stands before $Nodes");
  parts.has_elements = true;
  Announced head = read_head(source, "the number of elements", source.binary() ? 16 : 4);
  for (; head.blocks > 0; --head.blocks) {
    const int dimension = static_cast<int>(source.integer("an entity's dimension", 0, 3));
    const long entity = read_entity_of(source, parts, dimension);
    const auto shape = shape_of_type(source.integer("an element's type", -largest, largest), source);
    if ((shape ? dimension_of(*shape) : 0) != dimension)
      source.fail(
          fmt::format("{} elements are no part of a {}", shape ? name_of(*shape) : "point", entity_name[dimension]));
    const long n = source.tag("the number of a block's elements", 0, head.things);
    source.end_of_line();
    head.things -= n;
    const std::vector<int>& groups = parts.entities[{dimension, entity}];
    for (long i = 0; i < n; ++i) {
      const long number = source.tag("an element's number", 1, INT64_MAX);
      std::array<int, 8> vertices{};
      for (int k = 0; k < (shape ? vertices_of(*shape) : 1); ++k)
        vertices[k] = parts.tags.index(source.tag("a node of an element", 1, INT64_MAX), source);
      source.end_of_line();
      if (shape) keep_element(source, parts.file.of(*shape), *shape, vertices, number, groups);
    }
  }
  if (head.things > 0) source.fail(fmt::format("{} of the announced elements are in no block", head.things));
}

}  // namespace porelith
