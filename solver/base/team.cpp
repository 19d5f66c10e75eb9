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

std::string Team::any(const std::string& text) const {
  if (size_ == 1) return text;
  const int lowest = static_cast<int>(min(text.empty() ? size_ : rank_));
  if (lowest == size_) return "";
  std::string shared = text;
  long length = static_cast<long>(shared.size());
  MPI_Bcast(&length, 1, MPI_LONG, lowest, communicator_);
  shared.resize(static_cast<std::size_t>(length));
  MPI_Bcast(shared.data(), static_cast<int>(length), MPI_CHAR, lowest, communicator_);
  return shared;
}

Team::Share Team::share(long mine) const {
  if (size_ == 1) return {0, mine};
  long up_to_here = 0;
  MPI_Scan(&mine, &up_to_here, 1, MPI_LONG, MPI_SUM, communicator_);
  return {up_to_here - mine, sum(mine)};
}

std::vector<double> Team::gather(const std::vector<double>& mine) const {
  if (size_ == 1) return mine;
  const int count = static_cast<int>(mine.size());
  std::vector<int> counts(first() ? static_cast<std::size_t>(size_) : 0), places(counts.size(), 0);
  MPI_Gather(&count, 1, MPI_INT, counts.data(), 1, MPI_INT, 0, communicator_);
  for (std::size_t r = 1; r < counts.size(); ++r) places[r] = places[r - 1] + counts[r - 1];
  std::vector<double> all(first() ? static_cast<std::size_t>(places.back() + counts.back()) : 0);
  MPI_Gatherv(mine.data(), count, MPI_DOUBLE, all.data(), counts.data(), places.data(), MPI_DOUBLE, 0, communicator_);
  return all;
}

long Team::sum(long value) const {
  reduce(&value, 1, MPI_LONG, MPI_SUM, *this);
  return value;
}

}  // namespace porelith
