#pragma once
/// The porosity of an electrode, control volume by control volume: where they are, how a case is told, how results
/// follow. In one process.
#include <array>
#include <string>
#include <vector>

#include "solver/cell/side.hpp"

namespace porelith {

struct Case;
struct CaseChange;
struct Gradient;
class SlopedRun;

/// The control volumes of an electrode's matrix, in the mesh's order.
struct GradedVolumes {
  Side side = Side::negative;
  double thickness = 0;                       ///< of the coating [m]
  std::vector<int> cells;                     ///< in the mesh
  std::vector<double> volume;                 ///< of what is not channel, relative: they add up to 1
  std::vector<double> xi_from, xi_to;         ///< slice of the depth [1]
  std::vector<std::array<double, 2>> place;   ///< of the middle: depth [m], and where across [m], 0 in one dimension
  std::vector<std::array<double, 2>> across;  ///< from where to where across [m]
  std::size_t size() const { return cells.size(); }
  /// Of values of the volumes.
  double mean(const std::vector<double>& values) const;
};

/// On the case's own mesh. @throws CaseError where that cannot be made
GradedVolumes graded_volumes(const Case& input, Side side);

/// What tells a case these porosities: the field, and the mean beside it.
std::vector<CaseChange> porosity_changes(const GradedVolumes& volumes, const std::vector<double>& eps);
/// The same in a case that need not be written.
void set_porosity(Case& input, const GradedVolumes& volumes, const std::vector<double>& eps);

/// d(result)/d(porosity of each volume), the solid as the case says, of several results. @param input what was run
std::vector<std::vector<double>> porosity_slopes(const Case& input, const SlopedRun& run,
                                                 const std::vector<Gradient>& gradients, const GradedVolumes& volumes);

}  // namespace porelith
