#include "solver/base/team.hpp"

#include <cstdlib>
#include <string>

namespace porelith {

bool started_by_launcher() {
  // Open MPI, and the PMI of MPICH and Slurm, say so.
  return std::getenv("OMPI_COMM_WORLD_SIZE") != nullptr || std::getenv("PMI_SIZE") != nullptr ||
         (std::getenv("SLURM_NTASKS") != nullptr && std::getenv("SLURM_PROCID") != nullptr);
}

void ensure_mpi() {
  int started = 0;
  MPI_Initialized(&started);
  if (started) return;
  // A program started by hand is one rank; without a launcher Open MPI need not look for one.
  if (!started_by_launcher()) setenv("OMPI_MCA_ess_singleton_isolated", "1", 0);
  // On one machine shared memory does; to look for networks takes Open MPI as long as all the rest of its start.
  const char *here = std::getenv("OMPI_COMM_WORLD_LOCAL_SIZE"), *all = std::getenv("OMPI_COMM_WORLD_SIZE");
  if (here != nullptr && all != nullptr && std::string(here) == all) setenv("OMPI_MCA_pml", "ob1", 0);
  MPI_Init(nullptr, nullptr);
  std::atexit([] {
    int ended = 0;
    MPI_Finalized(&ended);
    if (!ended) MPI_Finalize();
  });
}

Team Team::world() {
  if (!started_by_launcher()) return alone();
  ensure_mpi();
  return Team(MPI_COMM_WORLD);
}

Team::Team(MPI_Comm communicator) : communicator_(communicator) {
  MPI_Comm_rank(communicator, &rank_);
  MPI_Comm_size(communicator, &size_);
}

namespace {
template <typename T>
void reduce(T* values, int n, MPI_Datatype type, MPI_Op op, const Team& team) {
  if (team.size() > 1) MPI_Allreduce(MPI_IN_PLACE, values, n, type, op, team.communicator());
}
}  // namespace

void Team::sum(double* values, int n) const { reduce(values, n, MPI_DOUBLE, MPI_SUM, *this); }
void Team::max(double* values, int n) const { reduce(values, n, MPI_DOUBLE, MPI_MAX, *this); }

double Team::sum(double value) const { return sum(&value, 1), value; }
double Team::max(double value) const { return max(&value, 1), value; }
double Team::min(double value) const { return -max(-value); }
bool Team::any(bool value) const { return max(value ? 1.0 : 0.0) > 0; }

long Team::sum(long value) const {
  reduce(&value, 1, MPI_LONG, MPI_SUM, *this);
  return value;
}

}  // namespace porelith
