#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "meshes/channels/channels.hpp"
#include "solver/case/geometry_reader.hpp"
#include "solver/cell/cell.hpp"
#include "solver/cell/side.hpp"

namespace porelith {
namespace {

constexpr double least_porosity = 0.02;  ///< below it electrolyte no longer connects

class Carver {
 public:
  Carver(Draft& draft, const Geometry& geometry, Problems& problems)
      : draft_(draft), geometry_(geometry), problems_(problems) {}

  void carve(const std::string& name, const std::vector<Channel>& channels, Electrode& electrode) {
    if (channels.empty()) return;
    const double given_thickness = electrode.thickness, given_porosity = electrode.porosity->mean();
    const auto fraction = [&] { return Channels(channels, geometry_.unit_cell(electrode.thickness)).fraction(); };
    double Phi = fraction();
    if (geometry_.keep == Kept::areal_capacity) {  // a tree's share depends on the thickness: a few rounds settle it
      for (int round = 0; round < 50; ++round) {
        electrode.thickness = given_thickness / (1 - Phi);
        const double again = fraction();
        const bool settled = std::abs(again - Phi) < 1e-12;
        Phi = again;
        if (settled) break;
      }
      electrode.thickness = given_thickness / (1 - Phi);
    }
    electrode.channel_fraction = Phi;
    if (geometry_.keep == Kept::active_mass && !densify(name, electrode, Phi)) return;
    std::string what = "porosity";
    if (geometry_.keep == Kept::active_mass)
      what = fmt::format("active mass: mean porosity {:.6g} -> {:.6g}", given_porosity, electrode.porosity->mean());
    if (geometry_.keep == Kept::areal_capacity)
      what = fmt::format("areal capacity: thickness {:.6g} um -> {:.6g} um", given_thickness * 1e6,
                         electrode.thickness * 1e6);
    draft_.remarks["geometry"].push_back(
        fmt::format("{}: channels take Phi = {:.8g} of the volume; kept: {}", name, Phi, what));
  }

 private:
  /// All solid fractions times 1/(1 - Phi). @return false where that is not possible, with a problem
  bool densify(const std::string& name, Electrode& electrode, double Phi) {
    const double denser = 1 / (1 - Phi);
    const auto refuse = [&](const std::string& sentence) {
      problems_.add(draft_.where("geometry.keep"), "[geometry] keep = \"active_mass\" " + sentence);
      return false;
    };
    const double left = 1 - (1 - electrode.porosity->minimum()) * denser;
    if (left <= least_porosity)
      return refuse(
          fmt::format("would press the {} electrode from a porosity of {:.4g} to {:.4g}, because channels take "
                      "{:.4g} of its volume; it must stay above {}: take smaller channels, a higher porosity, "
                      "or keep = \"areal_capacity\"",
                      name, electrode.porosity->minimum(), left, Phi, least_porosity));
    if (!electrode.porosity_field.empty())
      return refuse(
          fmt::format("cannot press the porosity_field of the {} electrode: its points are those of a matrix "
                      "that stays as it is",
                      name));
    if (!electrode.transport_efficiency.by_rule()) {
      if (!electrode.transport_efficiency->is_constant() || !electrode.porosity->is_constant())
        return refuse(
            fmt::format("cannot tell how a transport_efficiency given through the depth follows the {} "
                        "electrode's new porosity; give [{}] bruggeman_exponent instead",
                        name, name));
      electrode.bruggeman = std::log(electrode.transport_efficiency->at(0)) / std::log(electrode.porosity->at(0));
      electrode.transport_efficiency.from = From::rule;
    } else {
      electrode.bruggeman = electrode.bruggeman_exponent();
    }
    for (std::size_t m = 0; m < electrode.materials.size(); ++m)
      electrode.materials[m].active_fraction = electrode.active_fraction(m).scaled(denser);
    electrode.porosity = electrode.porosity->scaled(denser, 1 - denser);  // 1 - (1 - eps)/(1 - Phi)
    return true;
  }

  Draft& draft_;
  const Geometry& geometry_;
  Problems& problems_;
};

}  // namespace

void carve(Draft& draft, const Geometry& geometry, Cell& cell, Problems& problems) {
  Carver carver(draft, geometry, problems);
  carver.carve(word_of(Side::negative), geometry.negative, cell.negative);
  carver.carve(word_of(Side::positive), geometry.positive, cell.positive);
}

void settle_mesh(Draft& draft, const Geometry& geometry) {
  MeshOptions& mesh = draft.mesh;
  const auto missing = [&](const char* key) { return draft.given.count(std::string("mesh.") + key) == 0; };
  const double finer = mesh.fineness == "coarse" ? 0.5 : mesh.fineness == "fine" ? 2 : 1;
  const auto count = [&](const char* key, auto& value, double medium) {
    if (missing(key)) value = static_cast<int>(std::lround(medium * finer));
  };
  for (const char* key : {"negative", "separator", "positive", "width", "height", "shells", "fineness"})
    mesh.fixed = mesh.fixed || !missing(key);
  draft.solver.fixed = draft.given.count("solver.rtol") != 0;
  const bool across = geometry.dimension > 1;
  count("negative", mesh.negative, 20);
  count("positive", mesh.positive, 20);
  if (missing("grading") && across) mesh.grading = 3;
  if (missing("shells")) mesh.shells = mesh.fineness == "coarse" ? 10 : mesh.fineness == "fine" ? 30 : 15;
  count("separator", mesh.separator, 10);
  if (missing("separator") && across) mesh.separator = 0;
  const bool y = geometry.dimension > 1, z = geometry.dimension == 3;
  if (y && mesh.width == 0) mesh.width = static_cast<int>(std::lround(16 * finer));
  if (z && mesh.height == 0) mesh.height = static_cast<int>(std::lround(16 * finer));
  constexpr int fewer_snapshots = 20;  // of many cells each
  if (across && draft.given.count("output.max_snapshots") == 0) draft.output.max_snapshots = fewer_snapshots;
}

}  // namespace porelith
