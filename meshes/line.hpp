#pragma once
/// Edges of cells along a line: an edge on every break, fine where it is asked for, sizes changing smoothly. How many
/// cells each piece between two breaks has is planned once; where they stand then follows the breaks smoothly.
#include <vector>

#include "solver/base/cell_counts.hpp"

namespace porelith {

/// Where an edge is wanted, and how large cells shall be there.
struct Wish {
  double at;
  double size;  ///< relative to the others'; infinity: as its neighbours allow
};

struct Line {
  std::vector<double> breaks;  ///< increasing; the first and the last are the line's ends
  std::vector<double> size;    ///< wanted at each break, relative to one another; infinity: as its neighbours allow
  double largest;              ///< size anywhere, relative to the same
};

/// A line before it is known which of the places where edges are wanted share one.
struct Wishes {
  Wish first, last;          ///< the ends
  std::vector<Wish> within;  ///< in any order
  double largest;            ///< size anywhere, relative to the others
  double nearest;            ///< places closer than this share an edge where nothing is planned yet
};

/// The line with as many pieces as the counts have, else with none shorter than `nearest`: the nearest places share an
/// edge, on their mean; one next to an end has none. Places that keep their own cross each other smoothly: closer than
/// `nearest`, their edges keep some distance.
/// @throws std::invalid_argument with a clause if there are fewer places, or if they leave no room
Line line_of(const Wishes& wishes, const CellCounts& counts);

/// How many of `count` cells each piece gets (at least one): sizes in proportion to the wanted ones, from one cell to
/// the next changing by at most about 1.5, unless there are too few cells for the breaks.
std::vector<int> line_counts(const Line& line, int count);

/// So many cells in each piece. Their sizes are smooth functions of the breaks: on both sides of a break the same.
std::vector<double> line_edges(const Line& line, const std::vector<int>& counts);

}  // namespace porelith
