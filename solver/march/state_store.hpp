#pragma once
/// The states of a tape: in memory up to a limit, beyond it in a temporary file without a name.
#include <cstdint>
#include <list>
#include <vector>

#include "solver/newman/layout.hpp"

namespace porelith {

class StateStore {
 public:
  /// @param limit on what is kept in memory [bytes]
  explicit StateStore(double limit) : limit_(limit) {}
  StateStore(StateStore&& other) noexcept;
  StateStore& operator=(StateStore&& other) noexcept;
  ~StateStore();

  /// @return its number, 0, 1, ... @throws std::runtime_error with a sentence if the file cannot be written
  int keep(State state);
  /// As it was, bit for bit. Of those in the file the latest `at_hand` ones asked for hold.
  /// @throws std::runtime_error if the file cannot be read
  const State& operator[](int number) const;
  static constexpr int at_hand = 32;

  double in_memory() const { return in_memory_; }  ///< [bytes]
  double in_file() const { return in_file_; }      ///< [bytes]

 private:
  struct Place {
    State state;  ///< empty where it is in the file
    std::int64_t at = 0, size = 0;
  };
  struct Read {
    int number;
    State state;
  };

  void write(Place& place, const State& state);

  double limit_, in_memory_ = 0, in_file_ = 0;
  int file_ = -1;
  std::vector<Place> places_;
  mutable std::list<Read> read_;  ///< latest first
};

}  // namespace porelith
