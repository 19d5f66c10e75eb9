#pragma once
/// mesh.vtu: what will be solved, before it is solved. Arrays are described in docs/output.md.
#include <string>
#include <vector>

#include "meshes/mesh.hpp"

namespace porelith {

/// @param porosity of each owned cell, channel included [1]
/// @throws WriteError
void write_mesh_view(const Mesh& mesh, const std::vector<double>& porosity, const std::string& file);

}  // namespace porelith
