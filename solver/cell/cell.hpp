#pragma once
/// A cell's parameters as plain data: what BPX says, with the case file's changes applied. SI throughout. What a case
/// may change is Given, and declared beside it as a key of the table that the struct is in a case.
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "solver/text/function.hpp"
#include "solver/text/given.hpp"
#include "solver/text/holds.hpp"
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
  double eps_s = 0;                                 ///< active volume fraction the file implies: a R/3 [1]
  Given<Profile> active_fraction{0.0, From::rule};  ///< replaces eps_s where it is given [1]
  Given<Profile> R{0.0, From::rule};                ///< particle radius through depth    [m]

  template <class Keys>
  static void declare(Keys& keys) {
    keys.about("One material of a blended " + keys.side() + " electrode, by its name in the cell file.");
    keys.key("active_fraction", &ActiveMaterial::active_fraction, {unit::one, inside(0, 1), from_file},
             "Volume fraction eps_s of this material.")
        .key("particle_radius", &ActiveMaterial::R, {unit::metre, above(0, 1e-3), from_file},
             "Particle radius R of this material.");
  }
};

/// How the active fraction follows a porosity that differs from the file's.
enum class Solid {
  composition,  ///< every solid keeps its share: eps_s/(1 - eps) is kept
  filler,       ///< binder and carbon keep their volume: eps_s + eps is kept
  fixed,        ///< eps_s is kept; the filler gives way
};
inline constexpr std::array<const char*, 3> solid_names{"composition", "filler", "fixed"};

struct Electrode {
  Given<double> thickness;  ///< [m]
  Given<Profile> porosity;  ///< eps; under a field what it is on the mean [1]
  /// Points [xi, y [m], eps], rising in xi: a control volume has the porosity of the nearest; empty: as `porosity` says
  std::vector<std::array<double, 3>> porosity_field;
  double reference_porosity = 0;                         ///< the file's porosity          [1]
  double reference_transport_efficiency = 0;             ///< the file's B                 [1]
  Given<Profile> transport_efficiency{0.0, From::rule};  ///< B(xi) where it is given [1]
  Given<double> bruggeman{0, From::rule};                ///< b in B = eps^b where it is given [1]
  Given<Profile> conductivity;                           ///< sigma, already effective     [S m-1]
  Given<double> conductivity_exponent{0, From::rule};    ///< of the active fraction, in sigma [1]
  Solid solid = Solid::composition;
  std::vector<ActiveMaterial> materials;
  ActiveMaterial none;  ///< takes what a case says of the only material where there is none or a blend
  Given<std::string> kinetics{"butler_volmer", From::rule};  ///< law of charge transfer, by its name
  Given<double> transfer_coefficient{0.5, From::rule};       ///< anodic, of a law that has one [1]
  double channel_fraction = 0;  ///< Phi: part of the coating's volume that is channel; all else is about the rest [1]

  ActiveMaterial& only_material() { return materials.size() == 1 ? materials.front() : none; }
  /// b in B = eps^b: the case's, or ln B/ln eps of the file                      [1]
  double bruggeman_exponent() const;
  /// Mean porosity of the slice [from, to] of the depth                          [1]
  double eps(double from, double to) const;
  /// The same at a place across, where there is a field                          [1]
  double eps(double from, double to, double y) const;
  /// Transport efficiency of the slice: given, or eps^b                          [1]
  double B(double from, double to) const { return B_with(eps(from, to), from, to); }
  double B_with(double eps, double from, double to) const;
  /// Active volume fraction of material m in the slice                           [1]
  double eps_s(std::size_t m, double from, double to) const { return eps_s_with(eps(from, to), m, from, to); }
  double eps_s_with(double eps, std::size_t m, double from, double to) const;
  /// Conductivity of the slice                                                   [S m-1]
  double sigma(double from, double to) const { return sigma_with(eps(from, to), from, to); }
  double sigma_with(double eps, double from, double to) const;
  /// More pores by as much everywhere; what follows them does.
  void add_porosity(double by);
  /// The same as a profile through the depth                                     [1]
  Profile active_fraction(std::size_t m) const;
  /// Depths at which a property jumps, rising                                    [1]
  std::vector<double> jumps() const;
  /// The same with the borders of all layers, also of those with the same value  [1]
  std::vector<double> borders() const;

  template <class Keys>
  static void declare(Keys& keys) {
    keys.about(
        "The " + keys.side() +
        " electrode: what differs from the cell file. Depth xi runs from 0 at the collector to 1 at the separator.");
    keys.key("thickness", &Electrode::thickness, {unit::metre, above(0, 0.01), from_file},
             "Thickness L of the coating.")
        .key("porosity", &Electrode::porosity, {unit::one, inside(0, 1), from_file}, "Electrolyte volume fraction eps.")
        .key("porosity_field", &Electrode::porosity_field, {unit::one, any(), "not used", {}, true},
             "Porosity place by place, as points [xi, y, eps], y in m (r where axisymmetric): every control volume has "
             "that of the nearest point. `porosity` is then its mean.")
        .key("solid", &Electrode::solid, {unit::one, any(), "", {solid_names.begin(), solid_names.end()}},
             "How the active fraction follows a changed porosity: every solid keeps its share (composition), binder "
             "and carbon keep their volume (filler), or the active fraction stays (fixed).")
        .key("active_fraction", &Electrode::only_material, &ActiveMaterial::active_fraction,
             {unit::one, inside(0, 1), "the cell file's a R/3, following the porosity as `solid` says"},
             "Active material volume fraction eps_s, for an electrode of one material.")
        .key("particle_radius", &Electrode::only_material, &ActiveMaterial::R, {unit::metre, above(0, 1e-3), from_file},
             "Particle radius R, for an electrode of one material.")
        .key("transport_efficiency", &Electrode::transport_efficiency,
             {unit::one, above(0, 1), "eps^b with the bruggeman_exponent"},
             "Transport efficiency B: the factor on D_e and kappa in the pores; the inverse of the MacMullin number.")
        .key("bruggeman_exponent", &Electrode::bruggeman, {unit::one, between(0, 10), "ln B/ln eps of the cell file"},
             "Exponent b in B = eps^b; not together with transport_efficiency.")
        .key("conductivity", &Electrode::conductivity, {unit::conductivity, above(0), from_file},
             "Effective conductivity sigma of the solid matrix.")
        .key("conductivity_exponent", &Electrode::conductivity_exponent,
             {unit::one, between(0, 10), "0: it does not follow", {}, true},
             "Exponent by which the conductivity follows a changed active fraction: sigma = `conductivity` times "
             "(eps_s/eps_s of the cell file)^exponent.")
        .key("kinetics", &Electrode::kinetics,
             {unit::one, any(), keys.kinetics_names().front(), keys.kinetics_names(), true},
             "Law of charge transfer between electrolyte and particles; `porelith explain laws` says what each is.")
        .key("transfer_coefficient", &Electrode::transfer_coefficient, {unit::one, inside(0, 1), "0.5", {}, true},
             "Anodic transfer coefficient alpha, of a law of charge transfer that has one.");
  }
};

struct Separator {
  Given<double> thickness;             ///< [m]
  Given<double> porosity;              ///< [1]
  Given<double> transport_efficiency;  ///< B [1]

  template <class Keys>
  static void declare(Keys& keys) {
    keys.about("The separator: what differs from the cell file.");
    keys.key("thickness", &Separator::thickness, {unit::metre, above(0, 0.01), from_file},
             "Thickness of the separator.")
        .key("porosity", &Separator::porosity, {unit::one, above(0, 1), from_file}, "Electrolyte volume fraction eps.")
        .key("transport_efficiency", &Separator::transport_efficiency,
             {unit::one, above(0, 1), "eps^b with the cell file's b"},
             "Transport efficiency B: the factor on D_e and kappa in the pores.");
  }
};

struct Electrolyte {
  Given<double> c_e0{1000};                               ///< initial and reference concentration [mol m-3]
  Given<double> t_plus;                                   ///< cation transference number          [1]
  Given<Function> D_e;                                    ///< [m2 s-1] of c_e [mol m-3], at T_ref
  Given<Function> kappa;                                  ///< [S m-1]  of c_e [mol m-3], at T_ref
  Given<Function> thermodynamic_factor{1.0, From::rule};  ///< 1 + dln f/dln c_e [1] of c_e [mol m-3]; BPX knows 1 only
  double D_e_activation = 0;                              ///< [J mol-1]
  double kappa_activation = 0;

  template <class Keys>
  static void declare(Keys& keys) {
    keys.about("The electrolyte: what differs from the cell file.");
    keys.key("concentration", &Electrolyte::c_e0, {unit::concentration, above(0, 1e4), from_file},
             "Salt concentration c_e0 at the start, to which the kinetics refer as well.")
        .key("t_plus", &Electrolyte::t_plus, {unit::one, inside(-1, 1), from_file},
             "Cation transference number t_plus.")
        .key("diffusivity", &Electrolyte::D_e, {unit::diffusivity, above(0), from_file},
             "Salt diffusivity D_e, a number or an expression of x = c_e [mol.m-3].")
        .key("conductivity", &Electrolyte::kappa, {unit::conductivity, above(0), from_file},
             "Ionic conductivity kappa, a number or an expression of x = c_e [mol.m-3].")
        .key("thermodynamic_factor", &Electrolyte::thermodynamic_factor,
             {unit::one, above(0), "1, as BPX defines", {}, true},
             "1 + dln f/dln c_e, the factor on chi = 2 (1 - t_plus) R T/F, a number or an expression of x = c_e "
             "[mol.m-3].");
  }
};

/// One experiment of a BPX Validation section, as it stands there (discharge current negative).
struct Validation {
  std::string name;
  std::vector<double> time, current, voltage, temperature;  ///< [s], [A], [V], [K]; temperature may be empty
};

struct Cell {
  std::string title, description, references;
  std::string file;    ///< where it was read from
  std::string sha256;  ///< of that file
  Given<double> area;  ///< of electrodes, all pairs together [m2]
  int electrode_pairs = 1;
  Given<double> V_min, V_max;       ///< cut-offs                       [V]
  Given<double> nominal_capacity;   ///< the C in C-rate                [A h]
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
  /// Electrode area of one pair [m2]
  double pair_area() const { return area / electrode_pairs; }

  /// Keys of [cell]; what cell it is stands before them.
  template <class Keys>
  static void declare(Keys& keys) {
    keys.key("nominal_capacity", &Cell::nominal_capacity, {unit::ampere_hour, above(0), from_file},
             "The charge that 1C takes out in one hour.")
        .key("voltage_min", &Cell::V_min, {unit::volt, inside(-10, 10), from_file},
             "Lower cut-off voltage V_min: ends every discharge.")
        .key("voltage_max", &Cell::V_max, {unit::volt, inside(-10, 10), from_file},
             "Upper cut-off voltage V_max: ends every charge.")
        .key("area", &Cell::area, {unit::square_metre, above(0), from_file},
             "Electrode area of the whole cell, all pairs together.");
  }
};

}  // namespace porelith
