#pragma once
/// One step of a protocol under way: from start to stop, along a table from piece to piece.
#include <optional>
#include <string>
#include <vector>

#include "solver/march/protocol.hpp"
#include "solver/march/table_pieces.hpp"

namespace porelith {

class StepRun {
 public:
  enum class End { step, protocol, interrupted };

  StepRun(Stepper& stepper, const Observers& observers, const Step& step, const std::vector<Stop>& whole, int index,
          const ProtocolListener& listener, const std::vector<TakenStep>* replay = nullptr);

  /// @return `interrupted` if the user asked to stop
  End run(State initial, double t);
  /// The same from within the step.
  /// @throws std::invalid_argument if the position is not in this step
  End resume(const ProtocolPosition& position, const Stepper::Memory& memory);

 private:
  /// How the next leg begins: with a consistent start, with a kink, or as the last one went.
  enum class Way { start, turn, on };
  enum class Outcome { at_limit, reached, time, interrupted, replayed };
  enum class Landing { none, reached, at_once, closer };

  End walk(Way way, State state);
  bool begin(const State& state, double t);
  const Stop* start(const State& state, double t, const Drive& drive);
  Outcome march(double limit);
  Outcome march_again(double limit);
  void keep_candidate();
  End end(const std::string& reason);
  End end_at(const Stop& s, const std::string& reason);
  std::string why_here(const Stop& s) const;
  /// What ends a cut-off's hold, in place of a stop: the table asks for no more than flows.
  static const Stop turned_away;

  // Of a table.
  bool keeps_off(const Stop& s) const;
  Way leave_table(const Stop& s);
  void return_to_table();
  std::optional<Way> next_leg();
  Drive drive() const;
  double leg_end() const;
  double pushes_beyond(double t, const State& x) const;

  // Landing (step_landing.cpp).
  Nearest nearest(double t, const State& x) const;
  Landing land_on_first_stop();
  Landing bracket(double a, double b, Nearest at_a, Nearest at_b);
  void look_between(double a, double& b, Nearest& at_b);
  double on_polynomial(double a, double b, double margin_a, double margin_b);

  Stepper& stepper_;
  const Layout& l_;
  const Step& step_;
  const ProtocolListener& listener_;
  int index_;
  ProtocolPosition at_;
  Stops stops_;
  std::optional<TablePieces> table_;
  Drive piece_;                    ///< of the table at hand
  const Stop* reached_ = nullptr;  ///< by the candidate, or at a start
  const Stop* passed_ = nullptr;   ///< by a candidate that was given up for a shorter step
  bool at_start_ = false;          ///< it was reached at a start,
  bool refused_ = false;           ///< which carries a part of the drive only
  State trial_;
  const std::vector<TakenStep>* again_;  ///< of an earlier run, to be done again; null: none
  std::size_t next_again_ = 0;
};

}  // namespace porelith
