#include "solver/cell/bpx/bpx.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "solver/base/sha256.hpp"
#include "solver/cell/bpx/bpx_check.hpp"
#include "solver/cell/bpx/bpx_section.hpp"
#include "solver/cell/bpx/bpx_unused.hpp"
#include "solver/cell/bpx/bpx_validation.hpp"
#include "solver/text/json.hpp"

namespace porelith {

namespace {

// Ranges are those of physics and of plain mistakes in the unit (micrometres, degrees Celsius), not of taste.
const Range fraction = inside(0, 1);
const Range temperature{100, 1000};           // [K]
const Range layer_thickness = above(0, 0.1);  // [m]
const Range activation_energy{-1e6, 1e6};     // [J mol-1]
const Range voltage{-10, 10};                 // [V]
const Range any_positive = above(0);

const char* const hysteresis_keys[] = {"OCP (delithiation) [V]", "OCP (lithiation) [V]"};

// Why content of a file is not used.
const char* const one_temperature = "no heat is computed: a run has the one temperature of its case";
const char* const one_branch = "open-circuit potentials have one branch here";
const char* const new_cell = "the cell is taken as new";
const char* const full_model = "the full model, DFN, is solved";
const char* const no_comparison = "runs are not compared with measurements";
const char* const no_mass = "a mass takes a volume too";
const char* const private_meaning = "what is user-defined has its meaning where it was defined";

class BpxReader {
 public:
  BpxReader(Problems& problems, Cell& cell) : problems_(problems), cell_(cell) {}

  void read(const Json& root, const std::string& file) {
    BpxSection top(&root, {file, root.line, root.column}, "", problems_, cell_.warnings);
    header(top.section("Header", Need::required));
    state(top.section("State", Need::optional));
    parameterisation(top.section("Parameterisation", Need::required));
    cell_.validation = read_validation(top.section("Validation", Need::optional));
    for (const Validation& v : cell_.validation) unused_.add("Validation / " + shortened(v.name), no_comparison);
    top.close();
    for (std::string& sentence : unused_.sentences()) cell_.warnings.push_back(std::move(sentence));
  }

 private:
  void header(BpxSection s) {
    if (s.has("BPX")) {
      version(s);
    } else {
      s.number("BPX", any_positive, Need::required);
    }
    cell_.title = s.text("Title");
    cell_.description = s.text("Description");
    cell_.references = s.text("References");
    const std::vector<std::string> models{"SPM", "SPMe", "DFN", "Partial"};
    const std::string model = s.text("Model");
    if (s.has("Model") && s.value("Model")->string() != nullptr &&
        std::count(models.begin(), models.end(), model) == 0) {
      s.problem("Model", fmt::format("Header / Model = \"{}\" is none of SPM, SPMe, DFN, Partial", shortened(model)));
    }
    if (model == "SPM" || model == "SPMe") not_used(s, "Model", full_model);
    s.close();
  }

  /// "1.1.0", "0.4" or a number; of the layout it says nothing that can be relied upon.
  void version(BpxSection& s) {
    s.known("BPX");
    const Json& value = *s.value("BPX");
    double major = -1;
    if (const double* number = value.number()) major = std::floor(*number);
    if (const std::string* text = value.string()) {
      const bool digits = !text->empty() && text->find_first_not_of("0123456789.") == std::string::npos;
      if (digits && text->front() != '.' && text->size() < 20) major = std::floor(std::stod(*text));
    }
    if (major < 0) {
      s.problem("BPX", "Header / BPX must be a version such as \"1.1.0\"");
    } else if (major > 1) {
      s.warn("The file says it is written for a BPX newer than 1.x; it was read by the rules of 1.1.");
    }
  }

  void state(BpxSection s) {
    BpxSection initial = s.section("Initial conditions", Need::optional);
    cell_.soc_initial = initial.number("Initial state-of-charge", {0, 1});
    cell_.T_initial = initial.number("Initial temperature [K]", temperature);
    c_e0_ = initial.number("Initial electrolyte concentration [mol.m-3]", above(0, 1e5));
    for (const char* electrode : {"Negative electrode", "Positive electrode"}) {
      const std::string key = std::string("Initial hysteresis state: ") + electrode;
      number_or_one_a_material(initial, key, {-1, 1});
      not_used(initial, key, one_branch);
    }
    initial.close();
    for (const char* name : {"Thermal environment", "Thermal state"}) {  // the second in files before 1.1
      BpxSection thermal = s.section(name, Need::optional);
      idle(thermal, "Ambient temperature [K]", temperature, one_temperature);
      idle(thermal, "Heat transfer coefficient [W.m-2.K-1]", {0}, one_temperature);
      thermal.close();
    }
    degradation(s.section("Degradation", Need::optional));
    s.close();
  }

  void degradation(BpxSection s) {
    for (const char* key : {"LLI", "LAM: Negative electrode", "LAM: Positive electrode"}) {
      if (number_or_one_a_material(s, key, {0, 1})) not_used(s, key, new_cell);
    }
    s.close();
  }

  /// A key that is there, whose content changes nothing.
  void not_used(const BpxSection& s, const std::string& key, const char* why) {
    if (s.has(key)) unused_.add(s.name_of(key), why);
  }

  /// A number that must be right, although nothing is made of it.
  void idle(BpxSection& s, const std::string& key, Range range, const char* why) {
    s.number(key, range);
    not_used(s, key, why);
  }

  /// A number, or an object with one for each material of a blend. Returns whether any is not zero.
  bool number_or_one_a_material(BpxSection& s, const std::string& key, Range range) {
    const Json* value = s.value(key);
    if (value == nullptr || value->object() == nullptr) return s.number(key, range).value_or(0) != 0;
    BpxSection materials = s.section(key, Need::optional);
    bool any = false;
    for (const auto& member : *value->object()) any |= materials.number(member.key, range).value_or(0) != 0;
    return any;
  }

  void parameterisation(BpxSection s) {
    if (!s.exists()) return;
    s.omit_name();
    single_particle_ =
        !s.has("Electrolyte") && !s.has("Separator") && (s.has("Negative electrode") || s.has("Positive electrode"));
    if (single_particle_) {
      s.problem(
          "",
          "This file is for the single particle model: it has no Electrolyte, no Separator and no porous structure, "
          "which the full (DFN) model needs");
    }
    user_defined_ = s.value("User-defined");
    cell(s.section("Cell", Need::required));
    electrolyte(s.section("Electrolyte", porous()));
    electrode(s.section("Negative electrode", Need::required), cell_.negative);
    electrode(s.section("Positive electrode", Need::required), cell_.positive);
    separator(s.section("Separator", porous()));
    user_defined(s.section("User-defined", Need::optional));
    s.close();
  }

  void cell(BpxSection s) {
    if (!s.exists()) return;
    double one_pair = 0;
    s.number("Electrode area [m2]", any_positive, Need::required, one_pair);
    electrode_pairs(s);
    cell_.area.value = one_pair * cell_.electrode_pairs;
    s.number("Lower voltage cut-off [V]", voltage, Need::required, cell_.V_min);
    s.number("Upper voltage cut-off [V]", voltage, Need::required, cell_.V_max);
    const auto low = s.value("Lower voltage cut-off [V]"), high = s.value("Upper voltage cut-off [V]");
    if (low != nullptr && high != nullptr && low->number() != nullptr && high->number() != nullptr &&
        *low->number() >= *high->number()) {
      s.problem("Lower voltage cut-off [V]",
                fmt::format("Cell / Lower voltage cut-off [V] = {} is not below the upper one, {}", *low->number(),
                            *high->number()));
    }
    s.number("Nominal cell capacity [A.h]", any_positive, Need::required, cell_.nominal_capacity);
    idle(s, "External surface area [m2]", any_positive, one_temperature);
    cell_.volume = s.number("Volume [m3]", any_positive);
    cell_.density = s.number("Density [kg.m-3]", any_positive);
    if (!cell_.volume) not_used(s, "Density [kg.m-3]", no_mass);
    idle(s, "Specific heat capacity [J.K-1.kg-1]", any_positive, one_temperature);
    idle(s, "Thermal conductivity [W.m-1.K-1]", any_positive, one_temperature);
    idle(s, "Ambient temperature [K]", temperature, one_temperature);
    const auto initial = s.number("Initial temperature [K]", temperature);
    older_layout_ = s.has("Ambient temperature [K]") || s.has("Initial temperature [K]");
    prefer_state(cell_.T_initial, initial, s.name_of("Initial temperature [K]"));
    s.number("Reference temperature [K]", temperature, Need::optional, cell_.T_ref);
    if (!s.has("Reference temperature [K]")) {
      s.warn(fmt::format("Cell / Reference temperature [K] is missing; {} is taken.", cell_.T_ref));
    }
    s.close();
  }

  void electrode_pairs(BpxSection& s) {
    const std::string key = "Number of electrode pairs connected in parallel to make a cell";
    const double pairs = s.number(key, {1, 1e6}, Need::required).value_or(1);
    if (std::floor(pairs) != pairs) s.problem(key, fmt::format("{} = {} is not a whole number", s.name_of(key), pairs));
    cell_.electrode_pairs = static_cast<int>(pairs);
  }

  /// A value that may stand in State and, before 1.0, elsewhere: State wins.
  void prefer_state(std::optional<double>& from_state, std::optional<double> older, const std::string& name) {
    if (from_state && older && *from_state != *older) {
      cell_.warnings.push_back(fmt::format("{} = {} gives way to {} under State.", name, *older, *from_state));
    }
    if (!from_state) from_state = older;
  }

  void electrolyte(BpxSection s) {
    if (!s.exists()) return;
    Electrolyte& e = cell_.electrolyte;
    const std::string old_key = "Initial concentration [mol.m-3]";
    prefer_state(c_e0_, s.number(old_key, above(0, 1e5)), s.name_of(old_key));
    if (!c_e0_ && older_layout_ && !s.has(old_key)) s.number(old_key, any_positive, Need::required);
    if (!c_e0_ && !older_layout_) {
      s.warn(fmt::format(
          "No initial electrolyte concentration is given (State / Initial conditions); {} mol/m3 is taken.", e.c_e0));
    }
    e.c_e0.value = c_e0_.value_or(e.c_e0);
    s.number("Cation transference number", inside(-1, 1), Need::required, e.t_plus);
    s.number("Diffusivity activation energy [J.mol-1]", activation_energy, Need::optional, e.D_e_activation);
    s.number("Conductivity activation energy [J.mol-1]", activation_energy, Need::optional, e.kappa_activation);
    law(s, "Diffusivity [m2.s-1]", Need::required, e.D_e, {0.5 * e.c_e0, 1.5 * e.c_e0}, true, "mol/m3");
    law(s, "Conductivity [S.m-1]", Need::required, e.kappa, {0.5 * e.c_e0, 1.5 * e.c_e0}, true, "mol/m3");
    s.close();
  }

  /// Returns whether it could be read.
  bool law(BpxSection& s, const std::string& key, Need need, Function& target, Range range, bool positive,
           const std::string& of) {
    std::optional<Function> read;
    s.function(key, need, read);
    if (!read) return false;
    require_on_range(s, key, *read, range.low, range.high, positive, of);
    target = *read;
    return true;
  }

  void electrode(BpxSection s, Electrode& e) {
    if (!s.exists()) return;
    s.number("Thickness [m]", layer_thickness, Need::required, e.thickness);
    s.number("Porosity", fraction, porous(), e.reference_porosity);
    s.number("Transport efficiency", fraction, porous(), e.reference_transport_efficiency);
    e.porosity.value = e.reference_porosity;
    double conductivity = 0;
    s.number("Conductivity [S.m-1]", any_positive, porous(), conductivity);
    e.conductivity.value = conductivity;
    if (s.has("Particle")) {
      BpxSection blend = s.section("Particle", Need::required);
      in_blend_ = blend.keys().size() > 1;
      for (auto& [name, material_section] : blend.sections()) {
        material(material_section, s.path(), name, e);
        material_section.close();
      }
      if (blend.exists() && e.materials.empty()) s.problem("Particle", s.name_of("Particle") + " holds no material");
      s.close("in a blend each material under Particle holds its own particle parameters");
    } else {
      in_blend_ = false;
      material(s, s.path(), "", e);
      s.close();
    }
    double solid = 0;
    for (const auto& m : e.materials) solid += m.eps_s;
    constexpr double rounding = 1e-6;  // of published figures
    if (solid + e.reference_porosity > 1 + rounding) {
      s.problem(
          "Porosity",
          fmt::format("{}: the porosity {} and the active material {:.4g} (a R/3) fill more than the whole volume",
                      s.path(), e.reference_porosity, solid));
    }
  }

  void material(BpxSection& s, const std::string& electrode, const std::string& name, Electrode& e) {
    if (!s.exists()) return;
    ActiveMaterial m;
    m.name = name;
    stoichiometry_limits(s, m);
    s.number("Maximum concentration [mol.m-3]", above(0, 1e6), Need::required, m.c_s_max);
    double radius = 0, area = 0;
    s.number("Particle radius [m]", above(0, 0.01), Need::required, radius);
    s.number("Surface area per unit volume [m-1]", above(0, 1e12), Need::required, area);
    m.R = {radius, From::file};
    m.eps_s = area * radius / 3;
    const Range used{m.sto_min, m.sto_max};
    law(s, "Diffusivity [m2.s-1]", Need::required, m.D_s, used, true, "stoichiometry");
    s.number("Diffusivity activation energy [J.mol-1]", activation_energy, Need::optional, m.D_s_activation);
    s.number("Reaction rate constant [mol.m-2.s-1]", any_positive, Need::required, m.K);
    s.number("Reaction rate constant activation energy [J.mol-1]", activation_energy, Need::optional, m.K_activation);
    open_circuit_potential(s, electrode, m, used);
    law(s, "Entropic change coefficient [V.K-1]", Need::optional, m.dUdT, used, false, "stoichiometry");
    e.materials.push_back(std::move(m));
  }

  void stoichiometry_limits(BpxSection& s, ActiveMaterial& m) {
    const auto low = s.number("Minimum stoichiometry", {0, 1}, Need::required);
    const auto high = s.number("Maximum stoichiometry", {0, 1}, Need::required);
    if (!low || !high) return;
    if (*low >= *high) {
      s.problem("Minimum stoichiometry",
                fmt::format("{} = {} is not below the maximum, {}", s.name_of("Minimum stoichiometry"), *low, *high));
      return;
    }
    m.sto_min = *low;
    m.sto_max = *high;
  }

  /// "OCP [V]"; where only the two branches of a hysteresis are given, their mean.
  void open_circuit_potential(BpxSection& s, const std::string& electrode, ActiveMaterial& m, Range used) {
    const int branches = static_cast<int>(s.has(hysteresis_keys[0])) + static_cast<int>(s.has(hysteresis_keys[1]));
    Function delithiation, lithiation;
    law(s, hysteresis_keys[0], Need::optional, delithiation, used, false, "stoichiometry");
    law(s, hysteresis_keys[1], Need::optional, lithiation, used, false, "stoichiometry");
    idle(s, "OCP hysteresis decay constant", {0}, one_branch);
    const bool from_branches = branches == 2 && !s.has("OCP [V]");
    const bool given =
        law(s, "OCP [V]", from_branches ? Need::optional : Need::required, m.U, used, false, "stoichiometry");
    if (from_branches) {
      m.U = Function::mean_of(delithiation, lithiation);
      s.warn(fmt::format(
          "{} is missing; the mean of the delithiation and lithiation branches is taken, without hysteresis.",
          s.name_of("OCP [V]")));
    } else {
      for (const char* key : hysteresis_keys) not_used(s, key, one_branch);
    }
    if (given && is_flat(m)) judge_flat_potential(s, electrode, m);
  }

  /// A potential that says nothing of the charge stands in for curves that the file has elsewhere, or is of no use.
  void judge_flat_potential(BpxSection& s, const std::string& electrode, const ActiveMaterial& m) {
    const std::string says =
        fmt::format("{} is {:.6g} V at every stoichiometry", s.name_of("OCP [V]"), m.U(m.sto_min).value);
    std::vector<std::string> curves;
    for (const char* key : hysteresis_keys)
      if (s.has(key)) curves.push_back(s.name_of(key));
    const char* way = curves.size() == 2 ? "leave OCP [V] out, and the mean of the two is taken"
                                         : "write the curve that is meant into OCP [V]";
    if (curves.empty()) curves = user_defined_potentials(user_defined_, electrode);
    if (!curves.empty()) {
      s.problem("OCP [V]", fmt::format("{}, while the file holds {}; {}", says, fmt::join(curves, " and "), way));
    } else if (in_blend_) {
      s.problem("OCP [V]", says + "; the materials of a blend share their lithium by potentials that change with it");
    }
  }

  void separator(BpxSection s) {
    if (!s.exists()) return;
    s.number("Thickness [m]", layer_thickness, Need::required, cell_.separator.thickness);
    s.number("Porosity", above(0, 1), Need::required, cell_.separator.porosity);
    s.number("Transport efficiency", above(0, 1), Need::required, cell_.separator.transport_efficiency);
    s.close();
  }

  /// Free for everybody, but what bears this program's name is meant for it.
  void user_defined(BpxSection s) {
    s.known_with_prefix("");
    const std::string ours = "Porelith: ";
    for (const std::string& key : s.keys()) {
      if (key.rfind(ours, 0) == 0) s.problem(key, fmt::format("{} is not a setting of this program", s.name_of(key)));
    }
    for (std::string& name : user_defined_names(user_defined_)) unused_.add(std::move(name), private_meaning);
    s.close();
  }

  Need porous() const { return single_particle_ ? Need::optional : Need::required; }

  Problems& problems_;
  Cell& cell_;
  UnusedContent unused_;
  const Json* user_defined_ = nullptr;
  std::optional<double> c_e0_;
  bool single_particle_ = false;
  bool in_blend_ = false;      ///< several materials stand in the electrode that is read
  bool older_layout_ = false;  ///< of BPX 0.x: temperatures stand under Cell
};

}  // namespace

Cell parse_bpx(const std::string& text, const std::string& file) {
  Problems problems;
  Cell cell;
  cell.file = file;
  cell.sha256 = sha256(text);
  const Json root = parse_json(text, file, problems);
  BpxReader(problems, cell).read(root, file);
  problems.throw_if_any();
  for (auto& sentence : doubts(cell)) cell.warnings.push_back(std::move(sentence));
  return cell;
}

Cell read_bpx(const std::string& path) {
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  if (stream.peek() != std::ifstream::traits_type::eof()) text << stream.rdbuf();
  if (!stream.is_open() || stream.bad() || text.bad() || std::filesystem::is_directory(path)) {
    Problems problems;
    problems.add({path}, fmt::format("the file cannot be read: {}", std::strerror(errno != 0 ? errno : EISDIR)));
    problems.throw_if_any();
  }
  return parse_bpx(text.str(), path);
}

}  // namespace porelith
