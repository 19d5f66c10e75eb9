#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "postprocess/pictures.hpp"
#include "postprocess/vtk.hpp"
#include "solver/newman/observables/observables.hpp"

namespace porelith {
namespace {

constexpr int width = 1400, height = 950;                  // [pixels]
constexpr double left = 0.075, right = 0.925;              // of the picture
constexpr double letter = 9.5 / (width * (right - left));  // width of a small letter, of a panel
constexpr double title_distance = 0.058;                   // of the y axes' titles, in panel widths
constexpr std::size_t most_points = 3000;
constexpr const char* voltage_colour = "#222222";
constexpr const char* current_colour = "#009e73";
constexpr const char* plating_colour = "#0072b2";
constexpr const char* salt_colour = "#d55e00";

/// Rows to draw: all, or evenly thinned with every step's first and last row.
std::vector<std::vector<double>> points(const Results& results, double unit) {
  const auto& curve = results.curve;
  std::vector<bool> keep(curve.size());
  for (const std::size_t k : evenly_spread(curve.size(), most_points)) keep[k] = true;
  for (std::size_t k = 1; k < curve.size(); ++k) {
    if (curve[k].step != curve[k - 1].step) keep[k] = keep[k - 1] = true;
  }
  std::vector<std::vector<double>> rows;
  for (std::size_t k = 0; k < curve.size(); ++k) {
    const CurveRow& row = curve[k];
    if (keep[k])
      rows.push_back({row.time / unit, row.voltage(), row.current(), observed(row, "plating_margin"),
                      observed(row, "c_e_min") / 1000});
  }
  return rows;
}

/// The one current of the run, or 0 if it changes.
double constant_current(const Results& results) {
  const double I = results.curve.back().current();
  const auto same = [I](const CurveRow& row) { return std::abs(row.current() - I) <= 1e-6 * std::abs(I); };
  return std::all_of(results.curve.begin(), results.curve.end(), same) ? I : 0;
}

/// Thin lines where steps end.
std::string step_limits(const Results& results, double unit) {
  std::string text;
  for (std::size_t k = 0; k + 1 < results.steps.size(); ++k) {
    text += fmt::format(
        "set arrow from first {0:.6g}, graph 0 to first {0:.6g}, graph 1 nohead back dashtype (6,5) linewidth 1 "
        "linecolor rgb '#999999'\n",
        results.steps[k].end / unit);
  }
  return text;
}

/// Above the steps their names if all of them fit, or else their numbers as far as there is room.
std::string step_labels(const Results& results, double unit, double end) {
  if (results.steps.size() < 2) return "";
  const auto fits = [end](const std::string& text, const StepSummary& step) {
    return static_cast<double>(text.size() + 1) * letter < (step.end - step.start) / end;
  };
  const bool names =
      std::all_of(results.steps.begin(), results.steps.end(), [&](const StepSummary& s) { return fits(s.label, s); });
  std::string text;
  for (std::size_t k = 0; k < results.steps.size(); ++k) {
    const StepSummary& step = results.steps[k];
    const std::string label = names ? step.label : std::to_string(k + 1);
    if (!fits(label, step)) continue;
    text +=
        fmt::format("set label {} noenhanced at first {:.6g}, graph 1.045 center font ',11' textcolor rgb '#666666'\n",
                    gnuplot_text(label), 0.5 * (step.start + step.end) / unit);
  }
  return names ? text
               : text + fmt::format(
                            "set label 'step' at graph -0.008, graph 1.045 right font ',11' textcolor rgb '#666666'\n");
}

std::string panel(double bottom, double top) {
  return fmt::format(
      "set lmargin at screen {}\nset rmargin at screen {}\nset bmargin at screen {}\nset tmargin at screen {}\n", left,
      right, bottom, top);
}

std::string capacity_axis(double current, double end) {
  return fmt::format(
      "set x2range [0:{:.8g}]\nset x2tics nomirror\nset format x2 '%g'\n"
      "set x2label '{} capacity [A h]' offset 0,-0.4 textcolor rgb '#222222'\nset border 7\n",
      std::abs(current) * end / 3600, current > 0 ? "discharged" : "charged");
}

/// Least and greatest finite value of an observable, zero among them.
std::pair<double, double> range_with_zero(const std::vector<CurveRow>& curve, const char* observable) {
  const std::size_t k = observable_called(observable);
  std::pair<double, double> range{0, 0};
  for (const CurveRow& row : curve) {
    if (!std::isfinite(row.values[k])) continue;
    range.first = std::min(range.first, row.values[k]);
    range.second = std::max(range.second, row.values[k]);
  }
  return range;
}

std::string voltage_panel(const Results& results, double end) {
  const double current = constant_current(results);
  std::string text = panel(0.475, current != 0 ? 0.875 : 0.90);
  if (current != 0) text += capacity_axis(current, end);
  text += y_title("voltage [V]", title_distance) + "set offsets 0,0,graph 0.04,graph 0.04\n";
  text += fmt::format("plot $curve using 1:2 with lines linewidth 2.6 linecolor rgb '{}'\n", voltage_colour);
  return text + "set offsets\nunset label\nunset x2tics\nunset x2label\nset border 3\n";
}

std::string current_panel(const Results& results) {
  const auto [low, high] = range_with_zero(results.curve, "current");
  const double pad = 0.15 * (high - low);
  return panel(0.325, 0.435) + y_axis(low - (low < 0 ? pad : 0), high + (high > 0 ? pad : 0), 3) +
         y_title("current [A]", title_distance) +
         fmt::format("plot $curve using 1:3 with lines linewidth 2.6 linecolor rgb '{}'\nunset label\n",
                     current_colour);
}

/// What limits fast charging: plating on the left axis, salt on the right one.
std::string limits_panel(const Results& results, const TimeUnit& unit) {
  const auto [low, high] = range_with_zero(results.curve, "plating_margin");
  const double salt = 1.08 * std::max(range_with_zero(results.curve, "c_e_min").second / 1000, 1e-3);  // [mol/l]
  const double pad = 0.08 * (high - low);
  std::string text = panel(0.085, 0.285) + y_axis(low - (low < 0 ? pad : 0), high + pad, 4);
  if (low < 0) {
    text +=
        "set label 'lithium may plate' at graph 0.008, graph 0 left offset 0,0.8 font ',11' textcolor rgb '#b0665c'\n"
        "set object rectangle from graph 0, graph 0 to graph 1, first 0 behind fillcolor rgb '#fbe9e7' fillstyle solid "
        "noborder\n";
  }
  text += fmt::format("set format x '%g'\nset xlabel 'time [{}]'\nset border 11\n", unit.name);
  text += y_title("plating margin [V]", title_distance, plating_colour);
  text += y_title("least c_e [mol/l]", title_distance, salt_colour, 1);
  text += fmt::format("set y2tics 0,{:.6g} nomirror\n", round_step(salt, 4));
  // The zeros of both axes lie at one height, unless the salt would be squeezed.
  const double salt_low = -low < 2 * high ? salt * (low - (low < 0 ? pad : 0)) / (high + pad) : 0;
  text += fmt::format("set y2range [{:.6g}:{:.6g}]\n", salt_low, salt);
  text += fmt::format(
      "plot $curve using 1:4 with lines linewidth 2.6 linecolor rgb '{}', "
      "$curve using 1:5 axes x1y2 with lines linewidth 2.6 linecolor rgb '{}'\n",
      plating_colour, salt_colour);
  return text;
}

}  // namespace

void add_curve_picture(Gnuplot& gnuplot, const Results& results, const std::string& folder) {
  if (results.curve.size() < 2) return;
  const double end = results.curve.back().time;
  if (!(end > 0)) return;
  const TimeUnit unit = time_unit(end);
  gnuplot.data("$curve", points(results, unit.seconds));

  std::string text = house_style() + "set multiplot\nset format x ''\n" + step_limits(results, unit.seconds);
  text += fmt::format("set xrange [0:{:.6g}]\nunset key\n", end / unit.seconds);
  text += fmt::format("set label 1 {} noenhanced at screen {}, screen 0.968 left font ',17'\n",
                      gnuplot_text(results.title), left);
  text += step_labels(results, unit.seconds, end);
  text += voltage_panel(results, end) + current_panel(results) + limits_panel(results, unit) + "unset multiplot\n";
  gnuplot.picture((std::filesystem::path(folder) / "curve").string(), width, height, text);
}

}  // namespace porelith
