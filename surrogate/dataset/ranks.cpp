#include "surrogate/dataset/ranks.hpp"

#include <mpi.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>

namespace porelith {
/// The counters of points and of failures, in memory of rank 0 that all may reach.
struct Ranks::Window {
  explicit Window(int rank) {
    MPI_Win_allocate(rank == 0 ? 2 * sizeof(long) : 0, sizeof(long), MPI_INFO_NULL, MPI_COMM_WORLD, &counters, &window);
    MPI_Win_lock_all(MPI_MODE_NOCHECK, window);
    if (rank == 0) counters[0] = counters[1] = 0;
    MPI_Win_sync(window);
    MPI_Barrier(MPI_COMM_WORLD);
  }
  ~Window() {
    MPI_Win_unlock_all(window);
    MPI_Win_free(&window);
  }
  long fetch_and_add(int counter, long step) {
    long value = 0;
    MPI_Fetch_and_op(&step, &value, MPI_LONG, 0, counter, MPI_SUM, window);
    MPI_Win_flush(0, window);
    return value;
  }

  long* counters = nullptr;
  MPI_Win window = MPI_WIN_NULL;
};

Ranks::Ranks() : Team(Team::world()) {
  if (size() > 1) window_ = std::make_unique<Window>(rank());
}

Ranks::~Ranks() = default;

long Ranks::next() { return window_ ? window_->fetch_and_add(0, 1) : serial_next_++; }

long Ranks::given() { return window_ ? window_->fetch_and_add(0, 0) : serial_next_; }

void Ranks::add_failure() {
  if (window_) {
    window_->fetch_and_add(1, 1);
  } else {
    ++serial_failures_;
  }
}

long Ranks::failures() { return window_ ? window_->fetch_and_add(1, 0) : serial_failures_; }

void Ranks::from_first(std::string& bytes) const {
  if (size() == 1) return;
  long length = static_cast<long>(bytes.size());
  MPI_Bcast(&length, 1, MPI_LONG, 0, MPI_COMM_WORLD);
  bytes.resize(length);
  constexpr long most = 1L << 30;  // what a count of MPI 3 can say
  for (long from = 0; from < length; from += most)
    MPI_Bcast(bytes.data() + from, static_cast<int>(std::min(most, length - from)), MPI_BYTE, 0, MPI_COMM_WORLD);
}

void Ranks::wait_for_all() const {
  if (size() > 1) MPI_Barrier(MPI_COMM_WORLD);
}

int Ranks::here() const {
  if (size() == 1) return 1;
  MPI_Comm machine = MPI_COMM_NULL;
  MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, rank(), MPI_INFO_NULL, &machine);
  int count = 1;
  MPI_Comm_size(machine, &count);
  MPI_Comm_free(&machine);
  return count;
}

namespace {

/// A launcher may have bound the rank to one core, which its threads would share; the system knows what is ours.
void use_all_cores() {
  cpu_set_t all;
  CPU_ZERO(&all);
  for (int core = 0; core < CPU_SETSIZE; ++core) CPU_SET(core, &all);
  sched_setaffinity(0, sizeof all, &all);  // where it is refused the threads stay together, and are slower
}

/// MPI waits by asking without rest, which takes a whole core from the one that works.
void sleep_until(MPI_Request request) {
  constexpr useconds_t nap = 20000;
  int over = 0;
  for (MPI_Test(&request, &over, MPI_STATUS_IGNORE); over == 0; MPI_Test(&request, &over, MPI_STATUS_IGNORE))
    usleep(nap);
}

}  // namespace

FirstAlone::FirstAlone(const Ranks& ranks) : ranks_(ranks) {
  if (ranks.size() == 1) return;
  if (ranks.first()) {
    use_all_cores();
    return;
  }
  MPI_Request request = MPI_REQUEST_NULL;
  MPI_Ibarrier(MPI_COMM_WORLD, &request);
  sleep_until(request);
}

FirstAlone::~FirstAlone() {
  if (ranks_.size() == 1 || !ranks_.first()) return;
  MPI_Request request = MPI_REQUEST_NULL;
  MPI_Ibarrier(MPI_COMM_WORLD, &request);
  sleep_until(request);
}

}  // namespace porelith
