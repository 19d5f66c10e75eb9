#pragma once
/// Where one more pore would help most: slopes by what each control volume is made of, for ParaView and as a picture.
#include <string>
#include <vector>

#include "meshes/cells.hpp"
#include "postprocess/gnuplot.hpp"
#include "solver/base/team.hpp"
#include "solver/record/gradient_field.hpp"

namespace porelith {

/// Writes `folder`/gradient.vtu, or of several ranks gradient.pvtu and a piece of each: arrays "RESULT_NUMBER" and
/// "RESULT_NUMBER_kept". Collective. @returns the files' names relative to `folder` @throws WriteError on all ranks
std::vector<std::string> write_gradient_vtk(const Cells& mesh, const std::vector<ResultFields>& results,
                                            const std::string& folder, const Team& team = Team::alone());

/// Draws gradient.png and .svg: in 1D over depth, a row of panels a result; in 2D and 3D slices. Of the first four
/// results. Collective. @throws WriteError
Drawn draw_gradient(const std::string& title, const Cells& mesh, const std::vector<ResultFields>& results,
                    const std::string& folder, const Team& team = Team::alone());

}  // namespace porelith
