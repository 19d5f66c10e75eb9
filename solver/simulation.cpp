#include "solver/simulation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "meshes/case_mesh.hpp"
#include "solver/base/error.hpp"
#include "solver/cell/open_circuit.hpp"
#include "solver/march/protocol.hpp"

namespace porelith {

namespace {

/// Both electrodes at rest, at the case's temperature.
struct RestingCell {
  explicit RestingCell(const Case& input)
      : negative(input.cell.negative, input.cell.T_ref, input.temperature),
        positive(input.cell.positive, input.cell.T_ref, input.temperature) {}

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
  Keeper(const Case& input, const Model& model, const Gauge& gauge, Stepper& stepper, Recorder* recorder,
         Results& results)
      : input_(input), model_(model), gauge_(gauge), stepper_(stepper), recorder_(recorder), results_(results) {}

  ProtocolListener listener() {
    ProtocolListener l;
    l.accepted = [this](double t, const State& x, int step) { accepted(t, x, step); };
    l.between = [this](int step) { between(step); };
    l.step_ended = [this](const StepSummary& s) { step_ended(s); };
    l.stop_requested = [this] { return model_.team().any(recorder_ && recorder_->stop_requested()); };
    return l;
  }

 private:
  void accepted(double t, const State& x, int step) {
    const bool first_of_step = step != step_;
    step_ = step;
    last_time_ = t;
    if (input_.output.interval == 0 || first_of_step) add_row(t, x, step);
    if (first_of_step) next_row_ = t + input_.output.interval;
    keep_snapshot(t, x, first_of_step);
  }

  /// Rows at fixed times come from the step's polynomial.
  void between(int step) {
    if (input_.output.interval == 0) return;
    for (; next_row_ <= stepper_.candidate_time(); next_row_ += input_.output.interval) {
      stepper_.interpolate(next_row_, interpolated_);
      add_row(next_row_, interpolated_, step);
    }
  }

  void step_ended(const StepSummary& s) {
    if (results_.curve.empty() || results_.curve.back().time < last_time_) add_row(last_time_, stepper_.state(), step_);
    if (input_.output.max_snapshots > 0 && (results_.snapshots.empty() || results_.snapshots.back().time < last_time_))
      add_snapshot(last_time_, stepper_.state());
    results_.steps.push_back(s);
    results_.counts = stepper_.counts();
    if (recorder_) recorder_->step_ended(s);
  }

  void add_row(double t, const State& x, int step) {
    const Layout& l = model_.layout();
    results_.curve.push_back({t, x[l.current], x[l.voltage], x[l.charge], x[l.energy], gauge_.soc(x),
                              gauge_.plating_margin(x), gauge_.c_e_min(x), gauge_.c_e_max(x),
                              gauge_.uniformity(x, Region::negative), gauge_.uniformity(x, Region::positive), step});
    if (recorder_) recorder_->row(results_.curve.back());
  }

  /// When there are too many, every other one goes and only every other new one is kept; a step's first always is.
  void keep_snapshot(double t, const State& x, bool first_of_step) {
    if (input_.output.max_snapshots == 0) return;
    if (!first_of_step && ++since_snapshot_ < stride_) return;
    since_snapshot_ = 0;
    add_snapshot(t, x);
  }

  void add_snapshot(double t, const State& x) {
    auto& kept = results_.snapshots;
    if (static_cast<int>(kept.size()) >= input_.output.max_snapshots) {
      std::size_t n = 1;  // the first stays where it is
      for (std::size_t k = 2; k < kept.size(); k += 2) kept[n++] = std::move(kept[k]);
      kept.resize(n);
      stride_ *= 2;
    }
    kept.push_back(snapshot_of(t, x));
  }

  Snapshot snapshot_of(double t, const State& x) const {
    const Layout& l = model_.layout();
    const auto slice = [&](int at, int n) { return std::vector<double>(x.begin() + at, x.begin() + at + n); };
    Snapshot s{
        t, x[l.voltage], x[l.current], slice(l.c_e, l.cells), slice(l.phi_e, l.cells), slice(l.phi_s, l.cells), {}, {},
        {}};
    for (int P = 0; P < l.cells; ++P)
      if (model_.medium().sigma[P] == 0) s.phi_s[P] = std::numeric_limits<double>::quiet_NaN();
    for (const auto& b : l.beds) {
      s.j.push_back(slice(b.j, b.cells));
      s.c_ss.push_back(slice(b.c_ss, b.cells));
      std::vector<double> c_s(b.cells * b.shells);
      for (int i = 0; i < b.cells; ++i)
        for (int k = 0; k < b.shells; ++k) c_s[i * b.shells + k] = x[b.c_s + k * b.cells + i];
      s.c_s.push_back(std::move(c_s));
    }
    return s;
  }

  const Case& input_;
  const Model& model_;
  const Gauge& gauge_;
  Stepper& stepper_;
  Recorder* recorder_;
  Results& results_;
  State interpolated_;
  double last_time_ = 0;
  int step_ = -1, since_snapshot_ = 0, stride_ = 1;
  double next_row_ = 0;
};

/// Everything about the model that results carry.
void describe(const Case& input, const Model& model, Results& results) {
  results = {};
  results.title = input.title;
  results.status = "running";
  results.mesh = model.mesh();
  results.area = model.area();
  results.eps = model.medium().eps;
  results.B = model.medium().B;
  results.sigma = model.medium().sigma;
  results.eps_s.assign(model.mesh().cells(), 0.0);
  for (const ModelBed& bed : model.beds()) {
    const bool negative = bed.electrode == Region::negative;
    const Electrode& electrode = negative ? input.cell.negative : input.cell.positive;
    results.beds.push_back({negative ? "negative" : "positive", electrode.materials[bed.material].name,
                            bed.law.c_s_max(), bed.cells, bed.a, bed.R, bed.particles.shells().edges});
    for (std::size_t i = 0; i < bed.cells.size(); ++i) results.eps_s[bed.cells[i]] += bed.eps_s[i];
  }
}

void solve(Mesh mesh, const Case& input, Results& results, Recorder* recorder, const Team& team) {
  const auto start = std::chrono::steady_clock::now();
  const RestingCell cell(input);
  const RestingCell::At at_start = initial_rest(input, cell);
  Model model(input, std::move(mesh), team);
  const Gauge gauge(model, cell.negative.share(at_start.negative.sto));
  Stepper stepper(model, input.solver);

  describe(input, model, results);
  if (recorder) recorder->begin(results);
  Keeper keeper(input, model, gauge, stepper, recorder, results);
  try {
    const ProtocolEnd end = run_protocol(stepper, gauge, model.rest(at_start.sto()), input.protocol, keeper.listener());
    results.status = end == ProtocolEnd::stopped ? "stopped" : "complete";
  } catch (const SolveFailure& failure) {
    results.status = fmt::format("failed: {}", failure.what());
  }
  results.counts = stepper.counts();
  results.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

double open_circuit_voltage(const Case& input, double soc) { return RestingCell(input).at(soc).voltage(); }

std::vector<double> initial_stoichiometries(const Case& input) { return initial_rest(input, RestingCell(input)).sto(); }

void simulate(const Case& input, Results& results, Recorder* recorder, const Team& team) {
  solve(mesh_of(input, team), input, results, recorder, team);
}

Results simulate(const Case& input, Recorder* recorder, const Team& team) {
  Results results;
  simulate(input, results, recorder, team);
  return results;
}

Results simulate_on(Mesh mesh, const Case& input, Recorder* recorder, const Team& team) {
  Results results;
  solve(std::move(mesh), input, results, recorder, team);
  return results;
}

}  // namespace porelith
