#pragma once
/// Figures that a designer reads off a cell before a run (F1 to F15) and off a finished run (F16 to F20).
/// Each has its unit and a sentence; what is an estimate says so there. Symbols are snake_case and unique in a list.
#include <vector>

#include "solver/base/team.hpp"
#include "solver/case/case.hpp"
#include "solver/record/results.hpp"

namespace porelith {

/// Capacities and balance, energies, resistances, tortuosities, penetration depths, time constants, limiting currents
/// and times to salt depletion, at the case's temperature, that of the start where it is a function of time. Takes some
/// ten milliseconds. The case must have passed its checks.
std::vector<Figure> design_figures(const Case& the_case);

/// What the run delivered and how hard it drove the cell. A figure whose data the results do not hold is left out;
/// single steps are listed for runs of at most 24 steps.
/// @param team the ranks whose results these are; all get the same figures. Collective.
std::vector<Figure> run_figures(const Results& results, const Team& team = Team::alone());
/// And what takes the cell to say: utilisation of the stoichiometry windows, figures per mass and volume.
/// @throws std::invalid_argument if the results hold a material that the cell lacks
std::vector<Figure> run_figures(const Results& results, const Cell& cell, const Team& team = Team::alone());

}  // namespace porelith
