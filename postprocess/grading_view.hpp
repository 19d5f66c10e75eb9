#pragma once
/// Pictures of porosities that are free in every control volume.
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "postprocess/gnuplot.hpp"

namespace porelith {

/// An electrode's control volumes, and what several designs have there.
struct GradingView {
  std::string title;
  std::vector<std::array<double, 2>> depth;   ///< of each volume, from where to where, from the collector [m]
  std::vector<std::array<double, 2>> across;  ///< likewise across the layers [m]; all the same in one dimension
  std::vector<double> volume;                 ///< relative
  double low = 0, high = 1;                   ///< bounds
  std::vector<std::pair<std::string, std::vector<double>>> designs;  ///< the free one first
};

/// `grading` in `folder`, as PNG and SVG: porosity through depth of every design; where there is more than depth, above
/// that the field of the first. @throws WriteError
Drawn draw_gradings(const std::vector<GradingView>& gradings, const std::string& folder);

}  // namespace porelith
