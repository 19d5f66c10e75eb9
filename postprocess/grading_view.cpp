#include "postprocess/grading_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>

namespace porelith {
namespace {

constexpr double micro = 1e6;
constexpr int width = 1400, row_height = 460, head = 40, foot = 60, key_line = 30;  // [pixels]

bool is_plane(const GradingView& view) {
  return std::any_of(view.across.begin(), view.across.end(), [&](const auto& a) { return a != view.across.front(); });
}

double thickness(const GradingView& view) {
  double most = 0;
  for (const auto& [from, to] : view.depth) most = std::max(most, to);
  return most;
}

/// Means of what lies at one depth, as steps.
std::vector<std::vector<double>> steps(const GradingView& view, const std::vector<double>& eps) {
  std::map<std::pair<double, double>, std::pair<double, double>> slices;  // depth -> volume, pores
  for (std::size_t i = 0; i < eps.size(); ++i) {
    auto& slice = slices[{view.depth[i][0], view.depth[i][1]}];
    slice.first += view.volume[i], slice.second += view.volume[i] * eps[i];
  }
  std::vector<std::vector<double>> rows;
  for (const auto& [depth, sums] : slices) {
    rows.push_back({depth.first * micro, sums.second / sums.first});
    rows.push_back({depth.second * micro, sums.second / sums.first});
  }
  return rows;
}

/// @param right of the panel, for what stands there
std::string margins(std::size_t column, std::size_t columns, double right, double bottom, double top) {
  const double share = 1.0 / static_cast<double>(columns), left = static_cast<double>(column) * share;
  return fmt::format(
      "set lmargin at screen {:.4f}\nset rmargin at screen {:.4f}\nset bmargin at screen {:.4f}\n"
      "set tmargin at screen {:.4f}\n",
      left + 0.075, left + share - right, bottom, top);
}

std::string field_panel(Gnuplot& gnuplot, const GradingView& view) {
  const std::string name = gnuplot.fresh_name();
  std::vector<std::vector<double>> rows;
  double reach = 0;
  for (std::size_t i = 0; i < view.depth.size(); ++i) {
    const auto [x0, x1] = view.depth[i];
    const auto [y0, y1] = view.across[i];
    reach = std::max(reach, y1);
    rows.push_back({(x0 + x1) / 2 * micro, (y0 + y1) / 2 * micro, x0 * micro, x1 * micro, y0 * micro, y1 * micro,
                    view.designs.front().second[i]});
  }
  gnuplot.data(name, rows);
  const auto colours = ramp(9);
  std::string palette;
  for (std::size_t k = 0; k < colours.size(); ++k) palette += fmt::format("{}{} '{}'", k ? ", " : "", k, colours[k]);
  return fmt::format(
      "set format cb '%.2f'\nset palette defined ({})\nset cbrange [{:.4g}:{:.4g}]\nset colorbox vertical user origin "
      "graph 1.01,0 size "
      "0.01,graph 1\nset xrange [0:{:.6g}]\nset yrange [0:{:.6g}]\nset ylabel 'across  [µm]' offset -0.5\nunset "
      "xlabel\n"
      "plot {} using 1:2:3:4:5:6:7 with boxxyerror fillstyle solid noborder fillcolor palette\nunset colorbox\n",
      palette, view.low, view.high, thickness(view) * micro, reach * micro, name);
}

std::string depth_panel(Gnuplot& gnuplot, const GradingView& view) {
  const auto colours = distinct_colours();
  std::string text = fmt::format(
      "set xrange [0:{:.6g}]\nset xlabel 'depth from collector to separator, as thick as at the start  [µm]'\nset "
      "ylabel 'porosity' offset -0.5\n"
      "set yrange [{:.4g}:{:.4g}]\nset ytics autofreq\nplot ",
      thickness(view) * micro, std::max(0.0, view.low - 0.04), std::min(1.0, view.high + 0.04));
  for (std::size_t k = 0; k < view.designs.size(); ++k) {
    const std::string name = gnuplot.fresh_name();
    gnuplot.data(name, steps(view, view.designs[k].second));
    text += fmt::format("{}{} using 1:2 with lines linewidth {} linecolor rgb '{}'", k ? ", " : "", name,
                        k == 0 ? 3.2 : 1.8, colours[k % colours.size()]);
  }
  return text + "\n";
}

/// Names in the designs' colours, in one row.
std::string legend(const GradingView& view, double y) {
  const auto colours = distinct_colours();
  const double pitch = 0.9 / static_cast<double>(view.designs.size());
  std::string text;
  for (std::size_t k = 0; k < view.designs.size(); ++k) {
    const double x = 0.075 + static_cast<double>(k) * pitch;
    text += fmt::format(
        "set arrow from screen {0:.4f}, screen {1:.4f} to screen {2:.4f}, screen {1:.4f} nohead linewidth 2.6 "
        "linecolor "
        "rgb '{3}'\nset label {4} at screen {5:.4f}, screen {1:.4f} left noenhanced textcolor rgb '#222222'\n",
        x, y, x + 0.022, colours[k % colours.size()], gnuplot_text(view.designs[k].first), x + 0.027);
  }
  return text;
}

}  // namespace

Drawn draw_gradings(const std::vector<GradingView>& gradings, const std::string& folder) {
  const bool plane = std::any_of(gradings.begin(), gradings.end(), is_plane);
  const int height = head + key_line + (plane ? 2 : 1) * row_height + foot;
  const auto at = [&](double pixels_from_top) { return 1 - pixels_from_top / height; };
  Gnuplot gnuplot;
  std::string text = house_style() + "set multiplot\nunset key\n" + legend(gradings.front(), at(22));
  for (std::size_t k = 0; k < gradings.size(); ++k) {
    double top = head + key_line;
    const std::string title = fmt::format("set title {} noenhanced offset 0,-0.4\n", gnuplot_text(gradings[k].title));
    if (plane) {
      text += margins(k, gradings.size(), plane ? 0.075 : 0.03, at(top + row_height - 60), at(top)) + title +
              field_panel(gnuplot, gradings[k]);
      if (k == 0) text += "unset arrow\nunset label\n";
      top += row_height;
    }
    text += margins(k, gradings.size(), plane ? 0.075 : 0.03, at(top + row_height - 20), at(top)) +
            (plane ? "unset title\n" : title) + depth_panel(gnuplot, gradings[k]);
    text += "unset arrow\nunset label\n";
  }
  gnuplot.picture((std::filesystem::path(folder) / "grading").string(), width, height, text + "unset multiplot\n");
  return gnuplot.draw();
}

}  // namespace porelith
