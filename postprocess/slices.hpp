#pragma once
/// Slices of a mesh in two and three dimensions, coloured by what its cells hold.
#include <string>
#include <vector>

#include "postprocess/depth.hpp"
#include "postprocess/gnuplot.hpp"

namespace porelith {

struct SliceQuantity {
  std::string title;
  CellValues values;
  bool two_sided = false;  ///< gains and losses: colours part at 0
};

/// What stands above them.
struct SliceHead {
  std::string left, right;
};

/// A picture of quantities on mirror planes through the layers and across the negative electrode; of a pouch the latter
/// alone. Nothing where there are no layers. Collective; the first rank draws.
void add_slices(Gnuplot& gnuplot, const Cells& mesh, const std::vector<SliceQuantity>& quantities,
                const SliceHead& head_text, const std::string& stem, const Team& team);

}  // namespace porelith
