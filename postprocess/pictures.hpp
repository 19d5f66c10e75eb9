#pragma once
/// Pictures of a run: its curve, its profiles through depth, and several runs' curves in one.
#include <string>
#include <vector>

#include "postprocess/gnuplot.hpp"
#include "solver/results/results.hpp"

namespace porelith {

/// Draws curve.{png,svg} (voltage, current, plating margin and least salt over time) and profiles.{png,svg} (salt,
/// potential, reaction rate and surface stoichiometry through depth at about six times) into `folder`.
/// @returns files relative to `folder`
/// @throws WriteError
Drawn draw_pictures(const Results& results, const std::string& folder);

/// A curve with its name in a comparison.
struct LabelledCurve {
  std::string label;
  std::vector<CurveRow> rows;
  double area = 0;  ///< electrode area [m2]; given for all curves, capacities are drawn per area
};

/// Draws several curves' voltage against capacity, and their plating margin when they charge, as `png` and as the SVG
/// of the same name. More than four curves are taken for an ordered series, light to dark.
/// @throws WriteError
Drawn draw_comparison(const std::vector<LabelledCurve>& curves, const std::string& png, const std::string& title = "");

/// The two pictures of draw_pictures, added to a gnuplot session; a run without rows or snapshots adds none.
void add_curve_picture(Gnuplot& gnuplot, const Results& results, const std::string& folder);
void add_profiles_picture(Gnuplot& gnuplot, const Results& results, const std::string& folder);

}  // namespace porelith
