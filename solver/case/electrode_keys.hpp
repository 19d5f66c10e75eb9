#pragma once
/// What a case changes of an electrode and its materials.
#include <optional>
#include <string>
#include <vector>

#include "solver/case/as_written.hpp"
#include "solver/case/holds.hpp"
#include "solver/laws/registry.hpp"

namespace porelith {

struct MaterialKeys {
  std::string name;
  std::optional<ProfileText> active_fraction, particle_radius;

  template <class Keys>
  static void declare(Keys& keys) {
    keys.about("One material of a blended " + keys.side() + " electrode, by its name in the cell file.");
    keys.key("active_fraction", &MaterialKeys::active_fraction, {unit::one, inside(0, 1), from_file},
             "Volume fraction eps_s of this material.")
        .key("particle_radius", &MaterialKeys::particle_radius, {unit::metre, above(0, 1e-3), from_file},
             "Particle radius R of this material.");
  }
};

struct ElectrodeKeys {
  std::optional<double> thickness, bruggeman_exponent;
  std::optional<ProfileText> porosity, transport_efficiency, active_fraction, particle_radius, conductivity;
  std::string solid = "composition";
  std::optional<std::string> kinetics;
  std::optional<double> transfer_coefficient;
  std::vector<MaterialKeys> materials;

  template <class Keys>
  static void declare(Keys& keys) {
    keys.about(
        "The " + keys.side() +
        " electrode: what differs from the cell file. Depth xi runs from 0 at the collector to 1 at the separator.");
    keys.key("thickness", &ElectrodeKeys::thickness, {unit::metre, above(0, 0.01), from_file},
             "Thickness L of the coating.")
        .key("porosity", &ElectrodeKeys::porosity, {unit::one, inside(0, 1), from_file},
             "Electrolyte volume fraction eps.")
        .key("solid", &ElectrodeKeys::solid, {unit::one, any(), "", {"composition", "filler", "fixed"}},
             "How the active fraction follows a changed porosity: every solid keeps its share (composition), binder "
             "and carbon keep their volume (filler), or the active fraction stays (fixed).")
        .key("active_fraction", &ElectrodeKeys::active_fraction,
             {unit::one, inside(0, 1), "the cell file's a R/3, following the porosity as `solid` says"},
             "Active material volume fraction eps_s, for an electrode of one material.")
        .key("particle_radius", &ElectrodeKeys::particle_radius, {unit::metre, above(0, 1e-3), from_file},
             "Particle radius R, for an electrode of one material.")
        .key("transport_efficiency", &ElectrodeKeys::transport_efficiency,
             {unit::one, above(0, 1), "eps^b with the bruggeman_exponent"},
             "Transport efficiency B: the factor on D_e and kappa in the pores; the inverse of the MacMullin number.")
        .key("bruggeman_exponent", &ElectrodeKeys::bruggeman_exponent,
             {unit::one, between(0, 10), "ln B/ln eps of the cell file"},
             "Exponent b in B = eps^b; not together with transport_efficiency.")
        .key("conductivity", &ElectrodeKeys::conductivity, {unit::conductivity, above(0), from_file},
             "Effective conductivity sigma of the solid matrix.")
        .key("kinetics", &ElectrodeKeys::kinetics, {unit::one, any(), kinetics_names().front(), kinetics_names(), true},
             "Law of charge transfer between electrolyte and particles; `porelith explain laws` says what each is.")
        .key("transfer_coefficient", &ElectrodeKeys::transfer_coefficient, {unit::one, inside(0, 1), "0.5", {}, true},
             "Anodic transfer coefficient alpha, of a law of charge transfer that has one.");
  }
};

}  // namespace porelith
