#pragma once
/// What `mesh` and `check` print about the mesh and the channels in it.
#include <string>

#include "meshes/quality.hpp"
#include "solver/case/case.hpp"

namespace porelith {

/// @param doubt why a run would refuse the mesh, as unsolvable() says; may be ""
std::string mesh_page(const Case& input, const MeshSummary& mesh, const std::string& doubt);

}  // namespace porelith
