#pragma once
/// All that the equations know of a cell: plain numbers on the control volumes of a mesh, and laws at the cell's
/// temperature. SI throughout.
#include <string>
#include <vector>

#include "meshes/mesh.hpp"
#include "solver/laws/electrolyte.hpp"
#include "solver/laws/kinetics_law.hpp"
#include "solver/laws/reaction.hpp"
#include "solver/newman/layout.hpp"
#include "solver/newman/particles.hpp"

namespace porelith {

/// Effective properties of the control volumes, ghosts included. In a cell that is part channel (share f) and part
/// matrix both conduct side by side (S5): eps = f + (1-f) eps_matrix, B likewise, sigma and a are the matrix's times
/// (1-f).
struct Medium {
  std::vector<double> eps;    ///< porosity [1]; 0 in a foil
  std::vector<double> B;      ///< transport efficiency [1]; 0 in a foil
  std::vector<double> sigma;  ///< effective electronic conductivity [S m-1]; 0 where there is no solid
};

/// One active material in one electrode.
struct BedParameters {
  Region electrode;
  std::size_t material;       ///< which of the electrode's
  std::string name;           ///< of the material; "" for the only one
  std::vector<int> cells;     ///< control volumes
  std::vector<double> eps_s;  ///< active fraction   [1], one a cell
  std::vector<double> a;      ///< specific surface  [m-1]; of spheres 3 eps_s/R
  std::vector<double> R;      ///< particle radius   [m]
  double sto_min, sto_max;    ///< stoichiometry limits [1]
  MaterialAt law;
  const KineticsLaw* transfer;                  ///< law of charge transfer
  double alpha;                                 ///< its transfer coefficient, if it has one [1]
  ShellGeometry shells;                         ///< as many in all beds
  std::vector<ReactionPointer> reactions = {};  ///< beside intercalation
};

struct Parameters {
  Medium medium;
  ElectrolyteAt electrolyte;
  std::vector<BedParameters> beds;
  double temperature;  ///< [K]
  double area;         ///< of the whole cell's electrodes [m2]
  std::vector<FurtherField> further = {};
};

}  // namespace porelith
