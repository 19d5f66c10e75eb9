#include "solver/case/keys.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <stdexcept>

#include "solver/case/geometry_keys.hpp"
#include "solver/case/key_writer.hpp"
#include "solver/case/values.hpp"
#include "solver/text/toml.hpp"

namespace porelith {
namespace {

const std::string from_file = "the cell file's";

Table top_table() {
  return Writer<Draft>("", "The top of the file, before the first table.",
                       [](Draft& d, std::size_t) -> Draft& { return d; })
      .key("title", &Draft::title, {unit::one, any(), "the cell's title"},
           "What the run is about, for pictures and manifests.");
}

Table cell_table() {
  return Writer<CellKeys>("cell", "The cell, from a BPX file, and what the case changes of the cell as a whole.",
                          [](Draft& d, std::size_t) -> CellKeys& { return d.cell; })
      .key("file", &CellKeys::file, {unit::one, any(), "required"},
           "BPX file, relative to the case file; or the name of a cell that comes with the program, e.g. "
           "\"lgm50_chen2020\".")
      .key("temperature", &CellKeys::temperature,
           {unit::kelvin, between(200, 400), "the cell file's initial, else reference temperature"},
           "Temperature T of the whole cell during the run.")
      .key("nominal_capacity", &CellKeys::nominal_capacity, {unit::ampere_hour, above(0), from_file},
           "The charge that 1C takes out in one hour.")
      .key("voltage_min", &CellKeys::voltage_min, {unit::volt, inside(-10, 10), from_file},
           "Lower cut-off voltage V_min: ends every discharge.")
      .key("voltage_max", &CellKeys::voltage_max, {unit::volt, inside(-10, 10), from_file},
           "Upper cut-off voltage V_max: ends every charge.")
      .key("area", &CellKeys::area, {unit::square_metre, above(0), from_file},
           "Electrode area of the whole cell, all pairs together.");
}

Table electrode_table(const std::string& name, ElectrodeKeys Draft::*electrode) {
  return Writer<ElectrodeKeys>(name,
                               "The " + name +
                                   " electrode: what differs from the cell file. Depth xi runs from 0 at the collector "
                                   "to 1 at the separator.",
                               [electrode](Draft& d, std::size_t) -> ElectrodeKeys& { return d.*electrode; })
      .key("thickness", &ElectrodeKeys::thickness, {unit::metre, above(0, 0.01), from_file},
           "Thickness L of the coating.")
      .key("porosity", &ElectrodeKeys::porosity, {unit::one, inside(0, 1), from_file},
           "Electrolyte volume fraction eps.")
      .key("solid", &ElectrodeKeys::solid, {unit::one, any(), "", {"composition", "filler", "fixed"}},
           "How the active fraction follows a changed porosity: every solid keeps its share (composition), binder and "
           "carbon keep their volume "
           "(filler), or the active fraction stays (fixed).")
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
           "Effective conductivity sigma of the solid matrix.");
}

Table material_table(const std::string& electrode, ElectrodeKeys Draft::*member) {
  return Writer<MaterialKeys>(
             electrode + ".material",
             "One material of a blended " + electrode + " electrode, by its name in the cell file.",
             [member](Draft& d, std::size_t i) -> MaterialKeys& { return (d.*member).materials.at(i); },
             Table::Shape::named)
      .items([member](Draft& d, const std::string& name) {
        auto& materials = (d.*member).materials;
        for (std::size_t i = 0; i < materials.size(); ++i)
          if (materials[i].name == name) return i;
        materials.push_back({name, {}, {}});
        return materials.size() - 1;
      })
      .key("active_fraction", &MaterialKeys::active_fraction, {unit::one, inside(0, 1), from_file},
           "Volume fraction eps_s of this material.")
      .key("particle_radius", &MaterialKeys::particle_radius, {unit::metre, above(0, 1e-3), from_file},
           "Particle radius R of this material.");
}

Table separator_table() {
  return Writer<SeparatorKeys>("separator", "The separator: what differs from the cell file.",
                               [](Draft& d, std::size_t) -> SeparatorKeys& { return d.separator; })
      .key("thickness", &SeparatorKeys::thickness, {unit::metre, above(0, 0.01), from_file},
           "Thickness of the separator.")
      .key("porosity", &SeparatorKeys::porosity, {unit::one, above(0, 1), from_file},
           "Electrolyte volume fraction eps.")
      .key("transport_efficiency", &SeparatorKeys::transport_efficiency,
           {unit::one, above(0, 1), "eps^b with the cell file's b"},
           "Transport efficiency B: the factor on D_e and kappa in the pores.");
}

Table electrolyte_table() {
  return Writer<ElectrolyteKeys>("electrolyte", "The electrolyte: what differs from the cell file.",
                                 [](Draft& d, std::size_t) -> ElectrolyteKeys& { return d.electrolyte; })
      .key("concentration", &ElectrolyteKeys::concentration, {unit::concentration, above(0, 1e4), from_file},
           "Salt concentration c_e0 at the start, to which the kinetics refer as well.")
      .key("t_plus", &ElectrolyteKeys::t_plus, {unit::one, inside(-1, 1), from_file},
           "Cation transference number t_plus.")
      .key("diffusivity", &ElectrolyteKeys::diffusivity, {unit::diffusivity, above(0), from_file},
           "Salt diffusivity D_e, a number or an expression of x = c_e [mol.m-3].")
      .key("conductivity", &ElectrolyteKeys::conductivity, {unit::conductivity, above(0), from_file},
           "Ionic conductivity kappa, a number or an expression of x = c_e [mol.m-3].");
}

Table initial_table() {
  return Writer<Initial>("initial", "How the cell starts, at rest: by soc, by voltage, or by both stoichiometries.",
                         [](Draft& d, std::size_t) -> Initial& { return d.initial; })
      .key("soc", &Initial::soc, {unit::one, between(0, 1), "the cell file's, else 1"},
           "State of charge between the stoichiometry limits.")
      .key("voltage", &Initial::voltage, {unit::volt, inside(-10, 10), "not used"}, "Open-circuit voltage of the cell.")
      .key("stoichiometry_negative", &Initial::sto_negative, {unit::one, between(0, 1), "not used"},
           "Stoichiometry of the negative material; a blend holds as much lithium as if all its materials had it.")
      .key("stoichiometry_positive", &Initial::sto_positive, {unit::one, between(0, 1), "not used"},
           "Stoichiometry of the positive material; a blend holds as much lithium as if all its materials had it.");
}

Table protocol_table() {
  return Writer<ProtocolKeys>("protocol", "How often the list of steps runs.",
                              [](Draft& d, std::size_t) -> ProtocolKeys& { return d.protocol; })
      .key("repeat", &ProtocolKeys::repeat, {unit::one, between(1, 100000), ""}, "How many times the steps run.")
      .key("repeat_from", &ProtocolKeys::repeat_from, {unit::one, between(1, 100000), ""},
           "The first step that repeats, counting from 1; the steps before it run once.");
}

Table protocol_until_table() {
  const std::string unused = "not used";
  return Writer<ProtocolUntilKeys>(
             "protocol.until",
             "Stops of the whole protocol, repeats included: it ends at the first that is reached, whatever step is "
             "under way. One in voltage counts only while a current flows that leads to it.",
             [](Draft& d, std::size_t) -> ProtocolUntilKeys& { return d.protocol.until; })
      .key("empty", &ProtocolUntilKeys::empty, {}, "Until the cell's lower cut-off voltage is reached on discharge.")
      .key("full", &ProtocolUntilKeys::full, {}, "Until the cell's upper cut-off voltage is reached on charge.")
      .key("time", &ProtocolUntilKeys::time, {unit::second, above(0), unused}, "Time from the start of the run.")
      .key("voltage_below", &ProtocolUntilKeys::voltage_below, {unit::volt, inside(-10, 10), unused},
           "Voltage to fall to on discharge.")
      .key("voltage_above", &ProtocolUntilKeys::voltage_above, {unit::volt, inside(-10, 10), unused},
           "Voltage to rise to on charge.")
      .key("capacity", &ProtocolUntilKeys::capacity, {unit::ampere_hour, above(0), unused},
           "Net charge passed since the start of the run, either way.")
      .key("soc_below", &ProtocolUntilKeys::soc_below, {unit::one, between(0, 1), unused},
           "State of charge to fall to.")
      .key("soc_above", &ProtocolUntilKeys::soc_above, {unit::one, between(0, 1), unused},
           "State of charge to rise to.")
      .key("plating_margin", &ProtocolUntilKeys::plating_margin, {unit::volt, inside(-10, 10), unused},
           "Least phi_s - phi_e in the negative electrode to fall to.")
      .key("salt", &ProtocolUntilKeys::salt, {unit::concentration, at_least(0), unused},
           "Least salt concentration c_e in the cell to fall to.");
}

Table step_table() {
  return Writer<StepKeys>(
             "step",
             "One step of the protocol: exactly one of discharge, charge, hold, power, rest, current_table, "
             "voltage_table or power_table. The cell's cut-offs end every step that could pass them.",
             [](Draft& d, std::size_t i) -> StepKeys& { return d.steps.at(i); }, Table::Shape::list)
      .items([](Draft& d, const std::string&) {
        d.steps.emplace_back();
        return d.steps.size() - 1;
      })
      .key("discharge", &StepKeys::discharge, {unit::ampere, above(0), "not used"},
           "Discharges at a constant current or C-rate.")
      .key("charge", &StepKeys::charge, {unit::ampere, above(0), "not used"},
           "Charges at a constant current or C-rate.")
      .key("hold", &StepKeys::hold, {unit::volt, inside(-10, 10), "not used"},
           "Holds a voltage; needs `until` with time or current.")
      .key("power", &StepKeys::power, {unit::watt, any(), "not used"},
           "Holds a power of the whole cell, discharge positive.")
      .key("rest", &StepKeys::rest, {unit::second, above(0), "not used"}, "Rests without current for this long.")
      .key("current_table", &StepKeys::current_table, {unit::ampere, any(), "not used"},
           "Follows a current over time, discharge positive: a CSV file with columns time [s], current [A], or { time "
           "= [...], current = [...] }, C-rates allowed. Two rows at one time are a jump.")
      .key("voltage_table", &StepKeys::voltage_table, {unit::volt, any(), "not used"},
           "Follows a voltage over time: a CSV file with columns time [s], voltage [V], or { time = [...], voltage = "
           "[...] }.")
      .key("power_table", &StepKeys::power_table, {unit::watt, any(), "not used"},
           "Follows a power of the whole cell over time, discharge positive: a CSV file with columns time [s], power "
           "[W], or { time = [...], power = [...] }.")
      .key("interpolation", &StepKeys::interpolation, {unit::one, any(), "", {"linear", "hold"}},
           "Between a table's rows: linear, or hold: each value lasts until the next row, the last row is the end.")
      .key("table_sign", &StepKeys::table_sign, {unit::one, any(), "", {"discharge_positive", "discharge_negative"}},
           "Sign of a table's currents and powers on discharge; cyclers often write discharge negative.")
      .key("cut_off", &StepKeys::cut_off, {unit::one, any(), "", {"end", "hold", "rest"}},
           "What a cut-off of the cell does to a table of current or power. It concerns only the current that leads to "
           "it: the upper one charging, the lower one discharging. end: ends the step; hold: the voltage stays there "
           "while the table pushes on, and the table is followed again once it asks for no more than flows; rest: no "
           "current until the table turns.");
}

Table until_table() {
  const std::string unused = "not used";
  return Writer<UntilKeys>("step.until", "Stops of a step: it ends at the first that is reached.",
                           [](Draft& d, std::size_t i) -> UntilKeys& { return d.steps.at(i).until; })
      .key("time", &UntilKeys::time, {unit::second, above(0), unused}, "Time in the step.")
      .key("voltage", &UntilKeys::voltage, {unit::volt, inside(-10, 10), unused},
           "Voltage to fall to on discharge, to rise to on charge.")
      .key("voltage_below", &UntilKeys::voltage_below, {unit::volt, inside(-10, 10), "V_min on discharge"},
           "Voltage to fall to.")
      .key("voltage_above", &UntilKeys::voltage_above, {unit::volt, inside(-10, 10), "V_max on charge"},
           "Voltage to rise to.")
      .key("current", &UntilKeys::current, {unit::ampere, above(0), unused},
           "Size of the current to fall to, as in \"C/20\".")
      .key("current_above", &UntilKeys::current_above, {unit::ampere, above(0), unused},
           "Size of the current to rise to.")
      .key("capacity", &UntilKeys::capacity, {unit::ampere_hour, above(0), unused},
           "Charge passed in the step, either way.")
      .key("soc", &UntilKeys::soc, {unit::one, between(0, 1), unused},
           "State of charge to fall to on discharge, to rise to on charge.")
      .key("soc_below", &UntilKeys::soc_below, {unit::one, between(0, 1), unused}, "State of charge to fall to.")
      .key("soc_above", &UntilKeys::soc_above, {unit::one, between(0, 1), unused}, "State of charge to rise to.")
      .key("plating_margin", &UntilKeys::plating_margin, {unit::volt, inside(-10, 10), unused},
           "Least phi_s - phi_e in the negative electrode to fall to; lithium can plate below 0 V.")
      .key("salt", &UntilKeys::salt, {unit::concentration, at_least(0), unused},
           "Least salt concentration c_e in the cell to fall to.");
}

Table mesh_table() {
  return Writer<MeshOptions>("mesh", "How finely the cell is divided.",
                             [](Draft& d, std::size_t) -> MeshOptions& { return d.mesh; })
      .key("file", &MeshOptions::file, {unit::one, any(), "not used: a grid"},
           "Gmsh file instead of a grid, relative to the case file. Physical names: volumes negative, "
           "separator, positive, negative_channel, positive_channel, negative_foil, positive_foil; surfaces "
           "negative_collector, positive_collector. The layers follow each other along x; [geometry] says the "
           "dimension.")
      .key("unit", &MeshOptions::unit, {unit::one, any(), "", {"m", "mm", "um", "nm"}},
           "Unit of the file's coordinates.")
      .key("split", &MeshOptions::split, {unit::one, between(0, 4), ""},
           "How often the file's elements are halved along every direction: 1 makes 4 of a triangle or a quadrilateral "
           "and 8 of a solid.")
      .key("fineness", &MeshOptions::fineness, {unit::one, any(), "", {"coarse", "medium", "fine"}},
           "How many control volumes and shells there are where no number is given.")
      .key("negative", &MeshOptions::negative, {unit::one, between(1, 10000), "20, coarse 10, fine 40"},
           "Control volumes through the negative electrode.")
      .key("separator", &MeshOptions::separator,
           {unit::one, between(0, 10000), "10, coarse 5, fine 20; 0 where the dimension is not 1"},
           "Control volumes through the separator; 0 = as thick as those beside it.")
      .key("positive", &MeshOptions::positive, {unit::one, between(1, 10000), "20, coarse 10, fine 40"},
           "Control volumes through the positive electrode.")
      .key("width", &MeshOptions::width, {unit::one, between(0, 10000), "16, coarse 8, fine 32"},
           "Control volumes along y, from mirror plane to mirror plane or along the radius; 0 = as fineness says.")
      .key("height", &MeshOptions::height, {unit::one, between(0, 10000), "16, coarse 8, fine 32"}, "The same along z.")
      .key(
          "grading", &MeshOptions::grading, {unit::one, between(0.01, 100), "1; 3 where the dimension is not 1"},
          "Thickness of an electrode's cell at the collector over that of its cell at the separator; 1 = all the same.")
      .key("shells", &MeshOptions::shells, {unit::one, between(2, 10000), "15, coarse 10, fine 30"},
           "Shells in a particle.")
      .key("shell_grading", &MeshOptions::shell_grading,
           {unit::one, between(0, 1000), "300 (fewer than 15 shells: 1.503^(shells - 1)), where D_s varies 40"},
           "Thickness of the innermost shell over the outermost; 1 = all the same, 0 = as where it is not given.")
      .key("accuracy", &MeshOptions::accuracy,
           {unit::one, between(1e-5, 0.1), "0.1 % in 1D up to 10,000 time steps, else off"},
           "How exact `run` is to be, e.g. \"0.1 %\": the share at the end of each step, and as much of 1 V in the "
           "voltage (1 mV). Where the case gives neither cells, shells nor fineness, they and rtol are refined until "
           "an estimate says so; else a larger estimate is a warning. In a study it is the baseline's, and settles "
           "the mesh of all samples. \"off\": nobody asks.");
}

Table mesh_names_table() {
  const auto names = [](const char* unless) { return Holds{unit::one, any(), unless}; };
  return Writer<MeshNames>("mesh.names",
                           "What the mesh file's physical groups are called, where they are not called as the parts of "
                           "the cell: each a name, a number, or a list of several.",
                           [](Draft& d, std::size_t) -> MeshNames& { return d.mesh.names; })
      .key("negative", &MeshNames::negative, names("negative"), "The negative electrode.")
      .key("separator", &MeshNames::separator, names("separator"), "The separator.")
      .key("positive", &MeshNames::positive, names("positive"), "The positive electrode.")
      .key("negative_channel", &MeshNames::negative_channel, names("negative_channel"),
           "Channels in the negative electrode.")
      .key("positive_channel", &MeshNames::positive_channel, names("positive_channel"),
           "Channels in the positive electrode.")
      .key("negative_foil", &MeshNames::negative_foil, names("negative_foil"), "The negative current collector.")
      .key("positive_foil", &MeshNames::positive_foil, names("positive_foil"), "The positive current collector.")
      .key("negative_collector", &MeshNames::negative_collector, names("negative_collector"),
           "Where the negative terminal is.")
      .key("positive_collector", &MeshNames::positive_collector, names("positive_collector"),
           "Where the positive terminal is.")
      .key("left_out", &MeshNames::left_out, names("nothing"), "What is in the file and takes no part.");
}

Table solver_table() {
  return Writer<SolverOptions>("solver", "How exactly, and by what method, time is stepped.",
                               [](Draft& d, std::size_t) -> SolverOptions& { return d.solver; })
      .key("rtol", &SolverOptions::rtol, {unit::one, between(1e-12, 0.1), ""},
           "Local error allowed in a time step, relative to each field's scale.")
      .key("max_order", &SolverOptions::max_order, {unit::one, between(1, 5), ""},
           "Highest order of the backward differentiation formula.")
      .key("max_step", &SolverOptions::max_step, {unit::second, above(0), ""}, "Longest time step.")
      .key("fixed_step", &SolverOptions::fixed_step, {unit::second, above(0), "not used"},
           "Constant time step without error control, for order studies.")
      .key("linear", &SolverOptions::linear, {unit::one, any(), "", {"auto", "chain", "petsc"}},
           "Linear solver: block tridiagonal (chain), PETSc, or whichever suits the mesh (auto).");
}

Table output_table() {
  return Writer<OutputOptions>("output", "What a run leaves behind.",
                               [](Draft& d, std::size_t) -> OutputOptions& { return d.output; })
      .key("interval", &OutputOptions::interval, {unit::second, at_least(0), ""},
           "Time between rows of the curve; 0 = every time step.")
      .key("max_snapshots", &OutputOptions::max_snapshots, {unit::one, between(2, 1000000), "200; in 2D and 3D 20"},
           "Field snapshots kept at most, evenly thinned.")
      .key("particle_points", &OutputOptions::particle_points,
           {unit::metre, any(), "everywhere in 1D, nowhere in 2D and 3D"},
           "Points [x, y, z] where the particles are kept shell by shell: in each material the cell nearest to each. x "
           "from the negative collector; axisymmetric y is the radius.")
      .key("vtk", &OutputOptions::vtk, {}, "Writes fields.pvd and its VTK files for ParaView.")
      .key("pictures", &OutputOptions::pictures, {}, "Draws the curve and the depth profiles.")
      .key("checkpoint_every", &OutputOptions::checkpoint_every, {unit::second, at_least(0), ""},
           "Wall time between checkpoints, from which `run --resume` goes on; 0 = only when the run is stopped.");
}

/// An item of a list, counted through the design's rivals: their variables, or what they set.
template <class Item>
Item& in_rivals(Draft& draft, std::vector<Item> FamilyKeys::*list, std::size_t number) {
  for (auto& rival : draft.design.rivals) {
    if (number < (rival.*list).size()) return (rival.*list)[number];
    number -= (rival.*list).size();
  }
  throw std::out_of_range("no such item in the rivals of the design");
}

/// Adds an item to the last rival and counts all rivals' items.
template <class Item>
std::size_t add_to_rival(Draft& draft, std::vector<Item> FamilyKeys::*list, Item item) {
  (draft.design.rivals.back().*list).push_back(std::move(item));
  std::size_t count = 0;
  for (const auto& rival : draft.design.rivals) count += (rival.*list).size();
  return count - 1;
}

Table design_table() {
  const auto plain = [](Draft& d, std::size_t) -> Design& { return d.design.plain; };
  Table table =
      Writer<Design>(
          "design",
          "A design study: which keys vary, what is wanted, how it is searched. `sample`, `train` and "
          "`design` use it; `run` solves the case as it stands. A search climbs whatever a time step more or less "
          "changes: give `solver.rtol` 1e-5.",
          plain)
          .key("objective", &Design::objective, {unit::one, any(), "required"},
               "What is sought: an expression in scalar results (capacity, energy, ...) and variables.")
          .key("constraints", &Design::constraints, {unit::one, any(), "no constraints"},
               "Expressions in scalar results and variables; each must be >= 0, as in \"plating_margin - 0.01\".")
          .key("samples", &Design::samples, {unit::one, between(1, 10000000), ""},
               "Feasible points that `sample` solves.")
          .key("sampling", &Design::sampling, {unit::one, any(), "", {"sobol", "latin_hypercube"}},
               "How the points are spread.")
          .key("seed", &Design::seed, {unit::one, between(0, 2147483647), ""},
               "Seed of points, weights and searches; the same seed gives the same numbers. Sobol with 0 is unshifted.")
          .key("members", &Design::members, {unit::one, between(1, 1000), ""}, "Networks of the ensemble.")
          .key("hidden", &Design::hidden, {unit::one, between(1, 10000), ""}, "Neurons of each hidden layer.")
          .key("activation", &Design::activation, {unit::one, any(), "", {"tanh", "relu", "leaky_relu"}},
               "Activation of the hidden neurons.")
          .key("epochs", &Design::epochs, {unit::one, between(1, 10000000), ""},
               "Epochs of a training at most; early stopping ends sooner.")
          .key("interval", &Design::interval, {unit::one, above(0, 1), ""},
               "The surrogate is believed where its 90 % half width is at most this part of the objective's range.")
          .key("rounds", &Design::rounds, {unit::one, between(0, 1000), ""},
               "Rounds of search, solve and retraining at most; 0 = none.")
          .key("solves_a_round", &Design::solves_a_round, {unit::one, between(1, 100000), ""},
               "Proposals that the solver checks in a round at most.")
          .key(
              "last_steps", &Design::last_steps, {},
              "After the rounds, the solver's own ascent from the best designs: up to 25 solves a variable and ascent.")
          .key("finer", &Design::finer, {unit::one, between(1, 100), ""},
               "The final check has this many times the case's control volumes in every direction and shells; the "
               "elements of a mesh file are halved, twice where it is more than 2; 1 = no finer mesh.")
          .key("search_rivals", &Design::search_rivals, {},
               "Whether the best of each [[design.rival]] is sought: about 85 solves a variable.")
          .key("fresh_designs", &Design::fresh_designs, {unit::one, between(0, 100000), ""},
               "Random designs, solved afresh, that the gate is held against; 0 = none.")
          .key("solver_alone", &Design::solver_alone, {unit::one, between(0, 1000), ""},
               "A search without the surrogate gets this many times the study's solves, for comparison; 0 = none.");
  const Table more = Writer<DesignKeys>("design", "", [](Draft& d, std::size_t) -> DesignKeys& { return d.design; })
                         .key("sense", &DesignKeys::sense, {unit::one, any(), "", {"maximise", "minimise"}},
                              "Whether the objective is to be great or small.");
  const Table space =
      Writer<FamilyKeys>("design", "", [](Draft& d, std::size_t) -> FamilyKeys& { return d.design.space; })
          .key("feasible", &FamilyKeys::feasible, {unit::one, any(), "no conditions"},
               "Expressions in the variables; where one is below 0 the point is not solved.");
  table.keys.insert(table.keys.begin() + 1, more.keys.front());
  table.keys.push_back(space.keys.front());
  return table;
}

Table variables_table(const std::string& name, const std::string& meaning, const Writer<VariableKeys>::Access& access,
                      const std::function<std::size_t(Draft&, const std::string&)>& add) {
  return Writer<VariableKeys>(name, meaning, access, Table::Shape::list)
      .items(add)
      .key("name", &VariableKeys::name, {unit::one, any(), "required"}, "Name of the variable in expressions.")
      .key("low", &VariableKeys::low, {unit::one, any(), "required"}, "Lower bound, included.")
      .key("high", &VariableKeys::high, {unit::one, any(), "required"}, "Upper bound, included.")
      .key("scale", &VariableKeys::scale, {unit::one, any(), "", {"linear", "log"}},
           "Whether points are even in the variable or in its logarithm.")
      .key("integer", &VariableKeys::integer, {}, "Whole numbers only.")
      .key("start", &VariableKeys::start, {unit::one, any(), "required"}, "Value of the baseline.");
}

Table set_table(const std::string& name, const Writer<SetKeys>::Access& access,
                const std::function<std::size_t(Draft&, const std::string&)>& add) {
  return Writer<SetKeys>(name,
                         "What follows from the variables: a case key, such as \"negative.porosity\" or "
                         "\"step.1.charge\", and an expression for it.",
                         access, Table::Shape::open)
      .items(add)
      .key("<key>", &SetKeys::expressions, {unit::one, any(), "nothing set"},
           "Any key that holds numbers; an expression in the variables gives its value in the key's SI unit, a list of "
           "expressions equal layers.");
}

std::vector<Table> design_tables() {
  const auto space_variable = [](Draft& d, std::size_t i) -> VariableKeys& { return d.design.space.variables.at(i); };
  const auto rival_variable = [](Draft& d, std::size_t i) -> VariableKeys& {
    return in_rivals(d, &FamilyKeys::variables, i);
  };
  const auto space_set = [](Draft& d, std::size_t i) -> SetKeys& { return d.design.space.set.at(i); };
  const auto rival_set = [](Draft& d, std::size_t i) -> SetKeys& { return in_rivals(d, &FamilyKeys::set, i); };
  const auto add_space_variable = [](Draft& d, const std::string&) {
    d.design.space.variables.emplace_back();
    return d.design.space.variables.size() - 1;
  };
  const auto add_space_set = [](Draft& d, const std::string& key) {
    d.design.space.set.push_back({key, {}});
    return d.design.space.set.size() - 1;
  };
  const Table rival =
      Writer<FamilyKeys>(
          "design.rival", "A family of designs that the optimum has to beat, searched by the solver.",
          [](Draft& d, std::size_t i) -> FamilyKeys& { return d.design.rivals.at(i); }, Table::Shape::list)
          .items([](Draft& d, const std::string&) {
            d.design.rivals.emplace_back();
            return d.design.rivals.size() - 1;
          })
          .key("name", &FamilyKeys::name, {unit::one, any(), "required"}, "What the report calls it.")
          .key("meaning", &FamilyKeys::meaning, {unit::one, any(), ""},
               "What it keeps and what it may change, for the report.")
          .key("against", &FamilyKeys::against, {unit::one, any(), ""},
               "Name of a rival above, over which the report tells this one's gain as well.")
          .key("feasible", &FamilyKeys::feasible, {unit::one, any(), "no conditions"},
               "Expressions in its variables; where one is below 0 the point is not solved.");
  const Table let =
      Writer<LetKeys>(
          "design.let",
          "Names for parts of expressions: \"mean = (n1 + n2)/2\". Each may use variables, results and other such "
          "names; objective, constraints, feasible and set may use them, where there are results only "
          "objective and constraints.",
          [](Draft& d, std::size_t i) -> LetKeys& { return d.design.let.at(i); }, Table::Shape::open)
          .items([](Draft& d, const std::string& name) {
            d.design.let.push_back({name, ""});
            return d.design.let.size() - 1;
          })
          .key("<name>", &LetKeys::expression, {unit::one, any(), "no names"},
               "Any name that is neither a variable's nor a result's, and the expression that it stands for.");
  return {
      design_table(),
      let,
      set_table("design.set", space_set, add_space_set),
      variables_table("design.variable", "A number that the search may choose.", space_variable, add_space_variable),
      rival,
      set_table("design.rival.set", rival_set,
                [](Draft& d, const std::string& key) {
                  return add_to_rival(d, &FamilyKeys::set, SetKeys{key, {}});
                }),
      variables_table(
          "design.rival.variable", "A number that the rival's search may choose.", rival_variable,
          [](Draft& d, const std::string&) { return add_to_rival(d, &FamilyKeys::variables, VariableKeys{}); })};
}

/// What a Slot's type is called in the documentation.
struct TypeName {
  std::string operator()(bool*) const { return "true or false"; }
  std::string operator()(int*) const { return "whole number"; }
  std::string operator()(unsigned*) const { return "whole number"; }
  std::string operator()(std::vector<int>*) const { return "list of whole numbers"; }
  std::string operator()(std::vector<std::string>*) const { return "expression or list"; }
  std::string operator()(GroupNames*) const { return "name, number or list"; }
  std::string operator()(std::vector<std::array<double, 3>>*) const { return "list of points"; }
  std::string operator()(double*) const { return "number"; }
  std::string operator()(std::string*) const { return "text"; }
  std::string operator()(std::optional<double>*) const { return "number"; }
  std::string operator()(std::optional<Rate>*) const { return "current"; }
  std::string operator()(std::optional<Accuracy>*) const { return "number or off"; }
  std::string operator()(std::optional<ProfileText>*) const { return "profile"; }
  std::string operator()(std::optional<FunctionText>*) const { return "function of x"; }
  std::string operator()(std::optional<TableText>*) const { return "file or table"; }
};

}  // namespace

std::string Key::type() const {
  if (!choices.empty()) return fmt::format("one of {}", fmt::join(choices, ", "));
  Draft draft = draft_with_items();
  return std::visit(TypeName{}, slot(draft, 0));
}

std::string Key::default_text() const {
  if (!unless_given.empty()) return unless_given;
  Draft draft = draft_with_items();
  return write_value(slot(draft, 0)).value_or("none");
}

std::string Table::heading() const {
  if (name.empty()) return "(top of the file)";
  if (shape == Shape::list) return "[[" + name + "]]";
  if (shape == Shape::named) return "[" + name + ".\"<name>\"]";
  return "[" + name + "]";  // single and open
}

const Key* Table::find(const std::string& key) const {
  for (const auto& candidate : keys) {
    if (candidate.name == key) return &candidate;
  }
  return nullptr;
}

const std::vector<Table>& tables() {
  static const std::vector<Table> list = [] {
    std::vector<Table> all = {top_table(),
                              cell_table(),
                              electrode_table("negative", &Draft::negative),
                              material_table("negative", &Draft::negative),
                              foil_table("negative"),
                              tab_table("negative"),
                              separator_table(),
                              electrode_table("positive", &Draft::positive),
                              material_table("positive", &Draft::positive),
                              foil_table("positive"),
                              tab_table("positive"),
                              electrolyte_table(),
                              geometry_table(),
                              channel_table(),
                              initial_table(),
                              protocol_table(),
                              protocol_until_table(),
                              step_table(),
                              until_table(),
                              mesh_table(),
                              mesh_names_table(),
                              solver_table(),
                              output_table()};
    for (auto& table : design_tables()) all.push_back(std::move(table));
    return all;
  }();
  return list;
}

const Key* find_key(const std::string& path) {
  const std::vector<std::string> parts = split_path(path);
  const Table* table = &tables().front();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i + 1 == parts.size()) return table->find(parts[i]);
    table = find_table(table->name.empty() ? parts[i] : table->name + "." + parts[i]);
    if (table == nullptr || table->shape == Table::Shape::open) return nullptr;
    if (table->shape == Table::Shape::single) continue;
    ++i;  // the number or name of the item
    const bool counted = i < parts.size() && parts[i].find_first_not_of("0123456789") == std::string::npos;
    if (table->shape == Table::Shape::list && !counted) return nullptr;
  }
  return nullptr;
}

std::vector<std::string> key_paths() {
  std::vector<std::string> paths;
  for (const auto& table : tables()) {
    for (const auto& key : table.keys) paths.push_back(table.name.empty() ? key.name : table.name + "." + key.name);
  }
  return paths;
}

Draft draft_with_items() {
  Draft draft;
  for (const auto& table : tables()) {
    if (table.add_item) table.add_item(draft, "name");
  }
  return draft;
}

const Table* find_table(const std::string& name) {
  for (const auto& table : tables()) {
    if (table.name == name) return &table;
  }
  return nullptr;
}

std::vector<std::string> tables_inside(const std::string& name) {
  const std::string prefix = name.empty() ? "" : name + ".";
  std::vector<std::string> inside;
  for (const auto& table : tables()) {
    if (table.name.size() <= prefix.size() || table.name.compare(0, prefix.size(), prefix) != 0) continue;
    const std::string rest = table.name.substr(prefix.size());
    if (rest.find('.') == std::string::npos) inside.push_back(rest);
  }
  return inside;
}

}  // namespace porelith
