#pragma once
/// results.h5: everything a run leaves behind, in one file. The format is described in docs/output.md.
#include <string>
#include <vector>

#include "solver/base/team.hpp"
#include "solver/record/results.hpp"

namespace porelith {

inline constexpr const char* results_format = "porelith results";
inline constexpr long results_version = 1;

/// Writes the whole file to a temporary name, syncs it and renames it.
/// @param team the ranks whose results these are: all write their own cells at once. Collective; errors come on all.
/// @throws WriteError disk full, no permission; or fields whose sizes disagree with the mesh
void write_results_h5(const Results& results, const std::string& path, const Team& team = Team::alone());

/// Name of a bed in files: "negative", or "negative_<material>" in a blend.
std::string bed_name(const Bed& bed);

/// F times the sum over beds of a j: current that leaves the particles for the electrolyte [A m-3], one a control
/// volume.
std::vector<double> reaction_rate(const Results& results, const Snapshot& snapshot);

}  // namespace porelith
