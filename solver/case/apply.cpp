#include "solver/case/apply.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "solver/cell/cell.hpp"
#include "solver/cell/side.hpp"
#include "solver/laws/registry.hpp"
#include "solver/text/toml.hpp"

namespace porelith {
namespace {

class ElectrodeJudge {
 public:
  ElectrodeJudge(std::string name, const Draft& draft, const Electrode& file, Electrode& electrode, Problems& problems)
      : name_(std::move(name)), draft_(draft), file_(file), electrode_(electrode), problems_(problems) {}

  void judge() {
    check_kinetics();
    if (electrode_.transport_efficiency.by_case() && electrode_.bruggeman.by_case())
      add("bruggeman_exponent", "stands beside transport_efficiency; give one of them");
    check_materials();
    check_volume();
    check_field();
  }

 private:
  std::string path(const std::string& key) const { return name_ + "." + key; }

  void add(const std::string& key, const std::string& sentence) {
    problems_.add(draft_.where(path(key)), fmt::format("[{}] {} {}", name_, key, sentence));
  }

  void check_kinetics() {
    if (!electrode_.transfer_coefficient.by_case() || kinetics_called(electrode_.kinetics).has_alpha()) return;
    std::string names;
    for (const KineticsLaw* law : kinetics_laws())
      if (law->has_alpha()) names += (names.empty() ? "" : ", ") + law->name();
    add("transfer_coefficient",
        fmt::format("is of no use to kinetics = {}; laws that have one: {}", toml_quoted(electrode_.kinetics), names));
  }

  /// A blend's materials, as they are written: "Graphite", "Silicon".
  std::string material_names() const {
    std::string names;
    for (const auto& material : file_.materials) names += (names.empty() ? "" : ", ") + toml_quoted(material.name);
    return names;
  }

  /// Keys of the only material in a blend, tables of materials that the cell's file does not have.
  void check_materials() {
    const std::size_t count = file_.materials.size();
    const auto refuse = [&](const std::string& key) {
      add(key, fmt::format("speaks of one material, and this electrode has {}; give it in a table [{}.material.{}]",
                           count, name_, toml_quoted(file_.materials.front().name)));
    };
    if (count > 1 && electrode_.none.active_fraction.by_case()) refuse("active_fraction");
    if (count > 1 && electrode_.none.R.by_case()) refuse("particle_radius");
    for (std::size_t m = count; m < electrode_.materials.size(); ++m) refuse_material(electrode_.materials[m].name);
    electrode_.materials.resize(count);
  }

  void refuse_material(const std::string& name) {
    const Location where = draft_.where(fmt::format("{}.material.{}", name_, toml_quoted(name)));
    if (file_.materials.size() == 1) {
      problems_.add(
          where,
          fmt::format("[{0}.material] is for blends, and this electrode has one material; write the keys into [{0}]",
                      name_));
      return;
    }
    std::vector<std::string> known;
    for (const auto& material : file_.materials) known.push_back(material.name);
    const std::string near = nearest_name(name, known);
    problems_.add(where,
                  fmt::format("[{}.material] {} is not a material of this electrode; it has {}.{}", name_,
                              toml_quoted(name), material_names(), near.empty() ? "" : " Did you mean " + near + "?"));
  }

  /// Borders of slices through the depth: the layers where there is nothing else, else thin ones.
  std::vector<double> slices() const {
    std::vector<const Profile*> profiles{&electrode_.porosity.value};
    for (const auto& material : electrode_.materials)
      if (!material.active_fraction.by_rule()) profiles.push_back(&material.active_fraction.value);
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
                                    eps, (from + to) / 2, active,
                                    toml_quoted(solid_names[static_cast<std::size_t>(electrode_.solid)])));
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

  /// The same where porosity is a field; its points stand in the order of their depth from here on.
  void check_field() {
    auto& field = electrode_.porosity_field;
    for (std::size_t k = 0; k < field.size(); ++k) {
      const double xi = field[k][0], y = field[k][1], eps = field[k][2];
      const auto refuse = [&](const std::string& sentence) {
        add("porosity_field", fmt::format("= [{:.6g}, {:.6g}, {:.6g}] at point {}: {}", xi, y, eps, k + 1, sentence));
      };
      if (!(xi >= 0 && xi <= 1)) return refuse("xi is outside [0, 1]; 0 is the collector, 1 the separator");
      if (!(eps > 0 && eps < 1)) return refuse("the porosity is outside (0, 1)");
      double total = eps;
      for (std::size_t m = 0; m < electrode_.materials.size(); ++m) {
        const double active = electrode_.eps_s_with(eps, m, 0, 1);
        if (!(active > 0)) return refuse(fmt::format("it leaves an active fraction of {:.6g}", active));
        total += active;
      }
      if (total > 1 + 1e-9) return refuse(fmt::format("volume fractions add up to {:.6g}", total));
    }
    std::stable_sort(field.begin(), field.end(), [](const auto& a, const auto& b) { return a[0] < b[0]; });
  }

  std::string name_;
  const Draft& draft_;
  const Electrode& file_;
  Electrode& electrode_;
  Problems& problems_;
};

/// B of a separator follows its porosity with the file's b, where the case does not say it.
void apply_rule(const Separator& file, Separator& separator) {
  if (!separator.porosity.by_case() || separator.transport_efficiency.by_case() || !(file.porosity < 1)) return;
  const double b = std::log(file.transport_efficiency) / std::log(file.porosity);
  separator.transport_efficiency.value = std::pow(separator.porosity, b);
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

void check_laws(const Draft& draft, Problems& problems) {
  const Electrolyte& e = draft.cell.electrolyte;
  const auto check = [&](const std::string& key, const Given<Function>& law) {
    if (law.by_case()) check_law(draft, key, law, e.c_e0, problems);
  };
  check("diffusivity", e.D_e);
  check("conductivity", e.kappa);
  check("thermodynamic_factor", e.thermodynamic_factor);
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

void apply(Draft& draft, const Cell& file, Problems& problems) {
  Cell& cell = draft.cell;
  CellKeys& keys = draft.of_cell;
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
                             cell.V_min.value, cell.V_max.value));
  }
  ElectrodeJudge(word_of(Side::negative), draft, file.negative, cell.negative, problems).judge();
  ElectrodeJudge(word_of(Side::positive), draft, file.positive, cell.positive, problems).judge();
  apply_rule(file.separator, cell.separator);
  check_laws(draft, problems);
  apply_initial(draft, cell, problems);
}

}  // namespace porelith
