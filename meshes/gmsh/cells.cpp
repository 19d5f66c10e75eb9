#include "meshes/gmsh/cells.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "solver/base/error.hpp"

namespace porelith {

std::string GmshCells::name(int cell) const { return fmt::format("{} {}", name_of(shape[cell]), number[cell]); }

namespace {

int dimension_of_file(const GmshFile& file) {
  int dimension = 0;
  for (int s = 0; s < gmsh_shapes; ++s)
    if (file.elements[s].size() > 0) dimension = std::max(dimension, dimension_of(static_cast<GmshShape>(s)));
  if (dimension < 2)
    throw CaseError(
        {{{file.name, 0, 0}, "the mesh has neither volumes nor surfaces; mesh it with gmsh -3 or gmsh -2"}});
  return dimension;
}

/// An element of the mesh's dimension and what its group says that it is.
struct Element {
  GmshShape shape;
  int index;
  int group;
  const GmshPart* part;  ///< none for a group that is no part
};

class Elements {
 public:
  Elements(const GmshFile& file, const GmshRoles& roles, int dimension) : file_(file) {
    for (int s = 0; s < gmsh_shapes; ++s) {
      const auto shape = static_cast<GmshShape>(s);
      if (dimension_of(shape) != dimension) continue;
      const auto& groups = file.of(shape).group;
      for (std::size_t i = 0; i < groups.size(); ++i) {
        const auto part = roles.parts.find(groups[i]);
        list_.push_back({shape, static_cast<int>(i), groups[i], part == roles.parts.end() ? nullptr : &part->second});
      }
    }
  }

  /// Of an element of several groups, which is there once for each, one is left: what it is a part of.
  /// @throws CaseError for one of two parts
  void join_twins() {
    std::vector<std::pair<std::uint64_t, int>> by_hash;
    for (std::size_t k = 0; k < list_.size(); ++k) by_hash.push_back({hash(list_[k]), static_cast<int>(k)});
    std::sort(by_hash.begin(), by_hash.end());
    std::vector<char> gone(list_.size(), 0);
    for (std::size_t k = 0; k < by_hash.size(); ++k)
      for (std::size_t m = k; m-- > 0 && by_hash[m].first == by_hash[k].first;) {
        const int first = by_hash[m].second, second = by_hash[k].second;
        if (gone[first] == 0 && are_twins(list_[first], list_[second])) gone[loser(first, second)] = 1;
      }
    std::size_t kept = 0;
    for (std::size_t k = 0; k < list_.size(); ++k)
      if (gone[k] == 0) list_[kept++] = list_[k];
    list_.resize(kept);
  }

  const std::vector<Element>& list() const { return list_; }
  const int* vertices_of(const Element& it) const {
    return &file_.of(it.shape).vertices[std::size_t(it.index) * porelith::vertices_of(it.shape)];
  }
  std::string name(const Element& it) const {
    return fmt::format("{} {}", name_of(it.shape), file_.of(it.shape).number[it.index]);
  }

 private:
  /// The same for any order of the vertices.
  std::uint64_t hash(const Element& it) const {
    std::uint64_t sum = 0;
    for (int i = 0; i < porelith::vertices_of(it.shape); ++i) {
      const std::uint64_t mixed = (std::uint64_t(vertices_of(it)[i]) + 1) * 0x9E3779B97F4A7C15u;
      sum += mixed ^ (mixed >> 29);
    }
    return sum;
  }

  bool are_twins(const Element& a, const Element& b) const {
    const int n = porelith::vertices_of(a.shape);
    return a.shape == b.shape && a.group != b.group &&
           std::is_permutation(vertices_of(a), vertices_of(a) + n, vertices_of(b));
  }

  int loser(int first, int second) const {
    const Element &a = list_[first], &b = list_[second];
    if (a.part == nullptr || b.part == nullptr) return a.part == nullptr ? first : second;
    if (a.part->name != b.part->name)
      throw CaseError({{{file_.name, 0, 0},
                        fmt::format("{} belongs to \"{}\" and to \"{}\"", name(a), a.part->name, b.part->name)}});
    return second;
  }

  const GmshFile& file_;
  std::vector<Element> list_;
};

/// Why an element is no part of the cell.
std::string no_part(const GmshRoles& roles, int dimension, int group) {
  const auto found = roles.left_over.find(group);
  if (found == roles.left_over.end())
    return fmt::format("belongs to no physical group; every {} needs one", dimension == 3 ? "volume" : "surface");
  const std::string& name = found->second;
  std::string text = fmt::format("belongs to {} {} only, which is no part of the cell", gmsh_kind(dimension), name);
  for (const auto& part : gmsh_region_names()) {
    const bool taken = std::any_of(roles.parts.begin(), roles.parts.end(),
                                   [&](const auto& entry) { return entry.second.name == part; });
    if (!taken && nearest_group(part, {name.substr(1, name.size() - 2)}) != "")
      return fmt::format("{}; did you mean \"{}\"? Then write {} = {} in [mesh.names]", text, part, part, name);
  }
  return fmt::format("{}; say in [mesh.names] which of {} or {} it is", text, fmt::join(gmsh_region_names(), ", "),
                     gmsh_left_out);
}

}  // namespace

GmshCells cells_of(const GmshFile& file, const GmshNames& names) {
  GmshCells cells;
  cells.dimension = dimension_of_file(file);
  const GmshRoles roles = roles_of(file, cells.dimension, names);
  cells.terminals = roles.terminals;
  Elements elements(file, roles, cells.dimension);
  elements.join_twins();

  cells.first.push_back(0);
  for (const Element& it : elements.list()) {
    if (it.part == nullptr)
      throw CaseError(
          {{{file.name, 0, 0}, fmt::format("{} {}", elements.name(it), no_part(roles, cells.dimension, it.group))}});
    if (it.part->left_out) continue;
    cells.shape.push_back(it.shape);
    cells.region.push_back(it.part->region);
    cells.channel.push_back(it.part->channel);
    cells.number.push_back(file.of(it.shape).number[it.index]);
    const int* vertices = elements.vertices_of(it);
    cells.vertices.insert(cells.vertices.end(), vertices, vertices + vertices_of(it.shape));
    cells.first.push_back(static_cast<int>(cells.vertices.size()));
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
