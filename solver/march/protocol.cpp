#include "solver/march/protocol.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

#include "solver/base/error.hpp"

namespace porelith {

namespace {

constexpr double event_tolerance = 1e-7;  ///< [s]
constexpr long most_time_steps = 2'000'000;

/// One step of the protocol under way.
class StepRun {
 public:
  StepRun(Stepper& stepper, const Gauge& gauge, const Step& step, int index, const ProtocolListener& listener)
      : stepper_(stepper), gauge_(gauge), l_(gauge.layout()), step_(step), listener_(listener), index_(index) {}

  /// @return false if the user asked to stop
  bool run(State initial, double t) {
    at_ = {index_, 0, t, initial[l_.charge], initial[l_.energy]};
    return walk(std::move(initial), false);
  }

  /// The same from within the step.
  bool resume(const ProtocolPosition& position, const Stepper::Memory& memory) {
    at_ = position;
    const auto drives = drives_of(at_.t_start);
    if (at_.piece < 0 || at_.piece >= static_cast<int>(drives.size()))
      throw std::invalid_argument(fmt::format("the protocol's step {} has no piece {}", index_ + 1, at_.piece + 1));
    stepper_.resume(memory, drives[at_.piece].drive);
    return walk({}, true);
  }

 private:
  struct Piece {
    Drive drive;
    double until;
  };
  enum class Outcome { at_limit, reached, interrupted };

  /// From the start of the piece at hand to the step's end; `under_way`: the stepper is within that piece already.
  bool walk(State state, bool under_way) {
    double t = at_.t_start;
    const auto drives = drives_of(at_.t_start);
    for (; at_.piece < static_cast<int>(drives.size()); ++at_.piece, under_way = false) {
      const Piece& piece = drives[at_.piece];
      const Stop* reached = under_way ? nullptr : start(state, t, piece.drive);
      State().swap(state);  // the stepper's own is enough from here on
      if (reached) {
        listener_.accepted(t, stepper_.state(), index_);
        return end(fmt::format("{} before the {} of the step was reached", why(*reached),
                               step_.control == Control::power ? "power" : "current"));
      }
      if (at_.piece == 0 && !under_way) {
        listener_.accepted(t, stepper_.state(), index_);
        for (const Stop& s : step_.stops)
          if (s.quantity != Quantity::time && left_until(s, t, stepper_.state()) <= 0) return end(why(s));
      }
      const Outcome outcome = march(std::min(piece.until, t_end()));
      if (outcome == Outcome::interrupted) return end("stopped on request"), false;
      if (outcome == Outcome::reached) return end(reason_);
      t = stepper_.time();
      state = stepper_.state();
    }
    return end("the table ended");
  }

  /// The earliest stop in time: a rest or a table has its own, `until` may bring another.
  double t_end() const {
    double end = std::numeric_limits<double>::infinity();
    for (const Stop& s : step_.stops)
      if (s.quantity == Quantity::time) end = std::min(end, at_.t_start + s.value);
    return end;
  }

  /// A table is a chain of straight pieces; everything else is one.
  std::vector<Piece> drives_of(double t) const {
    if (step_.control != Control::table)
      return {{Drive::constant(step_.control, step_.value), std::numeric_limits<double>::infinity()}};
    std::vector<Piece> pieces;
    const DriveTable& table = *step_.table;
    for (std::size_t k = 0; k + 1 < table.time.size(); ++k) {
      const double from = t + table.time[k], to = t + table.time[k + 1];
      if (to > from) pieces.push_back({{table.quantity, table.value[k], table.value[k + 1], from, to}, to});
    }
    return pieces;
  }

  /// A consistent start; where the surfaces or the salt cannot carry the drive even for an instant, the largest part of
  /// it that they can. @return the voltage stop that this part reaches, nullptr if the whole drive is carried
  /// @throws SolveFailure if no stop explains the refusal
  const Stop* start(const State& state, double t, const Drive& drive) {
    try {
      stepper_.start(state, t, drive);
      return nullptr;
    } catch (const SolveFailure& refusal) {
      if (drive.control == Control::voltage) throw;
      double carried = 0, refused = 1;
      for (int i = 0; i < 40; ++i) {
        const double part = (carried + refused) / 2;
        Drive less = drive;
        less.from *= part;
        less.to *= part;
        try {
          stepper_.start(state, t, less);
        } catch (const SolveFailure&) {
          refused = part;
          continue;
        }
        carried = part;
        for (const Stop& s : step_.stops)
          if ((s.quantity == Quantity::voltage_below || s.quantity == Quantity::voltage_above) &&
              left_until(s, t, stepper_.state()) <= 0)
            return &s;
      }
      if (carried == 0) throw;
      throw SolveFailure(
          fmt::format("{} (of the {}, {:.3g} % can be carried, and no stop in voltage is reached by then)",
                      refusal.what(), drive.control == Control::power ? "power" : "current", 100 * carried));
    }
  }

  Outcome march(double limit) {
    for (long n = 0;; ++n) {
      if (!listener_.go_on(at_)) return Outcome::interrupted;
      if (n == most_time_steps)
        throw SolveFailure(fmt::format("{} time steps did not end the step \"{}\"", most_time_steps, step_.label));
      stepper_.advance(limit);
      const Stop* reached = land_on_first_stop();
      if (reached && stepper_.candidate_time() <= stepper_.time()) return reason_ = why(*reached), Outcome::reached;
      listener_.between(index_);
      stepper_.commit();
      listener_.accepted(stepper_.time(), stepper_.state(), index_);
      if (reached) return reason_ = why(*reached), Outcome::reached;
      if (stepper_.time() >= limit) {
        if (limit < t_end()) return Outcome::at_limit;
        return reason_ = "time", Outcome::reached;
      }
    }
  }

  /// Positive while the step goes on; falls to zero where the stop is reached. [the quantity's unit]
  double left_until(const Stop& s, double t, const State& x) const {
    const double V = x[l_.voltage], I = x[l_.current];
    switch (s.quantity) {
      case Quantity::time:
        return at_.t_start + s.value - t;
      case Quantity::voltage_below:
        return V - s.value;
      case Quantity::voltage_above:
        return s.value - V;
      case Quantity::current_below:
        return std::abs(I) - s.value;
      case Quantity::current_above:
        return s.value - std::abs(I);
      case Quantity::capacity:
        return s.value - std::abs(x[l_.charge] - at_.charge_start);
      case Quantity::soc_below:
        return gauge_.soc(x) - s.value;
      case Quantity::soc_above:
        return s.value - gauge_.soc(x);
      case Quantity::plating_margin:
        return gauge_.plating_margin(x) - s.value;
      case Quantity::salt:
        return gauge_.c_e_min(x) - s.value;
    }
    return 1;
  }

  /// If the candidate has passed stops, does the step again so that it ends on the earliest; nullptr if none.
  const Stop* land_on_first_stop() {
    const Stop* first = nullptr;
    double t_first = std::numeric_limits<double>::infinity();
    for (const Stop& s : step_.stops) {
      if (s.quantity == Quantity::time) continue;  // a limit of the step, not an event in it
      if (left_until(s, stepper_.candidate_time(), stepper_.candidate()) > 0) continue;
      const double t = locate(s);
      if (t < t_first) t_first = t, first = &s;
    }
    if (first) land(*first, t_first);
    return first;
  }

  /// Root of the stop on the step's polynomial (Illinois variant of the false position). [s]
  double locate(const Stop& s) {
    double a = stepper_.time(), b = stepper_.candidate_time();
    double left_a = left_until(s, a, stepper_.state()), left_b = left_until(s, b, stepper_.candidate());
    if (left_a <= 0) return a;
    for (int i = 0; i < 100 && b - a > event_tolerance / 10 && left_b != 0; ++i) {
      double t = b - left_b * (b - a) / (left_b - left_a);
      if (!(t > a && t < b)) t = (a + b) / 2;
      stepper_.interpolate(t, trial_);
      const double left = left_until(s, t, trial_);
      if (left > 0) {
        a = t, left_a = left;
        left_b /= 2;
      } else {
        b = t, left_b = left;
        left_a /= 2;
      }
    }
    return b;
  }

  /// Solves the step to the located time; where the solved state misses the stop, a secant moves the time.
  void land(const Stop& s, double t) {
    double t_before = stepper_.time(), left_before = left_until(s, t_before, stepper_.state());
    for (int i = 0; i < 6; ++i) {
      stepper_.land(t);
      if (t <= stepper_.time()) return;
      const double left = left_until(s, t, stepper_.candidate());
      if (left == 0 || left == left_before) return;
      double next = t - left * (t - t_before) / (left - left_before);
      next = std::max(next, stepper_.time() + event_tolerance);
      if (std::abs(next - t) < event_tolerance) return;
      t_before = t, left_before = left;
      t = next;
    }
  }

  std::string why(const Stop& s) const {
    switch (s.quantity) {
      case Quantity::time:
        return "time";
      case Quantity::voltage_below:
        return fmt::format("voltage fell to {:.6g} V", s.value);
      case Quantity::voltage_above:
        return fmt::format("voltage rose to {:.6g} V", s.value);
      case Quantity::current_below:
        return fmt::format("current fell to {:.6g} A", s.value);
      case Quantity::current_above:
        return fmt::format("current rose to {:.6g} A", s.value);
      case Quantity::capacity:
        return fmt::format("{:.6g} A.h passed", s.value / 3600);
      case Quantity::soc_below:
        return fmt::format("state of charge fell to {:.4g}", s.value);
      case Quantity::soc_above:
        return fmt::format("state of charge rose to {:.4g}", s.value);
      case Quantity::plating_margin:
        return fmt::format("plating margin fell to {:.4g} V", s.value);
      case Quantity::salt:
        return fmt::format("the salt ran down to {:.4g} mol/m3", s.value);
    }
    return "";
  }

  bool end(const std::string& reason) {
    const State& x = stepper_.state();
    listener_.step_ended(
        {step_.label, reason == "time" ? fmt::format("{:.6g} s passed", stepper_.time() - at_.t_start) : reason,
         at_.t_start, stepper_.time(), x[l_.charge] - at_.charge_start, x[l_.energy] - at_.energy_start});
    return true;
  }

  Stepper& stepper_;
  const Gauge& gauge_;
  const Layout& l_;
  const Step& step_;
  const ProtocolListener& listener_;
  int index_;
  ProtocolPosition at_;
  std::string reason_;
  State trial_;
};

/// All steps, one after the other.
struct Walk {
  Stepper& stepper;
  const Gauge& gauge;
  const std::vector<Step>& protocol;
  const ProtocolListener& listener;

  /// @param run_first how the first of them, `first`, is run
  template <typename RunFirst>
  ProtocolEnd from(int first, const RunFirst& run_first) {
    for (int k = first; k < static_cast<int>(protocol.size()); ++k) try {
        StepRun step(stepper, gauge, protocol[k], k, listener);
        if (!(k == first ? run_first(step) : step.run(stepper.state(), stepper.time()))) return ProtocolEnd::stopped;
      } catch (const SolveFailure& failure) {
        throw SolveFailure(fmt::format("step {} ({}): {}", k + 1, protocol[k].label, failure.what()));
      }
    return ProtocolEnd::complete;
  }
};

}  // namespace

ProtocolEnd run_protocol(Stepper& stepper, const Gauge& gauge, State initial, const std::vector<Step>& protocol,
                         const ProtocolListener& listener) {
  return Walk{stepper, gauge, protocol, listener}.from(0,
                                                       [&](StepRun& step) { return step.run(std::move(initial), 0); });
}

ProtocolEnd resume_protocol(Stepper& stepper, const Gauge& gauge, const ProtocolPosition& position,
                            const Stepper::Memory& memory, const std::vector<Step>& protocol,
                            const ProtocolListener& listener) {
  if (position.step < 0 || position.step >= static_cast<int>(protocol.size()))
    throw std::invalid_argument(fmt::format("the protocol has no step {}", position.step + 1));
  return Walk{stepper, gauge, protocol, listener}.from(position.step,
                                                       [&](StepRun& step) { return step.resume(position, memory); });
}

}  // namespace porelith
