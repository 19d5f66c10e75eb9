#pragma once
/// fields.pvd and one .vtu a snapshot, for ParaView. Arrays and units are described in docs/output.md.
#include <string>
#include <vector>

#include "solver/results/results.hpp"

namespace porelith {

/// Writes `folder`/fields.pvd and `folder`/fields/fields_NNNN.vtu, at most `at_most` of them, evenly thinned with the
/// first and the last kept. Files of an earlier call with higher numbers go.
/// @returns the files' names relative to `folder`, fields.pvd first
/// @throws WriteError
std::vector<std::string> write_vtk(const Results& results, const std::string& folder, int at_most = 200);

/// Which of `n` things to show when `at_most` may be: evenly spread, first and last among them.
std::vector<std::size_t> evenly_spread(std::size_t n, std::size_t at_most);

}  // namespace porelith
