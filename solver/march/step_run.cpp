#include "solver/march/step_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "solver/base/error.hpp"

namespace porelith {

namespace {

constexpr long most_time_steps = 2'000'000;

const char* name_of(Control quantity) {
  return quantity == Control::power ? "power" : quantity == Control::voltage ? "voltage" : "current";
}
const char* unit_of(Control quantity) {
  return quantity == Control::power ? "W" : quantity == Control::voltage ? "V" : "A";
}

}  // namespace

const Stop StepRun::turned_away{Quantity::current_below, 0};

StepRun::StepRun(Stepper& stepper, const Observers& observers, const Step& step, const std::vector<Stop>& whole,
                 int index, const ProtocolListener& listener, const std::vector<TakenStep>* replay)
    : stepper_(stepper),
      l_(observers.layout()),
      step_(step),
      listener_(listener),
      index_(index),
      stops_(observers, step, whole, at_),
      again_(replay) {
  if (step.control == Control::table) table_.emplace(*step.table);
  if (!again_) return;
  if (table_ && step.at_cut_off != AtCutOff::end)
    throw SolveFailure("a table that may be left at a cut-off cannot be solved by the steps of another run");
  next_again_ =
      std::partition_point(again_->begin(), again_->end(), [&](const TakenStep& t) { return t.step < index; }) -
      again_->begin();
}

StepRun::End StepRun::run(State initial, double t) {
  at_ = {};
  at_.step = index_;
  at_.t_start = at_.since = t;
  at_.charge_start = initial[l_.charge];
  at_.energy_start = initial[l_.energy];
  if (table_) {
    at_.row = table_->piece_from(0);
    piece_ = table_->drive(at_.row, t);
  }
  return walk(Way::start, std::move(initial));
}

StepRun::End StepRun::resume(const ProtocolPosition& position, const Stepper::Memory& memory) {
  at_ = position;
  const bool fits = table_ ? at_.row >= 0 && table_->piece_from(at_.row) == at_.row && at_.row < table_->rows()
                           : at_.row == 0 && at_.mode == ProtocolPosition::follows;
  if (!fits)
    throw std::invalid_argument(
        fmt::format("the protocol's step {} has no piece from row {}", index_ + 1, at_.row + 1));
  if (table_) piece_ = table_->drive(at_.row, at_.t_start);
  stepper_.resume(memory, drive());
  return walk(Way::on, {});
}

StepRun::End StepRun::walk(Way way, State state) {
  for (double t = at_.t_start;; t = stepper_.time()) {
    if (way == Way::turn) stepper_.turn(drive());
    if (way == Way::start && !begin(state, t)) {
      if (!keeps_off(*reached_)) return end_at(*reached_, why_here(*reached_));
      way = leave_table(*reached_);
      continue;  // from the state before
    }
    State().swap(state);  // the stepper's own is enough from here on
    switch (march(std::min(leg_end(), stops_.t_end()))) {
      case Outcome::interrupted:
        return end("stopped on request"), End::interrupted;
      case Outcome::replayed:
        return end("all steps are done again");
      case Outcome::time:
        listener_.stopped_by(stops_.last_in_time(), stops_.of_protocol(*stops_.last_in_time()));
        return end(stops_.why_time(stepper_.time()));
      case Outcome::reached:
        if (reached_ == &turned_away) {
          return_to_table();
          way = Way::turn;
        } else if (keeps_off(*reached_)) {
          way = leave_table(*reached_);
        } else {
          return end_at(*reached_, why(*reached_));
        }
        break;
      case Outcome::at_limit:
        if (const auto next = next_leg())
          way = *next;
        else
          return end("the table ended");
    }
    if (way == Way::start) state = stepper_.state();
  }
}

/// A consistent start; false if a stop is reached at once.
bool StepRun::begin(const State& state, double t) {
  at_start_ = true;
  reached_ = start(state, t, drive());
  refused_ = reached_ != nullptr;
  if (at_.mode == ProtocolPosition::holds && at_.side * stepper_.state()[l_.current] < 0) {
    at_.mode = ProtocolPosition::rests;  // beyond the cut-off at rest already: the hold would push the other way
    return begin(state, t);
  }
  if (!reached_) {
    const Nearest first = stops_.nearest(stepper_.state());
    if (first.margin <= 0) reached_ = first.stop;
  }
  const bool told = !reached_ || !keeps_off(*reached_);
  if (told) listener_.accepted(t, stepper_.state(), index_);
  return !reached_;
}

/// A consistent start; where the surfaces or the salt cannot carry the drive even for an instant, the largest part of
/// it that they can. @return the voltage stop that this part reaches, nullptr if the whole drive is carried
/// @throws SolveFailure if no stop explains the refusal
const Stop* StepRun::start(const State& state, double t, const Drive& drive) {
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
      less.part *= part;
      try {
        stepper_.start(state, t, less);
      } catch (const SolveFailure&) {
        refused = part;
        continue;
      }
      carried = part;
      const Nearest first = stops_.nearest(stepper_.state());
      const bool in_voltage = first.stop && first.stop->quantity.name == Quantity::voltage_below.name;
      if (in_voltage && first.margin <= 0) return first.stop;
    }
    if (carried == 0) throw;
    throw SolveFailure(fmt::format("{} (of the {}, {:.3g} % can be carried, and no stop in voltage is reached by then)",
                                   refusal.what(), name_of(drive.control), 100 * carried));
  }
}

StepRun::Outcome StepRun::march(double limit) {
  at_start_ = false;
  if (again_) return march_again(limit);
  for (long n = 0;; ++n) {
    if (!listener_.go_on(at_)) return Outcome::interrupted;
    if (n == most_time_steps)
      throw SolveFailure(fmt::format("{} time steps did not end the step \"{}\"", most_time_steps, step_.label));
    try {
      stepper_.advance(limit);
    } catch (const SolveFailure& failure) {
      if (!passed_ || passed_ == &turned_away) throw;
      throw SolveFailure(fmt::format("{}; the stop \"{}\" lies beyond, and the last state before it stands at {}",
                                     failure.what(), why(*passed_), stops_.stands_at(*passed_, stepper_.state())));
    }
    const Landing landing = land_on_first_stop();
    if (landing == Landing::closer) continue;
    if (landing == Landing::at_once) return Outcome::reached;
    keep_candidate();
    passed_ = nullptr;
    if (landing == Landing::reached) return Outcome::reached;
    if (stepper_.time() >= limit) return limit < stops_.t_end() ? Outcome::at_limit : Outcome::time;
  }
}

void StepRun::keep_candidate() {
  listener_.between(index_);
  stepper_.commit();
  TakenStep taken = stepper_.taken();
  taken.step = index_;
  taken.end = stepper_.time() - at_.t_start;
  listener_.took(taken);
  listener_.accepted(stepper_.time(), stepper_.state(), index_);
}

/// The steps of an earlier run, whatever stops they pass.
StepRun::Outcome StepRun::march_again(double limit) {
  constexpr double same = 1e-12;  // of the step's time: a sum that was taken apart and put together again
  while (next_again_ < again_->size() && (*again_)[next_again_].step == index_) {
    if (!listener_.go_on(at_)) return Outcome::interrupted;
    const TakenStep& taken = (*again_)[next_again_++];
    const double t = at_.t_start + taken.end;
    const bool at_limit = t >= limit - same * std::max(t, 1.0);
    stepper_.retake(at_limit ? limit : t, taken);
    keep_candidate();
    if (at_limit) return limit < stops_.t_end() ? Outcome::at_limit : Outcome::time;
  }
  return Outcome::replayed;
}

// --- along a table ---------------------------------------------------------------------------------------------

/// Whether a stop only keeps the cell off the table for a while.
bool StepRun::keeps_off(const Stop& s) const {
  return table_ && s.cut_off && step_.at_cut_off != AtCutOff::end && !stops_.of_protocol(s);
}

/// At a cut-off: to holding its voltage, or to rest.
StepRun::Way StepRun::leave_table(const Stop& s) {
  at_.mode = step_.at_cut_off == AtCutOff::hold ? ProtocolPosition::holds : ProtocolPosition::rests;
  at_.side = s.quantity == Quantity::voltage_below ? 1 : -1;
  at_.since = stepper_.time();
  return at_.mode == ProtocolPosition::holds && !at_start_ ? Way::turn : Way::start;
}

void StepRun::return_to_table() {
  at_.away += stepper_.time() - at_.since;
  at_.mode = ProtocolPosition::follows;
}

/// At the end of a leg that no stop ended; nothing where the table ends.
std::optional<StepRun::Way> StepRun::next_leg() {
  const double t = stepper_.time();
  bool jump = false;
  if (t >= piece_.t_to) {
    at_.row = table_->piece_from(table_->end_of(at_.row));
    if (at_.row == table_->rows()) return std::nullopt;
    piece_ = table_->drive(at_.row, at_.t_start);
    jump = table_->jumps(at_.row);
  }
  if (at_.mode == ProtocolPosition::follows) return jump ? Way::start : Way::turn;
  if (at_.mode == ProtocolPosition::holds) {
    if (pushes_beyond(t, stepper_.state()) > 0) return Way::on;
    return_to_table();
    return jump ? Way::start : Way::turn;
  }
  const double value = piece_.at(t), nothing = 1e-12 * table_->largest();
  if (at_.side * (std::abs(value) > nothing ? value : piece_.to) > nothing) return Way::on;
  return_to_table();
  return std::abs(value) > nothing ? Way::start : Way::turn;
}

Drive StepRun::drive() const {
  Drive drive = piece_;
  if (step_.function) return {step_.control, 0, 0, at_.t_start, at_.t_start + 1, true, step_.function};
  if (!table_) return Drive::constant(step_.control, step_.value);
  if (at_.mode == ProtocolPosition::rests) drive = Drive::constant(Control::current, 0);
  if (at_.mode == ProtocolPosition::holds) {
    const Quantity side = at_.side > 0 ? Quantity::voltage_below : Quantity::voltage_above;
    for (const Stop& s : step_.stops)
      if (s.cut_off && s.quantity == side) drive = Drive::constant(Control::voltage, s.value);
  }
  drive.exact = true;
  return drive;
}

/// Where the drive at hand ends, or at rest where the table turns. [s]
double StepRun::leg_end() const {
  if (!table_) return std::numeric_limits<double>::infinity();
  if (at_.mode != ProtocolPosition::rests || piece_.from * piece_.to >= 0) return piece_.t_to;
  const double crossing = piece_.t_from + (piece_.t_to - piece_.t_from) * piece_.from / (piece_.from - piece_.to);
  return crossing > stepper_.time() ? std::min(crossing, piece_.t_to) : piece_.t_to;
}

/// While a cut-off holds the voltage: by how much the table asks for more than flows. [A], [W]
double StepRun::pushes_beyond(double t, const State& x) const {
  const double flows = x[l_.current] * (table_->quantity() == Control::power ? x[l_.voltage] : 1);
  return at_.side * (piece_.at(t) - flows);
}

// --- the end ---------------------------------------------------------------------------------------------------

/// Of a stop that was reached at a start.
std::string StepRun::why_here(const Stop& s) const {
  std::string text = why(s);
  if (refused_) return fmt::format("{} before the {} of the step was reached", text, name_of(drive().control));
  if (table_ && stepper_.time() > at_.t_start)
    text += fmt::format(" at the jump of the {} to {:.6g} {}", name_of(piece_.control), piece_.at(stepper_.time()),
                        unit_of(piece_.control));
  const Nearest here = nearest(stepper_.time(), stepper_.state());
  return here.margin < -1 ? fmt::format("{}, to {} at once", text, stops_.stands_at(s, stepper_.state())) : text;
}

StepRun::End StepRun::end_at(const Stop& s, const std::string& reason) {
  listener_.stopped_by(&s, stops_.of_protocol(s));
  const double passed = stepper_.time() - at_.t_start;
  const bool early = table_ && passed > 0 && passed < table_->length();
  end(reason + (early ? fmt::format(", {:.6g} s into a table of {:.6g} s", passed, table_->length()) : "") +
      (stops_.of_protocol(s) ? ", which ends the protocol" : ""));
  return stops_.of_protocol(s) ? End::protocol : End::step;
}

StepRun::End StepRun::end(const std::string& reason) {
  const State& x = stepper_.state();
  const double t = stepper_.time();
  std::string ended = reason;
  if (at_.mode != ProtocolPosition::follows) return_to_table();
  if (at_.away > 0)
    ended += fmt::format("; {} for {:.6g} s at its cut-offs", step_.at_cut_off == AtCutOff::hold ? "held" : "at rest",
                         at_.away);
  if (t <= at_.t_start) ended += ": no time passed";
  listener_.step_ended(
      {step_.label, ended, at_.t_start, t, x[l_.charge] - at_.charge_start, x[l_.energy] - at_.energy_start});
  return stops_.protocol_over(t) ? End::protocol : End::step;
}

}  // namespace porelith
