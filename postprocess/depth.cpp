#include "postprocess/depth.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>

#include "meshes/matrix_part.hpp"
#include "meshes/region_names.hpp"
#include "solver/results/hdf5.hpp"

namespace porelith {
namespace {

constexpr double micro = 1e-6;
constexpr double same_depth = 1e-10;  // [m] equal depths differ by rounding
constexpr std::size_t most_slices = 500;
constexpr int slices_made = 60;

struct Sum {
  double weighted = 0, weight = 0;
};
/// By region and depth in units of `same_depth`.
using Slices = std::map<std::pair<double, double>, Sum>;

Slices slices_of(const Cells& mesh, const CellValues& values, const CellValues& weight, const Team& team) {
  Slices mine;
  for (std::size_t P = 0; P < values.size(); ++P) {
    if (!std::isfinite(values[P])) continue;
    Sum& slice = mine[{static_cast<double>(mesh.region[P]), std::round(mesh.centre[P][0] / same_depth)}];
    slice.weighted += weight[P] * values[P];
    slice.weight += weight[P];
  }
  std::vector<double> flat;
  for (const auto& [place, sum] : mine) flat.insert(flat.end(), {place.first, place.second, sum.weighted, sum.weight});
  const std::vector<double> all = team.gather(flat);
  Slices slices;
  for (std::size_t k = 0; k + 3 < all.size(); k += 4) {
    Sum& slice = slices[{all[k], all[k + 1]}];
    slice.weighted += all[k + 2];
    slice.weight += all[k + 3];
  }
  return slices;
}

/// Of many depths a few: each slice gets the mean of what lies in it, at its middle.
Slices fewer(const Slices& slices) {
  double from = INFINITY, to = -INFINITY;
  for (const auto& [place, sum] : slices) from = std::min(from, place.second), to = std::max(to, place.second);
  const double step = (to - from) / slices_made;
  Slices few;
  for (const auto& [place, sum] : slices) {
    const double middle = from + step * (std::min(std::floor((place.second - from) / step), slices_made - 1.0) + 0.5);
    Sum& slice = few[{place.first, middle}];
    slice.weighted += sum.weighted;
    slice.weight += sum.weight;
  }
  return few;
}

}  // namespace

std::vector<Layer> layers_of(const Cells& mesh, const Team& team) {
  std::vector<Layer> layers;
  for (const Region region : {Region::negative, Region::separator, Region::positive}) {
    double from = 1e300, to = -1e300;
    for (std::size_t P = 0; P < mesh.region.size(); ++P) {
      if (mesh.region[P] != region) continue;
      for (const int vertex : mesh.vertices[P]) {
        const double x = mesh.points[static_cast<std::size_t>(vertex)][0] / micro;
        from = std::min(from, x);
        to = std::max(to, x);
      }
    }
    from = team.min(from);
    to = team.max(to);
    if (from < to) layers.push_back({name_of(region).c_str(), from, to});
  }
  return layers;
}

std::vector<std::vector<double>> through_depth(const Cells& mesh, const CellValues& values, const CellValues& weight,
                                               bool broken, const Team& team) {
  Slices slices = slices_of(mesh, values, weight, team);
  if (slices.size() > most_slices) slices = fewer(slices);
  std::vector<std::vector<double>> rows;
  double before = -1;
  for (const auto& [place, sum] : slices) {
    if (broken && before >= 0 && place.first != before) rows.emplace_back();
    before = place.first;
    if (sum.weight > 0) rows.push_back({place.second * same_depth / micro, sum.weighted / sum.weight});
  }
  return rows;
}

CellValues reaction_in_electrodes(const Results& results, const Snapshot& snapshot) {
  CellValues values = reaction_rate(results, snapshot);
  for (std::size_t P = 0; P < values.size(); ++P) {
    const double matrix = counted_matrix(results.mesh.matrix_of(static_cast<int>(P)));
    values[P] = matrix > 0 && results.eps_s[P] > 0 ? values[P] * 1e-6 / matrix : NAN;  // A.cm-3
  }
  return values;
}

std::string shading(const std::vector<Layer>& layers) {
  std::string text;
  for (const Layer& layer : layers) {
    if (std::string(layer.name) == "separator") continue;
    text += fmt::format(
        "set object rectangle from first {:.6g}, graph 0 to first {:.6g}, graph 1 behind fillcolor rgb '#f3f5f8' "
        "fillstyle solid noborder\n",
        layer.from, layer.to);
  }
  return text;
}

std::string layer_names(const std::vector<Layer>& layers, double depth) {
  std::string text;
  for (const Layer& layer : layers) {
    // About 75 letters of this size fit a panel.
    const bool fits = static_cast<double>(std::string(layer.name).size()) / 75 < (layer.to - layer.from) / depth;
    text += fmt::format("set label '{}' at first {:.6g}, graph 1.04 center font ',11' textcolor rgb '#666666'\n",
                        fits ? layer.name : "sep.", 0.5 * (layer.from + layer.to));
  }
  return text;
}

}  // namespace porelith
