#include "solver/case/apply.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "solver/cell/side.hpp"
#include "solver/text/toml.hpp"

namespace porelith {
namespace {

/// Whichever of the two is known becomes both.
void settle(std::optional<double>& key, double& field) {
  if (key) field = *key;
  key = field;
}

void settle(std::optional<ProfileText>& key, Profile& field) {
  if (key) {
    field = key->profile;
  } else if (field.is_constant()) {
    key = ProfileText{field, toml_number(field.at(0))};
  }
}

void settle(std::optional<FunctionText>& key, Function& field) {
  if (key) {
    field = key->function;
  } else if (field.is_constant()) {
    key = FunctionText{field, toml_number(field(0).value)};
  }
}

Solid solid_rule(const std::string& name) {
  if (name == "filler") return Solid::filler;
  if (name == "fixed") return Solid::fixed;
  return Solid::composition;
}

class ElectrodeChanges {
 public:
  ElectrodeChanges(std::string name, Draft& draft, ElectrodeKeys& keys, Electrode& electrode, Problems& problems)
      : name_(std::move(name)), draft_(draft), keys_(keys), electrode_(electrode), problems_(problems) {}

  void apply() {
    settle(keys_.thickness, electrode_.thickness);
    settle(keys_.porosity, electrode_.porosity);
    settle(keys_.conductivity, electrode_.conductivity);
    electrode_.solid = solid_rule(keys_.solid);
    apply_kinetics();
    if (keys_.transport_efficiency) electrode_.transport_efficiency = keys_.transport_efficiency->profile;
    if (keys_.bruggeman_exponent) electrode_.bruggeman = keys_.bruggeman_exponent;
    if (keys_.transport_efficiency && keys_.bruggeman_exponent) {
      add("bruggeman_exponent", "stands beside transport_efficiency; give one of them");
    }
    apply_materials();
    check_volume();
  }

 private:
  std::string path(const std::string& key) const { return name_ + "." + key; }

  void add(const std::string& key, const std::string& sentence) {
    problems_.add(draft_.where(path(key)), fmt::format("[{}] {} {}", name_, key, sentence));
  }

  void apply_kinetics() {
    if (keys_.kinetics) electrode_.kinetics = *keys_.kinetics;
    if (!keys_.transfer_coefficient) return;
    electrode_.transfer_coefficient = *keys_.transfer_coefficient;
    if (kinetics_called(electrode_.kinetics).has_alpha()) return;
    std::string names;
    for (const KineticsLaw* law : kinetics_laws())
      if (law->has_alpha()) names += (names.empty() ? "" : ", ") + law->name();
    add("transfer_coefficient",
        fmt::format("is of no use to kinetics = {}; laws that have one: {}", toml_quoted(electrode_.kinetics), names));
  }

  /// A blend's materials, as they are written: "Graphite", "Silicon".
  std::string material_names() const {
    std::string names;
    for (const auto& material : electrode_.materials) names += (names.empty() ? "" : ", ") + toml_quoted(material.name);
    return names;
  }

  void apply_materials() {
    if (electrode_.materials.size() == 1 && keys_.materials.empty()) {
      auto& material = electrode_.materials.front();
      if (keys_.active_fraction) material.active_fraction = keys_.active_fraction->profile;
      settle(keys_.particle_radius, material.R);
      return;
    }
    const std::string way =
        fmt::format("in a table [{}.material.{}]", name_, toml_quoted(electrode_.materials.front().name));
    const std::string blend =
        fmt::format("speaks of one material, and this electrode has {}; give it {}", electrode_.materials.size(), way);
    if (electrode_.materials.size() > 1 && keys_.active_fraction) add("active_fraction", blend);
    if (electrode_.materials.size() > 1 && keys_.particle_radius) add("particle_radius", blend);
    for (const auto& given : keys_.materials) apply_material(given);
  }

  void apply_material(const MaterialKeys& given) {
    for (auto& material : electrode_.materials) {
      if (material.name != given.name) continue;
      if (given.active_fraction) material.active_fraction = given.active_fraction->profile;
      if (given.particle_radius) material.R = given.particle_radius->profile;
      return;
    }
    const Location where = draft_.where(fmt::format("{}.material.\"{}\"", name_, given.name));
    if (electrode_.materials.size() == 1) {
      problems_.add(
          where,
          fmt::format("[{0}.material] is for blends, and this electrode has one material; write the keys into [{0}]",
                      name_));
      return;
    }
    std::vector<std::string> known;
    for (const auto& material : electrode_.materials) known.push_back(material.name);
    const std::string near = nearest_name(given.name, known);
    problems_.add(where, fmt::format("[{}.material] {} is not a material of this electrode; it has {}.{}", name_,
                                     toml_quoted(given.name), material_names(),
                                     near.empty() ? "" : " Did you mean " + near + "?"));
  }

  /// Borders of slices through the depth: the layers where there is nothing else, else thin ones.
  std::vector<double> slices() const {
    std::vector<const Profile*> profiles{&electrode_.porosity};
    for (const auto& material : electrode_.materials)
      if (material.active_fraction) profiles.push_back(&*material.active_fraction);
    std::vector<double> borders{0, 1};
    if (std::all_of(profiles.begin(), profiles.end(), [](const Profile* p) { return p->is_layered(); })) {
      for (const Profile* p : profiles) borders.insert(borders.end(), p->jumps().begin(), p->jumps().end());
      std::sort(borders.begin(), borders.end());
      borders.erase(std::unique(borders.begin(), borders.end()), borders.end());
      return borders;
    }
    constexpr int thin = 200;
    borders.resize(thin + 1);
    for (int k = 0; k <= thin; ++k) borders[k] = static_cast<double>(k) / thin;
    return borders;
  }

  /// Porosity and active fractions through the depth: each inside (0, 1), together at most 1.
  void check_volume() {
    const std::vector<double> borders = slices();
    struct Worst {
      double amount = 1 + 1e-9, xi = 0, eps = 0;
    } worst;
    for (std::size_t k = 0; k + 1 < borders.size(); ++k) {
      const double from = borders[k], to = borders[k + 1];
      const double eps = electrode_.eps(from, to);
      double total = eps;
      for (std::size_t m = 0; m < electrode_.materials.size(); ++m) {
        const double active = electrode_.eps_s(m, from, to);
        total += active;
        if (active > 0) continue;
        add("porosity", fmt::format("= {:.6g} at depth xi = {:.3g} leaves an active fraction of {:.6g} with solid = "
                                    "{}; it must stay above 0",
                                    eps, (from + to) / 2, active, toml_quoted(keys_.solid)));
        return;
      }
      if (total > worst.amount) worst = {total, (from + to) / 2, eps};
    }
    if (worst.eps == 0) return;
    const std::string key = draft_.given.count(path("active_fraction")) != 0 ? "active_fraction" : "porosity";
    add(key, fmt::format("makes volume fractions add up to {:.6g} at depth xi = {:.3g} (porosity {:.6g}, active "
                         "{:.6g}); that is {:.3g} more than 1",
                         worst.amount, worst.xi, worst.eps, worst.amount - worst.eps, worst.amount - 1));
  }

  std::string name_;
  Draft& draft_;
  ElectrodeKeys& keys_;
  Electrode& electrode_;
  Problems& problems_;
};

void apply_separator(SeparatorKeys& keys, Separator& separator) {
  if (keys.porosity && !keys.transport_efficiency && separator.porosity < 1) {  // B = eps^b with the file's b
    const double b = std::log(separator.transport_efficiency) / std::log(separator.porosity);
    separator.transport_efficiency = std::pow(*keys.porosity, b);
  }
  settle(keys.thickness, separator.thickness);
  settle(keys.porosity, separator.porosity);
  settle(keys.transport_efficiency, separator.transport_efficiency);
}

/// A law of the electrolyte must be positive wherever a run is likely to take the salt.
void check_law(const Draft& draft, const std::string& key, const Function& law, double c_e0, Problems& problems) {
  for (const double share : {0.1, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0}) {
    const double value = law(share * c_e0).value;
    if (std::isfinite(value) && value > 0) continue;
    problems.add(draft.where("electrolyte." + key),
                 fmt::format("[electrolyte] {} = {} is {:.6g} at c_e = {:.6g} mol.m-3; it must be > 0", key,
                             toml_quoted(law.text()), value, share * c_e0));
    return;
  }
}

void apply_electrolyte(Draft& draft, Electrolyte& electrolyte, Problems& problems) {
  ElectrolyteKeys& keys = draft.electrolyte;
  settle(keys.concentration, electrolyte.c_e0);
  settle(keys.t_plus, electrolyte.t_plus);
  if (keys.diffusivity) check_law(draft, "diffusivity", keys.diffusivity->function, electrolyte.c_e0, problems);
  if (keys.conductivity) check_law(draft, "conductivity", keys.conductivity->function, electrolyte.c_e0, problems);
  if (keys.thermodynamic_factor) {
    electrolyte.thermodynamic_factor = keys.thermodynamic_factor->function;
    check_law(draft, "thermodynamic_factor", electrolyte.thermodynamic_factor, electrolyte.c_e0, problems);
  }
  settle(keys.diffusivity, electrolyte.D_e);
  settle(keys.conductivity, electrolyte.kappa);
}

void apply_initial(Draft& draft, const Cell& cell, Problems& problems) {
  Initial& initial = draft.initial;
  const bool by_sto = initial.sto_negative || initial.sto_positive;
  const int ways = (initial.soc ? 1 : 0) + (initial.voltage ? 1 : 0) + (by_sto ? 1 : 0);
  const char* last = by_sto ? "initial.stoichiometry_negative" : "initial.voltage";
  if (ways > 1)
    problems.add(draft.where(last),
                 "[initial] says in more than one way how the cell starts; give soc, voltage or both stoichiometries");
  if (by_sto && !(initial.sto_negative && initial.sto_positive)) {
    const std::string given = word_of(initial.sto_negative ? Side::negative : Side::positive),
                      missing = word_of(initial.sto_negative ? Side::positive : Side::negative);
    problems.add(draft.where("initial.stoichiometry_" + given),
                 fmt::format("[initial] stoichiometry_{} needs stoichiometry_{} beside it", given, missing));
  }
  if (ways == 0) initial.soc = cell.soc_initial.value_or(1.0);
}

}  // namespace

void apply(Draft& draft, Cell& cell, Problems& problems) {
  CellKeys& keys = draft.cell;
  settle(keys.nominal_capacity, cell.nominal_capacity);
  settle(keys.voltage_min, cell.V_min);
  settle(keys.voltage_max, cell.V_max);
  if (keys.area) cell.electrode_area = *keys.area / cell.electrode_pairs;
  keys.area = keys.area.value_or(cell.area());
  if (!keys.temperature_function)
    keys.temperature = keys.temperature.value_or(cell.T_initial.value_or(cell.T_ref));
  else if (keys.temperature)
    problems.add(draft.where("cell.temperature_function"),
                 "[cell] gives both temperature and temperature_function; a cell has one temperature");
  if (draft.title.empty()) draft.title = cell.title;
  if (!(cell.V_min < cell.V_max)) {
    const std::string key = draft.given.count("cell.voltage_min") != 0 ? "voltage_min" : "voltage_max";
    problems.add(draft.where("cell." + key),
                 fmt::format("[cell] {} leaves cut-offs of {} V and {} V; the lower must be below the upper", key,
                             cell.V_min, cell.V_max));
  }
  ElectrodeChanges(word_of(Side::negative), draft, draft.negative, cell.negative, problems).apply();
  ElectrodeChanges(word_of(Side::positive), draft, draft.positive, cell.positive, problems).apply();
  apply_separator(draft.separator, cell.separator);
  apply_electrolyte(draft, cell.electrolyte, problems);
  apply_initial(draft, cell, problems);
}

}  // namespace porelith
