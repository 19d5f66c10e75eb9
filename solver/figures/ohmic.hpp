#pragma once
/// The ohmic porous electrode: linear kinetics at uniform concentration, in layers of any grading (equations O1 to O9).
/// J. Newman and C. W. Tobias, J. Electrochem. Soc. 109 (1962) 1183.
#include <vector>

#include "solver/text/profile.hpp"

namespace porelith {

struct Cell;
struct Electrode;

/// Slices of an electrode, collector first. One entry a slice; SI.
struct OhmicMedium {
  std::vector<double> h;  ///< thickness                                  [m]
  std::vector<double> s;  ///< effective conductivity of the solid        [S m-1]
  std::vector<double> k;  ///< effective conductivity of the electrolyte  [S m-1]
  std::vector<double> g;  ///< conductance of the reaction, a i0 F/(R T)  [S m-3]; 0 where nothing reacts
};

/// What a unit current does. The three dissipations of all slices add up to the resistance (O6), and because the medium
/// is a network of resistances their negatives are dR/d ln s, dR/d ln k and dR/d ln g of each slice (O7), to the order
/// of the scheme.
struct OhmicSolution {
  double R = 0;                              ///< [phi_s(collector) - phi_e(separator)]/I     [ohm m2]
  std::vector<double> i_e;                   ///< share of the current in the electrolyte, at the slices' faces [1]
  std::vector<double> reaction;              ///< L di_e/dx: rate over its mean, a slice each [1]
  std::vector<double> R_s, R_k, R_reaction;  ///< dissipated in solid, electrolyte, reaction  [ohm m2]

  /// Mean reaction rate over the largest: 1 = perfectly even [1]
  double uniformity() const;
};

/// Solves O1 to O3 by finite volumes in O(slices); exact for any contrast between slices.
/// @throws std::invalid_argument with a sentence: sizes differ, a value is not positive, nothing reacts
OhmicSolution solve_ohmic(const OhmicMedium& medium);

/// R of a uniform electrode in closed form (O8)   [ohm m2]
double uniform_resistance(double L, double s, double k, double g);
/// Thickness over penetration depth: nu = L sqrt(g (1/s + 1/k)) (O9)   [1]
double penetration_number(double L, double s, double k, double g);

/// An electrode whose properties follow from its porosity (O4).
struct OhmicElectrode {
  double L = 0;       ///< thickness                          [m]
  double T = 298.15;  ///< [K]
  Profile eps = 0.0;  ///< porosity, xi = 0 collector, 1 separator   [1]
  double filler = 0;  ///< binder and carbon, inert in s and a       [1]
  double s0 = 0;      ///< solid's conductivity               [S m-1]; s = s0 (1 - eps - filler)^b
  double k0 = 0;      ///< electrolyte's conductivity         [S m-1]; k = k0 eps^b
  double b = 1.5;     ///< Bruggeman's exponent               [1]
  double i0 = 0;      ///< exchange current density           [A m-2]
  double R_p = 0;     ///< particle radius                    [m];     a = 3 (1 - eps - filler)/R_p
};

/// The electrode in equal slices.
OhmicMedium ohmic_medium(const OhmicElectrode& electrode, int slices);
/// dR/d eps of each slice (O7)   [ohm m2]
std::vector<double> resistance_slope(const OhmicElectrode& electrode, const OhmicSolution& solution);

/// A P2D electrode at rest, linearised (O5): k = B kappa(c_e0), s = sigma, g = sum of a i0 F/(R T) over the materials
/// at their stoichiometries `sto` (one a material) and temperature T [K].
OhmicMedium ohmic_medium(const Cell& cell, const Electrode& electrode, const std::vector<double>& sto, double T,
                         int slices);

/// Faces through an electrode's depth: `slices` equal ones or a few more, so that every jump of a property is a face.
/// From 0 (collector) to 1 (separator).
std::vector<double> depth_faces(const Electrode& electrode, int slices);

}  // namespace porelith
