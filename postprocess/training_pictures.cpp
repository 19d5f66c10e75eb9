#include "postprocess/training_pictures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numeric>

namespace porelith {
namespace {

constexpr const char* hit = "#0072b2";   // inside the interval
constexpr const char* miss = "#d55e00";  // outside
constexpr const char* solved = "#222222";
constexpr long most_columns = 4;

std::string stem_in(const std::string& folder, const char* name) {
  return (std::filesystem::path(folder) / name).string();
}

/// "plating_margin" reads better with a blank.
std::string readable(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

std::string unit_text(const std::string& unit) { return unit.empty() || unit == "1" ? "" : " [" + unit + "]"; }

/// One scalar: points with bars on the diagonal.
std::string parity_panel(Gnuplot& gnuplot, const TrainingReport& report, const TrainingSet& meaning, long j) {
  std::vector<std::vector<double>> inside, outside;
  double low = report.truth.col(j).minCoeff(), high = report.truth.col(j).maxCoeff();
  for (long i = 0; i < report.truth.rows(); ++i) {
    const double y = report.truth(i, j), said = report.predicted(i, j), half = report.half_width(i, j);
    (std::abs(said - y) <= half ? inside : outside).push_back({y, said, half});
  }
  const double pad = high > low ? 0.08 * (high - low) : std::max(1e-6, 0.01 * std::abs(high));
  low -= pad;
  high += pad;
  const std::string name = gnuplot.fresh_name();
  gnuplot.data(name + "_in", inside.empty() ? std::vector<std::vector<double>>{{NAN, NAN, NAN}} : inside);
  gnuplot.data(name + "_out", outside.empty() ? std::vector<std::vector<double>>{{NAN, NAN, NAN}} : outside);
  std::string text = fmt::format("set xrange [{0:.8g}:{1:.8g}]\nset yrange [{0:.8g}:{1:.8g}]\n", low, high);
  text += fmt::format("set xtics {0:.6g}\nset ytics {0:.6g}\n", round_step(high - low, 3));
  text += fmt::format("set title {} noenhanced offset 0,-0.4 font ',12' textcolor rgb '#222222'\n",
                      gnuplot_text(readable(meaning.scalars[static_cast<std::size_t>(j)]) +
                                   unit_text(meaning.scalar_units[static_cast<std::size_t>(j)])));
  text += fmt::format(
      "set label 1 'error {:.3g} %, {:.0f} % inside' at graph 0.04, graph 0.93 left font ',10' textcolor rgb "
      "'#666666'\n",
      100 * report.relative_error[j], 100 * report.coverage[j]);
  text += "plot x with lines linewidth 1 linecolor rgb '#999999' notitle";
  for (const auto& [suffix, colour] : {std::pair{"_in", hit}, std::pair{"_out", miss}}) {
    text += fmt::format(", {}{} using 1:2:3 with yerrorbars pointtype 7 pointsize 0.5 linewidth 1 linecolor rgb '{}'",
                        name, suffix, colour);
  }
  return text + "\nunset label 1\n";
}

void add_parity(Gnuplot& gnuplot, const TrainingReport& report, const TrainingSet& meaning, const std::string& folder) {
  const long m = report.truth.cols();
  if (m == 0 || report.truth.rows() == 0) return;
  const long columns = m <= 3 ? m : m <= 6 ? 3 : most_columns, rows = (m + columns - 1) / columns;
  std::string text = house_style() + "unset key\nset size square\n";
  text += fmt::format(
      "set multiplot layout {},{} margins screen {:.4f},0.985,{:.4f},{:.4f} spacing screen {:.4f},{:.4f}\n", rows,
      columns, 0.27 / static_cast<double>(columns), 0.24 / static_cast<double>(rows),
      1 - 0.26 / static_cast<double>(rows), 0.22 / static_cast<double>(columns), 0.27 / static_cast<double>(rows));
  text += "set label 2 'predicted' at screen 0.012, screen 0.5 center rotate by 90 textcolor rgb '#222222'\n";
  text += "set label 3 'solved' at screen 0.5, screen 0.018 center textcolor rgb '#222222'\n";
  text += fmt::format(
      "set label 4 '{} unseen samples; bars: the 90 % interval, orange where the solver lies outside' at screen 0.5, "
      "screen 0.982 center textcolor rgb '#222222' font ',13'\n",
      report.truth.rows());
  for (long j = 0; j < m; ++j) {
    text += parity_panel(gnuplot, report, meaning, j);
    if (j == 0) text += "unset label 2\nunset label 3\nunset label 4\n";
  }
  gnuplot.picture(stem_in(folder, "parity"), static_cast<int>(360 * columns + 60), static_cast<int>(370 * rows + 60),
                  text + "unset multiplot\n");
}

void add_curves(Gnuplot& gnuplot, const TrainingReport& report, const TrainingSet& meaning, const std::string& folder) {
  const long n = report.curve_truth.rows(), p = report.curve_truth.cols();
  if (n == 0 || p < 2) return;
  const Eigen::MatrixXd apart = report.curve_predicted - report.curve_truth;
  const Eigen::VectorXd error = apart.cwiseAbs().rowwise().mean();
  std::vector<long> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), 0L);
  std::sort(order.begin(), order.end(), [&](long a, long b) { return error[a] < error[b]; });
  const std::pair<const char*, long> chosen[] = {
      {"best", order.front()}, {"median", order[order.size() / 2]}, {"worst", order.back()}};
  // Volts apart are told in millivolts.
  const bool milli = meaning.curve_unit == "V";
  const std::string small = milli ? "mV" : meaning.curve_unit;
  const double factor = milli ? 1000 : 1;
  const auto colours = distinct_colours();
  std::string upper, lower;
  for (std::size_t k = 0; k < 3; ++k) {
    const long i = chosen[k].second;
    std::vector<std::vector<double>> rows;
    for (long q = 0; q < p; ++q) {
      rows.push_back(
          {meaning.coordinate[q], report.curve_truth(i, q), report.curve_predicted(i, q), factor * apart(i, q)});
    }
    const std::string name = gnuplot.fresh_name();
    gnuplot.data(name, rows);
    upper += fmt::format(
        "{}{} using 1:2 with lines linewidth 5 linecolor rgb '#c8c8c8' notitle, {} using 1:3 with lines linewidth 2 "
        "linecolor rgb '{}' title '{}: {:.2g} {}'",
        k ? ", " : "plot ", name, name, colours[k], chosen[k].first, factor * error[i], small);
    lower += fmt::format("{}{} using 1:4 with lines linewidth 2 linecolor rgb '{}' notitle", k ? ", " : "plot ", name,
                         colours[k]);
  }
  std::string text = house_style() + "set multiplot\nset lmargin at screen 0.095\nset rmargin at screen 0.975\n";
  text += fmt::format("set xrange [{:.8g}:{:.8g}]\n", meaning.coordinate[0], meaning.coordinate[p - 1]);
  text += fmt::format("set label 1 {} noenhanced at screen 0.095, screen 0.965 left font ',14'\n",
                      gnuplot_text(fmt::format("Unseen curves, mean error {:.2g} {}; grey: solved, coloured: predicted",
                                               factor * report.curve_error, small)));
  text += "set key left top reverse Left\nset format x ''\nset bmargin at screen 0.40\nset tmargin at screen 0.92\n";
  text += y_title(meaning.curve_name + unit_text(meaning.curve_unit), 0.075) + upper + "\nunset label\n";
  text += fmt::format(
      "set format x '%g'\nset xlabel {} noenhanced\nset bmargin at screen 0.11\nset tmargin at screen 0.35\n",
      gnuplot_text(meaning.coordinate_name));
  text += y_title("error" + unit_text(small), 0.075) + "set ytics autofreq\n" + lower + "\nunset multiplot\n";
  gnuplot.picture(stem_in(folder, "curves"), 1200, 850, text);
}

void add_learning(Gnuplot& gnuplot, const TrainingReport& report, const std::string& folder) {
  if (report.learning.empty()) return;
  const auto colours = ramp(report.learning.size());
  std::string plots;
  for (std::size_t k = 0; k < report.learning.size(); ++k) {
    std::vector<std::vector<double>> rows;
    for (std::size_t e = 0; e < report.learning[k].size(); ++e) {
      rows.push_back({static_cast<double>(e + 1), report.learning[k][e]});
    }
    if (rows.empty()) continue;
    const std::string name = gnuplot.fresh_name();
    gnuplot.data(name, rows);
    plots += fmt::format("{}{} using 1:2 with lines linewidth 1.6 linecolor rgb '{}' title 'network {}'",
                         plots.empty() ? "plot " : ", ", name, colours[k], k + 1);
  }
  if (plots.empty()) return;
  std::string text = house_style() + "set logscale y\nset format y '10^{%L}'\nset xlabel 'epoch'\n";
  text +=
      "set lmargin at screen 0.105\nset rmargin at screen 0.97\nset bmargin at screen 0.12\nset tmargin at screen "
      "0.95\n";
  text += y_title("loss on the part that the network does not see", 0.085) + "set key right top reverse Left\n";
  gnuplot.picture(stem_in(folder, "learning"), 1100, 700, text + plots + "\n");
}

}  // namespace

Drawn draw_training(const TrainingReport& report, const TrainingSet& meaning, const std::string& folder) {
  Gnuplot gnuplot;
  add_parity(gnuplot, report, meaning, folder);
  add_curves(gnuplot, report, meaning, folder);
  add_learning(gnuplot, report, folder);
  return gnuplot.draw();
}

}  // namespace porelith
