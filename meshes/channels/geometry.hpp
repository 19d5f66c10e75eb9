#pragma once
/// The cell across its layers: its dimension, the channels in its electrodes, its foils and tabs. Plain data, SI.
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "meshes/channels/channel.hpp"

namespace porelith {

/// What an electrode keeps when channels take Phi of its volume away.
enum class Kept {
  porosity,        ///< the matrix stays as it is: active mass and capacity fall by Phi
  active_mass,     ///< the same mass in less room: all solid fractions rise by 1/(1 - Phi)
  areal_capacity,  ///< the same matrix in more room: the thickness rises by 1/(1 - Phi)
};

/// A current collector as one pair of electrodes sees it: half of a foil that is coated on both sides.
struct Foil {
  double thickness;     ///< [m]
  double conductivity;  ///< [S m-1]
};

/// The part of a foil that stands out over an edge of the electrodes; its far end is the terminal.
struct Tab {
  enum class Edge { bottom, top, left, right };  ///< z = 0, z = height, y = 0, y = width
  Edge edge;
  double width;   ///< along the edge [m]
  double offset;  ///< from the edge's beginning (least y or z) to the tab [m]
  double height;  ///< how far it stands out [m]
};

struct Geometry {
  int dimension = 1;  ///< 2 where axisymmetric
  bool axisymmetric = false;
  bool hexagonal = false;  ///< arrangement of holes
  double width = 0;        ///< along y: the pitch of the channels, or a pouch's width [m]
  double height = 0;       ///< along z [m]
  Kept keep = Kept::porosity;
  std::vector<Channel> negative, positive;
  std::optional<Foil> negative_foil, positive_foil;
  std::optional<Tab> negative_tab, positive_tab;

  bool has_channels() const { return !negative.empty() || !positive.empty(); }
  bool has_tabs() const { return negative_tab || positive_tab; }
  /// The piece that is meshed: up to the mirror planes; around an axis the circle as large as the unit cell a channel
  /// has; with tabs the whole footprint.
  UnitCell unit_cell(double thickness) const;
};

}  // namespace porelith
