#pragma once
/// The ranks that solve one cell together. A team of one never touches MPI.
#include <mpi.h>

#include <string>
#include <vector>

namespace porelith {

/// True if mpirun or srun started the program.
bool started_by_launcher();
/// Starts MPI once; ended at exit.
void ensure_mpi();

class Team {
 public:
  static Team alone() { return Team(); }
  /// All ranks of the launcher, or alone without one. Collective.
  static Team world();
  /// @param communicator stays the caller's. Collective.
  explicit Team(MPI_Comm communicator);

  int rank() const { return rank_; }
  int size() const { return size_; }
  bool first() const { return rank_ == 0; }
  /// For PETSc and MPI-IO; MPI_COMM_SELF for a team of one.
  MPI_Comm communicator() const { return communicator_; }

  // Everybody gets the result. Collective; free for a team of one.
  double sum(double value) const;
  double max(double value) const;
  double min(double value) const;
  long sum(long value) const;
  bool any(bool value) const;
  void sum(double* values, int n) const;
  void max(double* values, int n) const;
  /// The text of the lowest rank whose text is not empty: one rank's trouble is everybody's.
  std::string any(const std::string& text) const;
  /// How many the ranks below hold together, and how many all ranks do.
  struct Share {
    long before, all;
  };
  Share share(long mine) const;
  /// All ranks' values, one rank's behind the other's, on the first rank; nothing on the others.
  std::vector<double> gather(const std::vector<double>& mine) const;

 private:
  Team() = default;
  int rank_ = 0, size_ = 1;
  MPI_Comm communicator_ = MPI_COMM_SELF;
};

}  // namespace porelith
