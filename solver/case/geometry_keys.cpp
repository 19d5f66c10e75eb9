#include "solver/case/geometry_keys.hpp"

#include <set>

#include "solver/case/key_writer.hpp"

namespace porelith {

Table geometry_table() {
  return Writer<GeometryKeys>("geometry",
                              "The cell across its layers: a unit cell that repeats, cut at its mirror planes; or the "
                              "whole footprint of a pouch with tabs. x runs through the layers, y along the width, z "
                              "along the height.",
                              [](Draft& d, std::size_t) -> GeometryKeys& { return d.geometry; })
      .key("dimension", &GeometryKeys::dimension, {unit::one, any(), "", {"1", "2", "3", "axisymmetric"}},
           "Macroscopic dimensions: 1 through the layers only, 2 with y, 3 with y and z; axisymmetric around one hole, "
           "in the circle that has the unit cell's area.")
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

Table channel_table() {
  return Writer<ChannelKeys>(
             "channel",
             "One kind of channel; channels of several kinds add up. Electrolyte fills them, and there "
             "is nothing else in them.",
             [](Draft& d, std::size_t i) -> ChannelKeys& { return d.channels.at(i); }, Table::Shape::list)
      .items([](Draft& d, const std::string&) {
        d.channels.emplace_back();
        return d.channels.size() - 1;
      })
      .key("electrode", &ChannelKeys::electrode, {unit::one, any(), "", {"negative", "positive", "both"}},
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
           "Branches leave evenly around their parent, each generation turned by half a gap; or all in the plane of x "
           "and y.");
}

Table foil_table(const std::string& electrode) {
  const bool negative = electrode == "negative";
  return Writer<FoilKeys>(
             electrode + ".foil",
             "The " + electrode +
                 " current collector as a solid that conducts electrons. Without a thickness it is a "
                 "surface of one potential.",
             [negative](Draft& d, std::size_t) -> FoilKeys& { return negative ? d.negative_foil : d.positive_foil; })
      .key("thickness", &FoilKeys::thickness, {unit::metre, above(0, 0.01), "no foil"}, "Thickness of the whole foil.")
      .key("conductivity", &FoilKeys::conductivity,
           {unit::conductivity, above(0),
            negative ? "5.96e7: copper (CRC Handbook, 20 degC)" : "3.55e7: aluminium (EN AW-1050A, 34 to 36 MS/m)"},
           "Electronic conductivity.")
      .key("shared", &FoilKeys::shared, {},
           "Coated on both sides, so that half of its thickness belongs to each of two pairs; foil and tab are then "
           "half as thick in the mesh.");
}

Table tab_table(const std::string& electrode) {
  const bool negative = electrode == "negative";
  return Writer<TabKeys>(
             electrode + ".tab",
             "The tab of the " + electrode +
                 " foil: a strip that stands out over an edge of the electrodes. The current passes its "
                 "far end.",
             [negative](Draft& d, std::size_t) -> TabKeys& { return negative ? d.negative_tab : d.positive_tab; })
      .key("width", &TabKeys::width, {unit::metre, above(0, 10), "no tab"}, "Width along the edge.")
      .key("edge", &TabKeys::edge, {unit::one, any(), "", {"top", "bottom", "left", "right"}},
           "Which edge it stands out over: top and bottom are the ends of the height, left and right of the width.")
      .key("offset", &TabKeys::offset, {unit::metre, between(0, 10), "in the middle"},
           "From the edge's left or lower end to the tab.")
      .key("height", &TabKeys::height, {unit::metre, above(0, 1), "half its width"}, "How far it stands out.");
}

bool applies_to(const std::string& shape, const std::string& key) {
  static const std::set<std::string> of_trees = {"generations",    "branches",     "angle",
                                                 "diameter_ratio", "length_ratio", "spread"};
  if (key == "width_bottom") return shape != "tree";
  return shape == "tree" || of_trees.count(key) == 0;
}

}  // namespace porelith
