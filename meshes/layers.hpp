#pragma once
/// The layers of a stack as far as a mesh needs to know them.
#include <array>
#include <vector>

#include "solver/base/cell_counts.hpp"

namespace porelith {

/// Of negative electrode, separator, positive electrode along x [m]
using LayerThicknesses = std::array<double, 3>;

struct LayerSpec {
  double thickness = 0;  ///< [m]
  CellCounts cells = 1;  ///< through the layer; in a separator 0: as thick as their neighbours
  double grading = 1;    ///< thickness of an electrode's cell at the collector over its cell at the separator
  std::vector<double> breaks = {};  ///< depths on which a face shall stand, rising (0 collector, 1 separator) [1]
  double weight = 1;                ///< work of a control volume, relative to one of the separator
};

struct LayerSpecs {
  LayerSpec negative, separator, positive;
};

}  // namespace porelith
