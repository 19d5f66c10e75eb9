#pragma once
/// Pictures of a run: its curve, its profiles through depth, and several runs' curves in one.
#include <string>
#include <vector>

#include "postprocess/gnuplot.hpp"
#include "solver/base/team.hpp"
#include "solver/record/results.hpp"

namespace porelith {

/// Draws into `folder`, each as PNG and SVG:
///   curve      voltage, current, plating margin and least salt over time
///   profiles   salt, potential, reaction rate and surface stoichiometry through depth at about six times; in 2D and
///              3D their means over cells of equal depth
///   slices     in 2D and 3D: salt, reaction rate and phi_s - phi_e of the negative electrode on mirror planes, when
///   the
///              plating margin of a charge is least, else at the end; of a pouch on the negative side of the separator
///   discharges, charges   voltage against capacity, where the run has several steps at a constant current of that sign
/// @param team the ranks whose results these are; the first one draws. Collective.
/// @returns files relative to `folder`
/// @throws WriteError
Drawn draw_pictures(const Results& results, const std::string& folder, const Team& team = Team::alone());

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

/// The steps of a run at a constant current of this sign (1 discharge, -1 charge), each with its charge counted from 0.
std::vector<LabelledCurve> curves_of_steps(const Results& results, double sign);

/// The pictures above, added to a gnuplot session; what has no rows or snapshots adds none.
void add_curve_picture(Gnuplot& gnuplot, const Results& results, const std::string& folder);
void add_profiles_picture(Gnuplot& gnuplot, const Results& results, const std::string& folder,
                          const Team& team = Team::alone());
void add_slices_picture(Gnuplot& gnuplot, const Results& results, const std::string& folder,
                        const Team& team = Team::alone());
void add_comparison_picture(Gnuplot& gnuplot, const std::vector<LabelledCurve>& curves, const std::string& stem,
                            const std::string& title);

}  // namespace porelith
