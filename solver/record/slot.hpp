#pragma once
/// What a state is made of. Every field is declared once; the stepper, the error test, snapshots, files, checkpoints
/// and failure sentences loop over the declarations.
#include <string>

namespace porelith {

/// What a slot has one value for.
enum class Home { cell, surface, shell, whole };

/// How a slot's values come about.
enum class Kind {
  differential,  ///< its change in time is an equation
  algebraic,     ///< the equations of an instant give it
  condensed,     ///< it follows from the others, cell by cell
  integral,      ///< it sums up what has passed
};

struct Slot {
  std::string name, unit, meaning;
  Home home = Home::cell;
  Kind kind = Kind::differential;
  /// Of the error test: an error of rtol times this is just allowed [its unit]; 0: it is not tested
  double scale = 0;
  int bed = -1;      ///< whose surfaces or shells
  double start = 0;  ///< value at rest, where nothing else says it [its unit]
  /// In the state of this rank. Shells stand shell by shell.
  int at = 0, size = 0;

  /// Whether its past matters: the history of these alone decides how a run goes on.
  bool has_memory() const { return kind == Kind::differential || kind == Kind::integral; }
};

}  // namespace porelith
