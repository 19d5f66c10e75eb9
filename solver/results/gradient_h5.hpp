#pragma once
/// gradient.h5: slopes of results by what each control volume is made of. The format is described in docs/output.md.
#include <string>
#include <vector>

#include "meshes/cells.hpp"
#include "solver/base/team.hpp"
#include "solver/record/gradient_field.hpp"

namespace porelith {

inline constexpr const char* gradient_format = "porelith gradient";
inline constexpr long gradient_version = 1;

/// @param volumes of the control volumes, as often as the whole cell has them [m3]  @param team the ranks whose cells
/// these are: all write their own. Collective. @throws WriteError on all ranks
void write_gradient_h5(const std::string& title, const Cells& mesh, const std::vector<double>& volumes,
                       const std::vector<ResultFields>& results, const std::vector<CurveSlopes>& curves,
                       const std::string& path, const Team& team = Team::alone());

}  // namespace porelith
