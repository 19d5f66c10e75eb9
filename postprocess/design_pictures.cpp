#include "postprocess/design_pictures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "postprocess/pictures.hpp"
#include "solver/base/whole_file.hpp"
#include "solver/newman/observables/observables.hpp"
#include "solver/results/hdf5.hpp"

namespace porelith {
namespace {

constexpr double micro = 1e-6;
constexpr double most_margin = 150;  // drawn [mV]
const char* const grey = "#999999";

/// Baseline grey, optimum blue, rivals in the next colours.
std::string colour_of(std::size_t run) { return run == 0 ? grey : distinct_colours()[run - 1]; }

std::string margins(double left, double right, double bottom, double top) {
  return fmt::format(
      "set lmargin at screen {}\nset rmargin at screen {}\nset bmargin at screen {}\nset tmargin at screen {}\n", left,
      right, bottom, top);
}

/// Left and right face of a control volume of a layered mesh, from the middle of the separator [um].
std::pair<double, double> faces(const Cells& mesh, std::size_t P, double middle) {
  double from = INFINITY, to = -INFINITY;
  for (const int vertex : mesh.vertices[P]) {
    const double x = mesh.points[static_cast<std::size_t>(vertex)][0];
    from = std::min(from, x), to = std::max(to, x);
  }
  return {(from - middle) / micro, (to - middle) / micro};
}

/// Middle of the separator [m]
double middle_of(const Cells& mesh) {
  double from = INFINITY, to = -INFINITY;
  for (std::size_t P = 0; P < mesh.region.size(); ++P) {
    if (mesh.region[P] != Region::separator) continue;
    const auto [left, right] = faces(mesh, P, 0);
    from = std::min(from, left), to = std::max(to, right);
  }
  return 0.5 * (from + to) * micro;
}

/// Steps of porosity through one electrode.
std::vector<std::vector<double>> porosity(const Results& r, Region region) {
  const double middle = middle_of(r.mesh);
  std::vector<std::vector<double>> rows;
  for (std::size_t P = 0; P < r.eps.size(); ++P) {
    if (r.mesh.region[P] != region) continue;
    const auto [from, to] = faces(r.mesh, P, middle);
    rows.push_back({from, r.eps[P]});
    rows.push_back({to, r.eps[P]});
  }
  return rows;
}

std::string with_unit(const DesignOutcome& o, double value) {
  return fmt::format("{:#.4g}{}{}", value, o.objective_unit.empty() ? "" : " ",
                     o.objective_unit == "A.h" ? "A h" : o.objective_unit);
}

/// Objective of a run on the finer mesh: baseline, optimum, rivals in order.
double value_of(const DesignOutcome& o, std::size_t run) {
  return run == 0 ? o.baseline.value_finer : run == 1 ? o.optimum.value_finer : o.rivals.at(run - 2).value_finer;
}

/// A panel for each design, all on the same axes.
void add_design(Gnuplot& gnuplot, const DesignOutcome& o, const std::vector<NamedRun>& runs, const std::string& stem) {
  constexpr double panel = 150, gap = 52, foot = 62;  // pixels
  const std::size_t columns = 2, lines = (runs.size() + 1) / columns;
  const double height = static_cast<double>(lines) * (panel + gap) + foot;
  double reach = 0, most = 0;
  for (const NamedRun& run : runs)
    for (const Region region : {Region::negative, Region::positive})
      for (const auto& row : porosity(run.results, region))
        reach = std::max(reach, std::abs(row[0])), most = std::max(most, row[1]);
  std::string text =
      house_style() + "set multiplot\nunset key\n" + y_axis(0, 1.08 * most, 3) +
      fmt::format("set xrange [{:.6g}:{:.6g}]\nset style fill solid 0.55 noborder\n", -1.04 * reach, 1.04 * reach);
  for (std::size_t k = 0; k < runs.size(); ++k) {
    const std::size_t line = k / columns, column = k % columns;
    const double top = height - gap - static_cast<double>(line) * (panel + gap);
    const bool last = k + columns >= runs.size();
    text += margins(column ? 0.56 : 0.07, column ? 0.985 : 0.495, (top - panel) / height, top / height);
    text +=
        fmt::format("unset label\nset label 1 {} at graph 0, graph 1.13 left noenhanced textcolor rgb '{}'\n",
                    gnuplot_text(runs[k].name + ":  " + with_unit(o, value_of(o, k))), k == 1 ? "#0072b2" : "#222222");
    text += column ? "set format y ''\n" : "set format y '%g'\n";
    text += last ? "set format x '%g'\nset xlabel 'distance from the middle of the separator  [µm]'\n"
                 : "set format x ''\nunset xlabel\n";
    const std::string negative = gnuplot.fresh_name(), positive = gnuplot.fresh_name();
    gnuplot.data(negative, porosity(runs[k].results, Region::negative));
    gnuplot.data(positive, porosity(runs[k].results, Region::positive));
    text += fmt::format(
        "plot {} using 1:2 with filledcurves y1=0 linecolor rgb '#0072b2', {} using 1:2 with "
        "filledcurves y1=0 linecolor rgb '#d55e00'\n",
        negative, positive);
  }
  gnuplot.picture(stem, 1100, static_cast<int>(height), text + "unset multiplot\n");
}

/// Voltage and plating margin over the charge that the last step passed.
void add_charges(Gnuplot& gnuplot, const std::vector<NamedRun>& runs, const std::string& stem) {
  std::vector<std::string> names;
  double low = 0, high = 0;
  for (const NamedRun& run : runs) {
    names.push_back(gnuplot.fresh_name());
    std::vector<std::vector<double>> rows;
    const int last = static_cast<int>(run.results.steps.size()) - 1;
    double first = NAN;
    for (const CurveRow& row : run.results.curve) {
      if (row.step != last) continue;
      if (std::isnan(first)) first = row.charge();
      const double margin = 1000 * observed(row, "plating_margin");
      rows.push_back({std::abs(row.charge() - first) / 3600, row.voltage(), margin});
      if (std::isfinite(margin)) low = std::min(low, margin), high = std::max(high, margin);
    }
    gnuplot.data(names.back(), rows);
  }
  const auto lines = [&](int column) {
    std::string plot = "plot ";
    for (std::size_t k = 0; k < runs.size(); ++k)
      plot += fmt::format("{}{} using 1:{} with lines linewidth {} linecolor rgb '{}' title {}", k ? ", " : "",
                          names[k], column, k == 1 ? 3.4 : 2.2, colour_of(k), gnuplot_text(runs[k].name));
    return plot + "\n";
  };
  high = std::min(high, most_margin);  // where the charge begins it is large and of no interest
  const double pad = 0.06 * (high - low);
  std::string text =
      house_style() + "set multiplot\nset xrange [0:*]\nset offsets 0,graph 0.02,graph 0.03,graph 0.03\n";
  text += margins(0.09, 0.97, 0.53, 0.96) + y_title("voltage [V]", 0.072) + "set format x ''\nset key right bottom\n" +
          lines(2);
  text +=
      "unset label\nunset key\nset offsets 0,graph 0.02,0,0\nset format x '%g'\nset xlabel 'charge of the step  [A "
      "h]'\n";
  text += margins(0.09, 0.97, 0.1, 0.49) + y_title("plating margin [mV]", 0.072) + y_axis(low - pad, high + pad, 4);
  text +=
      "set object rectangle from graph 0, graph 0 to graph 1, first 0 behind fillcolor rgb '#fbe9e7' fillstyle solid "
      "noborder\nset label 'lithium may plate' at graph 0.01, graph 0 left offset 0,0.6 font ',11' textcolor rgb "
      "'#b0665c'\n";
  gnuplot.picture(stem, 1100, 760, text + lines(3) + "unset multiplot\n");
}

/// Values on cells when the last step has passed `charge` [A s], linear between snapshots; empty beyond the run.
std::vector<double> at_charge(const Results& r, double charge,
                              std::vector<double> (*of)(const Results&, const Snapshot&)) {
  const int last = static_cast<int>(r.steps.size()) - 1;
  const CurveRow* before = nullptr;
  double first = NAN, time = NAN;
  for (const CurveRow& row : r.curve) {
    if (row.step != last) continue;
    if (std::isnan(first)) first = row.charge();
    const double passed = std::abs(row.charge() - first);
    if (passed >= charge) {
      const double part =
          before ? (charge - std::abs(before->charge() - first)) / (passed - std::abs(before->charge() - first)) : 1;
      time = before ? before->time + part * (row.time - before->time) : row.time;
      break;
    }
    before = &row;
  }
  if (std::isnan(time) && before) time = before->time;  // its very end, up to rounding
  for (std::size_t k = 0; k < r.snapshots.size(); ++k) {
    if (r.snapshots[k].time < time && k + 1 < r.snapshots.size()) continue;
    std::vector<double> values = of(r, r.snapshots[k]);
    if (k == 0) return values;
    const std::vector<double> earlier = of(r, r.snapshots[k - 1]);
    const double t0 = r.snapshots[k - 1].time, t1 = r.snapshots[k].time;
    const double part = t1 > t0 ? std::clamp((time - t0) / (t1 - t0), 0.0, 1.0) : 1;
    for (std::size_t P = 0; P < values.size(); ++P) values[P] = earlier[P] + part * (values[P] - earlier[P]);
    return values;
  }
  return {};
}

std::vector<double> salt(const Results&, const Snapshot& s) {
  std::vector<double> values = s.c_e;
  for (double& value : values) value /= 1000;
  return values;
}

std::vector<double> reaction(const Results& r, const Snapshot& s) {
  std::vector<double> values = reaction_rate(r, s);
  for (std::size_t P = 0; P < values.size(); ++P)
    values[P] = r.mesh.region[P] == Region::separator ? NAN : values[P] / 1e6;
  return values;
}

std::vector<std::vector<double>> through_depth(const Results& r, const std::vector<double>& values) {
  const double middle = middle_of(r.mesh);
  std::vector<std::vector<double>> rows;
  for (std::size_t P = 0; P < values.size(); ++P) {
    if (!std::isfinite(values[P])) {
      if (!rows.empty() && !rows.back().empty()) rows.emplace_back();
      continue;
    }
    const auto [from, to] = faces(r.mesh, P, middle);
    rows.push_back({0.5 * (from + to), values[P]});
  }
  return rows;
}

/// Baseline dashed and optimum full, halfway and at the end of the baseline's charge.
void add_compared(Gnuplot& gnuplot, const std::vector<NamedRun>& runs, const std::string& stem) {
  if (runs.size() < 2 || runs[0].results.snapshots.empty() || runs[1].results.snapshots.empty()) return;
  const double end =
      std::min(std::abs(runs[0].results.steps.back().charge), std::abs(runs[1].results.steps.back().charge));
  const std::vector<double> charges{0.5 * end, end};
  const std::vector<std::string> colours{"#7fcdbb", "#253494"};
  std::string text = house_style() + "set multiplot\nset xlabel 'distance from the middle of the separator  [µm]'\n";
  int panel = 0;
  for (const auto& [label, of, range] : {std::tuple{"salt concentration  c_e  [mol/l]", &salt, "[0:*]"},
                                         std::tuple{"reaction rate  [A/cm^3]", &reaction, "[*:*]"}}) {
    text += margins(panel ? 0.575 : 0.07, panel ? 0.98 : 0.475, 0.14, 0.95) + y_title(label, 0.135) +
            fmt::format("set yrange {}\nset offsets graph 0.01,graph 0.01,graph 0.06,0\n", range) +
            (panel ? "unset key\n" : "set key left top reverse Left\n") + "plot ";
    for (std::size_t k = 0; k < 4; ++k) {
      const NamedRun& run = runs[k % 2];
      const std::string data = gnuplot.fresh_name();
      gnuplot.data(data, through_depth(run.results, at_charge(run.results, charges[k / 2], of)));
      text += fmt::format("{}{} using 1:2 with lines linewidth 2.4 dashtype {} linecolor rgb '{}' title {}",
                          k ? ", " : "", data, k % 2 ? "1" : "2", colours[k / 2],
                          gnuplot_text(fmt::format("{}, {:.3g} A h", run.name, charges[k / 2] / 3600)));
    }
    text += "\nunset label\n";
    ++panel;
  }
  gnuplot.picture(stem, 1300, 520, text + "unset multiplot\n");
}

void add_gate(Gnuplot& gnuplot, const DesignOutcome& o, const std::string& stem) {
  std::vector<std::vector<double>> asked, accepted;
  double low = INFINITY, high = -INFINITY;
  for (const Candidate& c : o.candidates) {
    if (!std::isfinite(c.value)) continue;
    (c.accepted ? accepted : asked).push_back({c.value, c.predicted, c.half_width});
    low = std::min({low, c.value, c.predicted}), high = std::max({high, c.value, c.predicted});
  }
  if (!(low < high)) return;
  const double pad = 0.15 * (high - low);  // the first intervals are wide: they leave the picture
  std::string text =
      house_style() + margins(0.13, 0.96, 0.13, 0.88) + "set key at screen 0.12, screen 0.985 left top reverse Left\n";
  text += fmt::format("set xrange [{0:.6g}:{1:.6g}]\nset xtics {2:.6g}\n", low - pad, high + pad,
                      round_step(high - low, 5));
  text += y_axis(low - pad, high + pad, 5) + y_title("the surrogate said, with its 90 % interval", 0.12);
  text += fmt::format("set xlabel {}\nplot x with lines linewidth 1.2 linecolor rgb '{}' notitle",
                      gnuplot_text("the solver said: " + o.objective +
                                   (o.objective_unit.empty() ? "" : "  [" + o.objective_unit + "]")),
                      grey);
  for (const auto& [rows, colour, title] :
       {std::tuple{&asked, "#d55e00", "the gate asks the solver"},
        std::tuple{&accepted, "#0072b2", "the gate accepts; solved all the same"}}) {
    if (rows->empty()) continue;
    const std::string data = gnuplot.fresh_name();
    gnuplot.data(data, *rows);
    text += fmt::format(
        ", {} using 1:2:3 with yerrorbars pointtype 7 pointsize 0.9 linewidth 1 linecolor rgb '{}' title '{}'", data,
        colour, title);
  }
  gnuplot.picture(stem, 760, 700, text + "\n");
}

void add_effort(Gnuplot& gnuplot, const DesignOutcome& o, const std::string& stem) {
  const auto steps = [](const std::vector<std::pair<long, double>>& progress, long end) {
    std::vector<std::vector<double>> rows;
    rows.reserve(progress.size() + 1);
    for (const auto& [solve, value] : progress) rows.push_back({static_cast<double>(std::max(1L, solve)), value});
    if (!rows.empty()) rows.push_back({static_cast<double>(std::max<long>(end, 1)), rows.back()[1]});
    return rows;
  };
  const std::string with = gnuplot.fresh_name(), without = gnuplot.fresh_name();
  gnuplot.data(with, steps(o.progress, o.solves_of_loop));
  gnuplot.data(without, steps(o.solver_only.progress, o.solver_only.solves));
  std::string text =
      house_style() + margins(0.13, 0.96, 0.13, 0.95) +
      "set logscale x\nset autoscale xfixmax\nset key right bottom\n" +
      "set xlabel 'solves'\nset offsets 0,0,graph 0.05,graph 0.03\n" +
      y_title("best " + o.objective + (o.objective_unit.empty() ? "" : "  [" + o.objective_unit + "]"), 0.12);
  text += fmt::format(
      "plot {} using 1:2 with steps linewidth 2.8 linecolor rgb '#0072b2' title 'samples, surrogate, solver'", with);
  text += fmt::format(", {} using 1:2 with steps linewidth 2 linecolor rgb '#d55e00' title {}\n", without,
                      gnuplot_text("solver alone, " + o.solver_only.method));
  if (!o.progress.empty() && !o.solver_only.progress.empty()) gnuplot.picture(stem, 760, 700, text);
}

}  // namespace

Drawn draw_design_pictures(const DesignOutcome& outcome, const std::vector<NamedRun>& runs, const std::string& folder) {
  make_folder(folder);
  const auto stem = [&](const char* name) { return (std::filesystem::path(folder) / name).string(); };
  Gnuplot gnuplot;
  add_design(gnuplot, outcome, runs, stem("design"));
  add_charges(gnuplot, runs, stem("charges"));
  add_compared(gnuplot, runs, stem("compared"));
  add_gate(gnuplot, outcome, stem("gate"));
  add_effort(gnuplot, outcome, stem("effort"));
  Drawn drawn = gnuplot.draw();
  for (std::string& file : drawn.files) file = std::filesystem::path(file).filename().string();
  return drawn;
}

}  // namespace porelith
