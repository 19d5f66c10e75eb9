#include "meshes/gmsh/roles.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "meshes/region_names.hpp"
#include "solver/base/error.hpp"

namespace porelith {

const std::vector<std::string>& gmsh_region_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all = region_names();
    for (const char* channel : {"negative_channel", "positive_channel"}) all.emplace_back(channel);
    return all;
  }();
  return names;
}

const std::vector<std::string>& gmsh_terminal_names() {
  static const std::vector<std::string> names{"negative_collector", "positive_collector"};
  return names;
}

std::string gmsh_kind(int dimension) {
  constexpr const char* kind[] = {"Point", "Curve", "Surface", "Volume"};
  return fmt::format("Physical {}", kind[dimension]);
}

namespace {

/// As people mean it: case, blanks and dashes do not count.
std::string plain(const std::string& name) {
  std::string text;
  for (const char c : name) {
    const bool gap = c == ' ' || c == '-' || c == '.' || c == '_';
    if (!gap) text += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return text;
}

GmshPart part_of(const std::string& name) {
  static const std::map<std::string, std::pair<Region, bool>> parts = [] {
    std::map<std::string, std::pair<Region, bool>> all{{"negative_channel", {Region::negative, true}},
                                                       {"positive_channel", {Region::positive, true}},
                                                       {gmsh_left_out, {Region::separator, false}}};
    for (std::size_t r = 0; r < region_names().size(); ++r) all[region_names()[r]] = {static_cast<Region>(r), false};
    return all;
  }();
  const auto& [region, channel] = parts.at(name);
  return {region, channel, name == gmsh_left_out, name};
}

/// The groups of one dimension that have a name or elements: what sentences call each tag.
std::map<int, std::string> groups_of(const GmshFile& file, int dimension) {
  std::map<int, std::string> groups;
  for (const GmshGroup& group : file.groups)
    if (group.dimension == dimension) groups[group.tag] = fmt::format("\"{}\"", group.name);
  for (int s = 0; s < gmsh_shapes; ++s) {
    if (dimension_of(static_cast<GmshShape>(s)) != dimension) continue;
    int last = 0;  // tags come in long runs
    for (const int tag : file.elements[s].group)
      if (tag != last && tag != 0) groups.emplace(last = tag, fmt::format("{}", tag));
  }
  return groups;
}

class Assignment {
 public:
  Assignment(const GmshFile& file, const GmshNames& names) : file_(file), names_(names) {}

  /// The tags of each of these parts.
  std::map<std::string, std::set<int>> tags_of(const std::vector<std::string>& parts, int dimension) {
    std::map<std::string, std::set<int>> tags;
    std::map<int, std::string> taken;
    const auto groups = groups_of(file_, dimension);
    for (const std::string& part : parts) {
      const auto wanted = names_.find(part);
      const bool told = wanted != names_.end() && !wanted->second.empty();
      for (const std::string& name : told ? wanted->second : std::vector<std::string>{part})
        for (const int tag : told ? find(part, name, groups, dimension) : find_name(name, dimension)) {
          const auto [other, fresh] = taken.emplace(tag, part);
          if (!fresh && other->second != part)
            complain(fmt::format("[mesh.names] {} and {} both take {} {}", other->second, part, gmsh_kind(dimension),
                                 groups.at(tag)));
          tags[part].insert(tag);
        }
    }
    return tags;
  }

  /// That a part is not there, and which group it may be.
  void miss(const std::string& part, int dimension, const std::map<std::string, std::set<int>>& found,
            const std::string& why) {
    const auto wanted = names_.find(part);
    if (found.count(part) > 0 || (wanted != names_.end() && !wanted->second.empty())) return;
    std::set<int> taken;
    for (const auto& [other, tags] : found) taken.insert(tags.begin(), tags.end());
    std::vector<std::string> free_names, shown;
    for (const auto& [tag, name] : groups_of(file_, dimension)) {
      if (taken.count(tag) > 0) continue;
      shown.push_back(name);
      if (name.front() == '"') free_names.push_back(name.substr(1, name.size() - 2));
    }
    std::string text = fmt::format("there is no {} \"{}\"{}", gmsh_kind(dimension), part, why);
    const std::string near = nearest_group(part, free_names);
    if (!near.empty())
      text += fmt::format(". Did you mean \"{}\"? Then write {} = \"{}\" in [mesh.names]", near, part, near);
    else if (!shown.empty())
      text +=
          fmt::format("; if it is {}, say so in [mesh.names]: {} = {}",
                      shown.size() == 1 ? shown[0] : fmt::format("one of {}", fmt::join(shown, ", ")), part, shown[0]);
    complain(text);
  }

  void throw_if_any() { problems_.throw_if_any(); }

 private:
  void complain(const std::string& sentence) { problems_.add({file_.name, 0, 0}, sentence); }

  std::vector<int> find_name(const std::string& name, int dimension) const {
    std::vector<int> tags;
    for (const GmshGroup& group : file_.groups)
      if (group.dimension == dimension && group.name == name) tags.push_back(group.tag);
    return tags;
  }

  /// By name; else, if it is one, by number.
  std::vector<int> find(const std::string& part, const std::string& name, const std::map<int, std::string>& groups,
                        int dimension) {
    std::vector<int> tags = find_name(name, dimension);
    for (const auto& [tag, shown] : groups)
      if (tags.empty() && name == std::to_string(tag)) tags.push_back(tag);
    if (!tags.empty()) return tags;
    std::vector<std::string> known, list;
    for (const auto& [tag, shown] : groups) {
      list.push_back(shown);
      if (shown.front() == '"') known.push_back(shown.substr(1, shown.size() - 2));
    }
    const std::string near = nearest_group(name, known);
    const std::string help = !near.empty()  ? fmt::format(". Did you mean \"{}\"?", near)
                             : list.empty() ? std::string("; it has none")
                                            : fmt::format("; it has {}", fmt::join(list, ", "));
    complain(fmt::format("[mesh.names] {} = \"{}\": the file has no {} of that name or number{}", part, name,
                         gmsh_kind(dimension), help));
    return tags;
  }

  const GmshFile& file_;
  const GmshNames& names_;
  Problems problems_;
};

}  // namespace

std::string nearest_group(const std::string& part, const std::vector<std::string>& names) {
  for (const std::string& name : names)
    if (plain(name) == plain(part)) return name;
  return nearest_name(part, names);
}

GmshRoles roles_of(const GmshFile& file, int dimension, const GmshNames& names) {
  Assignment assignment(file, names);
  std::vector<std::string> inside = gmsh_region_names();
  if (names.count(gmsh_left_out) > 0) inside.push_back(gmsh_left_out);
  const auto regions = assignment.tags_of(inside, dimension);
  const auto terminals = assignment.tags_of(gmsh_terminal_names(), dimension - 1);
  for (const Region needed : {Region::negative, Region::separator, Region::positive})
    assignment.miss(name_of(needed), dimension, regions, "");
  for (const auto& needed : gmsh_terminal_names())
    assignment.miss(needed, dimension - 1, terminals, ", where the current enters or leaves");
  assignment.throw_if_any();

  GmshRoles roles;
  for (const auto& [name, tags] : regions)
    for (const int tag : tags) roles.parts.emplace(tag, part_of(name));
  for (const auto& [name, tags] : terminals)
    for (const int tag : tags)
      roles.terminals.emplace(tag, name == "negative_collector" ? Terminal::negative : Terminal::positive);
  for (const auto& [tag, name] : groups_of(file, dimension))
    if (roles.parts.count(tag) == 0) roles.left_over[tag] = name;
  return roles;
}

}  // namespace porelith
