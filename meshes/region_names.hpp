#pragma once
/// What the regions of a mesh are called, in files and sentences.
#include <string>
#include <vector>

#include "meshes/cells.hpp"

namespace porelith {

/// In the order of Region: "negative", "separator", "positive", "negative_foil", "positive_foil".
inline const std::vector<std::string>& region_names() {
  static const std::vector<std::string> names{"negative", "separator", "positive", "negative_foil", "positive_foil"};
  return names;
}

inline const std::string& name_of(Region region) { return region_names()[static_cast<std::size_t>(region)]; }

}  // namespace porelith
