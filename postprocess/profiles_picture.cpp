#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "postprocess/depth.hpp"
#include "postprocess/pictures.hpp"

namespace porelith {
namespace {

constexpr int width = 1400, height = 950;  // [pixels]
constexpr std::size_t times_shown = 6;

/// c_ss/c_s_max on cells; in a blend of its first material.
CellValues stoichiometry(const Results& results, const Snapshot& snapshot, const Team&) {
  CellValues values(results.mesh.region.size(), NAN);
  for (std::size_t b = results.beds.size(); b-- > 0;) {
    const Bed& bed = results.beds[b];
    for (std::size_t i = 0; i < bed.cells.size(); ++i) {
      values[static_cast<std::size_t>(bed.cells[i])] = snapshot.c_ss[b][i] / bed.c_s_max;
    }
  }
  return values;
}

CellValues salt(const Results&, const Snapshot& snapshot, const Team&) {
  CellValues values = snapshot.c_e;
  for (double& value : values) value *= 1e-3;  // mol/l
  return values;
}

CellValues reaction(const Results& results, const Snapshot& snapshot, const Team&) {
  return reaction_in_electrodes(results, snapshot);
}

/// phi_e less its mean in the separator [mV]: what drives the current, without the cell's charging as a whole.
CellValues electrolyte_potential(const Results& results, const Snapshot& snapshot, const Team& team) {
  double sum = 0, volume = 0;
  for (std::size_t P = 0; P < snapshot.phi_e.size(); ++P) {
    if (results.mesh.region[P] != Region::separator) continue;
    sum += results.mesh.volume[P] * snapshot.phi_e[P];
    volume += results.mesh.volume[P];
  }
  sum = team.sum(sum);
  volume = team.sum(volume);
  CellValues values = snapshot.phi_e;
  for (double& value : values) value = 1000 * (value - (volume > 0 ? sum / volume : 0));
  return values;
}

/// What a cell counts in a mean: the share of its volume that the quantity belongs to.
CellValues weights(const Results& results, std::vector<double> Results::*share) {
  CellValues weight = results.*share;
  for (std::size_t P = 0; P < weight.size(); ++P) weight[P] *= results.mesh.volume[P];
  return weight;
}

struct Quantity {
  const char* label;
  const char* range;  ///< gnuplot's, with the space left below and above; from zero where less has no meaning
  bool broken;        ///< only in the electrodes
  std::vector<double> Results::*share;  ///< of a cell's volume
  CellValues (*of)(const Results&, const Snapshot&, const Team&);
};

const Quantity quantities[] = {
    {"salt concentration  c_e  [mol/l]", "[0:*]\nset offsets 0,0,graph 0.06,0", false, &Results::eps, salt},
    {"reaction rate  [A/cm^3]", "[*:*]\nset offsets 0,0,graph 0.06,graph 0.06", true, &Results::eps_s, reaction},
    {"φ_e  against the separator  [mV]", "[*:*]\nset offsets 0,0,graph 0.06,graph 0.06", false, &Results::eps,
     electrolyte_potential},
    {"surface stoichiometry", "[0:1]\nset offsets 0,0,0,0", true, &Results::eps_s, stoichiometry},
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

void add_profiles_picture(Gnuplot& gnuplot, const Results& results, const std::string& folder, const Team& team) {
  const std::vector<Layer> layers = layers_of(results.mesh, team);
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
  if (results.mesh.dimension > 1)
    text += "set label 'means over cells of equal depth' at screen 0.98, screen 0.968 right textcolor rgb '#666666'\n";
  text += legend(times, time_unit(times.back()), colours);
  for (std::size_t q = 0; q < 4; ++q) {
    const Quantity& quantity = quantities[q];
    text += margins(q) + y_title(quantity.label, 0.142) + fmt::format("set yrange {}\n", quantity.range);
    text +=
        q < 2 ? "set format x ''\n" : "set format x '%g'\nset xlabel 'distance from the negative collector  [µm]'\n";
    text += q < 2 ? layer_names(layers, depth) : "";
    for (std::size_t n = 0; n < shown.size(); ++n) {
      const std::string name = fmt::format("$profile_{}_{}", q, n);
      const CellValues values = quantity.of(results, results.snapshots[shown[n]], team);
      gnuplot.data(name, through_depth(results.mesh, values, weights(results, quantity.share), quantity.broken, team));
      text += fmt::format("{}{} using 1:2 with lines linewidth 2.4 linecolor rgb '{}'", n ? ", " : "plot ", name,
                          colours[n]);
    }
    text += "\nunset label\nunset arrow\n";
  }
  gnuplot.picture((std::filesystem::path(folder) / "profiles").string(), width, height, text + "unset multiplot\n");
}

}  // namespace porelith
