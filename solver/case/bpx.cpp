#include "solver/case/bpx.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "solver/case/bpx_check.hpp"
#include "solver/case/bpx_section.hpp"
#include "solver/case/json.hpp"
#include "solver/case/sha256.hpp"

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

class BpxReader {
 public:
  BpxReader(Problems& problems, Cell& cell) : problems_(problems), cell_(cell) {}

  void read(const Json& root, const std::string& file) {
    BpxSection top(&root, {file, root.line, root.column}, "", problems_, cell_.warnings);
    header(top.section("Header", Need::required));
    state(top.section("State", Need::optional));
    parameterisation(top.section("Parameterisation", Need::required));
    validation(top.section("Validation", Need::optional));
    top.close();
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
      if (initial.has(key))
        s.warn(fmt::format("{} is read but not used: open-circuit potentials have one branch here.",
                           initial.name_of(key)));
    }
    initial.close();
    for (const char* name : {"Thermal environment", "Thermal state"}) {  // the second in files before 1.1
      BpxSection thermal = s.section(name, Need::optional);
      thermal.number("Ambient temperature [K]", temperature);
      thermal.number("Heat transfer coefficient [W.m-2.K-1]", {0});
      thermal.close();
    }
    degradation(s.section("Degradation", Need::optional));
    s.close();
  }

  void degradation(BpxSection s) {
    for (const char* key : {"LLI", "LAM: Negative electrode", "LAM: Positive electrode"}) {
      const bool lost = number_or_one_a_material(s, key, {0, 1});
      if (lost) s.warn(fmt::format("{} is read but not applied: the cell is taken as new.", s.name_of(key)));
    }
    s.close();
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
    s.number("Electrode area [m2]", any_positive, Need::required, cell_.electrode_area);
    electrode_pairs(s);
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
    s.number("External surface area [m2]", any_positive);
    cell_.volume = s.number("Volume [m3]", any_positive);
    cell_.density = s.number("Density [kg.m-3]", any_positive);
    s.number("Specific heat capacity [J.K-1.kg-1]", any_positive);
    s.number("Thermal conductivity [W.m-1.K-1]", any_positive);
    s.number("Ambient temperature [K]", temperature);
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
    e.c_e0 = c_e0_.value_or(e.c_e0);
    s.number("Cation transference number", fraction, Need::required, e.t_plus);
    s.number("Diffusivity activation energy [J.mol-1]", activation_energy, Need::optional, e.D_e_activation);
    s.number("Conductivity activation energy [J.mol-1]", activation_energy, Need::optional, e.kappa_activation);
    law(s, "Diffusivity [m2.s-1]", Need::required, e.D_e, {0.5 * e.c_e0, 1.5 * e.c_e0}, true, "mol/m3");
    law(s, "Conductivity [S.m-1]", Need::required, e.kappa, {0.5 * e.c_e0, 1.5 * e.c_e0}, true, "mol/m3");
    s.close();
  }

  void law(BpxSection& s, const std::string& key, Need need, Function& target, Range range, bool positive,
           const std::string& of) {
    std::optional<Function> read;
    s.function(key, need, read);
    if (!read) return;
    require_on_range(s, key, *read, range.low, range.high, positive, of);
    target = *read;
  }

  void electrode(BpxSection s, Electrode& e) {
    if (!s.exists()) return;
    s.number("Thickness [m]", layer_thickness, Need::required, e.thickness);
    s.number("Porosity", fraction, porous(), e.reference_porosity);
    s.number("Transport efficiency", fraction, porous(), e.reference_transport_efficiency);
    e.porosity = e.reference_porosity;
    double conductivity = 0;
    s.number("Conductivity [S.m-1]", any_positive, porous(), conductivity);
    e.conductivity = conductivity;
    if (s.has("Particle")) {
      BpxSection blend = s.section("Particle", Need::required);
      for (auto& [name, material_section] : blend.sections()) {
        material(material_section, name, e);
        material_section.close();
      }
      if (blend.exists() && e.materials.empty()) s.problem("Particle", s.name_of("Particle") + " holds no material");
      s.close("in a blend each material under Particle holds its own particle parameters");
    } else {
      material(s, "", e);
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

  void material(BpxSection& s, const std::string& name, Electrode& e) {
    if (!s.exists()) return;
    ActiveMaterial m;
    m.name = name;
    stoichiometry_limits(s, m);
    s.number("Maximum concentration [mol.m-3]", above(0, 1e6), Need::required, m.c_s_max);
    double radius = 0, area = 0;
    s.number("Particle radius [m]", above(0, 0.01), Need::required, radius);
    s.number("Surface area per unit volume [m-1]", above(0, 1e12), Need::required, area);
    m.R = radius;
    m.eps_s = area * radius / 3;
    const Range used{m.sto_min, m.sto_max};
    law(s, "Diffusivity [m2.s-1]", Need::required, m.D_s, used, true, "stoichiometry");
    s.number("Diffusivity activation energy [J.mol-1]", activation_energy, Need::optional, m.D_s_activation);
    s.number("Reaction rate constant [mol.m-2.s-1]", any_positive, Need::required, m.K);
    s.number("Reaction rate constant activation energy [J.mol-1]", activation_energy, Need::optional, m.K_activation);
    open_circuit_potential(s, m, used);
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
  void open_circuit_potential(BpxSection& s, ActiveMaterial& m, Range used) {
    const int branches = static_cast<int>(s.has(hysteresis_keys[0])) + static_cast<int>(s.has(hysteresis_keys[1]));
    Function delithiation, lithiation;
    law(s, hysteresis_keys[0], Need::optional, delithiation, used, false, "stoichiometry");
    law(s, hysteresis_keys[1], Need::optional, lithiation, used, false, "stoichiometry");
    s.number("OCP hysteresis decay constant", {0});
    const bool from_branches = branches == 2 && !s.has("OCP [V]");
    law(s, "OCP [V]", from_branches ? Need::optional : Need::required, m.U, used, false, "stoichiometry");
    if (from_branches) {
      m.U = Function::mean_of(delithiation, lithiation);
      s.warn(fmt::format(
          "{} is missing; the mean of the delithiation and lithiation branches is taken, without hysteresis.",
          s.name_of("OCP [V]")));
    } else if (branches > 0) {
      s.warn(fmt::format("{}: the hysteresis branches of the open-circuit potential are read but not used; OCP [V] is.",
                         s.path()));
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
    s.close();
  }

  void validation(BpxSection s) {
    for (auto& [name, experiment] : s.sections()) {
      Validation v;
      v.name = name;
      v.time = experiment.numbers("Time [s]", Need::required);
      v.current = experiment.numbers("Current [A]", Need::required);
      v.voltage = experiment.numbers("Voltage [V]", Need::required);
      v.temperature = experiment.numbers("Temperature [K]", Need::optional);
      same_length(experiment, "Current [A]", v.time, v.current);
      same_length(experiment, "Voltage [V]", v.time, v.voltage);
      same_length(experiment, "Temperature [K]", v.time, v.temperature);
      const auto back = std::is_sorted_until(v.time.begin(), v.time.end());
      if (back != v.time.end()) {
        experiment.problem("Time [s]", fmt::format("{} goes back to {} in entry {}", experiment.name_of("Time [s]"),
                                                   *back, back - v.time.begin() + 1));
      }
      experiment.close();
      if (experiment.exists()) cell_.validation.push_back(std::move(v));
    }
  }

  void same_length(BpxSection& s, const std::string& key, const std::vector<double>& time,
                   const std::vector<double>& values) {
    if (time.empty() || values.empty() || time.size() == values.size()) return;
    s.problem(key, fmt::format("{} has {} values where Time [s] has {}", s.name_of(key), values.size(), time.size()));
  }

  Need porous() const { return single_particle_ ? Need::optional : Need::required; }

  Problems& problems_;
  Cell& cell_;
  std::optional<double> c_e0_;
  bool single_particle_ = false;
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
