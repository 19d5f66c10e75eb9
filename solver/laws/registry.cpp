#include "solver/laws/registry.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <stdexcept>

#include "solver/cell/cell.hpp"

namespace porelith {

// A line a law of charge transfer: NAME stands for `const KineticsLaw& NAME_kinetics()` in a file of its own.
// clang-format off
#define PORELITH_KINETICS(law) \
  law(butler_volmer) \
  law(linear) \
  law(asymmetric) \
  /* the last */
// clang-format on

#define PORELITH_DECLARED(name) const KineticsLaw& name##_kinetics();
PORELITH_KINETICS(PORELITH_DECLARED)

const std::vector<const KineticsLaw*>& kinetics_laws() {
#define PORELITH_LISTED(name) &name##_kinetics(),
  static const std::vector<const KineticsLaw*> all{PORELITH_KINETICS(PORELITH_LISTED)};
  return all;
}

std::vector<std::string> kinetics_names() {
  std::vector<std::string> names;
  for (const KineticsLaw* law : kinetics_laws()) names.push_back(law->name());
  return names;
}

const KineticsLaw& kinetics_called(const std::string& name) {
  for (const KineticsLaw* law : kinetics_laws())
    if (law->name() == name) return *law;
  throw std::invalid_argument(
      fmt::format("{} is no law of charge transfer; there are {}", name, fmt::join(kinetics_names(), ", ")));
}

std::vector<LawPointer> laws_of(const Electrolyte& e, const ActiveMaterial& m, double T_ref) {
  return {salt_diffusivity(e, T_ref), salt_conductivity(e, T_ref), concentration_voltage(e, T_ref),
          open_circuit_potential(m, T_ref), solid_diffusivity(m, T_ref)};
}

std::vector<LawFacts> facts_of_laws() {
  std::vector<LawFacts> facts;
  for (const LawPointer& law : laws_of({}, {}, 298.15)) facts.push_back(law->facts());
  return facts;
}

}  // namespace porelith
