#include "solver/case/geometry_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "solver/case/draft.hpp"
#include "solver/case/keys.hpp"
#include "solver/cell/cell.hpp"
#include "solver/cell/side.hpp"
#include "solver/text/toml.hpp"

namespace porelith {
namespace {

ChannelForm form_of(const std::string& shape) {
  if (shape == "grid") return ChannelForm::grid;
  if (shape == "round") return ChannelForm::round;
  if (shape == "square") return ChannelForm::square;
  if (shape == "tree") return ChannelForm::tree;
  return ChannelForm::groove;
}

/// "1.5e-05 m" as people say it.
std::string micrometres(double length) { return fmt::format("{:.6g} um", length * 1e6); }

class GeometryReader {
 public:
  GeometryReader(Draft& draft, const Cell& cell, Problems& problems)
      : draft_(draft), keys_(draft.geometry), cell_(cell), problems_(problems) {}

  Geometry read() {
    g_.axisymmetric = keys_.dimension == "axisymmetric";
    g_.dimension = keys_.dimension == "1" ? 1 : keys_.dimension == "3" ? 3 : 2;
    g_.hexagonal = keys_.arrangement == "hexagonal";
    g_.keep = keys_.keep == "active_mass"      ? Kept::active_mass
              : keys_.keep == "areal_capacity" ? Kept::areal_capacity
                                               : Kept::porosity;
    if (!draft_.mesh.file.empty()) {
      leave_to_file();
      return g_;
    }
    if (draft_.mesh.split > 0) add("mesh", "split", "has no place without [mesh] file, whose elements it splits");
    if (given("mesh.names")) add("mesh", "names", "has no place without [mesh] file, whose groups it names");
    read_foils_and_tabs();
    read_extent();
    read_arrangement();
    for (std::size_t i = 0; i < draft_.channels.size(); ++i) read_channel(i);
    return g_;
  }

 private:
  bool given(const std::string& path) const { return draft_.given.count(path) != 0; }

  void add(const std::string& table, const std::string& key, const std::string& sentence) {
    const std::string path = table + "." + key;
    problems_.add(draft_.where(given(path) ? path : table), fmt::format("[{}] {} {}", table, key, sentence));
  }

  /// What a mesh file has itself has no place beside it.
  void leave_to_file() {
    const std::string why = "has no place beside [mesh] file, which has the geometry";
    if (g_.dimension == 1) add("geometry", "dimension", "= 2, 3 or \"axisymmetric\" must stand beside [mesh] file");
    for (const char* key : {"width", "height"})
      if (given(std::string("geometry.") + key)) add("geometry", key, why);
    if (g_.hexagonal) add("geometry", "arrangement", why);
    if (g_.keep != Kept::porosity)
      add("geometry", "keep",
          fmt::format("= {} {}: its channels leave the porosity as it is", toml_quoted(keys_.keep), why));
    for (const Side side : both_sides) {
      const std::string electrode = word_of(side);
      if (given(electrode + ".foil.thickness")) add(electrode + ".foil", "thickness", why);
      if (given(electrode + ".tab.width")) add(electrode + ".tab", "width", why);
    }
    for (std::size_t i = 0; i < draft_.channels.size(); ++i)
      problems_.add(draft_.where(fmt::format("channel {}", i + 1)), fmt::format("[channel {}] {}", i + 1, why));
    g_.negative_foil = Foil{0, draft_.negative_foil.conductivity};
    g_.positive_foil = Foil{0, draft_.positive_foil.conductivity};
    find_file();
  }

  void find_file() {
    namespace fs = std::filesystem;
    const fs::path name = draft_.mesh.file;
    const fs::path file = name.is_absolute() ? name : fs::path(draft_.directory) / name;
    std::error_code ignored;
    if (!fs::is_regular_file(file, ignored))
      return problems_.add(draft_.where("mesh.file"),
                           fmt::format("[mesh] file = {} is no file in {}", toml_quoted(name.string()),
                                       draft_.directory.empty() ? "this folder" : draft_.directory));
    draft_.mesh.file = fs::absolute(file).lexically_normal().string();  // the echo stands elsewhere
  }

  void read_foils_and_tabs() {
    const auto foil = [&](const FoilKeys& keys) -> std::optional<Foil> {
      if (!keys.thickness) return std::nullopt;
      return Foil{keys.shared ? *keys.thickness / 2 : *keys.thickness, keys.conductivity};
    };
    g_.negative_foil = foil(draft_.negative_foil);
    g_.positive_foil = foil(draft_.positive_foil);
    for (const Side side : both_sides) {
      const bool negative = side == Side::negative;
      const std::string name = word_of(side);
      const TabKeys& tab = negative ? draft_.negative_tab : draft_.positive_tab;
      if (!(negative ? g_.negative_foil : g_.positive_foil)) {
        for (const char* key : {"conductivity", "shared"})
          if (given(name + ".foil." + key)) add(name + ".foil", key, "needs a thickness beside it");
        if (tab.width) add(name + ".tab", "width", fmt::format("needs a foil: give [{}.foil] a thickness", name));
      }
      for (const char* key : {"edge", "offset", "height"})
        if (!tab.width && given(name + ".tab." + key)) add(name + ".tab", key, "needs a width beside it");
      if (tab.width && g_.dimension != 3) add(name + ".tab", "width", "needs [geometry] dimension = 3");
    }
  }

  void read_extent() {
    if (g_.dimension == 1) {
      for (const char* key : {"width", "height"})
        if (given(std::string("geometry.") + key))
          add("geometry", key, "has no place in one dimension; [geometry] dimension says how many there are");
      return;
    }
    const bool tabs = draft_.negative_tab.width || draft_.positive_tab.width;
    if (g_.dimension == 2 && !g_.axisymmetric && given("geometry.height"))
      add("geometry", "height", "has no place in two dimensions; the unit cell's size is its width");
    if (!keys_.width) {
      if (!given("geometry.width"))
        add("geometry", "width", "is missing: the pitch of the channels, or the pouch's width");
      return;
    }
    g_.width = *keys_.width;
    if (g_.dimension == 2 && !g_.axisymmetric) return;
    const double by_area = cell_.pair_area() / g_.width;
    if (!keys_.height) keys_.height = tabs ? by_area : g_.hexagonal ? std::sqrt(3.0) * g_.width : g_.width;
    g_.height = *keys_.height;
    if (tabs) {
      if (std::abs(g_.height / by_area - 1) > 0.01)
        add("geometry", "height",
            fmt::format(
                "= {:.6g} m and width = {:.6g} m make {:.6g} m2, but one pair of electrodes has {:.6g} m2; leave "
                "height out or change [cell] area",
                g_.height, g_.width, g_.height * g_.width, cell_.pair_area()));
      place_tab(word_of(Side::negative), draft_.negative_tab, g_.negative_tab);
      place_tab(word_of(Side::positive), draft_.positive_tab, g_.positive_tab);
    }
  }

  void place_tab(const std::string& electrode, TabKeys& keys, std::optional<Tab>& tab) {
    if (!keys.width) return;
    const std::string table = electrode + ".tab";
    const bool across = keys.edge == "top" || keys.edge == "bottom";
    const double length = across ? g_.width : g_.height;
    const Tab::Edge edge = keys.edge == "top"      ? Tab::Edge::top
                           : keys.edge == "bottom" ? Tab::Edge::bottom
                           : keys.edge == "left"   ? Tab::Edge::left
                                                   : Tab::Edge::right;
    if (*keys.width > length)
      return add(table, "width", fmt::format("= {:.6g} m is more than the edge has: {:.6g} m", *keys.width, length));
    keys.offset = keys.offset.value_or((length - *keys.width) / 2);
    keys.height = keys.height.value_or(*keys.width / 2);
    if (*keys.offset + *keys.width > length * (1 + 1e-9))
      return add(table, "offset",
                 fmt::format("= {:.6g} m leaves {:.6g} m of the edge, less than the tab's width of {:.6g} m",
                             *keys.offset, length - *keys.offset, *keys.width));
    tab = Tab{edge, *keys.width, *keys.offset, *keys.height};
  }

  void read_arrangement() {
    if (!g_.hexagonal) return;
    if (g_.dimension == 3 || g_.axisymmetric) return;
    add("geometry", "arrangement", "= \"hexagonal\" is of holes, in dimension 3 or axisymmetric");
  }

  void read_channel(std::size_t i) {
    const ChannelKeys& keys = draft_.channels[i];
    const std::string table = fmt::format("channel {}", i + 1);
    if (!fits(table, keys)) return;
    bool good = true;
    for (const auto& key : find_table("channel")->keys) {
      if (!given(table + "." + key.name) || applies_to(keys.shape, key.name)) continue;
      add(table, key.name, fmt::format("means nothing for shape = {}", toml_quoted(keys.shape)));
      good = false;
    }
    if (!keys.width) {
      if (!given(table + ".width")) add(table, "width", "is missing");
      return;
    }
    Channel channel;
    channel.form = form_of(keys.shape);
    channel.mouth = *keys.width;
    channel.bottom = keys.width_bottom.value_or(*keys.width);
    channel.depth = keys.depth;
    channel.from_separator = keys.from == "separator";
    channel.branching = {keys.generations,  keys.branches,
                         keys.angle,        keys.diameter_ratio.value_or(std::pow(keys.branches, -1.0 / 3)),
                         keys.length_ratio, keys.spread == "radial"};
    good = leaves_walls(table, channel) && good;
    good = is_symmetric(table, channel) && good;
    if (!good) return;
    if (keys.electrode != word_of(Side::positive)) g_.negative.push_back(channel);
    if (keys.electrode != word_of(Side::negative)) g_.positive.push_back(channel);
  }

  /// Whether the shape has room in this dimension.
  bool fits(const std::string& table, const ChannelKeys& keys) {
    if (draft_.negative_tab.width || draft_.positive_tab.width) {
      add(table, "shape", "has no place beside tabs: channels stand in a unit cell that repeats, a pouch does not");
      return false;
    }
    const std::string& s = keys.shape;
    const bool right = g_.axisymmetric     ? s == "round" || s == "tree"
                       : g_.dimension == 2 ? s == "groove" || s == "tree"
                                           : g_.dimension == 3;
    if (right) {
      if (!g_.hexagonal || s == "round" || s == "square" || s == "tree") return true;
      add(table, "shape", fmt::format("= {} cannot be arranged hexagonally", toml_quoted(s)));
      return false;
    }
    const std::string needed = s == "groove"  ? "2 or 3"
                               : s == "round" ? "3, or \"axisymmetric\""
                               : s == "tree"  ? "2, 3 or \"axisymmetric\""
                                              : "3";
    add(table, "shape", fmt::format("= {} needs [geometry] dimension = {}", toml_quoted(s), needed));
    return false;
  }

  /// Channels must not merge with their own copies in the next unit cell.
  bool leaves_walls(const std::string& table, const Channel& channel) {
    if (!(g_.width > 0)) return false;
    const UnitCell unit = g_.unit_cell(1);
    double room = 2 * unit.reach_y;
    const bool hole = channel.form != ChannelForm::groove && channel.form != ChannelForm::grid;
    if (g_.dimension == 3 && channel.form != ChannelForm::groove) room = std::min(room, 2 * unit.reach_z);
    if (g_.hexagonal && hole && !g_.axisymmetric) {
      const double apart = channel.form == ChannelForm::square ? std::max(unit.reach_y, unit.reach_z)
                                                               : std::hypot(unit.reach_y, unit.reach_z);
      room = std::min(room, apart);
    }
    for (const bool bottom : {false, true}) {
      const double width = bottom ? channel.bottom : channel.mouth;
      if (width < room) continue;
      add(table, bottom ? "width_bottom" : "width",
          fmt::format("= {:.6g} m ({}) leaves nothing between the channels: they stand {} apart", width,
                      micrometres(width), micrometres(room)));
      return false;
    }
    return true;
  }

  bool is_symmetric(const std::string& table, const Channel& channel) {
    const Branching& b = channel.branching;
    if (channel.form != ChannelForm::tree || g_.dimension != 3 || !b.radial || b.branches % 2 == 0 ||
        b.generations == 0)
      return true;
    add(table, "branches",
        fmt::format("= {} around a trunk have no mirror planes to cut the unit cell at; take an even "
                    "number, or spread = \"planar\"",
                    b.branches));
    return false;
  }

  Draft& draft_;
  GeometryKeys& keys_;
  const Cell& cell_;
  Problems& problems_;
  Geometry g_;
};

}  // namespace

Geometry read_geometry(Draft& draft, const Cell& cell, Problems& problems) {
  if (problems.about("[geometry]") || problems.about("[channel")) return {};
  return GeometryReader(draft, cell, problems).read();
}

}  // namespace porelith
