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

/// What happens while a protocol runs, for whoever keeps it.
struct ProtocolListener {
  /// A new accepted state, committed; `step` of the protocol counts from 0.
  std::function<void(double t, const State&, int step)> accepted = [](double, const State&, int) {};
  /// Before an accepted state is committed: the stepper interpolates over [stepper.time(), candidate_time()].
  std::function<void(int step)> between = [](int) {};
  std::function<void(const StepSummary&)> step_ended = [](const StepSummary&) {};
  std::function<bool()> stop_requested = [] { return false; };
};

/// Why a protocol ended.
enum class ProtocolEnd { complete, stopped };

/// Runs all steps from `initial` at t = 0. The stepper holds the last state afterwards, also when it throws.
/// @throws SolveFailure naming the step, the time and what was tried
ProtocolEnd run_protocol(Stepper& stepper, const Gauge& gauge, const State& initial, const std::vector<Step>& protocol,
                         const ProtocolListener& listener);

}  // namespace porelith
