#pragma once
/// A case written down again, each value with its unit and default: as TOML that reads back to the same case, and as
/// keys and values.
#include <string>
#include <vector>

#include "solver/case/key_values.hpp"

namespace porelith {

struct Case;
struct Draft;

/// What is written.
struct Echo {
  bool design = true;       ///< [design] and its tables
  bool output = true;       ///< [output]
  bool by_digest = false;   ///< the cell's and the mesh's file by their SHA-256 instead of their names
  bool mesh_digest = true;  ///< a remark with the mesh file's digest

  /// Everything, wherever its files lie: what tells cases apart.
  static Echo content() { return {true, true, true, true}; }
  /// What the samples of a campaign depend on, its variables apart.
  static Echo of_samples() { return {false, false, true, false}; }
};

/// A settled draft as TOML; empty optional keys stand there as comments.
std::string write_draft(const Draft& draft);
/// The same of a case that was read.
std::string echo_of(const Case& the_case, const Echo& echo = {});
/// Key by key, without the empty ones.
std::vector<KeyValue> values_of(const Case& the_case, const Echo& echo = {});

}  // namespace porelith
