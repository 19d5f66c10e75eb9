#pragma once
/// What a run looks like through its depth: its layers, and means over all cells of equal depth, whatever the
/// dimension and the number of ranks.
#include <string>
#include <vector>

#include "solver/base/team.hpp"
#include "solver/record/results.hpp"

namespace porelith {

/// One value a cell; not a number where there is none.
using CellValues = std::vector<double>;

/// A layer of the cell, through depth [um].
struct Layer {
  const char* name;
  double from, to;
};

/// The coatings and the separator, from the negative side. Collective.
std::vector<Layer> layers_of(const Cells& mesh, const Team& team);

/// Rows of depth [um] and the mean over cells of that depth and region, weighted with `weight`; cells without a value
/// do not count. In 1D the values themselves; meshes whose cells do not lie in slices are cut into 60. An empty row
/// between regions where `broken`. On the first rank; collective.
std::vector<std::vector<double>> through_depth(const Cells& mesh, const CellValues& values, const CellValues& weight,
                                               bool broken, const Team& team);

/// gnuplot's commands that shade the coatings of a panel over depth,
std::string shading(const std::vector<Layer>& layers);
/// and that name the layers above it.
std::string layer_names(const std::vector<Layer>& layers, double depth);

/// Reaction rate per volume of the matrix [A cm-3], so that a cell that is part channel compares with its neighbours;
/// not a number where there are no particles.
CellValues reaction_in_electrodes(const Results& results, const Snapshot& snapshot);

}  // namespace porelith
