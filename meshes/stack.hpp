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

/// Edges of the cells through an electrode, xi = 0 at the collector, 1 at the separator. Cells thin toward the
/// separator; a face stands on every break, each piece between two breaks gets at least one
/// cell. With `flat_ends` of channels inside a face stands on each of them too, and sizes change smoothly about them.
std::vector<double> electrode_edges(const LayerSpec& electrode, const std::vector<double>& flat_ends = {});

/// The coatings and the separator, without foils.
std::vector<Slice> stack_of(const LayerSpecs& layers, const std::vector<double>& negative_ends = {},
                            const std::vector<double>& positive_ends = {});

}  // namespace porelith
