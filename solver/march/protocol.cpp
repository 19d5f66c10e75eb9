#include "solver/march/protocol.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

#include "solver/base/error.hpp"
#include "solver/march/step_run.hpp"

namespace porelith {

namespace {

/// All steps, one after the other.
struct Walk {
  Stepper& stepper;
  const Observers& observers;
  const std::vector<Step>& protocol;
  const std::vector<Stop>& whole;
  const ProtocolListener& listener;
  const std::vector<TakenStep>* replay = nullptr;

  /// @param run_first how the first of them, `first`, is run
  template <typename RunFirst>
  ProtocolEnd from(int first, const RunFirst& run_first) {
    for (int k = first; k < static_cast<int>(protocol.size()); ++k) try {
        StepRun step(stepper, observers, protocol[k], whole, k, listener, replay);
        const StepRun::End end = k == first ? run_first(step) : step.run(stepper.state(), stepper.time());
        if (end == StepRun::End::interrupted) return ProtocolEnd::stopped;
        if (end == StepRun::End::protocol) break;
      } catch (const SolveFailure& failure) {
        throw SolveFailure(fmt::format("step {} ({}): {}", k + 1, protocol[k].label, failure.what()));
      }
    return ProtocolEnd::complete;
  }
};

}  // namespace

ProtocolEnd run_protocol(Stepper& stepper, const Observers& observers, State initial, const std::vector<Step>& protocol,
                         const std::vector<Stop>& whole, const ProtocolListener& listener,
                         const std::vector<TakenStep>* replay) {
  return Walk{stepper, observers, protocol, whole, listener, replay}.from(
      0, [&](StepRun& step) { return step.run(std::move(initial), 0); });
}

ProtocolEnd resume_protocol(Stepper& stepper, const Observers& observers, const ProtocolPosition& position,
                            const Stepper::Memory& memory, const std::vector<Step>& protocol,
                            const std::vector<Stop>& whole, const ProtocolListener& listener) {
  if (position.step < 0 || position.step >= static_cast<int>(protocol.size()))
    throw std::invalid_argument(fmt::format("the protocol has no step {}", position.step + 1));
  return Walk{stepper, observers, protocol, whole, listener}.from(
      position.step, [&](StepRun& step) { return step.resume(position, memory); });
}

}  // namespace porelith
