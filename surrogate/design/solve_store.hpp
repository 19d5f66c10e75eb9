#pragma once
/// Remembers what the solver has answered, in memory and on disk: no design is solved twice, and a study that was
/// interrupted finds its answers again.
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "surrogate/design/goal.hpp"

namespace porelith {

/// A journal of records, each with length and checksum; from the first damaged one on they are left out and solved
/// again. Threads may share it; while it lives no other program can have it.
class SolveStore {
 public:
  /// @param path "" keeps nothing on disk @param stamp hashes of cell and case: answers of another case are not taken
  /// @throws CaseError another program has it; WriteError
  SolveStore(std::string path, const std::string& stamp);
  ~SolveStore();
  SolveStore(const SolveStore&) = delete;
  SolveStore& operator=(const SolveStore&) = delete;

  /// The same physics, asked only for what is not known, and with books. `family` keeps the families of a study apart.
  /// Both this store and what `physics` refers to must outlive what is returned.
  Physics remembering(const Physics& physics, const std::string& family);

  /// Takes what a campaign has solved already, on the case's mesh: it is neither solved nor booked again.
  void know(const std::string& family, const std::vector<Sample>& samples);

  /// Answers that came from an earlier session.
  long found() const { return found_; }
  /// Different answers that were given in this session, wherever they came from, and what the solver took for them.
  long given() const { return given_; }
  double seconds() const { return seconds_; }

 private:
  void read(const std::string& stamp);
  void append(const std::string& record);
  [[noreturn]] void cannot_write() const;

  std::string path_;
  int file_ = -1;
  long found_ = 0, given_ = 0, size_ = 0;
  double seconds_ = 0;
  std::mutex lock_;
  struct Answer {
    Sloped sloped;
    bool asked = false;  ///< for slopes
    bool given = false;
    /// Whether it says what can be said of the slopes of these results.
    bool has_slopes_of(const std::vector<std::size_t>& results) const;
  };
  /// What is known, or else what `physics` says, with the store locked for as long as nobody solves.
  Answer& answer(const Physics& physics, const std::string& key, long index, const std::vector<double>& x,
                 double finer);
  Answer& sloped_answer(const Physics& physics, const std::string& key, long index, const std::vector<double>& x,
                        bool slope);
  void book(Answer& answer);
  std::map<std::string, Answer> known_;  ///< by family, x and mesh, bit for bit
};

}  // namespace porelith
