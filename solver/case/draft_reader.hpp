#pragma once
/// From TOML to a draft: every key known, every value of its type, in its unit and range.
#include "solver/case/draft.hpp"
#include "solver/text/toml.hpp"

namespace porelith {

/// Walks the tree along the declared tables; adds a problem for each unknown name (with the nearest right one) and each
/// bad value.
/// @param directory of the case file: relative file names start here
Draft read_draft(const TomlValue& root, const std::string& directory, Problems& problems);

/// Reads further keys over those of a draft, each in a table of its own: items of lists would be added, not changed.
void read_onto(Draft& draft, const TomlValue& changes, Problems& problems);

/// Draft as TOML, each value with its unit and default; reads back to the same draft. Empty optional keys stand there
/// as comments.
std::string write_draft(Draft draft);

}  // namespace porelith
