#pragma once
/// Walks through the steps of a protocol: starts each consistently, watches its stops, lands on the first that is
/// reached.
#include <functional>
#include <string>
#include <vector>

#include "solver/march/stepper.hpp"

namespace porelith {

/// Quantities of a state that stops and curves ask for, over all ranks. Collective.
class Gauge {
 public:
  Gauge(const Model& model, double soc_start);

  double soc(const State& state) const { return soc_start_ - state[model_.layout().charge] / charge_capacity_; }
  /// min (phi_s - phi_e) over the negative electrode, its faces to separator and channels included [V]
  double plating_margin(const State& state) const;
  double c_e_min(const State& state) const;
  double c_e_max(const State& state) const;
  /// Volume mean of |F a j| over its maximum, 1 = uniform [1]; 0 where nothing reacts
  double uniformity(const State& state, Region electrode) const;
  const Layout& layout() const { return model_.layout(); }
  /// Lithium between the stoichiometry limits of the negative electrode, whole cell [A s]
  double charge_capacity() const { return charge_capacity_; }

 private:
  struct Interface {
    int electrode, other;
    double d_electrode, d_other;
  };
  const Model& model_;
  double soc_start_, charge_capacity_ = 0;
  std::vector<int> negative_cells_;
  std::vector<Interface> interfaces_;
  mutable HaloExchange exchange_;
  mutable std::vector<double> c_e_, phi_e_, rate_;
};

/// Where in a protocol a run is, between two time steps; with the stepper's memory all that the rest depends on.
struct ProtocolPosition {
  int step = 0;                                            ///< of the protocol, from 0
  int piece = 0;                                           ///< of a current table's straight pieces, from 0
  double t_start = 0, charge_start = 0, energy_start = 0;  ///< of the step [s], [A s], [J]
};

/// What happens while a protocol runs, for whoever keeps it.
struct ProtocolListener {
  /// A new accepted state, committed; `step` of the protocol counts from 0.
  std::function<void(double t, const State&, int step)> accepted = [](double, const State&, int) {};
  /// Before an accepted state is committed: the stepper interpolates over [stepper.time(), candidate_time()].
  std::function<void(int step)> between = [](int) {};
  std::function<void(const StepSummary&)> step_ended = [](const StepSummary&) {};
  /// Before every time step: false ends the run.
  std::function<bool(const ProtocolPosition&)> go_on = [](const ProtocolPosition&) { return true; };
};

/// Why a protocol ended.
enum class ProtocolEnd { complete, stopped };

/// Runs all steps from `initial` at t = 0. The stepper holds the last state afterwards, also when it throws.
/// @throws SolveFailure naming the step, the time and what was tried
ProtocolEnd run_protocol(Stepper& stepper, const Gauge& gauge, State initial, const std::vector<Step>& protocol,
                         const ProtocolListener& listener);

/// The rest of a run that `go_on` saw at `position`, when the stepper remembered `memory`.
/// @throws SolveFailure as run_protocol; std::invalid_argument if they are not of this protocol and model
ProtocolEnd resume_protocol(Stepper& stepper, const Gauge& gauge, const ProtocolPosition& position,
                            const Stepper::Memory& memory, const std::vector<Step>& protocol,
                            const ProtocolListener& listener);

}  // namespace porelith
