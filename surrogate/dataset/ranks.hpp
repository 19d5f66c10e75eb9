#pragma once
/// The ranks that share a campaign. Without mpirun there is one, and MPI is never started.
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace porelith {

class Ranks {
 public:
  /// Starts MPI if mpirun started the program. Collective.
  Ranks();
  ~Ranks();
  Ranks(const Ranks&) = delete;
  Ranks& operator=(const Ranks&) = delete;

  int rank() const { return rank_; }
  int size() const { return size_; }
  bool first() const { return rank_ == 0; }

  /// The next number of a counter that all ranks share, from 0. Not collective: whoever is free asks.
  long next();
  /// Numbers given out up to now, at least.
  long given();
  /// Counts a failure, and says how many all ranks have counted. Not collective.
  void add_failure();
  long failures();
  /// Rank 0's bytes for everybody. Collective.
  void share(std::string& bytes) const;
  /// Whether it holds on any rank. Collective.
  bool any(bool here) const;
  /// Everybody's number added up. Collective.
  long sum(long here) const;
  double sum(double here) const;
  /// The text of the first rank that has one, for everybody; "" if none has. Collective.
  std::string first_text(const std::string& here) const;
  void wait_for_all() const;

  /// Ranks on this machine.
  int here() const;

 private:
  struct Window;
  int rank_ = 0, size_ = 1;
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
