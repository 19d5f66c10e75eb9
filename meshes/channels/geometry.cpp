#include "meshes/channels/geometry.hpp"

#include <cmath>

namespace porelith {

UnitCell Geometry::unit_cell(double thickness) const {
  constexpr double pi = 3.14159265358979323846;
  UnitCell cell{dimension, axisymmetric, hexagonal, thickness, width / 2, height / 2};
  if (has_tabs()) {
    cell.reach_y = width;
    cell.reach_z = height;
  }
  if (axisymmetric) cell.reach_y = std::sqrt((hexagonal ? width * height / 2 : width * height) / pi);
  if (dimension < 3) cell.reach_z = 1;
  if (dimension < 2) cell.reach_y = 1;
  return cell;
}

}  // namespace porelith
