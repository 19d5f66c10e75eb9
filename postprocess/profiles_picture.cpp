#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>

#include "postprocess/pictures.hpp"
#include "solver/results/hdf5.hpp"

namespace porelith {
namespace {

constexpr int width = 1400, height = 950;  // [pixels]
constexpr std::size_t times_shown = 6;
constexpr double micro = 1e-6;

/// One quantity of one snapshot through depth; values on cells, not a number where there are none.
using Values = std::vector<double>;

/// A layer of the cell, through depth [um].
struct Layer {
  const char* name;
  double from, to;
};

std::vector<Layer> layers_of(const Mesh& mesh) {
  std::vector<Layer> layers;
  for (const auto& [region, name] :
       {std::pair{Region::negative, "negative"}, {Region::separator, "separator"}, {Region::positive, "positive"}}) {
    double from = INFINITY, to = -INFINITY;
    for (std::size_t P = 0; P < mesh.region.size(); ++P) {
      if (mesh.region[P] != region) continue;
      for (const int vertex : mesh.vertices[P]) {
        const double x = mesh.points[static_cast<std::size_t>(vertex)][0] / micro;
        from = std::min(from, x);
        to = std::max(to, x);
      }
    }
    if (from < to) layers.push_back({name, from, to});
  }
  return layers;
}

/// Mean over cells of the same depth and region, weighted with their volumes; 1D: the values themselves. A gap between
/// regions where `broken`.
std::vector<std::vector<double>> through_depth(const Mesh& mesh, const Values& values, bool broken) {
  struct Sum {
    double weighted = 0, volume = 0;
  };
  std::map<std::pair<Region, long>, Sum> slices;  // depth in 0.1 nm: equal depths differ by rounding
  for (std::size_t P = 0; P < values.size(); ++P) {
    Sum& slice = slices[{mesh.region[P], std::lround(mesh.centre[P][0] / 1e-10)}];
    slice.weighted += mesh.volume[P] * values[P];
    slice.volume += mesh.volume[P];
  }
  std::vector<std::vector<double>> rows;
  Region before = mesh.region.front();
  for (const auto& [place, sum] : slices) {
    if (broken && place.first != before) rows.emplace_back();
    before = place.first;
    if (std::isfinite(sum.weighted))
      rows.push_back({static_cast<double>(place.second) * 1e-10 / micro, sum.weighted / sum.volume});
  }
  return rows;
}

/// c_ss/c_s_max on cells; in a blend of its first material.
Values stoichiometry(const Results& results, const Snapshot& snapshot) {
  Values values(results.mesh.region.size(), NAN);
  for (std::size_t b = results.beds.size(); b-- > 0;) {
    const Bed& bed = results.beds[b];
    for (std::size_t i = 0; i < bed.cells.size(); ++i) {
      values[static_cast<std::size_t>(bed.cells[i])] = snapshot.c_ss[b][i] / bed.c_s_max;
    }
  }
  return values;
}

Values scaled(Values values, double factor) {
  for (double& value : values) value *= factor;
  return values;
}

Values reaction(const Results& results, const Snapshot& snapshot) {
  Values values = scaled(reaction_rate(results, snapshot), 1e-6);  // A.cm-3
  for (std::size_t P = 0; P < values.size(); ++P) {
    if (results.mesh.region[P] == Region::separator) values[P] = NAN;
  }
  return values;
}

/// phi_e less its mean in the separator [mV]: what drives the current, without the cell's charging as a whole.
Values electrolyte_potential(const Results& results, const Snapshot& snapshot) {
  double sum = 0, volume = 0;
  for (std::size_t P = 0; P < snapshot.phi_e.size(); ++P) {
    if (results.mesh.region[P] != Region::separator) continue;
    sum += results.mesh.volume[P] * snapshot.phi_e[P];
    volume += results.mesh.volume[P];
  }
  Values values = snapshot.phi_e;
  for (double& value : values) value = 1000 * (value - (volume > 0 ? sum / volume : 0));
  return values;
}

struct Quantity {
  const char* label;
  const char* range;  ///< gnuplot's, with the space left below and above; from zero where less has no meaning
  bool broken;        ///< only in the electrodes
  Values (*of)(const Results&, const Snapshot&);
};

const Quantity quantities[] = {
    {"salt concentration  c_e  [mol/l]", "[0:*]\nset offsets 0,0,graph 0.06,0", false,
     [](const Results&, const Snapshot& s) { return scaled(s.c_e, 1e-3); }},
    {"reaction rate  [A/cm^3]", "[*:*]\nset offsets 0,0,graph 0.06,graph 0.06", true, reaction},
    {"φ_e  against the separator  [mV]", "[*:*]\nset offsets 0,0,graph 0.06,graph 0.06", false, electrolyte_potential},
    {"surface stoichiometry", "[0:1]\nset offsets 0,0,0,0", true, stoichiometry},
};

/// The snapshots nearest to evenly spread times, first and last among them, each once.
std::vector<std::size_t> chosen_snapshots(const std::vector<Snapshot>& snapshots) {
  std::vector<std::size_t> chosen;
  const double first = snapshots.front().time, last = snapshots.back().time;
  for (std::size_t n = 0; n < times_shown; ++n) {
    const double wanted = first + (last - first) * static_cast<double>(n) / (times_shown - 1);
    const auto nearer = [wanted](const Snapshot& a, const Snapshot& b) {
      return std::abs(a.time - wanted) < std::abs(b.time - wanted);
    };
    const auto k =
        static_cast<std::size_t>(std::min_element(snapshots.begin(), snapshots.end(), nearer) - snapshots.begin());
    if (chosen.empty() || chosen.back() < k) chosen.push_back(k);
  }
  return chosen;
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

std::string margins(std::size_t panel) {
  const double x = panel % 2 ? 0.57 : 0.075, y = panel < 2 ? 0.505 : 0.085;
  return fmt::format(
      "set lmargin at screen {}\nset rmargin at screen {}\nset bmargin at screen {}\nset tmargin at screen {}\n", x,
      x + 0.41, y, y + 0.36);
}

/// The times and their colours, in a row under the title.
std::string legend(const std::vector<double>& times, const TimeUnit& unit, const std::vector<std::string>& colours) {
  std::string text;
  double x = 0.075;
  for (std::size_t n = 0; n < times.size(); ++n) {
    const std::string label = fmt::format("{:.3g} {}", times[n] / unit.seconds, unit.name);
    text += fmt::format(
        "set arrow from screen {:.4f}, screen 0.928 to screen {:.4f}, screen 0.928 nohead linewidth 3 linecolor rgb "
        "'{}'\n",
        x, x + 0.022, colours[n]);
    text +=
        fmt::format("set label '{}' at screen {:.4f}, screen 0.928 left textcolor rgb '#222222'\n", label, x + 0.027);
    x += 0.027 + 0.0085 * static_cast<double>(label.size()) + 0.022;
  }
  return text;
}

}  // namespace

void add_profiles_picture(Gnuplot& gnuplot, const Results& results, const std::string& folder) {
  const std::vector<Layer> layers = layers_of(results.mesh);
  if (results.snapshots.empty() || layers.empty()) return;
  const std::vector<std::size_t> shown = chosen_snapshots(results.snapshots);
  const std::vector<std::string> colours = ramp(shown.size());
  const double depth = layers.back().to;
  std::vector<double> times;
  for (const std::size_t n : shown) times.push_back(results.snapshots[n].time);

  std::string text = house_style() + "set multiplot\nunset key\n" + shading(layers);
  text += fmt::format("set xrange [0:{:.6g}]\n", depth);
  text += fmt::format("set label {} noenhanced at screen 0.075, screen 0.968 left font ',17'\n",
                      gnuplot_text(results.title));
  text += legend(times, time_unit(times.back()), colours);
  for (std::size_t q = 0; q < 4; ++q) {
    const Quantity& quantity = quantities[q];
    text += margins(q) + y_title(quantity.label, 0.142) + fmt::format("set yrange {}\n", quantity.range);
    text +=
        q < 2 ? "set format x ''\n" : "set format x '%g'\nset xlabel 'distance from the negative collector  [µm]'\n";
    text += q < 2 ? layer_names(layers, depth) : "";
    for (std::size_t n = 0; n < shown.size(); ++n) {
      const std::string name = fmt::format("$profile_{}_{}", q, n);
      gnuplot.data(name,
                   through_depth(results.mesh, quantity.of(results, results.snapshots[shown[n]]), quantity.broken));
      text += fmt::format("{}{} using 1:2 with lines linewidth 2.4 linecolor rgb '{}'", n ? ", " : "plot ", name,
                          colours[n]);
    }
    text += "\nunset label\nunset arrow\n";
  }
  gnuplot.picture((std::filesystem::path(folder) / "profiles").string(), width, height, text + "unset multiplot\n");
}

}  // namespace porelith
