#pragma once
/// The ranks that share a campaign. Without mpirun there is one, and MPI is never started.
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "solver/base/team.hpp"

namespace porelith {

/// A team that hands out work.
class Ranks : public Team {
 public:
  /// Starts MPI if mpirun started the program. Collective.
  Ranks();
  ~Ranks();
  Ranks(const Ranks&) = delete;
  Ranks& operator=(const Ranks&) = delete;

  /// The next number of a counter that all ranks share, from 0. Not collective: whoever is free asks.
  long next();
  /// Numbers given out up to now, at least.
  long given();
  /// Counts a failure, and says how many all ranks have counted. Not collective.
  void add_failure();
  long failures();
  /// Rank 0's bytes for everybody. Collective.
  void from_first(std::string& bytes) const;
  void wait_for_all() const;

  /// Ranks on this machine.
  int here() const;

 private:
  struct Window;
  long serial_next_ = 0, serial_failures_ = 0;
  std::unique_ptr<Window> window_;
};

/// While this lives, the first rank works alone, on the processors of all ranks of its machine; the others sleep in the
/// constructor until it is over there. Collective.
class FirstAlone {
 public:
  explicit FirstAlone(const Ranks& ranks);
  ~FirstAlone();
  FirstAlone(const FirstAlone&) = delete;
  FirstAlone& operator=(const FirstAlone&) = delete;

 private:
  const Ranks& ranks_;
};

}  // namespace porelith
