#pragma once
/// From TOML to a draft: every key known, every value of its type, in its unit and range.
#include "solver/case/draft.hpp"
#include "solver/text/toml.hpp"

namespace porelith {

/// Walks the tree along the declared tables; adds a problem for each unknown name (with the nearest right one) and each
/// bad value.
/// @param draft of the case's cell, as its file has it
void read_draft(Draft& draft, const TomlValue& root, Problems& problems);

/// Reads one more key over those of a draft. @param path "step", "1", "charge": a list's item must be there already
void read_key(Draft& draft, const std::vector<std::string>& path, const TomlValue& value, Problems& problems);

}  // namespace porelith
