#pragma once
/// Edges of cells along a line: an edge on every break, fine where it is asked for, sizes changing smoothly.
#include <vector>

namespace porelith {

struct Line {
  std::vector<double> breaks;  ///< increasing; the first and the last are the line's ends
  std::vector<double> size;    ///< wanted at each break, relative to one another; infinity: as its neighbours allow
  double largest;              ///< size anywhere, relative to the same
};

/// Exactly `count` cells (at least one between two breaks) in sizes proportional to the wanted ones. From one cell to
/// the next the size changes by at most about 1.5, unless there are too few cells for the breaks.
std::vector<double> line_edges(const Line& line, int count);

}  // namespace porelith
