#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "postprocess/pictures.hpp"
#include "postprocess/vtk.hpp"
#include "solver/base/error.hpp"
#include "solver/newman/observables/observables.hpp"

namespace porelith {
namespace {

constexpr int width = 1200;                // [pixels]
constexpr std::size_t most_points = 2000;  // a curve
constexpr std::size_t most_distinct = 4;   // more curves than this are a series

/// What capacities are drawn in.
struct CapacityAxis {
  double sign;    ///< -1 where the runs mainly charge
  bool per_area;  ///< [mA.h.cm-2], else [A.h]
  std::string label() const {
    return fmt::format("{} capacity [{}]", sign > 0 ? "discharged" : "charged", per_area ? "mA h/cm^2" : "A h");
  }
  double value(const CurveRow& row, const LabelledCurve& curve) const {
    const double amperehours = sign * row.charge() / 3600;
    return per_area ? amperehours * 1000 / (curve.area * 1e4) : amperehours;
  }
};

CapacityAxis capacity_axis(const std::vector<LabelledCurve>& curves) {
  double discharged = 0, charged = 0;
  for (const LabelledCurve& curve : curves) {
    for (const CurveRow& row : curve.rows) {
      discharged = std::max(discharged, row.charge());
      charged = std::max(charged, -row.charge());
    }
  }
  const bool per_area = std::all_of(curves.begin(), curves.end(), [](const LabelledCurve& c) { return c.area > 0; });
  return {charged > discharged ? -1.0 : 1.0, per_area};
}

double greatest_capacity(const std::vector<LabelledCurve>& curves, const CapacityAxis& axis) {
  double greatest = 0;
  for (const LabelledCurve& curve : curves) {
    for (const CurveRow& row : curve.rows) greatest = std::max(greatest, axis.value(row, curve));
  }
  return greatest > 0 ? greatest : 1;
}

std::vector<std::vector<double>> points(const LabelledCurve& curve, const CapacityAxis& axis) {
  std::vector<std::vector<double>> rows;
  for (const std::size_t k : evenly_spread(curve.rows.size(), most_points)) {
    const CurveRow& row = curve.rows[k];
    rows.push_back({axis.value(row, curve), row.voltage(), observed(row, "plating_margin") * 1000});
  }
  return rows;
}

std::string lines(const std::vector<LabelledCurve>& curves, const std::string& data, int column) {
  const std::vector<std::string> colours = curves.size() > most_distinct ? ramp(curves.size()) : distinct_colours();
  std::string text;
  for (std::size_t k = 0; k < curves.size(); ++k) {
    text += fmt::format("{}{}_{} using 1:{} with lines linewidth 2.6 linecolor rgb '{}' title {}", k ? ", " : "plot ",
                        data, k, column, colours[k], gnuplot_text(curves[k].label));
  }
  return text + "\n";
}

std::string margins(double bottom, double top) {
  return fmt::format(
      "set lmargin at screen 0.085\nset rmargin at screen 0.975\nset bmargin at screen {}\nset tmargin at screen {}\n",
      bottom, top);
}

/// Below zero lithium metal may plate: that part of the panel is tinted.
std::string plating_panel(const std::vector<LabelledCurve>& curves, const std::string& data) {
  double low = 0, high = 1;  // [mV]
  for (const LabelledCurve& curve : curves) {
    for (const CurveRow& row : curve.rows) {
      const double margin = observed(row, "plating_margin") * 1000;
      if (!std::isfinite(margin)) continue;
      low = std::min(low, margin);
      high = std::max(high, margin);
    }
  }
  const double pad = 0.06 * (high - low);
  std::string text = "unset key\n" + y_title("plating margin [mV]", 0.068);
  text += y_axis(low - (low < 0 ? pad : 0), high + pad, 4);
  if (low < 0) {
    text +=
        "set label 'lithium may plate' at graph 0.01, graph 0 left offset 0,0.8 font ',11' textcolor rgb '#b0665c'\n"
        "set object rectangle from graph 0, graph 0 to graph 1, first 0 behind fillcolor rgb '#fbe9e7' fillstyle solid "
        "noborder\n";
  }
  return text + lines(curves, data, 3);
}

}  // namespace

void add_comparison_picture(Gnuplot& gnuplot, const std::vector<LabelledCurve>& curves, const std::string& stem,
                            const std::string& title) {
  const CapacityAxis axis = capacity_axis(curves);
  const bool charging = axis.sign < 0;
  const std::string data = gnuplot.fresh_name();
  for (std::size_t k = 0; k < curves.size(); ++k) gnuplot.data(fmt::format("{}_{}", data, k), points(curves[k], axis));

  std::string text = house_style() + "set multiplot\nset offsets 0,0,graph 0.03,graph 0.03\n";
  text += fmt::format("set xrange [0:{:.6g}]\n", 1.03 * greatest_capacity(curves, axis));
  if (!title.empty()) {
    text +=
        fmt::format("set label 1 {} noenhanced at screen 0.085, screen 0.96 left font ',16'\n", gnuplot_text(title));
  }
  text += fmt::format("set key {} reverse Left\n", charging ? "right bottom" : "right top");
  text += y_title("voltage [V]", 0.068);
  text += charging ? "set format x ''\n" : fmt::format("set xlabel '{}'\n", axis.label());
  text += margins(charging ? 0.43 : 0.11, title.empty() ? 0.97 : 0.92) + lines(curves, data, 2) + "unset label\n";
  if (charging) {
    text += fmt::format("set format x '%g'\nset xlabel '{}'\nset offsets 0,0,0,0\n", axis.label());
    text += margins(0.1, 0.38) + plating_panel(curves, data);
  }
  gnuplot.picture(stem, width, charging ? 900 : 750, text + "unset multiplot\n");
}

Drawn draw_comparison(const std::vector<LabelledCurve>& curves, const std::string& png, const std::string& title) {
  const std::filesystem::path path(png);
  if (path.extension() != ".png") throw WriteError(fmt::format("cannot draw {}: a picture's name ends in .png", png));
  if (curves.empty()) throw WriteError(fmt::format("cannot draw {}: there is no curve to draw", png));
  Gnuplot gnuplot;
  add_comparison_picture(gnuplot, curves, (path.parent_path() / path.stem()).string(), title);
  return gnuplot.draw();
}

std::vector<LabelledCurve> curves_of_steps(const Results& results, double sign) {
  std::vector<LabelledCurve> curves;
  std::vector<std::vector<CurveRow>> rows(results.steps.size());
  const std::size_t charge = observable_called("charge");
  for (const CurveRow& row : results.curve) {
    if (row.step >= 0 && row.step < static_cast<int>(rows.size()))
      rows[static_cast<std::size_t>(row.step)].push_back(row);
  }
  for (std::size_t k = 0; k < rows.size(); ++k) {
    if (rows[k].size() < 3) continue;
    const CurveRow start = rows[k].front();
    const double I = rows[k].back().current();
    // The first row of a step may still carry the current of the one before.
    const auto constant = [I](const CurveRow& row) { return std::abs(row.current() - I) <= 1e-6 * std::abs(I); };
    if (!(I * sign > 0) || !std::all_of(rows[k].begin() + 1, rows[k].end(), constant)) continue;
    for (CurveRow& row : rows[k]) row.values[charge] -= start.charge();
    const std::string& label = results.steps[k].label;
    const auto alike = [&](const StepSummary& step) { return step.label == label; };
    const bool repeated = std::count_if(results.steps.begin(), results.steps.end(), alike) > 1;
    curves.push_back({repeated ? fmt::format("{} (step {})", label, k + 1) : label, std::move(rows[k]), 0});
  }
  return curves;
}

}  // namespace porelith
