#pragma once
/// fields.pvd and one .vtu a snapshot, or one a rank and snapshot, for ParaView. Arrays and units are described in
/// docs/output.md.
#include <string>
#include <vector>

#include "solver/base/team.hpp"
#include "solver/record/results.hpp"

namespace porelith {

/// Writes `folder`/fields.pvd and `folder`/fields/fields_NNNN.vtu, at most `at_most` of them, evenly thinned with the
/// first and the last kept. Files of an earlier call with higher numbers go. Of several ranks each writes its own cells
/// as fields_NNNN_RRRR.vtu, and the first one the fields_NNNN.pvtu that joins them. Collective.
/// @returns the files' names relative to `folder`, those of all ranks, fields.pvd first
/// @throws WriteError on all ranks
std::vector<std::string> write_vtk(const Results& results, const std::string& folder, int at_most = 200,
                                   const Team& team = Team::alone());

/// Which of `n` things to show when `at_most` may be: evenly spread, first and last among them.
std::vector<std::size_t> evenly_spread(std::size_t n, std::size_t at_most);

}  // namespace porelith
