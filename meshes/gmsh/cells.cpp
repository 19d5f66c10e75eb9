#include "meshes/gmsh/cells.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "solver/base/error.hpp"

namespace porelith {

const std::vector<std::string>& gmsh_region_names() {
  static const std::vector<std::string> names{"negative",      "separator",        "positive",        "negative_foil",
                                              "positive_foil", "negative_channel", "positive_channel"};
  return names;
}

const std::vector<std::string>& gmsh_terminal_names() {
  static const std::vector<std::string> names{"negative_collector", "positive_collector"};
  return names;
}

std::string GmshCells::name(int cell) const { return fmt::format("{} {}", name_of(shape[cell]), number[cell]); }

namespace {

struct Kind {
  Region region;
  bool channel;
};

Kind kind_of(const std::string& name) {
  static const std::map<std::string, Kind> kinds{
      {"negative", {Region::negative, false}},           {"separator", {Region::separator, false}},
      {"positive", {Region::positive, false}},           {"negative_foil", {Region::negative_foil, false}},
      {"positive_foil", {Region::positive_foil, false}}, {"negative_channel", {Region::negative, true}},
      {"positive_channel", {Region::positive, true}}};
  return kinds.at(name);
}

int dimension_of_file(const GmshFile& file) {
  int dimension = 0;
  for (int s = 0; s < gmsh_shapes; ++s)
    if (file.elements[s].size() > 0) dimension = std::max(dimension, dimension_of(static_cast<GmshShape>(s)));
  if (dimension < 2)
    throw CaseError(
        {{{file.name, 0, 0}, "the mesh has neither volumes nor surfaces; mesh it with gmsh -3 or gmsh -2"}});
  return dimension;
}

/// The names that must, may and must not be there.
void judge_names(const GmshFile& file, int dimension) {
  Problems problems;
  const auto complain = [&](const std::string& sentence) { problems.add({file.name, 0, 0}, sentence); };
  const auto there = [&](int of_dimension, const std::string& name) {
    return std::any_of(file.groups.begin(), file.groups.end(),
                       [&](const GmshGroup& g) { return g.dimension == of_dimension && g.name == name; });
  };
  const char* kind = dimension == 3 ? "Volume" : "Surface";
  const char* side = dimension == 3 ? "Surface" : "Curve";
  for (const GmshGroup& group : file.groups) {
    if (group.dimension != dimension && group.dimension != dimension - 1) continue;
    const bool inside = group.dimension == dimension;
    const auto& known = inside ? gmsh_region_names() : gmsh_terminal_names();
    if (std::count(known.begin(), known.end(), group.name) > 0) continue;
    const std::string nearest = nearest_name(group.name, known);
    if (!nearest.empty())
      complain(fmt::format("Physical {} \"{}\": did you mean \"{}\"?", inside ? kind : side, group.name, nearest));
    else if (inside)
      complain(
          fmt::format("Physical {} \"{}\" is no region; regions are {}", kind, group.name, fmt::join(known, ", ")));
  }
  for (const char* name : {"negative", "separator", "positive"})
    if (!there(dimension, name)) complain(fmt::format("there is no Physical {} \"{}\"", kind, name));
  for (const auto& name : gmsh_terminal_names())
    if (!there(dimension - 1, name))
      complain(fmt::format("there is no Physical {} \"{}\", where the current enters or leaves", side, name));
  problems.throw_if_any();
}

}  // namespace

GmshCells cells_of(const GmshFile& file) {
  GmshCells cells;
  cells.dimension = dimension_of_file(file);
  judge_names(file, cells.dimension);
  std::map<int, Kind> kind_of_tag;
  for (const GmshGroup& group : file.groups)
    if (group.dimension == cells.dimension) kind_of_tag.emplace(group.tag, kind_of(group.name));

  cells.first.push_back(0);
  for (int s = 0; s < gmsh_shapes; ++s) {
    const auto shape = static_cast<GmshShape>(s);
    if (dimension_of(shape) != cells.dimension) continue;
    const GmshElements& elements = file.of(shape);
    const int n = vertices_of(shape);
    for (int i = 0; i < elements.size(); ++i) {
      const auto kind = kind_of_tag.find(elements.group[i]);
      if (kind == kind_of_tag.end())
        throw CaseError({{{file.name, 0, 0},
                          fmt::format("{} {} belongs to no physical group with a name; every volume needs one",
                                      name_of(shape), elements.number[i])}});
      cells.shape.push_back(shape);
      cells.region.push_back(kind->second.region);
      cells.channel.push_back(kind->second.channel);
      cells.number.push_back(elements.number[i]);
      cells.vertices.insert(cells.vertices.end(), &elements.vertices[std::size_t(i) * n],
                            &elements.vertices[std::size_t(i) * n] + n);
      cells.first.push_back(static_cast<int>(cells.vertices.size()));
    }
  }
  for (Region region : {Region::negative, Region::separator, Region::positive}) {
    bool there = false;
    for (int c = 0; c < cells.size() && !there; ++c) there = cells.region[c] == region && !cells.channel[c];
    if (!there)
      throw CaseError({{{file.name, 0, 0},
                        fmt::format("no element belongs to \"{}\"", gmsh_region_names()[static_cast<int>(region)])}});
  }
  return cells;
}

}  // namespace porelith
