#pragma once
/// Which of a Gmsh file's physical groups is which part of the cell.
#include <map>

#include "meshes/gmsh/file.hpp"
#include "meshes/mesh.hpp"

namespace porelith {

/// Names of the regions, e.g. "negative_channel", and of the terminals.
const std::vector<std::string>& gmsh_region_names();
const std::vector<std::string>& gmsh_terminal_names();
/// What elements are called that take no part.
constexpr const char* gmsh_left_out = "left_out";

/// By region, terminal or "left_out" the names or numbers that groups have in a file; for what is not there, the
/// group of its own name.
using GmshNames = std::map<std::string, std::vector<std::string>>;

struct GmshPart {
  Region region;
  bool channel;      ///< electrolyte only
  bool left_out;     ///< the rest counts for nothing then
  std::string name;  ///< of the part

  bool operator==(const GmshPart& other) const { return name == other.name; }
};

struct GmshRoles {
  std::map<int, GmshPart> parts;         ///< by the tag of a group of the mesh's dimension
  std::map<int, Terminal> terminals;     ///< by the tag of a group of one dimension less
  std::map<int, std::string> left_over;  ///< the mesh's dimension's other groups, as sentences call them
};

/// For sentences: "Physical Volume".
std::string gmsh_kind(int dimension);

/// @throws CaseError for parts that must be there and are not, with the group that may be meant, and for names that no
/// group has or that stand for two parts
GmshRoles roles_of(const GmshFile& file, int dimension, const GmshNames& names);

/// Of names that no part has the one that `part` was probably meant to be, or "".
std::string nearest_group(const std::string& part, const std::vector<std::string>& names);

}  // namespace porelith
