#pragma once
/// The laws that there are.
#include <string>
#include <vector>

#include "solver/laws/kinetics_law.hpp"
#include "solver/laws/law.hpp"

namespace porelith {

struct Electrolyte;
struct ActiveMaterial;

// Of (c_e, T) and (sto, T), each in a file of its own, made of a cell's numbers at T_ref.
LawPointer salt_diffusivity(const Electrolyte& e, double T_ref);           ///< D_e [m2 s-1] (L2)
LawPointer salt_conductivity(const Electrolyte& e, double T_ref);          ///< kappa [S m-1] (L2)
LawPointer concentration_voltage(const Electrolyte& e, double T_ref);      ///< chi [V] (L2b)
LawPointer open_circuit_potential(const ActiveMaterial& m, double T_ref);  ///< U [V] (L3)
LawPointer solid_diffusivity(const ActiveMaterial& m, double T_ref);       ///< D_s [m2 s-1] (L4)

/// All of them for one electrolyte and one material.
std::vector<LawPointer> laws_of(const Electrolyte& e, const ActiveMaterial& m, double T_ref);
/// What each of them is, whatever the cell.
std::vector<LawFacts> facts_of_laws();

/// Laws of charge transfer, in the order of the registry.
const std::vector<const KineticsLaw*>& kinetics_laws();
std::vector<std::string> kinetics_names();
/// @throws std::invalid_argument naming what there is
const KineticsLaw& kinetics_called(const std::string& name);

}  // namespace porelith
