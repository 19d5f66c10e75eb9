#pragma once
/// The keys of [geometry], [[channel]], foils and tabs; part of the list in keys.cpp.
#include <string>

#include "solver/case/keys.hpp"

namespace porelith {

Table geometry_table();
Table channel_table();
Table foil_table(const std::string& electrode);
Table tab_table(const std::string& electrode);

/// Whether a key of [[channel]] means something for a channel of that shape.
bool applies_to(const std::string& shape, const std::string& key);

}  // namespace porelith
