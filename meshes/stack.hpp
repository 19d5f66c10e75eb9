#pragma once
/// The cell's layers along x, divided into slices: foil, negative electrode, separator, positive electrode, foil.
#include <vector>

#include "meshes/layers.hpp"
#include "meshes/mesh.hpp"

namespace porelith {

/// One slice of the stack: all control volumes between two positions.
struct Slice {
  Region region;
  double x_from, x_to;    ///< [m]; 0 where the negative coating begins, so that its foil is at x < 0
  double xi_from, xi_to;  ///< of the layer's depth: 0 collector, 1 separator
};

/// Edges of n cells over [0, 1], the first `grading` times as thick as the last, geometric in between. [1]
std::vector<double> graded_edges(int n, double grading);

/// How many cells each piece of an electrode has between two places where a face stands: its breaks, flat ends of
/// channels inside. At least one each; those it gives as a list are kept.
/// @throws std::invalid_argument with a clause if that list does not fit
std::vector<int> electrode_counts(const LayerSpec& electrode, const std::vector<double>& flat_ends = {});

/// Edges of the cells through an electrode, xi = 0 at the collector, 1 at the separator. Cells thin toward the
/// separator; with `flat_ends` of channels inside, sizes change smoothly about them, too. Smooth functions of breaks
/// and flat ends where the cells of each piece are given.
std::vector<double> electrode_edges(const LayerSpec& electrode, const std::vector<double>& flat_ends = {});

/// Cells through the separator: as given, else as thick as those beside it.
int separator_count(const LayerSpecs& layers, const std::vector<double>& negative, const std::vector<double>& positive);

/// The coatings and the separator, without foils.
std::vector<Slice> stack_of(const LayerSpecs& layers, const std::vector<double>& negative_ends = {},
                            const std::vector<double>& positive_ends = {});

}  // namespace porelith
