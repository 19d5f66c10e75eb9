#include "solver/simulation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>
#include <limits>
#include <optional>

#include "meshes/quality.hpp"
#include "meshes/region_names.hpp"
#include "solver/base/clock.hpp"
#include "solver/base/error.hpp"
#include "solver/base/together.hpp"
#include "solver/case_mesh.hpp"
#include "solver/case_parameters.hpp"
#include "solver/cell/cell.hpp"
#include "solver/laws/open_circuit.hpp"
#include "solver/march/between_rows.hpp"
#include "solver/march/protocol.hpp"
#include "solver/newman/observables/observables.hpp"
#include "solver/range_watch.hpp"
#include "solver/record/fields.hpp"
#include "solver/run_memory.hpp"
#include "solver/taped_run.hpp"

namespace porelith {

namespace {

/// Both electrodes at rest, at the temperature of the start.
struct RestingCell {
  explicit RestingCell(const Case& input)
      : negative(input.cell->negative, input.cell->T_ref, input.temperature),
        positive(input.cell->positive, input.cell->T_ref, input.temperature) {}

  struct At {
    Equilibrium negative, positive;
    double voltage() const { return positive.U - negative.U; }
    /// One a material, negative electrode first.
    std::vector<double> sto() const {
      std::vector<double> all = negative.sto;
      all.insert(all.end(), positive.sto.begin(), positive.sto.end());
      return all;
    }
  };
  /// At a state of charge the negative electrode is filled that far, and the positive emptied.
  At at(double soc) const { return {negative.filled(soc), positive.filled(1 - soc)}; }
  /// Every material of an electrode as full, before they share.
  At holding(double sto_negative, double sto_positive) const {
    return {negative.shared(std::vector<double>(negative.laws().size(), sto_negative)),
            positive.shared(std::vector<double>(positive.laws().size(), sto_positive))};
  }
  At at_voltage(const Case& input, double V) const;

  OpenCircuit negative, positive;
};

RestingCell::At RestingCell::at_voltage(const Case& input, double V) const {
  double low = 0, high = 1;
  const double V_low = at(low).voltage(), V_high = at(high).voltage();
  constexpr double reach = 1e-3;  // a file's limits miss its cut-offs by about this [V]
  if (V < V_low - reach || V > V_high + reach)
    throw CaseError({{{input.file, 0, 0},
                      fmt::format("[initial] voltage = {:.6g} V is outside the open-circuit range [{:.6g}, {:.6g}] V",
                                  V, V_low, V_high)}});
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (at(middle).voltage() < V ? low : high) = middle;
  }
  return at((low + high) / 2);
}

RestingCell::At initial_rest(const Case& input, const RestingCell& cell) {
  const Initial& initial = input.initial;
  if (initial.sto_negative && initial.sto_positive) return cell.holding(*initial.sto_negative, *initial.sto_positive);
  return initial.voltage ? cell.at_voltage(input, *initial.voltage) : cell.at(initial.soc.value_or(1));
}

/// Keeps the results of a run and passes everything on.
class Keeper {
 public:
  Keeper(const Case& input, const Model& model, const Observers& observers, Stepper& stepper, Recorder* recorder,
         Results& results, std::chrono::steady_clock::time_point start, RunTape* tape)
      : input_(input),
        model_(model),
        observers_(observers),
        stepper_(stepper),
        recorder_(recorder),
        results_(results),
        watch_(input, model),
        start_(start),
        tape_(tape) {}

  ProtocolListener listener() {
    ProtocolListener l;
    l.accepted = [this](double t, const State& x, int step) { accepted(t, x, step); };
    l.between = [this](int step) { between(step); };
    l.took = [this](const TakenStep& taken) { tell([&] { recorder_->took(taken); }); };
    l.step_ended = [this](const StepSummary& s) { step_ended(s); };
    l.stopped_by = [this](const Stop* stop, bool of_protocol) { stopped_by(stop, of_protocol); };
    l.go_on = [this](const ProtocolPosition& position) { return go_on(position); };
    return l;
  }

  void resume(const RunMemory& memory) {
    memory_ = memory.keeper;
    watch_.resume(memory_.watch);
    seconds_before_ = memory.seconds;
  }
  /// Throws on all ranks what one has met since while it kept or told something, so that none waits for it. Collective.
  void settle() { rethrow_together(model_.team(), trouble_); }

  std::vector<std::string> warnings() const {
    std::vector<std::string> list = watch_.sentences();
    if (memory_.unsolved_rows > 0) list.push_back(unsolved_rows_text(memory_.unsolved_rows, memory_.first_unsolved));
    return list;
  }
  std::vector<LeftTable> left_tables() const { return watch_.left(); }
  double seconds() const { return seconds_before_ + seconds_since(start_); }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr int most_bisections = 60;

  /// All ranks do what the most urgent wish of any of them is.
  bool go_on(const ProtocolPosition& position) {
    enum Wish { go_on, keep, stop, settle };
    Wish wish = go_on;
    tell([&] { wish = recorder_->stop_requested() ? stop : recorder_->keep_requested() ? keep : go_on; });
    const double agreed = model_.team().max(double(trouble_ ? settle : wish));
    if (agreed == settle) this->settle();
    if (agreed >= keep) memory_.watch = watch_.memory();
    if (agreed >= keep && recorder_ && recorder_->keeps()) {
      const std::string bytes = together(model_.team(), [&] {
        const Past past = past_of(input_.protocol, input_.until, position, stepper_.time());
        return packed({position, past, stepper_.remember(), memory_, seconds()}, results_);
      });
      recorder_->keep(bytes, stepper_.time());
    }
    return agreed < stop;
  }

  void accepted(double t, const State& x, int step) {
    const bool first_of_step = step != memory_.step;
    memory_.step = step;
    memory_.last_time = t;
    watch_.accepted(t, x);
    results_.accepted.push_back(row_of(t, x, step));
    if (tape_ && first_of_step) tape_->ends.push_back({tape_->stages.last(), tape_->stages.last()});
    if (tape_) tape_->rows.push_back(tape_->stages.last());
    if (input_.output.interval == 0 || first_of_step) add_row(results_.accepted.back());
    if (first_of_step) memory_.next_row = t + input_.output.interval;
    if (first_of_step) trace(t, step, [&](int unknown) { return x[unknown]; });
    keep_snapshot(t, x, first_of_step);
  }

  /// Rows between accepted states come from the step's polynomial: at fixed times, or where a straight line would miss
  /// it; and so does the trace.
  void between(int step) {
    const int points = recorder_ ? recorder_->trace_points() : 0;
    for (int i = 1; i <= points; ++i) {
      const double from = stepper_.time(), to = stepper_.candidate_time(), t = from + (to - from) * i / points;
      trace(t, step, [&](int unknown) { return stepper_.interpolated(t, unknown); });
    }
    split_where_current_turns(step);
    const auto add = [&](double t) {
      if (!stepper_.state_between(t, interpolated_) && memory_.unsolved_rows++ == 0) memory_.first_unsolved = t;
      add_row(row_of(t, interpolated_, step));
    };
    if (input_.output.interval == 0) return between_rows(stepper_, model_.layout(), add);
    for (double& next = memory_.next_row; next <= stepper_.candidate_time(); next += input_.output.interval) add(next);
  }

  /// What goes out and what comes in within one step are no sum (F16).
  void split_where_current_turns(int step) {
    const int at = model_.layout().current;
    double from = stepper_.time(), to = stepper_.candidate_time();
    double I_from = stepper_.state()[at], I_to = stepper_.candidate()[at];
    if (!(I_from * I_to < 0)) return;
    double t = from;
    for (int i = 0; i < most_bisections && to - from > 1e-12 * to; ++i) {
      // False position is exact for a table of current, halves serve whatever else.
      t = i % 2 == 0 ? from + (to - from) * I_from / (I_from - I_to) : (from + to) / 2;
      const double I = stepper_.interpolated(t, at);
      if (std::abs(I) <= 1e-12 * std::max(std::abs(I_from), std::abs(I_to))) break;
      (I * I_from > 0 ? from : to) = t;
      (I * I_from > 0 ? I_from : I_to) = I;
    }
    stepper_.interpolate(t, interpolated_);
    results_.accepted.push_back(row_of(t, interpolated_, step));
    if (tape_) tape_->rows.push_back(-1);
  }

  /// Tells the tape what the length of the last time step follows: nothing where a step ended as it began.
  void stopped_by(const Stop* stop, bool of_protocol) {
    if (!tape_ || !stop || tape_->stages.last() == tape_->ends.back().first) return;
    TapedEnd& end = tape_->ends.back();
    const Quantity& quantity = stop->quantity;
    end.of_protocol = of_protocol;
    end.stop = stop - (of_protocol ? input_.until : input_.protocol[memory_.step].stops).data();
    end.by = quantity == Quantity::time ? TapedEnd::By::time : TapedEnd::By::observable;
    if (end.by == TapedEnd::By::time) return;
    end.observable = observable_called(quantity.name);
    end.since_start = quantity.of == Quantity::Of::passed && !of_protocol;
    const auto first = std::find(tape_->rows.begin(), tape_->rows.end(), end.first) - tape_->rows.begin();
    const double at_start = end.since_start ? results_.accepted[first].values[end.observable] : 0;
    const double passed = results_.accepted.back().values[end.observable] - at_start;
    end.sign = quantity.of == Quantity::Of::value || passed >= 0 ? 1 : -1;
  }

  void step_ended(const StepSummary& s) {
    if (tape_) tape_->ends.back().last = tape_->stages.last();
    const double last = memory_.last_time;
    if (results_.curve.empty() || results_.curve.back().time < last)
      add_row(row_of(last, stepper_.state(), memory_.step));
    if (input_.output.max_snapshots > 0 && (results_.snapshots.empty() || results_.snapshots.back().time < last))
      add_snapshot(last, stepper_.state());
    results_.steps.push_back(s);
    results_.counts = stepper_.counts();
    tell([&] { recorder_->step_ended(s); });
  }

  template <typename Value>
  void trace(double t, int step, const Value& value) {
    if (!recorder_ || recorder_->trace_points() == 0) return;
    const Layout& l = model_.layout();
    tell([&] { recorder_->trace({t, value(l.current), value(l.voltage), value(l.charge), step}); });
  }

  CurveRow row_of(double t, const State& x, int step) const {
    stepper_.take_temperature_of(t);
    return {t, step, observers_.values(x)};
  }

  void add_row(const CurveRow& row) {
    results_.curve.push_back(row);
    tell([&] { recorder_->row(results_.curve.back()); });
  }

  template <typename Call>
  void tell(const Call& call) {
    if (recorder_) guard(call);
  }

  /// What this rank alone meets waits until all ranks look for trouble. Until then it is told as the others are: what a
  /// recorder does may be collective.
  template <typename Call>
  void guard(const Call& call) {
    try {
      call();
    } catch (...) {
      if (!trouble_) trouble_ = std::current_exception();
    }
  }

  /// When there are too many, every other one goes and only every other new one is kept; a step's first always is.
  void keep_snapshot(double t, const State& x, bool first_of_step) {
    if (input_.output.max_snapshots == 0) return;
    if (!first_of_step && ++memory_.since_snapshot < memory_.snapshot_stride) return;
    memory_.since_snapshot = 0;
    add_snapshot(t, x);
  }

  void add_snapshot(double t, const State& x) {
    auto& kept = results_.snapshots;
    if (static_cast<int>(kept.size()) >= input_.output.max_snapshots) {
      std::size_t n = 1;  // the first stays where it is
      for (std::size_t k = 2; k < kept.size(); k += 2) kept[n++] = std::move(kept[k]);
      kept.resize(n);
      memory_.snapshot_stride *= 2;
    }
    guard([&] { kept.push_back(snapshot_of(t, x)); });  // of all that is kept these take most memory
  }

  Snapshot snapshot_of(double t, const State& x) const {
    const Layout& l = model_.layout();
    Snapshot s{t, x[l.voltage], x[l.current], {}, {}, {}, {}, {}, {}};
    shape(results_, s);
    for (const Slot& slot : l.slots) {
      const FieldIn<std::vector<double>> field = field_of(results_, s, slot);
      if (!field.values) continue;
      if (slot.home == Home::shell)
        add_shells(slot, x, field);
      else
        field.values->assign(x.begin() + slot.at, x.begin() + slot.at + slot.size);
    }
    constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
    for (int P = 0; P < l.cells; ++P) {
      if (model_.medium().sigma[P] == 0) s.phi_s[P] = nothing;
      if (model_.medium().eps[P] == 0) s.c_e[P] = s.phi_e[P] = nothing;
    }
    return s;
  }

  /// Shell by shell those that are asked for; of many cells no more than the means of the rest.
  void add_shells(const Slot& slot, const State& x, const FieldIn<std::vector<double>>& field) const {
    const Bed& bed = results_.beds[slot.bed];
    const int cells = static_cast<int>(bed.cells.size()), shells = static_cast<int>(bed.shell_edges.size()) - 1;
    const auto shell = [&](int i, int k) { return x[slot.at + k * cells + i]; };
    const auto keep = [&](int i) {
      for (int k = 0; k < shells; ++k) field.values->push_back(shell(i, k));
    };
    if (bed.every_particle) {
      for (int i = 0; i < cells; ++i) keep(i);
      return;
    }
    for (const Probe& probe : bed.probes) keep(probe.at);
    field.mean->assign(cells, 0.0);
    const std::vector<double>& r = bed.shell_edges;
    for (int k = 0; k < shells; ++k) {
      const double part = std::pow(r[k + 1], 3) - std::pow(r[k], 3);
      for (int i = 0; i < cells; ++i) (*field.mean)[i] += part * shell(i, k);
    }
  }

  const Case& input_;
  const Model& model_;
  const Observers& observers_;
  Stepper& stepper_;
  Recorder* recorder_;
  Results& results_;
  RangeWatch watch_;
  State interpolated_;
  KeeperMemory memory_;
  Clock::time_point start_;
  RunTape* tape_;               ///< of what derivatives need; null: nobody wants them
  std::exception_ptr trouble_;  ///< what was thrown on this rank while it kept or told something
  double seconds_before_ = 0;   ///< of the runs that this one goes on with
};

/// Of this rank's own, without ghosts.
Cells own_cells(const Cells& all) {
  Cells own = all;
  const int cells = all.cells();
  const auto cut = [cells](auto& values) {
    if (static_cast<int>(values.size()) > cells) values.resize(cells);
  };
  cut(own.volume), cut(own.region), cut(own.matrix), cut(own.centre), cut(own.number);
  cut(own.xi_from), cut(own.xi_to);
  own.owned = -1;
  own.order.clear();
  return own;
}

std::vector<double> first(const std::vector<double>& values, int n) { return {values.begin(), values.begin() + n}; }

/// For each point the cell of the bed that is nearest among all ranks', if it is this rank's.
std::vector<Probe> probes_of(const Bed& bed, const Results& results, const Team& team) {
  std::vector<Probe> probes;
  for (std::size_t p = 0; p < results.particle_points.size(); ++p) {
    double nearest = std::numeric_limits<double>::max();
    int at = -1;
    for (std::size_t i = 0; i < bed.cells.size(); ++i) {
      double distance = 0;
      for (int d = 0; d < 3; ++d)
        distance += std::pow(results.mesh.centre[bed.cells[i]][d] - results.particle_points[p][d], 2);
      if (distance < nearest) nearest = distance, at = static_cast<int>(i);
    }
    const double least = team.min(nearest);
    const bool candidate = at >= 0 && nearest == least;
    if (team.min(candidate ? team.rank() : team.size()) == team.rank()) probes.push_back({static_cast<int>(p), at});
  }
  return probes;
}

/// Everything about the model that results carry.
void describe(const Case& input, const Model& model, Results& results) {
  results = {};
  results.title = input.title;
  results.status = "running";
  results.mesh = own_cells(model.mesh());
  results.area = model.area();
  results.particle_points = input.output.particle_points;
  const int cells = results.mesh.cells();
  results.eps = first(model.medium().eps, cells);
  results.B = first(model.medium().B, cells);
  results.sigma = first(model.medium().sigma, cells);
  results.eps_s.assign(cells, 0.0);
  results.slots = model.layout().slots;
  if (input.temperature_function) results.also.push_back("temperature");
  const bool cells_in_line = results.mesh.dimension == 1;
  for (const ModelBed& bed : model.beds()) {
    const Electrode& electrode = electrode_of(*input.cell, side_of(bed.electrode));
    results.beds.push_back({name_of(bed.electrode), electrode.materials[bed.material].name, bed.law.c_s_max(),
                            bed.cells, bed.a, bed.R, bed.particles.shells().edges});
    results.beds.back().every_particle = cells_in_line && results.particle_points.empty();
    results.beds.back().probes = probes_of(results.beds.back(), results, model.team());
    for (std::size_t i = 0; i < bed.cells.size(); ++i) results.eps_s[bed.cells[i]] += bed.eps_s[i];
  }
}

/// @throws CaseError where the linear solver that the case asks for is none for its mesh
Stepper stepper_of(Model& model, const Case& input) try {
  return {model, input.solver, input.temperature_function};
} catch (const std::invalid_argument& error) {
  if (input.solver.linear != "chain") throw;
  throw CaseError({{{input.file, 0, 0}, error.what()}});
}

/// What a checkpoint's bytes say, none if there are none.
/// @throws CaseError if they are of another mesh or another past
std::optional<RunMemory> judged(const std::string& kept, const Layout& layout, const Case& input, Results& results) {
  if (kept.empty()) return {};
  const auto refuse = [&](const std::string& sentence) { throw CaseError({{{input.file, 0, 0}, sentence}}); };
  RunMemory memory;
  try {
    memory = unpacked(kept, results);
  } catch (const std::invalid_argument& error) {
    refuse(fmt::format("{}; run without --resume to begin anew", error.what()));
  }
  for (const State& state : memory.stepper.states)
    if (static_cast<int>(state.size()) != layout.size)
      refuse("the checkpoint is of other materials or shells; run without --resume to begin anew");
  const double t = memory.stepper.times.empty() ? 0 : memory.stepper.times.front();
  judge_past(memory.past, memory.position, t, results, input);
  return memory;
}

/// What a run may be beside plain.
struct Ways {
  const std::vector<TakenStep>* replay = nullptr;  ///< its steps
  std::vector<FurtherField> further = {};          ///< what its model carries along
  TapedRun* taped = nullptr;                       ///< keeps model and tape
};

void solve(Mesh mesh, const Case& input, Results& results, Recorder* recorder, const Team& team, Ways ways = {}) {
  const auto start = std::chrono::steady_clock::now();
  if (const std::string why = unsolvable(mesh, team); !why.empty()) throw CaseError({{{input.file, 0, 0}, why}});
  const RestingCell cell(input);
  const RestingCell::At at_start = together(team, [&] { return initial_rest(input, cell); });
  std::unique_ptr<Model> model(new Model(model_of(input, std::move(mesh), team, std::move(ways.further))));
  auto observers = std::make_unique<Observers>(*model);
  Stepper stepper = stepper_of(*model, input);
  RunTape* tape = ways.taped ? &ways.taped->tape : nullptr;
  if (tape) stepper.record(&tape->stages);

  describe(input, *model, results);
  const std::optional<RunMemory> memory =
      together(team, [&] { return judged(recorder ? recorder->kept() : "", model->layout(), input, results); });
  if (memory && tape) throw CaseError({{{input.file, 0, 0}, "a run that goes on with another one has no derivatives"}});
  if (recorder) together(team, [&] { recorder->begin(results); });  // from here on the folder is this run's
  Keeper keeper(input, *model, *observers, stepper, recorder, results, start, tape);
  if (memory) keeper.resume(*memory);
  try {
    const ProtocolListener listener = keeper.listener();
    const ProtocolEnd end = memory ? resume_protocol(stepper, *observers, memory->position, memory->stepper,
                                                     input.protocol, input.until, listener)
                                   : run_protocol(stepper, *observers, model->rest(at_start.sto()), input.protocol,
                                                  input.until, listener, ways.replay);
    keeper.settle();
    results.status = end == ProtocolEnd::stopped ? "stopped" : "complete";
  } catch (const SolveFailure& failure) {
    results.status = fmt::format("failed: {}", failure.what());
  }
  results.warnings = keeper.warnings();
  results.left_tables = keeper.left_tables();
  results.counts = stepper.counts();
  results.seconds = keeper.seconds();
  if (ways.taped) ways.taped->model = std::move(model), ways.taped->observers = std::move(observers);
}

}  // namespace

double open_circuit_voltage(const Case& input, double soc) { return RestingCell(input).at(soc).voltage(); }

std::vector<double> initial_stoichiometries(const Case& input) { return initial_rest(input, RestingCell(input)).sto(); }

std::string unsolvable(const Mesh& mesh, const Team& team) {
  // The factor of phi_s takes 10 kB a cell of a pouch (1.4 GB of 138,000), in thicker bodies more.
  constexpr long most_cells = 300'000;
  const long cells = team.sum(static_cast<long>(mesh.cells()));
  if (cells <= most_cells || !has_foils(mesh, team) || most_skew(mesh, team) <= mild_skew) return "";
  return fmt::format(
      "the mesh has {} cells, tetrahedra or other skew ones among them, and foils: their potential takes a direct "
      "factor, for which these are too many (at most {}): draw prisms or hexahedra in all layers (Extrude with Layers "
      "and Recombine in the .geo file), or fewer cells",
      cells, most_cells);
}

bool may_share_threads(const Case& input) {
  return input.geometry.dimension == 1 && input.mesh.file.empty() && input.solver.linear != "petsc";
}

void simulate(const Case& input, Results& results, Recorder* recorder, const Team& team) {
  solve(mesh_of(input, team), input, results, recorder, team);
}

Results replay(const Case& input, const std::vector<TakenStep>& taken, Recorder* recorder, const Team& team) {
  Results results;
  solve(mesh_of(input, team), input, results, recorder, team, {&taken});
  return results;
}

TapedRun simulate_taped(const Case& input, Recorder* recorder, const Team& team, const std::vector<TakenStep>* replay) {
  for (const Step& step : input.protocol)
    if (step.control == Control::table && step.at_cut_off != AtCutOff::end)
      throw CaseError({{{input.file, 0, 0},
                        fmt::format("the step \"{}\" may leave its table at a cut-off: when it does has no derivative",
                                    step.label)}});
  if (input.temperature_function)
    throw CaseError({{{input.file, 0, 0}, "[cell] temperature_function: its runs have no derivatives"}});
  TapedRun run;
  run.tape.stages = StageTape(input.solver.tape_memory.value_or(StageTape::usual_memory));
  solve(mesh_of(input, team), input, run.results, recorder, team, {replay, {}, &run});
  return run;
}

Results simulate(const Case& input, Recorder* recorder, const Team& team) {
  Results results;
  simulate(input, results, recorder, team);
  return results;
}

Results simulate_on(Mesh mesh, const Case& input, Recorder* recorder, const Team& team,
                    std::vector<FurtherField> further) {
  Results results;
  solve(std::move(mesh), input, results, recorder, team, {nullptr, std::move(further)});
  return results;
}

}  // namespace porelith
