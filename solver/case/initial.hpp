#pragma once
/// How a run starts.
#include <optional>

#include "solver/text/holds.hpp"

namespace porelith {

/// How the cell starts: exactly one way is given.
struct Initial {
  std::optional<double> soc;           ///< [1]
  std::optional<double> voltage;       ///< open-circuit voltage [V]
  std::optional<double> sto_negative;  ///< both stoichiometries [1]
  std::optional<double> sto_positive;

  template <class Keys>
  static void declare(Keys& keys) {
    keys.about("How the cell starts, at rest: by soc, by voltage, or by both stoichiometries.");
    keys.key("soc", &Initial::soc, {unit::one, between(0, 1), "the cell file's, else 1"},
             "State of charge between the stoichiometry limits.")
        .key("voltage", &Initial::voltage, {unit::volt, inside(-10, 10), "not used"},
             "Open-circuit voltage of the cell.")
        .key("stoichiometry_negative", &Initial::sto_negative, {unit::one, between(0, 1), "not used"},
             "Stoichiometry of the negative material; a blend holds as much lithium as if all its materials had it.")
        .key("stoichiometry_positive", &Initial::sto_positive, {unit::one, between(0, 1), "not used"},
             "Stoichiometry of the positive material; a blend holds as much lithium as if all its materials had it.");
  }
};

}  // namespace porelith
