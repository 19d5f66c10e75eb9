#pragma once
/// A cell's parameters as plain data: what BPX says, with the case file's changes applied. SI throughout.
#include <optional>
#include <string>
#include <vector>

#include "solver/text/function.hpp"
#include "solver/text/profile.hpp"

namespace porelith {

/// One active material of an electrode: its thermodynamics, kinetics and particles.
struct ActiveMaterial {
  std::string name;           ///< the key under "Particle" in a blend; "" for the only one
  Function U = 0.0;           ///< open-circuit potential at T_ref            [V]  of stoichiometry
  Function dUdT = 0.0;        ///< entropic coefficient                       [V K-1] of stoichiometry
  Function D_s = 0.0;         ///< diffusivity at T_ref                       [m2 s-1] of stoichiometry
  double D_s_activation = 0;  ///< [J mol-1]
  double K = 0;               ///< BPX "Reaction rate constant" at T_ref      [mol m-2 s-1]
  double K_activation = 0;    ///< [J mol-1]
  double c_s_max = 0;         ///< [mol m-3]
  double sto_min = 0;         ///< stoichiometry limits                       [1]
  double sto_max = 1;
  double eps_s = 0;                        ///< active volume fraction the file implies: a R/3 [1]
  std::optional<Profile> active_fraction;  ///< given by the case: replaces eps_s [1]
  Profile R = 0.0;                         ///< particle radius through depth              [m]
};

/// How the active fraction follows a porosity that differs from the file's.
enum class Solid {
  composition,  ///< every solid keeps its share: eps_s/(1 - eps) is kept
  filler,       ///< binder and carbon keep their volume: eps_s + eps is kept
  fixed,        ///< eps_s is kept; the filler gives way
};

struct Electrode {
  double thickness = 0;                         ///< [m]
  Profile porosity = 0.0;                       ///< eps                          [1]
  double reference_porosity = 0;                ///< the file's porosity          [1]
  double reference_transport_efficiency = 0;    ///< the file's B                 [1]
  std::optional<Profile> transport_efficiency;  ///< given by the case: B(xi)     [1]
  std::optional<double> bruggeman;              ///< given by the case: B = eps^b [1]
  Profile conductivity = 0.0;                   ///< sigma, already effective     [S m-1]
  Solid solid = Solid::composition;
  std::vector<ActiveMaterial> materials;
  std::string kinetics = "butler_volmer";  ///< law of charge transfer, by its name
  double transfer_coefficient = 0.5;       ///< anodic, of a law that has one [1]
  double channel_fraction = 0;  ///< Phi: part of the coating's volume that is channel; all else is about the rest [1]

  /// b in B = eps^b: the case's, or ln B/ln eps of the file                      [1]
  double bruggeman_exponent() const;
  /// Mean porosity of the slice [from, to] of the depth                          [1]
  double eps(double from, double to) const;
  /// Transport efficiency of the slice: given, or eps^b                          [1]
  double B(double from, double to) const;
  /// Active volume fraction of material m in the slice                           [1]
  double eps_s(std::size_t m, double from, double to) const;
  /// The same as a profile through the depth                                     [1]
  Profile active_fraction(std::size_t m) const;
  /// Depths at which a property jumps, rising                                    [1]
  std::vector<double> jumps() const;
};

struct Separator {
  double thickness = 0;             ///< [m]
  double porosity = 0;              ///< [1]
  double transport_efficiency = 0;  ///< B [1]
};

struct Electrolyte {
  double c_e0 = 1000;                   ///< initial and reference concentration [mol m-3]
  double t_plus = 0;                    ///< cation transference number          [1]
  Function thermodynamic_factor = 1.0;  ///< 1 + dln f/dln c_e [1] of c_e [mol m-3]; BPX knows 1 only
  Function D_e = 0.0;                   ///< [m2 s-1] of c_e [mol m-3], at T_ref
  Function kappa = 0.0;                 ///< [S m-1]  of c_e [mol m-3], at T_ref
  double D_e_activation = 0;            ///< [J mol-1]
  double kappa_activation = 0;
};

/// One experiment of a BPX Validation section, as it stands there (discharge current negative).
struct Validation {
  std::string name;
  std::vector<double> time, current, voltage, temperature;  ///< [s], [A], [V], [K]; temperature may be empty
};

struct Cell {
  std::string title, description, references;
  std::string file;           ///< where it was read from
  std::string sha256;         ///< of that file
  double electrode_area = 0;  ///< one pair                       [m2]
  int electrode_pairs = 1;
  double V_min = 0, V_max = 0;      ///< cut-offs                       [V]
  double nominal_capacity = 0;      ///< the C in C-rate                [A h]
  double T_ref = 298.15;            ///< [K]
  std::optional<double> T_initial;  ///< where the file says            [K]
  std::optional<double> soc_initial;
  std::optional<double> density, volume;  ///< of the cell in the file [kg m-3], [m3]
  /// What the case changed of that cell's makeup: its volume and mass are then not this one's. A phrase each.
  std::vector<std::string> unlike_file;
  Electrolyte electrolyte;
  Electrode negative, positive;
  Separator separator;
  std::vector<Validation> validation;
  std::vector<std::string> warnings;  ///< what a careful reader would want to know; each a sentence

  /// Of this cell, if it is the one in the file [m3], [kg]
  std::optional<double> true_volume() const { return unlike_file.empty() ? volume : std::nullopt; }
  std::optional<double> true_mass() const {
    return unlike_file.empty() && volume && density ? std::optional<double>(*volume * *density) : std::nullopt;
  }
  /// Electrode area of the whole cell [m2]
  double area() const { return electrode_area * electrode_pairs; }
};

}  // namespace porelith
