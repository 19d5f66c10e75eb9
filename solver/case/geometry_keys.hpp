#pragma once
/// The cell across its layers as written: dimension, channels, foils, tabs.
#include <optional>
#include <string>

#include "solver/text/holds.hpp"

namespace porelith {

struct GeometryKeys {
  std::string dimension = "1";
  std::optional<double> width, height;
  std::string arrangement = "square";
  std::string keep = "porosity";

  template <class Keys>
  static void declare(Keys& keys) {
    keys.about(
        "The cell across its layers: a unit cell that repeats, cut at its mirror planes; or the whole footprint of a "
        "pouch with tabs. x runs through the layers, y along the width, z along the height.");
    keys.key("dimension", &GeometryKeys::dimension, {unit::one, any(), "", {"1", "2", "3", "axisymmetric"}},
             "Macroscopic dimensions: 1 through the layers only, 2 with y, 3 with y and z; axisymmetric around one "
             "hole, in the circle that has the unit cell's area.")
        .key("width", &GeometryKeys::width, {unit::metre, above(0, 10), "required where the dimension is not 1"},
             "Width of the unit cell along y: the pitch of the channels. With tabs: of the electrodes.")
        .key("height", &GeometryKeys::height,
             {unit::metre, above(0, 10), "the width; times sqrt(3) where hexagonal; with tabs the area over the width"},
             "Height of the unit cell along z.")
        .key("arrangement", &GeometryKeys::arrangement, {unit::one, any(), "", {"square", "hexagonal"}},
             "Holes stand at the corners of the unit cell, or also at its middle: with the height's default every hole "
             "has six neighbours at the distance of the width.")
        .key("keep", &GeometryKeys::keep, {unit::one, any(), "", {"porosity", "active_mass", "areal_capacity"}},
             "What an electrode keeps when channels take a part Phi of its volume: its porosity (material goes), its "
             "active mass (the rest gets denser, solid fractions times 1/(1 - Phi)), or its areal capacity (the rest "
             "stays as it is and gets thicker, times 1/(1 - Phi)).");
  }
};

struct ChannelKeys {
  std::string electrode = "both", shape = "groove", from = "separator";
  std::optional<double> width, width_bottom;
  double depth = 1;
  std::string spread = "radial";
  int generations = 2, branches = 2;
  double angle = 0.6544984694978736;  ///< 37.5 deg: two equal branches, C. D. Murray, J. Gen. Physiol. 9 (1926) 835
  std::optional<double> diameter_ratio;
  double length_ratio = 0.8;

  template <class Keys>
  static void declare(Keys& keys) {
    keys.about(
        "One kind of channel; channels of several kinds add up. Electrolyte fills them, and there is nothing else in "
        "them.");
    keys.key("electrode", &ChannelKeys::electrode, {unit::one, any(), "", {"negative", "positive", "both"}},
             "Which electrode it is in.")
        .key("shape", &ChannelKeys::shape, {unit::one, any(), "", {"groove", "grid", "round", "square", "tree"}},
             "A groove along z, a grid of crossed grooves, a round or square hole, or a round trunk with branches.")
        .key("width", &ChannelKeys::width, {unit::metre, between(0, 1), "required"},
             "Width where it opens: of a groove, the side of a square, the diameter of a hole or a trunk.")
        .key("width_bottom", &ChannelKeys::width_bottom, {unit::metre, between(0, 1), "the width: straight walls"},
             "Width at its other end, tapering evenly. Not for a tree.")
        .key("depth", &ChannelKeys::depth, {unit::one, above(0, 1), ""},
             "How deep it reaches as a part of the electrode's thickness; 1 = through. Of a tree: its deepest tip.")
        .key("from", &ChannelKeys::from, {unit::one, any(), "", {"separator", "collector"}}, "Where it opens.")
        .key("generations", &ChannelKeys::generations, {unit::one, between(0, 6), ""},
             "How often a tree branches; 0 = only the trunk.")
        .key("branches", &ChannelKeys::branches, {unit::one, between(1, 8), ""},
             "Branches out of the end of a tree's trunk and of each of its branches.")
        .key("angle", &ChannelKeys::angle, {unit::radian, Range{0, 1.58, true, true}, "37.5 deg (Murray 1926)"},
             "Angle between a branch and its parent.")
        .key("diameter_ratio", &ChannelKeys::diameter_ratio, {unit::one, above(0, 1), "branches^(-1/3) (Murray 1926)"},
             "Diameter of a branch over its parent's.")
        .key("length_ratio", &ChannelKeys::length_ratio, {unit::one, above(0, 3), ""},
             "Length of a branch over its parent's; the trunk is as long as the tree's depth asks for.")
        .key("spread", &ChannelKeys::spread, {unit::one, any(), "", {"radial", "planar"}},
             "Branches leave evenly around their parent, each generation turned by half a gap; or all in the plane of "
             "x and y.");
  }
};

inline constexpr double copper_conductivity =
    5.96e7;  ///< 1/1.678e-8 ohm m, CRC Handbook of Chemistry and Physics, 20 degC
inline constexpr double aluminium_conductivity = 3.55e7;  ///< EN AW-1050A, as for foils: 34 to 36 MS/m [S m-1]

struct FoilKeys {
  std::optional<double> thickness;
  double conductivity = 0;
  bool shared = true;

  template <class Keys>
  static void declare(Keys& keys) {
    keys.about(
        "The " + keys.side() +
        " current collector as a solid that conducts electrons. Without a thickness it is a surface of one potential.");
    keys.key("thickness", &FoilKeys::thickness, {unit::metre, above(0, 0.01), "no foil"},
             "Thickness of the whole foil.")
        .key("conductivity", &FoilKeys::conductivity,
             {unit::conductivity, above(0),
              keys.side() == "negative" ? "5.96e7: copper (CRC Handbook, 20 degC)"
                                        : "3.55e7: aluminium (EN AW-1050A, 34 to 36 MS/m)"},
             "Electronic conductivity.")
        .key("shared", &FoilKeys::shared, {},
             "Coated on both sides, so that half of its thickness belongs to each of two pairs; foil and tab are then "
             "half as thick in the mesh.");
  }
};

struct TabKeys {
  std::string edge = "top";
  std::optional<double> width, offset, height;

  template <class Keys>
  static void declare(Keys& keys) {
    keys.about("The tab of the " + keys.side() +
               " foil: a strip that stands out over an edge of the electrodes. The current passes its far end.");
    keys.key("width", &TabKeys::width, {unit::metre, above(0, 10), "no tab"}, "Width along the edge.")
        .key("edge", &TabKeys::edge, {unit::one, any(), "", {"top", "bottom", "left", "right"}},
             "Which edge it stands out over: top and bottom are the ends of the height, left and right of the width.")
        .key("offset", &TabKeys::offset, {unit::metre, between(0, 10), "in the middle"},
             "From the edge's left or lower end to the tab.")
        .key("height", &TabKeys::height, {unit::metre, above(0, 1), "half its width"}, "How far it stands out.");
  }
};

/// Whether a key of [[channel]] means something for a channel of that shape.
bool applies_to(const std::string& shape, const std::string& key);

}  // namespace porelith
