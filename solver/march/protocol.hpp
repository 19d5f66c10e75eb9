#pragma once
/// Walks through the steps of a protocol: starts each consistently, watches its stops, lands on the first that is
/// reached.
#include <functional>
#include <string>
#include <vector>

#include "solver/case/case.hpp"
#include "solver/march/stepper.hpp"
#include "solver/march/stops.hpp"
#include "solver/newman/observables/observers.hpp"

namespace porelith {

/// What happens while a protocol runs, for whoever keeps it.
struct ProtocolListener {
  /// A new accepted state, committed; `step` of the protocol counts from 0.
  std::function<void(double t, const State&, int step)> accepted = [](double, const State&, int) {};
  /// Before an accepted state is committed: the stepper interpolates over [stepper.time(), candidate_time()].
  std::function<void(int step)> between = [](int) {};
  /// How the state was come to that `accepted` tells of next; a start is no step.
  std::function<void(const TakenStep&)> took = [](const TakenStep&) {};
  std::function<void(const StepSummary&)> step_ended = [](const StepSummary&) {};
  /// Before step_ended: which stop ended it, null if none did, and whether it is one of the whole protocol.
  std::function<void(const Stop*, bool of_protocol)> stopped_by = [](const Stop*, bool) {};
  /// Before every time step: false ends the run.
  std::function<bool(const ProtocolPosition&)> go_on = [](const ProtocolPosition&) { return true; };
};

/// Why a protocol ended.
enum class ProtocolEnd { complete, stopped };

/// Runs all steps from `initial` at t = 0. The stepper holds the last state afterwards, also when it throws.
/// @param whole stops that end the protocol, whatever its step
/// @param replay the steps of an earlier run, to be done again whatever stops they pass (T9); null: finds its own
/// @throws SolveFailure naming the step, the time and what was tried
ProtocolEnd run_protocol(Stepper& stepper, const Observers& observers, State initial, const std::vector<Step>& protocol,
                         const std::vector<Stop>& whole, const ProtocolListener& listener,
                         const std::vector<TakenStep>* replay = nullptr);

/// The rest of a run that `go_on` saw at `position`, when the stepper remembered `memory`.
/// @throws SolveFailure as run_protocol; std::invalid_argument if they are not of this protocol and model
ProtocolEnd resume_protocol(Stepper& stepper, const Observers& observers, const ProtocolPosition& position,
                            const Stepper::Memory& memory, const std::vector<Step>& protocol,
                            const std::vector<Stop>& whole, const ProtocolListener& listener);

}  // namespace porelith
