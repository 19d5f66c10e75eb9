#pragma once
/// What the stops of a step, and those of the whole protocol, say of a state.
#include <limits>
#include <string>
#include <vector>

#include "solver/case/case.hpp"
#include "solver/newman/observables/observers.hpp"

namespace porelith {

/// Where in a protocol a run is, between two time steps; with the stepper's memory all that the rest depends on.
struct ProtocolPosition {
  enum Mode { follows, holds, rests };
  int step = 0;                                            ///< of the protocol, from 0
  int row = 0;                                             ///< of a table: where its piece at hand begins, from 0
  double t_start = 0, charge_start = 0, energy_start = 0;  ///< of the step [s], [A s], [J]
  int mode = follows;                                      ///< of a table: whether a cut-off keeps the cell off it,
  int side = 0;                                            ///< which: 1 the lower, -1 the upper,
  double since = 0, away = 0;                              ///< since when, and how long before that in all [s]
};

/// The stop that is nearest to being reached.
struct Nearest {
  const Stop* stop = nullptr;
  double margin = std::numeric_limits<double>::infinity();  ///< in tolerances (T6); positive while it is not reached
};

class Stops {
 public:
  /// @param whole stops of the whole protocol  @param at is looked at whenever they are asked
  Stops(const Observers& observers, const Step& step, const std::vector<Stop>& whole, const ProtocolPosition& at);

  /// Of all but those in time; a cut-off that holds the voltage just now does not count.
  Nearest nearest(const State& x) const;
  /// The earliest stop in time, infinity if there is none. [s]
  double t_end() const;
  /// Which one it is, null if there is none.
  const Stop* last_in_time() const;
  bool of_protocol(const Stop& s) const { return !whole_.empty() && &s >= whole_.data() && &s < &whole_.back() + 1; }
  /// What the run has come to where a stop asks: "2.312 V"
  std::string stands_at(const Stop& s, const State& x) const;
  bool protocol_over(double t) const;  ///< in time
  /// Why the time is over at t.
  std::string why_time(double t) const;

 private:
  struct Watched {
    const Stop* stop;
    std::size_t observable;
    double tolerance;
  };
  double ahead(const Watched& watched, const State& x) const;

  const Observers& observers_;
  const Layout& l_;
  const std::vector<Stop>& whole_;
  const Step& step_;
  const ProtocolPosition& at_;
  std::vector<Watched> watched_;  ///< all but those in time
};

}  // namespace porelith
