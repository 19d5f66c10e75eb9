#pragma once
/// Results along one length of a channel, with their slopes: a smooth function is known between two points by both.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "solver/case/reader.hpp"
#include "surrogate/dataset/sloped_solver.hpp"

namespace porelith {

/// What is scanned: where channels stand, what follows x, and how far it goes.
struct Scan {
  std::string name;
  std::string geometry;  ///< tables of the case
  std::string set;       ///< of [design.set]
  double low, high;
};

inline constexpr std::array<const char*, 2> scanned_results = {"capacity", "plating_margin"};

namespace scans {

inline const std::string grooves =
    "[geometry]\ndimension = 2\nwidth = \"60 um\"\n[[channel]]\nwidth = \"20 um\"\nwidth_bottom = \"12 um\"\ndepth = "
    "0.7\n";
inline const std::string holes =
    "[geometry]\ndimension = \"axisymmetric\"\narrangement = \"hexagonal\"\nwidth = \"60 um\"\n"
    "[[channel]]\nshape = \"round\"\nwidth = \"24 um\"\nwidth_bottom = \"14 um\"\ndepth = 0.7\n";
inline const std::string squares =
    "[geometry]\ndimension = 3\nwidth = \"60 um\"\n"
    "[[channel]]\nshape = \"square\"\nwidth = \"24 um\"\nwidth_bottom = \"14 um\"\ndepth = 0.7\n";
inline const std::string tree =
    "[geometry]\ndimension = 2\nwidth = \"80 um\"\n"
    "[[channel]]\nshape = \"tree\"\nwidth = \"14 um\"\ndepth = 0.9\nangle = 0.6\ngenerations = 1\nbranches = 2\n";

/// By pitch, mouth, taper and depth.
inline std::vector<Scan> of_channels(const std::string& kind, const std::string& geometry, double mouth) {
  const std::string m = fmt::format("{:g}e-6", mouth);
  return {{kind + ", pitch", geometry, "\"geometry.width\" = \"1e-6*x\"\n", 50, 80},
          {kind + ", mouth", geometry, "\"channel.1.width\" = \"1e-6*x\"\n\"channel.1.width_bottom\" = \"0.6e-6*x\"\n",
           0.6 * mouth, 1.6 * mouth},
          {kind + ", taper", geometry, "\"channel.1.width_bottom\" = \"" + m + "*x\"\n", 0.3, 1},
          {kind + ", depth", geometry, "\"channel.1.depth\" = \"x\"\n", 0.4, 0.9}};
}

inline Scan of_angle() { return {"tree, angle", tree, "\"channel.1.angle\" = \"x\"\n", 0.35, 0.85}; }

}  // namespace scans

/// A charge at 1C through channels in both electrodes.
inline DesignSpace space_of(const Scan& scan, const std::string& mesh, double rtol) {
  const std::string text = fmt::format(
      "[cell]\nfile = \"lgm50_chen2020\"\n{}[initial]\nsoc = 0.1\n[[step]]\ncharge = \"1C\"\n[mesh]\n{}[solver]\nrtol "
      "= "
      "{:g}\n[design]\nobjective = \"capacity\"\n[design.set]\n{}[[design.variable]]\nname = \"x\"\nlow = {}\nhigh = "
      "{}\nstart = {}\n",
      scan.geometry, mesh, rtol, scan.set, scan.low, scan.high, 0.5 * (scan.low + scan.high));
  const Case base = parse_case(text, "scan.toml");
  return {base, base.design->space};
}

struct ScannedResult {
  std::vector<double> x, value, slope;

  double range() const {
    const auto [low, high] = std::minmax_element(value.begin(), value.end());
    return *high - *low;
  }
  /// |f(i+1) - f(i) - h (f'(i) + f'(i+1))/2| over the range of f
  double defect(std::size_t i) const {
    const double h = x[i + 1] - x[i];
    return std::abs(value[i + 1] - value[i] - h * (slope[i] + slope[i + 1]) / 2) / range();
  }
  std::size_t worst() const {
    std::size_t at = 0;
    for (std::size_t i = 0; i + 1 < x.size(); ++i)
      if (defect(i) > defect(at)) at = i;
    return at;
  }
};

struct ScanOutcome {
  std::array<ScannedResult, scanned_results.size()> results;
  int by_differences = 0;  ///< points whose slopes are differences of solves
};

/// @param from,to the part of the scan's range that is looked at
inline ScanOutcome scanned(const DesignSpace& space, int points, double from, double to) {
  const std::vector<std::string> names = scalar_result_names();
  std::vector<std::size_t> places;
  for (const char* name : scanned_results)
    places.push_back(static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin()));
  SlopedSolver solver(space, places);
  ScanOutcome outcome;
  for (int i = 0; i < points; ++i) {
    const double x = from + (to - from) * i / (points - 1);
    const Sloped sloped = solver.solve(i, {x}, true);
    if (sloped.slopes.size() == 0) throw std::runtime_error(fmt::format("x = {}: {}", x, sloped.missing));
    outcome.by_differences += !sloped.by_differences.empty();
    for (std::size_t r = 0; r < places.size(); ++r) {
      outcome.results[r].x.push_back(x);
      outcome.results[r].value.push_back(sloped.smooth.empty() ? sloped.sample.scalars[places[r]]
                                                               : sloped.smooth[places[r]]);
      outcome.results[r].slope.push_back(sloped.slopes(static_cast<Eigen::Index>(places[r]), 0));
    }
  }
  return outcome;
}

}  // namespace porelith
