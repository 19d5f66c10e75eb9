#pragma once
/// mesh.vtu: what will be solved, before it is solved. Arrays are described in docs/output.md.
#include <string>
#include <vector>

#include "meshes/quality.hpp"
#include "solver/base/team.hpp"

namespace porelith {

/// Writes `folder`/mesh.vtu; of several ranks mesh.pvtu and a piece each. Collective.
/// @param porosity of each owned cell, channel included [1]
/// @returns the file
/// @throws WriteError on all ranks
std::string write_mesh_view(const Cells& mesh, const std::vector<double>& porosity, const Quality& quality,
                            const std::string& folder, const Team& team = Team::alone());

}  // namespace porelith
