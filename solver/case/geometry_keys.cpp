#include "solver/case/geometry_keys.hpp"

#include <set>

namespace porelith {

bool applies_to(const std::string& shape, const std::string& key) {
  static const std::set<std::string> of_trees = {"generations",    "branches",     "angle",
                                                 "diameter_ratio", "length_ratio", "spread"};
  if (key == "width_bottom") return shape != "tree";
  return shape == "tree" || of_trees.count(key) == 0;
}

}  // namespace porelith
