#pragma once
/// What the keys of a case file are, for people and for editors; all from their declarations.
#include <string>

namespace porelith {

/// Text for `explain`: all tables, one table ("negative") or one key ("negative.porosity", or "porosity" wherever it
/// stands).
/// @throws std::invalid_argument with a sentence and the nearest name if there is none of that name
std::string explain(const std::string& name);

/// JSON Schema, draft 4, for editors that check TOML (taplo and what builds on it).
std::string json_schema();

/// docs/keys.md: every key with type, unit, default, range and meaning.
std::string keys_markdown();

}  // namespace porelith
