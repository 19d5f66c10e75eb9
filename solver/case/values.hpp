#pragma once
/// One value of a case file: from TOML into a key's slot, with unit and range, and from the slot back to TOML.
#include <optional>
#include <string>

#include "solver/case/keys.hpp"
#include "solver/text/toml.hpp"

namespace porelith {

enum class Control;

/// Fills the slot, or adds a problem that starts with `label`: "[negative] porosity".
/// @param directory where relative file names start
void read_value(const TomlValue& value, const Key& key, const KeyField& slot, const std::string& label,
                const std::string& directory, Problems& problems);

/// The slot's value as TOML in the key's unit, which reads back to the same bits; nothing where an optional one is
/// empty.
std::optional<std::string> write_value(const KeyField& slot);

/// What the column of a table is called: "current", "voltage" or "power".
std::string table_column(Control quantity);

}  // namespace porelith
