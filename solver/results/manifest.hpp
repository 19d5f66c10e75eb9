#pragma once
/// manifest.json: which program made these files, from what, where, when and how it ended. Described in docs/output.md.
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "solver/case/case.hpp"
#include "solver/record/results.hpp"

namespace porelith {

inline constexpr const char* manifest_format = "porelith manifest";
inline constexpr int manifest_version = 1;

/// What neither the case nor the results know.
struct RunFacts {
  std::vector<std::string> command;  ///< as typed, word by word
  std::string petsc_options;
  int ranks = 1;
  std::chrono::system_clock::time_point started;
  std::optional<std::chrono::system_clock::time_point> ended;  ///< missing while it runs
  double seconds = 0;                                          ///< wall time up to now
  std::optional<int> exit_code;                                ///< missing while it runs
  std::vector<std::string> files;                              ///< relative to `folder`
  std::string folder;
};

std::string manifest_text(const Case& from, const Results& results, const RunFacts& facts);

/// Whether the manifest.json in `folder` is one of ours: what a run of this program left there may be replaced.
bool holds_a_run(const std::string& folder);

/// Whether it says that a case was solved to its end.
bool holds_complete_run(const std::string& folder);

/// Whether that was this very case.
bool was_completed(const std::string& folder, const Case& input);

/// "2026-01-31T14:36:59Z"
std::string utc_text(std::chrono::system_clock::time_point time);

}  // namespace porelith
